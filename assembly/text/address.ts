// Addresses as Envoy writes them, `host:port`, and the door to IP addresses (ip.ts) and networks
// (cidr.ts). Pure; allocates nothing. Both.

import { ABSENT, Slice, endOf, isPresent, sizeOf, startOf, subSlice } from "../memory/slice";
import { indexOfByte } from "../memory/bytes";
import { parseIp } from "./ip";

export { equalIp, isV4Mapped, mapIp, parseIp, unmapIp, writeIp } from "./ip";
export { CIDR_SIZE_BYTES, cidrContains, parseCidr } from "./cidr";

/**
 * Splits `1.2.3.4:80` or `[::1]:80`: the address into 16 bytes at `out`, the port into 4 bytes at
 * `out + 16`. Returns the address's size, 4 or 16; 0 for other texts, such as the path of a Unix
 * socket. The port is 0 when none is written.
 */
export function parseHostPort(text: Slice, out: usize): u32 {
  const host = hostOf(text);
  if (!isPresent(host)) return 0;
  const size = parseIp(host, out);
  if (size == 0) return 0;
  const port = portOf(text);
  if (port < -1) return 0;
  store<u32>(out, port < 0 ? 0 : port, 16);
  return size;
}

/**
 * The part of `host:port` before the port, without brackets: a borrowed part of the text. Absent
 * when the text is empty or begins with `/` or `@`, as the addresses of Unix sockets do.
 */
export function hostOf(text: Slice): Slice {
  const size = sizeOf(text);
  if (size == 0) return ABSENT;
  const first = load<u8>(startOf(text));
  if (first == 47 || first == 64) return ABSENT;
  if (first == 91) {
    const close = indexOfByte(text, 93);
    return close < 0 ? ABSENT : subSlice(text, 1, close);
  }
  const colon = indexOfByte(text, 58);
  if (colon < 0 || indexOfByte(text, 58, colon + 1) >= 0) return text;
  return subSlice(text, 0, colon);
}

/** The port of `host:port`; −1 when none is written, −2 when what is written is no port. */
export function portOf(text: Slice): i32 {
  const end = endOf(text);
  const first = sizeOf(text) == 0 ? 0 : load<u8>(startOf(text));
  let at = startOf(text);
  if (first == 91) {
    const close = indexOfByte(text, 93);
    if (close < 0) return -2;
    at += close + 1;
  } else {
    const colon = indexOfByte(text, 58);
    if (first == 47 || first == 64 || colon < 0 || indexOfByte(text, 58, colon + 1) >= 0) return -1;
    at += colon;
  }
  return at == end ? -1 : load<u8>(at) != 58 ? -2 : readPort(at + 1, end);
}

function readPort(at: usize, end: usize): i32 {
  if (at == end) return -2;
  let port: u32 = 0;
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit >= 10) return -2;
    port = port * 10 + digit;
    if (port > 65535) return -2;
  }
  return <i32>port;
}

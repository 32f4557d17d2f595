// IP addresses as text and as 4 or 16 bytes in network order: Go's net.ParseIP and IP.String.
// Pure; allocates nothing. Both.

import { Slice, endOf, sizeOf, slice, startOf } from "../memory/slice";
import { indexOfByte, sameBytes } from "../memory/bytes";
import { Writer } from "../memory/writer";
import { hexDigit } from "./number";

/** The first twelve bytes of an IPv4 address written as IPv6: `::ffff:0:0`. */
const V4_PREFIX: usize = memory.data<u8>([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]);

/**
 * Reads an IP address into at most 16 bytes at `out`. Returns how many were written: 4 for a dotted
 * address, 16 for one with colons, 0 for any other text. Zones and leading zeros are refused.
 */
export function parseIp(text: Slice, out: usize): u32 {
  if (indexOfByte(text, 58) >= 0) return parseIpv6(startOf(text), endOf(text), out) ? 16 : 0;
  return parseIpv4(startOf(text), endOf(text), out) ? 4 : 0;
}

function parseIpv4(at: usize, end: usize, out: usize): bool {
  for (let part: usize = 0; part < 4; part++) {
    let value: u32 = 0;
    const start = at;
    for (; at < end; at++) {
      const digit = <u32>load<u8>(at) - 48;
      if (digit >= 10) break;
      if (at > start && value == 0) return false;
      value = value * 10 + digit;
      if (value > 255) return false;
    }
    if (at == start) return false;
    store<u8>(out + part, <u8>value);
    if (part < 3 && (at == end || load<u8>(at++) != 46)) return false;
  }
  return at == end;
}

function parseIpv6(at: usize, end: usize, out: usize): bool {
  let size: usize = 0;
  let gap: usize = 17; // Where `::` stands among the bytes; 17 when it does not.
  if (end - at >= 2 && load<u16>(at) == 0x3a3a) {
    gap = 0;
    at += 2;
  }
  while (at < end && size < 16) {
    const start = at;
    let field: u32 = 0;
    for (; at < end && at - start < 4; at++) {
      const digit = hexDigit(load<u8>(at));
      if (digit > 15) break;
      field = (field << 4) | digit;
    }
    if (at == start) return false;
    if (at < end && load<u8>(at) == 46) {
      if (size > 12 || (gap > 16 && size != 12)) return false;
      if (!parseIpv4(start, end, out + size)) return false;
      return closeGap(out, size + 4, gap);
    }
    store<u16>(out + size, bswap<u16>(<u16>field));
    size += 2;
    if (at == end) break;
    if (load<u8>(at++) != 58 || at == end) return false;
    if (load<u8>(at) != 58) continue;
    if (gap <= 16) return false;
    gap = size;
    at++;
  }
  return at == end && closeGap(out, size, gap);
}

// Moves what stands behind `::` to the end. It stands for at least one field.
function closeGap(out: usize, size: usize, gap: usize): bool {
  if (gap > 16) return size == 16;
  if (size >= 16) return false;
  memory.copy(out + 16 - (size - gap), out + gap, size - gap);
  memory.fill(out + gap, 0, 16 - size);
  return true;
}

/** Whether 16 bytes hold an IPv4 address written as IPv6. */
export function isV4Mapped(ip: Slice): bool {
  return sizeOf(ip) == 16 && sameBytes(startOf(ip), V4_PREFIX, 12);
}

/** The address as 4 bytes if it is one of IPv4 in either form; else as it is. No copy. */
export function unmapIp(ip: Slice): Slice {
  return isV4Mapped(ip) ? slice(startOf(ip) + 12, 4) : ip;
}

/** Writes an address of 4 or 16 bytes in its 16-byte form; false, nothing written, for others. */
export function mapIp(ip: Slice, out: usize): bool {
  if (sizeOf(ip) == 16) {
    memory.copy(out, startOf(ip), 16);
    return true;
  }
  if (sizeOf(ip) != 4) return false;
  const address = load<u32>(startOf(ip));
  memory.copy(out, V4_PREFIX, 12);
  store<u32>(out, address, 12);
  return true;
}

/** Equality of addresses: an IPv4 address equals the same one written as IPv6. */
export function equalIp(left: Slice, right: Slice): bool {
  const first = unmapIp(left);
  const second = unmapIp(right);
  return (
    sizeOf(first) == sizeOf(second) && sameBytes(startOf(first), startOf(second), sizeOf(first))
  );
}

/**
 * Writes an address as Go prints it: dotted for IPv4 in either form, RFC 5952 for IPv6. Bytes of
 * any other size, which are no address, as Go prints them too: `?` and hexadecimal, or `<nil>`.
 */
export function writeIp(out: Writer, ip: Slice): void {
  const address = unmapIp(ip);
  if (sizeOf(address) == 4) return writeIpv4(out, startOf(address));
  if (sizeOf(address) == 16) return writeIpv6(out, startOf(address));
  writeNoAddress(out, address);
}

function writeIpv4(out: Writer, at: usize): void {
  for (let part: usize = 0; part < 4; part++) {
    if (part > 0) out.byte(46);
    out.decimal(load<u8>(at + part));
  }
}

// The longest run of at least two zero fields, the first of equals, becomes `::`.
function writeIpv6(out: Writer, at: usize): void {
  let gapStart: usize = 16;
  let gapEnd: usize = 16;
  for (let start: usize = 0; start < 16; start += 2) {
    let end = start;
    while (end < 16 && load<u16>(at + end) == 0) end += 2;
    if (end - start > 2 && end - start > gapEnd - gapStart) {
      gapStart = start;
      gapEnd = end;
    }
    if (end > start) start = end - 2;
  }
  for (let field: usize = 0; field < 16; field += 2) {
    if (field == gapStart) {
      out.byte(58);
      out.byte(58);
      field = gapEnd;
      if (field >= 16) return;
    } else if (field > 0) {
      out.byte(58);
    }
    writeField(out, bswap<u16>(load<u16>(at + field)));
  }
}

function writeField(out: Writer, field: u32): void {
  let shift: i32 = 12;
  while (shift > 0 && field >>> shift == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) writeHexDigit(out, (field >>> shift) & 15);
}

function writeHexDigit(out: Writer, digit: u32): void {
  out.byte(<u8>(digit < 10 ? 48 + digit : 87 + digit));
}

function writeNoAddress(out: Writer, bytes: Slice): void {
  if (sizeOf(bytes) == 0) {
    out.byte(60); // <nil>
    out.byte(110);
    out.byte(105);
    out.byte(108);
    out.byte(62);
    return;
  }
  out.byte(63);
  for (let at = startOf(bytes); at < endOf(bytes); at++) {
    writeHexDigit(out, load<u8>(at) >> 4);
    writeHexDigit(out, load<u8>(at) & 15);
  }
}

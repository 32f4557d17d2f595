// Networks: an address of 16 bytes, IPv4 written as IPv6, and a prefix length. Go's net.ParseCIDR,
// and single addresses as networks of one. Pure; allocates nothing. Both.
//
//   0                        16              20
//   | network, 16 bytes      | prefix, bits  |

import { Slice, sizeOf, slice, startOf, subSlice } from "../memory/slice";
import { indexOfByte } from "../memory/bytes";
import { isV4Mapped, mapIp, parseIp } from "./ip";

/** Size of a parsed network. */
export const CIDR_SIZE_BYTES: usize = 20;

const ADDRESS: usize = memory.data(16, 8);

/**
 * Reads `10.0.0.0/8`, `2001:db8::/32` or a single address into CIDR_SIZE_BYTES at `out`: the
 * network's address with the other bits cleared, and the prefix length out of 128. False for any
 * other text.
 */
export function parseCidr(text: Slice, out: usize): bool {
  const slash = indexOfByte(text, 47);
  const size = parseIp(slash < 0 ? text : subSlice(text, 0, slash), ADDRESS);
  if (size == 0) return false;
  let prefix: u32 = size << 3;
  if (slash >= 0) {
    prefix = readPrefix(subSlice(text, slash + 1, sizeOf(text)));
    if (prefix > size << 3) return false;
  }
  mapIp(slice(ADDRESS, size), out);
  if (size == 4) prefix += 96;
  store<u32>(out, prefix, 16);
  clearHostBits(out, prefix);
  return true;
}

// Decimal digits; more than 128 for anything else.
function readPrefix(text: Slice): u32 {
  let prefix: u32 = sizeOf(text) == 0 ? 1000 : 0;
  for (let at: usize = 0; at < sizeOf(text); at++) {
    const digit = <u32>load<u8>(startOf(text) + at) - 48;
    if (digit >= 10) return 1000;
    prefix = min<u32>(prefix * 10 + digit, 1000);
  }
  return prefix;
}

function clearHostBits(network: usize, prefix: u32): void {
  for (let half: u32 = 0; half < 16; half += 8) {
    const bits = bswap<u64>(load<u64>(network + half)) & maskOf(prefix, half);
    store<u64>(network + half, bswap<u64>(bits));
  }
}

// The mask of the eight bytes that begin at byte `half`.
// @ts-ignore: decorator
@inline
function maskOf(prefix: u32, half: u32): u64 {
  const bits = <i32>prefix - <i32>(half << 3);
  return bits <= 0 ? 0 : bits >= 64 ? u64.MAX_VALUE : ~(u64.MAX_VALUE >>> (<u64>bits));
}

/**
 * Whether an address of 4 or 16 bytes lies in a network that parseCidr has written. As in Go an
 * IPv4 address, in either form, lies in no network that is wider than all of IPv4: `::/0` is every
 * IPv6 address.
 */
export function cidrContains(network: usize, ip: Slice): bool {
  if (!mapIp(ip, ADDRESS)) return false;
  const prefix = load<u32>(network, 16);
  if (prefix < 96 && isV4Mapped(slice(ADDRESS, 16))) return false;
  const high =
    (bswap<u64>(load<u64>(ADDRESS)) ^ bswap<u64>(load<u64>(network))) & maskOf(prefix, 0);
  if (high != 0) return false;
  const low = bswap<u64>(load<u64>(ADDRESS, 8)) ^ bswap<u64>(load<u64>(network, 8));
  return (low & maskOf(prefix, 8)) == 0;
}

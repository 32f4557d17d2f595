// How often a byte stands in a part of a body, eight bytes at a time: so much is known of a list
// before it is read that its memory never has to grow. Cold: runs on the tick.

import { Slice, endOf, startOf } from "../../assembly/sdk";

const ONES: u64 = 0x0101_0101_0101_0101;
const LOW_BITS: u64 = 0x7f7f_7f7f_7f7f_7f7f;

/** How often `byte` stands in `bytes`. */
export function countBytes(bytes: Slice, byte: u8): u32 {
  const end = endOf(bytes);
  const pattern = ONES * <u64>byte;
  let count: u32 = 0;
  let at = startOf(bytes);
  for (; at + 8 <= end; at += 8) {
    // A byte that is equal is zero now, and zero bytes alone carry nothing into their highest bit.
    const word = load<u64>(at) ^ pattern;
    const others = (((word & LOW_BITS) + LOW_BITS) | word) & ~LOW_BITS;
    count += 8 - <u32>popcnt<u64>(others);
  }
  for (; at < end; at++) if (load<u8>(at) == byte) count++;
  return count;
}

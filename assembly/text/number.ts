// Integers from text, as Go's strconv reads them. Doubles are in double.ts and double-text.ts,
// re-exported here. Pure; never traps; allocates nothing. Both.

import { Slice, endOf, startOf } from "../memory/slice";

export { parseDouble } from "./double";
export { writeDouble, writeJsonDouble } from "./double-text";

/**
 * Reads a decimal integer with an optional sign into 8 bytes at `out`. False, and `out` untouched,
 * for any other text and for numbers beyond 64 bits.
 */
export function parseInt64(text: Slice, out: usize): bool {
  const end = endOf(text);
  let at = startOf(text);
  const isNegative = at < end && load<u8>(at) == 45;
  if (isNegative || (at < end && load<u8>(at) == 43)) at++;
  return readMagnitude(at, end, 10, false) && storeSigned(isNegative, out);
}

/** The same for an unsigned integer, which has no sign. */
export function parseUint64(text: Slice, out: usize): bool {
  if (!readMagnitude(startOf(text), endOf(text), 10, false)) return false;
  store<u64>(out, magnitude);
  return true;
}

/**
 * Reads an integer literal of Go into 8 bytes at `out`: decimal, 0x, 0o, 0b and 0 for octal, with
 * `_` between digits and an optional sign. False, and `out` untouched, for anything else.
 */
export function parseGoInt(text: Slice, out: usize): bool {
  const end = endOf(text);
  let at = startOf(text);
  const isNegative = at < end && load<u8>(at) == 45;
  if (isNegative || (at < end && load<u8>(at) == 43)) at++;
  if (end - at < 2 || load<u8>(at) != 48) {
    return readMagnitude(at, end, 10, true) && storeSigned(isNegative, out);
  }
  const letter = load<u8>(at, 1) | 32;
  const base: u64 = letter == 120 ? 16 : letter == 98 ? 2 : 8;
  at += base == 8 && letter != 111 ? 1 : 2;
  if (at < end && load<u8>(at) == 95) at++; // One `_` may follow the prefix.
  return readMagnitude(at, end, base, true) && storeSigned(isNegative, out);
}

/** The value of a hexadecimal digit; 255 for any other byte. */
// @ts-ignore: decorator
@inline
export function hexDigit(byte: u8): u32 {
  const digit = <u32>byte - 48;
  if (digit < 10) return digit;
  const letter = ((<u32>byte) | 32) - 97;
  return letter < 6 ? letter + 10 : 255;
}

let magnitude: u64 = 0;

// Reads the whole of at..end as digits into `magnitude`; false when empty, odd or beyond 64 bits.
function readMagnitude(at: usize, end: usize, base: u64, hasUnderscores: bool): bool {
  if (at >= end) return false;
  const limit = u64.MAX_VALUE / base;
  let value: u64 = 0;
  let isDigit = false;
  for (; at < end; at++) {
    const byte = load<u8>(at);
    if (byte == 95 && hasUnderscores && isDigit) {
      isDigit = false;
      continue;
    }
    const digit = <u64>hexDigit(byte);
    if (digit >= base || value > limit) return false;
    value = value * base + digit;
    if (value < digit) return false;
    isDigit = true;
  }
  magnitude = value;
  return isDigit;
}

function storeSigned(isNegative: bool, out: usize): bool {
  const limit: u64 = isNegative ? 0x8000000000000000 : 0x7fffffffffffffff;
  if (magnitude > limit) return false;
  store<u64>(out, isNegative ? <u64>0 - magnitude : magnitude);
  return true;
}

// Lower case as Go's strings.ToLower: Unicode's simple mapping, code point by code point; what is
// no UTF-8 becomes U+FFFD. Both; results stand in the arena unless nothing changes.

import { FAILED, Slice, endOf, slice, startOf } from "../memory/slice";
import { takeArena } from "../memory/arena";
import { LOWER_CASE, LOWER_CASE_SIZE_BYTES } from "./unicode-tables";
import { decodeRune, encodeRune, encodedSize, isBroken, runeOf, runeSizeOf } from "./utf8";

/**
 * The text in lower case: the text itself when it is so already, else in the arena. Failed when the
 * arena is full; ABSENT and FAILED stay as they are.
 */
export function toLower(text: Slice): Slice {
  const end = endOf(text);
  let at = startOf(text);
  while (at < end && isPlain(load<u8>(at))) at++;
  if (at == end) return text;
  const size = lowerSize(at, end);
  if (size < 0) return text;
  const start = startOf(text);
  const head = at - start;
  const to = takeArena(head + <usize>size);
  if (to == 0) return FAILED;
  memory.copy(to, start, head);
  return slice(to, writeLower(at, end, to + head) - to);
}

/** The simple lower-case form of a code point; itself when it has none. */
export function lowerRune(rune: u32): u32 {
  if (rune < 128) return rune - 65 < 26 ? rune | 32 : rune;
  let low: usize = 0;
  let high: usize = LOWER_CASE_SIZE_BYTES >>> 3;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((load<u32>(LOWER_CASE + (middle << 3)) & 0x1fffff) <= rune) low = middle + 1;
    else high = middle;
  }
  if (low == 0) return rune;
  const run = load<u32>(LOWER_CASE + ((low - 1) << 3));
  const distance = rune - (run & 0x1fffff);
  const isEverySecond = (run & 0x200000) != 0;
  if (distance > run >>> 22 || (isEverySecond && (distance & 1) == 1)) return rune;
  return rune + load<u32>(LOWER_CASE + ((low - 1) << 3), 4);
}

// ASCII that lower case does not change.
// @ts-ignore: decorator
@inline
function isPlain(byte: u8): bool {
  return byte < 128 && <u32>byte - 65 >= 26;
}

// Size of at..end in lower case; −1 when nothing changes.
function lowerSize(at: usize, end: usize): i32 {
  let size: usize = 0;
  let isChanged = false;
  while (at < end) {
    const decoded = decodeRune(at, end);
    const lower = lowerRune(runeOf(decoded));
    if (lower != runeOf(decoded) || isBroken(decoded)) isChanged = true;
    size += encodedSize(lower);
    at += runeSizeOf(decoded);
  }
  return isChanged ? <i32>size : -1;
}

// Returns the address behind the last byte written.
function writeLower(at: usize, end: usize, to: usize): usize {
  while (at < end) {
    const decoded = decodeRune(at, end);
    to += encodeRune(lowerRune(runeOf(decoded)), to);
    at += runeSizeOf(decoded);
  }
  return to;
}

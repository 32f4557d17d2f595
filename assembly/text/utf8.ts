// UTF-8 over slices, with Go's reading of broken text: every byte that begins no valid sequence is
// one U+FFFD. Pure; never traps; allocates nothing. Both.

import { Slice, endOf, sizeOf, slice, startOf } from "../memory/slice";

/** What a byte counts as that belongs to no valid sequence. */
export const REPLACEMENT_RUNE: u32 = 0xfffd;

/** The largest code point. */
export const RUNE_MAX: u32 = 0x10ffff;

/** The code point in an answer of decodeRune. */
// @ts-ignore: decorator
@inline
export function runeOf(decoded: u32): u32 {
  return decoded & 0x1fffff;
}

/** How many bytes the code point in an answer of decodeRune takes: 1 to 4. */
// @ts-ignore: decorator
@inline
export function runeSizeOf(decoded: u32): usize {
  return decoded >>> 24;
}

/**
 * The code point at `at`, packed as `size << 24 | rune`. A byte that begins no valid sequence
 * before `end` is U+FFFD of size 1. The caller has checked that at < end.
 */
// @ts-ignore: decorator
@inline
export function decodeRune(at: usize, end: usize): u32 {
  const first: u32 = load<u8>(at);
  return first < 0x80 ? (1 << 24) | first : decodeLongRune(first, at, end);
}

const BROKEN: u32 = (1 << 24) | 0xfffd;

function decodeLongRune(first: u32, at: usize, end: usize): u32 {
  const left = end - at;
  if (first < 0xc2 || first > 0xf4 || left < 2) return BROKEN;
  const second: u32 = load<u8>(at, 1);
  if ((second & 0xc0) != 0x80) return BROKEN;
  if (first < 0xe0) return (2 << 24) | ((first & 0x1f) << 6) | (second & 0x3f);
  if (left < 3) return BROKEN;
  const third: u32 = load<u8>(at, 2);
  if ((third & 0xc0) != 0x80) return BROKEN;
  if (first < 0xf0) {
    const rune = ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
    return rune < 0x800 || (rune & 0xf800) == 0xd800 ? BROKEN : (3 << 24) | rune;
  }
  if (left < 4) return BROKEN;
  const fourth: u32 = load<u8>(at, 3);
  if ((fourth & 0xc0) != 0x80) return BROKEN;
  const high = ((first & 0x07) << 18) | ((second & 0x3f) << 12);
  const rune = high | ((third & 0x3f) << 6) | (fourth & 0x3f);
  return rune < 0x10000 || rune > RUNE_MAX ? BROKEN : (4 << 24) | rune;
}

/** Whether a decoded answer stands for a byte that is no UTF-8, not for a written U+FFFD. */
// @ts-ignore: decorator
@inline
export function isBroken(decoded: u32): bool {
  return decoded == BROKEN;
}

/** Writes a code point at `to` and returns its size, 1 to 4 bytes. Surrogates become U+FFFD. */
export function encodeRune(rune: u32, to: usize): usize {
  if (rune < 0x80) {
    store<u8>(to, <u8>rune);
    return 1;
  }
  if (rune < 0x800) {
    store<u8>(to, <u8>(0xc0 | (rune >>> 6)));
    store<u8>(to, <u8>(0x80 | (rune & 0x3f)), 1);
    return 2;
  }
  if (rune > RUNE_MAX || (rune & 0xfffff800) == 0xd800) rune = REPLACEMENT_RUNE;
  if (rune < 0x10000) {
    store<u8>(to, <u8>(0xe0 | (rune >>> 12)));
    store<u8>(to, <u8>(0x80 | ((rune >>> 6) & 0x3f)), 1);
    store<u8>(to, <u8>(0x80 | (rune & 0x3f)), 2);
    return 3;
  }
  store<u8>(to, <u8>(0xf0 | (rune >>> 18)));
  store<u8>(to, <u8>(0x80 | ((rune >>> 12) & 0x3f)), 1);
  store<u8>(to, <u8>(0x80 | ((rune >>> 6) & 0x3f)), 2);
  store<u8>(to, <u8>(0x80 | (rune & 0x3f)), 3);
  return 4;
}

/** How many bytes encodeRune writes. */
// @ts-ignore: decorator
@inline
export function encodedSize(rune: u32): usize {
  return rune < 0x80 ? 1 : rune < 0x800 ? 2 : rune < 0x10000 || rune > RUNE_MAX ? 3 : 4;
}

/** The address of the first byte ≥ 0x80; `end` when all are ASCII. */
export function skipAscii(at: usize, end: usize): usize {
  while (end - at >= 8 && (load<u64>(at) & 0x8080808080808080) == 0) at += 8;
  while (at < end && load<u8>(at) < 0x80) at++;
  return at;
}

/** Whether every byte belongs to a valid sequence. */
export function isUtf8(text: Slice): bool {
  const end = endOf(text);
  let at = startOf(text);
  while ((at = skipAscii(at, end)) < end) {
    const decoded = decodeRune(at, end);
    if (decoded == BROKEN) return false;
    at += runeSizeOf(decoded);
  }
  return true;
}

/** How many code points, where each byte that is no UTF-8 counts as one. */
export function runeCount(text: Slice): u32 {
  const end = endOf(text);
  let at = startOf(text);
  let count: u32 = 0;
  while (at < end) {
    at += runeSizeOf(decodeRune(at, end));
    count++;
  }
  return count;
}

/** The longest beginning of at most `max` bytes that cuts no valid sequence. */
export function truncateUtf8(text: Slice, max: usize): Slice {
  if (sizeOf(text) <= max) return text;
  const start = startOf(text);
  const end = endOf(text);
  const cut = start + max;
  // Only a sequence that begins in the last three bytes before the cut can cross it.
  let at = max > 3 ? cut - 3 : start;
  while (at < cut) {
    const first = load<u8>(at);
    const next = first < 0xc0 ? at + 1 : at + runeSizeOf(decodeRune(at, end));
    if (next > cut) return slice(start, at - start);
    at = next;
  }
  return slice(start, max);
}

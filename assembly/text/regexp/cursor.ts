// Where the compiler stands in the pattern's text, and the flags in force there. Both: allocates
// nothing managed.

import { ABSENT, Slice, endOf, slice, startOf } from "../../memory/slice";
import { decodeRune, runeOf, runeSizeOf } from "../utf8";

/** The flags of RE2; `Ungreedy` only changes what is captured. */
export const enum Flag {
  FoldCase = 1,
  MultiLine = 2,
  DotAll = 4,
  Ungreedy = 8,
}

let start: usize = 0;
let at: usize = 0;
let end: usize = 0;
let flags: u32 = 0;
let noPairFrom: usize = 0;

/** Starts at the beginning of a pattern, which is UTF-8, without flags. */
export function beginCursor(pattern: Slice): void {
  start = startOf(pattern);
  at = start;
  end = endOf(pattern);
  flags = 0;
  noPairFrom = end;
}

/** The byte offset in the pattern. */
export function offset(): i32 {
  return <i32>(at - start);
}

/** Whether nothing is left. */
export function isAtEnd(): bool {
  return at >= end;
}

/** Whether at least `size` bytes are left. */
export function hasLeft(size: usize): bool {
  return end - at >= size;
}

/** The byte `distance` bytes ahead; 0 behind the end. */
export function peek(distance: usize = 0): u8 {
  return end - at > distance ? load<u8>(at + distance) : 0;
}

/** Goes on by `size` bytes, which must be there. */
export function advance(size: usize): void {
  at += size;
}

/** Goes to an offset in the pattern. */
export function moveTo(target: i32): void {
  at = start + target;
}

/** Takes the next code point. The caller has checked that there is one. */
export function takeRune(): u32 {
  const decoded = decodeRune(at, end);
  at += runeSizeOf(decoded);
  return runeOf(decoded);
}

/** Takes the next code point as its bytes, borrowed. The caller has checked that there is one. */
export function takeCharacter(): Slice {
  const from = at;
  at += runeSizeOf(decodeRune(at, end));
  return slice(from, at - from);
}

/** The bytes from the cursor to the first `byte`, borrowed; ABSENT when there is none. */
export function textUntil(byte: u8): Slice {
  for (let to = at; to < end; to++) if (load<u8>(to) == byte) return slice(at, to - at);
  return ABSENT;
}

/**
 * The bytes from `distance` behind the cursor to the first pair of two bytes, borrowed; ABSENT when
 * there is none. That there is none is found out once for each pattern.
 */
export function textUntilPair(distance: usize, first: u8, second: u8): Slice {
  if (at >= noPairFrom) return ABSENT;
  for (let to = at + distance; to + 1 < end; to++) {
    if (load<u8>(to) == first && load<u8>(to, 1) == second) {
      return slice(at + distance, to - at - distance);
    }
  }
  noPairFrom = at;
  return ABSENT;
}

/** Whether the text goes on with two bytes. */
export function isAtPair(first: u8, second: u8): bool {
  return end - at >= 2 && load<u8>(at) == first && load<u8>(at, 1) == second;
}

/** The flags in force. */
export function currentFlags(): u32 {
  return flags;
}

/** Puts flags into force. */
export function setFlags(value: u32): void {
  flags = value;
}

/** Whether a flag is in force. */
export function hasFlag(flag: Flag): bool {
  return (flags & flag) != 0;
}

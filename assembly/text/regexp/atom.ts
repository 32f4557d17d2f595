// Instructions for what matches one code point: characters, classes, the point. Both: allocates
// nothing managed.

import { RUNE_MAX } from "../utf8";
import {
  addRange,
  cleanFrom,
  dropFrom,
  finishClass,
  rangeCount,
  rangeFrom,
  rangeUntil,
} from "./class-set";
import { Flag, hasFlag, offset } from "./cursor";
import { foldFrom } from "./fold-class";
import { Opcode } from "./pattern";
import { emit } from "./program";

/** A character, with its other forms where case does not matter. */
export function emitRune(rune: u32, at: i32): bool {
  if (!hasFlag(Flag.FoldCase) || !hasCase(rune)) return emit(Opcode.Char, rune, at);
  const start = rangeCount();
  addRange(rune, rune);
  foldFrom(start);
  return emitClass(start, at);
}

// ASCII has case in its letters only.
// @ts-ignore: decorator
@inline
function hasCase(rune: u32): bool {
  return rune >= 128 || (rune | 32) - 97 < 26;
}

/** The point: any character, without DotAll except a line feed. */
export function emitDot(): bool {
  const start = rangeCount();
  if (hasFlag(Flag.DotAll)) {
    addRange(0, RUNE_MAX);
  } else {
    addRange(0, 9);
    addRange(11, RUNE_MAX);
  }
  return emitClass(start, offset());
}

/** The class whose ranges begin at index `start`; one code point alone becomes a character. */
export function emitClass(start: u32, at: i32): bool {
  cleanFrom(start);
  if (rangeCount() - start == 1 && rangeFrom(start) == rangeUntil(start)) {
    const rune = rangeFrom(start);
    dropFrom(start);
    return emit(Opcode.Char, rune, at);
  }
  const index = finishClass(start, at);
  return index >= 0 && emit(Opcode.Class, index, at);
}

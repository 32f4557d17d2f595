// What the instructions do with texts, one short function each. Hot: results stand in the arena.

import { ValueType } from "../shared/types";
import { EvaluationError, VALUE_SIZE_BYTES, setText, textAt } from "../attribute/value";
import { equal } from "../memory/bytes";
import { takeArena } from "../memory/arena";
import { FAILED, Slice, endOf, sizeOf, slice, startOf } from "../memory/slice";
import { toLower } from "../text/fold";
import { decodeRune, runeSizeOf } from "../text/utf8";
import { Outcome, fail } from "./failure";

/** Whether a text is one of a set: a slice over `size / 8` slices. */
// @ts-ignore: decorator
@inline
export function isInSet(text: Slice, set: Slice): Outcome {
  const end = endOf(set);
  for (let at = startOf(set); at < end; at += 8) {
    if (equal(text, load<u64>(at))) return Outcome.True;
  }
  return Outcome.False;
}

/** Joins the texts of `count` cells into the first one. True, or Failed without memory. */
export function joinTexts(first: usize, count: i32): Outcome {
  const end = first + <usize>count * VALUE_SIZE_BYTES;
  let size: usize = 0;
  for (let cell = first; cell < end; cell += VALUE_SIZE_BYTES) size += sizeOf(textAt(cell));
  const start = takeArena(size);
  if (start == 0) return fail(EvaluationError.OutOfMemory, 0);
  let to = start;
  for (let cell = first; cell < end; cell += VALUE_SIZE_BYTES) {
    const text = textAt(cell);
    memory.copy(to, startOf(text), sizeOf(text));
    to += sizeOf(text);
  }
  setText(first, ValueType.String, slice(start, size));
  return Outcome.True;
}

/** Puts a cell's text into lower case. True, or Failed without memory. */
export function lowerText(cell: usize): Outcome {
  const lower = toLower(textAt(cell));
  if (lower == FAILED) return fail(EvaluationError.OutOfMemory, 0);
  setText(cell, ValueType.String, lower);
  return Outcome.True;
}

/** Turns a cell's text around, code point by code point. True, or Failed without memory. */
export function reverseText(cell: usize): Outcome {
  const text = textAt(cell);
  const size = sizeOf(text);
  const start = takeArena(size);
  if (start == 0) return fail(EvaluationError.OutOfMemory, 0);
  const end = endOf(text);
  let to = start + size;
  for (let at = startOf(text); at < end;) {
    const runeSize = runeSizeOf(decodeRune(at, end));
    to -= runeSize;
    memory.copy(to, at, runeSize);
    at += runeSize;
  }
  setText(cell, ValueType.String, slice(start, size));
  return Outcome.True;
}

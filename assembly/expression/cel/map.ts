// Maps of CEL: the host's packed pairs, looked up in place, or cells in the arena. Hot.

import { ValueType } from "../../shared/types";
import {
  EvaluationError,
  VALUE_SIZE_BYTES,
  ValueFlag,
  flagsAt,
  setText,
  textAt,
  typeAt,
} from "../../attribute/value";
import { equal } from "../../memory/bytes";
import { takeArena } from "../../memory/arena";
import { Slice, isPresent, slice } from "../../memory/slice";
import { PairsCursor } from "../../abi/pairs";
import { Outcome, fail, takeSteps } from "../failure";
import { lookUp } from "../map";
import { recordWhole } from "../references";

/** Size of an entry of a map of cells: its key, then its value. */
export const ENTRY_SIZE_BYTES: usize = 2 * VALUE_SIZE_BYTES;

const CURSOR: PairsCursor = new PairsCursor();

/** Whether a type is one of maps. */
// @ts-ignore: decorator
@inline
export function isMap(type: u32): bool {
  return type == ValueType.Map || type == ValueType.StringMap;
}

/** Writes a text of a map; `map` says whether its type is known. */
export function setElement(cell: usize, text: Slice, map: usize): void {
  setText(cell, ValueType.String, text, flagsAt(map) & ValueFlag.Untyped);
}

/** Makes a map of cells of any map. True, or Failed. */
export function openMap(cell: usize): Outcome {
  if (typeAt(cell) == ValueType.Map) return Outcome.True;
  if (load<i32>(cell, 4) >= 0) recordWhole();
  const count = countPairs(cell);
  if (!takeSteps(count)) return Outcome.Failed;
  const start = takeArena(<usize>count * ENTRY_SIZE_BYTES);
  if (start == 0) return fail(EvaluationError.OutOfMemory, 0);
  const isHeaders = (flagsAt(cell) & ValueFlag.Headers) != 0;
  let at = start;
  CURSOR.open(textAt(cell));
  while (CURSOR.next()) {
    const key = CURSOR.key;
    setElement(at, key, cell);
    setElement(at + VALUE_SIZE_BYTES, CURSOR.value, cell);
    // Repeated lines of one header are one entry, whose value is looked up below.
    if (!isHeaders || !isEarlier(start, at)) at += ENTRY_SIZE_BYTES;
    else if (!takeSteps(count)) return Outcome.Failed;
  }
  if (isHeaders && !joinLines(cell, start, at)) return fail(EvaluationError.OutOfMemory, 0);
  setText(cell, ValueType.Map, slice(start, at - start), ValueFlag.Cells);
  return Outcome.True;
}

function countPairs(map: usize): i32 {
  let count = 0;
  CURSOR.open(textAt(map));
  while (CURSOR.next()) count++;
  return count;
}

function isEarlier(start: usize, key: usize): bool {
  const text = textAt(key);
  for (let at = start; at < key; at += ENTRY_SIZE_BYTES) {
    if (equal(textAt(at), text)) return true;
  }
  return false;
}

function joinLines(map: usize, start: usize, end: usize): bool {
  for (let at = start; at < end; at += ENTRY_SIZE_BYTES) {
    const value = lookUp(map, textAt(at));
    if (!isPresent(value)) return false;
    setElement(at + VALUE_SIZE_BYTES, value, map);
  }
  return true;
}

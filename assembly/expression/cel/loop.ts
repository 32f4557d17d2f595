// The loops of macros. A loop has four cells on the stack: its range, the position in it, the
// result so far, the variable. Hot: a list grows in memory that was taken for its range.

import { Fold } from "../../shared/opcodes";
import { ValueType } from "../../shared/types";
import {
  EvaluationError,
  VALUE_SIZE_BYTES,
  ValueFlag,
  copyValue,
  boolAt,
  intAt,
  setBool,
  setInt,
  setText,
  textAt,
  typeAt,
  CellState,
} from "../../attribute/value";
import { takeArena } from "../../memory/arena";
import { sizeOf, slice, startOf } from "../../memory/slice";
import { FAILURE, Outcome, fail, takeSteps } from "../failure";
import { combine, isBool, isCondition } from "./logic";
import { ENTRY_SIZE_BYTES, isMap, openMap } from "./map";
import { isUntyped, openUntyped } from "./untyped";

const POSITION: usize = VALUE_SIZE_BYTES;
const RESULT: usize = 2 * VALUE_SIZE_BYTES;
const VARIABLE: usize = 3 * VALUE_SIZE_BYTES;

/** Makes a range of a list or map, its position behind it. True, or Failed. */
export function openRange(cell: usize): Outcome {
  if (typeAt(cell) == CellState.Error) {
    copyValue(FAILURE, cell);
    return Outcome.Failed;
  }
  if (isUntyped(cell) && openUntyped(cell) == Outcome.Failed) return Outcome.Failed;
  if (isMap(typeAt(cell))) {
    if (openMap(cell) == Outcome.Failed) return Outcome.Failed;
  } else if (typeAt(cell) != ValueType.List) {
    return fail(EvaluationError.NoSuchOverload, 0);
  }
  setInt(cell + POSITION, ValueType.Int64, 0);
  return Outcome.True;
}

/** Puts the next element into the variable; False at the end, Failed without steps. */
export function nextElement(loop: usize): Outcome {
  if (!takeSteps(1)) return Outcome.Failed;
  const elements = textAt(loop);
  const offset = <usize>intAt(loop + POSITION);
  if (offset >= sizeOf(elements)) return Outcome.False;
  copyValue(loop + VARIABLE, startOf(elements) + offset);
  setInt(loop + POSITION, ValueType.Int64, offset + strideOf(loop));
  return Outcome.True;
}

/** Adds a value to the result; False when the loop is decided, Failed without memory. */
export function foldValue(kind: u32, loop: usize, value: usize): Outcome {
  const result = loop + RESULT;
  if (kind <= <u32>Fold.Exists) {
    const decides = kind == Fold.Exists;
    combine(result, value, decides);
    return isBool(result, decides) ? Outcome.False : Outcome.True;
  }
  const isGood = kind == Fold.Map ? typeAt(value) != CellState.Error : isCondition(value);
  if (!isGood) {
    copyValue(result, value);
    return Outcome.False;
  }
  if (kind == Fold.Map) return append(loop, value);
  if (!boolAt(value)) return Outcome.True;
  if (kind == Fold.Filter) return append(loop, loop + VARIABLE);
  setInt(result, ValueType.Int64, intAt(result) + 1);
  return Outcome.True;
}

/** Whether the value is a bool; else it becomes the result, as an error. */
export function guardValue(loop: usize, value: usize): bool {
  if (isCondition(value)) return true;
  copyValue(loop + RESULT, value);
  return false;
}

/** Puts the result where the loop stood. */
export function leaveLoop(kind: u32, loop: usize): void {
  copyValue(loop, loop + RESULT);
  if (kind == Fold.ExistsOne && typeAt(loop) == ValueType.Int64) setBool(loop, intAt(loop) == 1);
}

function append(loop: usize, value: usize): Outcome {
  const result = loop + RESULT;
  const list = textAt(result);
  const size = sizeOf(list);
  let start = startOf(list);
  if (size == 0) {
    start = takeArena((sizeOf(textAt(loop)) / strideOf(loop)) * VALUE_SIZE_BYTES);
    if (start == 0) return fail(EvaluationError.OutOfMemory, 0);
  }
  copyValue(start + size, value);
  setText(result, ValueType.List, slice(start, size + VALUE_SIZE_BYTES), ValueFlag.Cells);
  return Outcome.True;
}

function strideOf(loop: usize): usize {
  return typeAt(loop) == ValueType.Map ? ENTRY_SIZE_BYTES : VALUE_SIZE_BYTES;
}

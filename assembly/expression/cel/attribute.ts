// Attributes as values of CEL: what is absent is an error. Hot.

import { ValueType } from "../../shared/types";
import { Bag } from "../../attribute/bag";
import {
  CellState,
  EvaluationError,
  ValueFlag,
  copyValue,
  flagsAt,
  hasValue,
  setBool,
  setError,
  typeAt,
} from "../../attribute/value";
import { prepare } from "../evaluator";
import { Outcome } from "../failure";
import { isRecording, recordCell } from "../references";
import { openUntyped } from "./untyped";

/**
 * Writes the attribute's value, or an error, to the first free cell of the stack; false with the
 * error in FAILURE.
 */
export function pushAttribute(bag: Bag, attribute: u32, top: usize): bool {
  const cell = readAt(bag, attribute, top);
  copyValue(top, cell);
  const type = typeAt(cell);
  if (type == CellState.Absent) {
    setError(top, EvaluationError.LookupFailed, attribute);
  } else if (type == CellState.KeyAbsent) {
    setError(top, EvaluationError.NoSuchKey, 0);
  } else if (type == ValueType.StringMap) {
    // A map remembers which attribute it came from while reads of its keys are recorded.
    store<i32>(top, isRecording ? <i32>attribute : -1, 4);
    if ((flagsAt(cell) & ValueFlag.Untyped) != 0) return openUntyped(top) == Outcome.True;
  }
  return true;
}

/** Writes whether the attribute is present. */
export function pushPresence(bag: Bag, attribute: u32, top: usize): void {
  setBool(top, hasValue(readAt(bag, attribute, top)));
}

function readAt(bag: Bag, attribute: u32, top: usize): usize {
  if (bag.programOf(attribute) != 0) prepare(bag, attribute, top);
  const cell = bag.read(attribute);
  if (isRecording) recordCell(attribute, cell);
  return cell;
}

// Reading attributes for the evaluator: absent values, missing keys, values of another type than
// declared, and the record of what was read. Hot.

import { AbsentMode } from "../shared/opcodes";
import { ValueType } from "../shared/types";
import { Bag } from "../attribute/bag";
import {
  CellState,
  EvaluationError,
  boolAt,
  copyValue,
  setText,
  textAt,
  typeAt,
} from "../attribute/value";
import { ABSENT, FAILED, Slice, emptySlice, isPresent } from "../memory/slice";
import { FAILURE, Outcome, fail } from "./failure";
import { lookUp } from "./map";
import { aOf, bOf, modeOf } from "./program";
import { isRecording, recordCell, recordRead } from "./references";

/** A cell with the empty text. */
export const EMPTY: usize = memory.data(16, 8);
setText(EMPTY, ValueType.String, emptySlice());

/** Attribute a, of type b: a value, or FAILURE. A missing key is the empty text. */
export function readCell(bag: Bag, word: u64): usize {
  const cell = read(bag, aOf(word));
  const type = typeAt(cell);
  if (type == bOf(word)) return cell;
  return type == CellState.KeyAbsent ? EMPTY : refuse(cell, aOf(word), bOf(word));
}

/** Attribute a, of type b, if it is present; 0 if not; or FAILURE. */
export function presentCell(bag: Bag, word: u64): usize {
  const cell = read(bag, aOf(word));
  const type = typeAt(cell);
  if (type == bOf(word)) return cell;
  return isAbsent(type) ? 0 : refuse(cell, aOf(word), bOf(word));
}

/**
 * The text of attribute a for a test; ABSENT when the mode says what an absent one means; FAILED
 * with the error in FAILURE.
 */
// @ts-ignore: decorator
@inline
export function readText(bag: Bag, word: u64): Slice {
  const cell = read(bag, aOf(word));
  return typeAt(cell) == ValueType.String ? textAt(cell) : otherText(cell, word);
}

function otherText(cell: usize, word: u64): Slice {
  const type = typeAt(cell);
  if (isAbsent(type) && (modeOf(word) & AbsentMode.Either) != 0) return ABSENT;
  if (type == CellState.KeyAbsent) return textAt(EMPTY);
  refuse(cell, aOf(word), ValueType.String);
  return FAILED;
}

/** The outcome of a test whose text is ABSENT or FAILED. */
export function absentOutcome(text: Slice, word: u64): Outcome {
  if (text == FAILED) return Outcome.Failed;
  return (modeOf(word) & AbsentMode.True) != 0 ? Outcome.True : Outcome.False;
}

/** Attribute a as the outcome of a test. */
export function readBool(bag: Bag, word: u64): Outcome {
  const cell = readForTest(bag, word, ValueType.Bool);
  return cell > 1 ? <Outcome>boolAt(cell) : absentOutcome(cell, word);
}

/** The cell of attribute a for a test; ABSENT when the mode decides, FAILED after an error. */
export function readForTest(bag: Bag, word: u64, type: ValueType): usize {
  const cell = read(bag, aOf(word));
  const found = typeAt(cell);
  if (found == type) return cell;
  if (isAbsent(found) && (modeOf(word) & AbsentMode.Either) != 0) return <usize>ABSENT;
  return refuse(cell, aOf(word), type) == FAILURE ? <usize>FAILED : cell;
}

/** The text of a key in a map on the stack; ABSENT without such a key; FAILED after an error. */
export function elementText(map: usize, key: Slice): Slice {
  const text = lookUp(map, key);
  if (text == FAILED) fail(EvaluationError.OutOfMemory, 0);
  const attribute = load<i32>(map, 4);
  if (isRecording && attribute >= 0) recordRead(attribute, key, isPresent(text));
  return text;
}

// @ts-ignore: decorator
@inline
function read(bag: Bag, attribute: u32): usize {
  const cell = bag.read(attribute);
  if (isRecording) recordCell(attribute, cell);
  return cell;
}

// @ts-ignore: decorator
@inline
function isAbsent(type: u32): bool {
  return type == CellState.Absent || type == CellState.KeyAbsent;
}

// A value of another type: durations may stand for integers and integers for durations, as in
// Mixer; anything else is a failure.
function refuse(cell: usize, attribute: u32, wanted: u32): usize {
  const type = typeAt(cell);
  if (type == CellState.Error) {
    copyValue(FAILURE, cell);
  } else if (type == CellState.Absent || type == CellState.KeyAbsent) {
    fail(EvaluationError.LookupFailed, attribute);
  } else if (isWhole(type) && isWhole(wanted)) {
    return cell;
  } else {
    fail(EvaluationError.WrongType, ((<u64>cell) << 32) | attribute);
  }
  return FAILURE;
}

// @ts-ignore: decorator
@inline
function isWhole(type: u32): bool {
  return type == ValueType.Int64 || type == ValueType.Duration;
}

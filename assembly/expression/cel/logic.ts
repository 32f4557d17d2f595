// `&&`, `||` and conditions over values that may be errors. Hot.

import { ValueType } from "../../shared/types";
import {
  CellState,
  EvaluationError,
  boolAt,
  copyValue,
  setBool,
  setError,
  typeAt,
} from "../../attribute/value";
import { settleUntyped } from "./untyped";

/** Whether a cell is the BOOL of this value. */
export function isBool(cell: usize, value: bool): bool {
  settleUntyped(cell, ValueType.Bool);
  return typeAt(cell) == ValueType.Bool && boolAt(cell) == value;
}

/** Whether the cell is a bool; what is none becomes an error. */
export function isCondition(cell: usize): bool {
  settleUntyped(cell, ValueType.Bool);
  const type = typeAt(cell);
  if (type == ValueType.Bool) return true;
  if (type != CellState.Error) setError(cell, EvaluationError.NoSuchOverload, 0);
  return false;
}

/**
 * Combines two operands in the left cell: the one that `decides` wins over an error, of two errors
 * the left one stays.
 */
export function combine(left: usize, right: usize, decides: bool): void {
  if (isBool(left, decides)) return;
  if (isBool(right, decides)) {
    setBool(left, decides);
    return;
  }
  if (isCondition(left) && !isCondition(right)) copyValue(left, right);
}

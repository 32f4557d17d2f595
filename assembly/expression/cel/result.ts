// The end of a CEL program: its value in the type that is expected, numbers converted where they
// stay the same. Hot.

import { ValueType } from "../../shared/types";
import {
  CellState,
  EvaluationError,
  copyValue,
  doubleAt,
  intAt,
  setDouble,
  setInt,
  typeAt,
} from "../../attribute/value";
import { FAILURE, fail } from "../failure";
import { isWhole } from "./number";
import { becomeTextMap } from "./text-map";
import { isUntyped, settleAlone, settleUntyped } from "./untyped";

/** The cell as a value of this type, Dynamic for any; or FAILURE. */
export function resultAs(type: ValueType, cell: usize): usize {
  const found = typeAt(cell);
  if (found == CellState.Error) {
    copyValue(FAILURE, cell);
    return FAILURE;
  }
  if (isUntyped(cell)) return untypedAs(type, cell);
  if (type == ValueType.StringMap) return becomeTextMap(cell) ? cell : noOverload();
  if (type == ValueType.Dynamic || found == type) return cell;
  return convertNumber(type, cell) ? cell : noOverload();
}

// Nothing has needed a type before: the host's own is the value's.
function untypedAs(type: ValueType, cell: usize): usize {
  settleUntyped(cell, type);
  settleAlone(cell);
  if (type == ValueType.StringMap) return becomeTextMap(cell) ? cell : noOverload();
  return type == ValueType.Dynamic || convertNumber(type, cell) ? cell : noOverload();
}

function noOverload(): usize {
  fail(EvaluationError.NoSuchOverload, 0);
  return FAILURE;
}

function convertNumber(type: ValueType, cell: usize): bool {
  const found = typeAt(cell);
  if (found == type) return true;
  if (found == ValueType.Uint64 && intAt(cell) < 0) return false;
  if (found == ValueType.Double) {
    if (type != ValueType.Int64 || !isWhole(doubleAt(cell))) return false;
    setInt(cell, type, <i64>doubleAt(cell));
    return true;
  }
  if (found != ValueType.Int64 && found != ValueType.Uint64) return false;
  if (type == ValueType.Int64) setInt(cell, type, intAt(cell));
  else if (type == ValueType.Double) setDouble(cell, <f64>intAt(cell));
  else return false;
  return true;
}

// Functions and operators of CEL by their number, none of whose operands is an error. The result
// goes to the first operand's cell. Hot.

import { CelFunction } from "../../shared/cel-functions";
import { ValueType } from "../../shared/types";
import {
  EvaluationError,
  VALUE_SIZE_BYTES,
  boolAt,
  intAt,
  setBool,
  typeAt,
} from "../../attribute/value";
import { Outcome, fail } from "../failure";
import { elementOf, isIn, joinLists } from "./collection";
import { equalCel, orderCel } from "./compare";
import { convertCel } from "./convert";
import { negate, operateDoubles, operateInts, operateUints } from "./number";
import { callText, joinBytes, sizeOfValue } from "./text";
import { addTimes, partOfTime } from "./time";
import { settlePair, settleUntyped } from "./untyped";

/** True with the result in the first cell, or Failed. */
export function callCel(callee: CelFunction, first: usize, count: i32): Outcome {
  const second = first + VALUE_SIZE_BYTES;
  switch (callee) {
    case CelFunction.Add:
    case CelFunction.Subtract:
    case CelFunction.Multiply:
    case CelFunction.Divide:
    case CelFunction.Remainder:
      return operate(callee, first, second);
    case CelFunction.Negate:
      settleUntyped(first, ValueType.Double);
      return negate(typeAt(first), first);
    case CelFunction.Not:
      settleUntyped(first, ValueType.Bool);
      if (typeAt(first) != ValueType.Bool) return fail(EvaluationError.NoSuchOverload, 0);
      setBool(first, !boolAt(first));
      return Outcome.True;
    case CelFunction.Equal:
    case CelFunction.NotEqual: {
      const outcome = equalCel(first, second);
      if (outcome == Outcome.Failed) return outcome;
      setBool(first, (outcome == Outcome.True) == (callee == CelFunction.Equal));
      return Outcome.True;
    }
    case CelFunction.Less:
    case CelFunction.LessOrEqual:
    case CelFunction.Greater:
    case CelFunction.GreaterOrEqual:
      return testOrder(callee, first, second);
    case CelFunction.In:
      return isIn(first, second);
    case CelFunction.Index:
      return elementOf(first, second);
    case CelFunction.Size:
      return sizeOfValue(first);
    default:
      if (callee >= CelFunction.Int && callee <= CelFunction.Uri) return convertCel(callee, first);
      if (callee >= CelFunction.GetFullYear && callee <= CelFunction.GetMilliseconds) {
        return partOfTime(callee, first, count);
      }
      return callText(callee, first, second);
  }
}

function operate(callee: CelFunction, left: usize, right: usize): Outcome {
  settlePair(left, right);
  const type = typeAt(left);
  const other = typeAt(right);
  if (type != other) return addTimes(callee, left, right);
  switch (<i32>type) {
    case ValueType.Int64:
      return operateInts(callee, left, intAt(left), intAt(right));
    case ValueType.Uint64:
      return operateUints(callee, left, <u64>intAt(left), <u64>intAt(right));
    case ValueType.Double:
      return operateDoubles(callee, left, right);
    case ValueType.String:
    case ValueType.Bytes:
      if (callee == CelFunction.Add) return joinBytes(<ValueType>type, left, right);
      break;
    case ValueType.List:
      if (callee == CelFunction.Add) return joinLists(left, right);
      break;
    default:
      return addTimes(callee, left, right);
  }
  return fail(EvaluationError.NoSuchOverload, 0);
}

function testOrder(callee: CelFunction, left: usize, right: usize): Outcome {
  const order = orderCel(left, right);
  if (order < 0) return Outcome.Failed;
  let wanted = 1;
  if (callee == CelFunction.LessOrEqual) wanted = 3;
  if (callee == CelFunction.Greater) wanted = 4;
  if (callee == CelFunction.GreaterOrEqual) wanted = 6;
  setBool(left, (order & wanted) != 0);
  return Outcome.True;
}

// Arithmetic of CEL: what does not fit is an error, never another number. Hot.

import { CelFunction } from "../../shared/cel-functions";
import { ValueType } from "../../shared/types";
import { EvaluationError, doubleAt, intAt, setDouble, setInt, typeAt } from "../../attribute/value";
import { orderInts } from "../compare";
import { Outcome, fail } from "../failure";

/** Writes `left operator right` of two integers to the left cell. */
export function operateInts(callee: CelFunction, cell: usize, left: i64, right: i64): Outcome {
  let result: i64 = 0;
  switch (callee) {
    case CelFunction.Add:
      result = left + right;
      if (((left ^ result) & (right ^ result)) < 0) return overflow();
      break;
    case CelFunction.Subtract:
      result = left - right;
      if (((left ^ right) & (left ^ result)) < 0) return overflow();
      break;
    case CelFunction.Multiply:
      if (left == -1 || right == -1) {
        if (left == i64.MIN_VALUE || right == i64.MIN_VALUE) return overflow();
        result = -(left == -1 ? right : left);
        break;
      }
      result = left * right;
      if (left != 0 && result / left != right) return overflow();
      break;
    default:
      if (right == 0) return fail(EvaluationError.DivisionByZero, 0);
      if (right == -1) {
        if (left == i64.MIN_VALUE) return overflow();
        result = callee == CelFunction.Divide ? -left : 0;
      } else {
        result = callee == CelFunction.Divide ? left / right : left % right;
      }
  }
  setInt(cell, ValueType.Int64, result);
  return Outcome.True;
}

/** The same of two unsigned integers. */
export function operateUints(callee: CelFunction, cell: usize, left: u64, right: u64): Outcome {
  let result: u64 = 0;
  switch (callee) {
    case CelFunction.Add:
      result = left + right;
      if (result < left) return overflow();
      break;
    case CelFunction.Subtract:
      if (right > left) return overflow();
      result = left - right;
      break;
    case CelFunction.Multiply:
      result = left * right;
      if (left != 0 && result / left != right) return overflow();
      break;
    default:
      if (right == 0) return fail(EvaluationError.DivisionByZero, 0);
      result = callee == CelFunction.Divide ? left / right : left % right;
  }
  setInt(cell, ValueType.Uint64, <i64>result);
  return Outcome.True;
}

/** The same of two doubles, which have no remainder. */
export function operateDoubles(callee: CelFunction, left: usize, right: usize): Outcome {
  const first = doubleAt(left);
  const second = doubleAt(right);
  switch (callee) {
    case CelFunction.Add:
      setDouble(left, first + second);
      break;
    case CelFunction.Subtract:
      setDouble(left, first - second);
      break;
    case CelFunction.Multiply:
      setDouble(left, first * second);
      break;
    case CelFunction.Divide:
      setDouble(left, first / second);
      break;
    default:
      return fail(EvaluationError.NoSuchOverload, 0);
  }
  return Outcome.True;
}

/** Writes the opposite of an INT64 or DOUBLE. */
export function negate(type: u32, cell: usize): Outcome {
  if (type == ValueType.Double) {
    setDouble(cell, -doubleAt(cell));
    return Outcome.True;
  }
  if (type != ValueType.Int64) return fail(EvaluationError.NoSuchOverload, 0);
  if (intAt(cell) == i64.MIN_VALUE) return overflow();
  setInt(cell, ValueType.Int64, -intAt(cell));
  return Outcome.True;
}

/** Whether a double is an integer that an i64 holds exactly. */
export function isWhole(value: f64): bool {
  return value >= -9223372036854775808.0 && value < 9223372036854775808.0 && trunc(value) == value;
}

/** The failure of what does not fit. */
export function overflow(): Outcome {
  return fail(EvaluationError.Overflow, 0);
}

/** Whether a type is one of numbers. */
// @ts-ignore: decorator
@inline
export function isNumber(type: u32): bool {
  return type == ValueType.Int64 || type == ValueType.Double || type == ValueType.Uint64;
}

/** How two numbers of any type compare by value, as a bit of Order; 0 for NaN. */
export function orderNumbers(left: usize, right: usize): u32 {
  const type = typeAt(left);
  const other = typeAt(right);
  if (type == other) {
    if (type == ValueType.Double) return orderDoubles(doubleAt(left), doubleAt(right));
    if (type == ValueType.Int64) return orderInts(intAt(left), intAt(right));
    return orderUints(<u64>intAt(left), <u64>intAt(right));
  }
  if (type == ValueType.Double) return orderDoubleInt(doubleAt(left), right);
  if (other == ValueType.Double) return opposite(orderDoubleInt(doubleAt(right), left));
  // One is signed: below 0 it is below every unsigned one.
  if (type == ValueType.Int64 && intAt(left) < 0) return 1;
  if (other == ValueType.Int64 && intAt(right) < 0) return 4;
  return orderUints(<u64>intAt(left), <u64>intAt(right));
}

// As in the standard, an integer meets a double as one.
function orderDoubleInt(left: f64, right: usize): u32 {
  const isUint = typeAt(right) == ValueType.Uint64;
  return orderDoubles(left, isUint ? <f64>(<u64>intAt(right)) : <f64>intAt(right));
}

function opposite(order: u32): u32 {
  return order == 1 ? 4 : order == 4 ? 1 : order;
}

function orderUints(left: u64, right: u64): u32 {
  return left < right ? 1 : left == right ? 2 : 4;
}

function orderDoubles(left: f64, right: f64): u32 {
  return left < right ? 1 : left == right ? 2 : left > right ? 4 : 0;
}

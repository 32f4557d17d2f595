// Equality and order of CEL: numbers by value across their types, lists and maps by their elements.
// Comparing takes steps, for lists can share their parts. Hot.

import { ValueType } from "../../shared/types";
import {
  EvaluationError,
  VALUE_SIZE_BYTES,
  boolAt,
  intAt,
  textAt,
  typeAt,
} from "../../attribute/value";
import { compare, equal } from "../../memory/bytes";
import { endOf, sizeOf, startOf } from "../../memory/slice";
import { equalValues, orderInts, orderValues } from "../compare";
import { Outcome, fail, takeSteps } from "../failure";
import { ENTRY_SIZE_BYTES, isMap, openMap } from "./map";
import { isNumber, orderNumbers } from "./number";
import { settlePair } from "./untyped";

/** Whether two values are equal; values of different types are not, numbers aside. */
export function equalCel(left: usize, right: usize): Outcome {
  if (!takeSteps(1)) return Outcome.Failed;
  settlePair(left, right);
  const type = typeAt(left);
  const other = typeAt(right);
  if (isNumber(type) && isNumber(other)) return <Outcome>(<bool>(orderNumbers(left, right) == 2));
  if (isMap(type) && isMap(other)) return equalMaps(left, right);
  if (type != other) return Outcome.False;
  switch (<i32>type) {
    case ValueType.List:
      return equalLists(left, right);
    case ValueType.Bytes:
      return <Outcome>equal(textAt(left), textAt(right));
    case ValueType.Null:
      return Outcome.True;
    default:
      return equalValues(<ValueType>type, left, right);
  }
}

function equalLists(left: usize, right: usize): Outcome {
  const first = textAt(left);
  const second = textAt(right);
  if (sizeOf(first) != sizeOf(second)) return Outcome.False;
  let other = startOf(second);
  for (let cell = startOf(first); cell < endOf(first); cell += VALUE_SIZE_BYTES) {
    const outcome = equalCel(cell, other);
    if (outcome != Outcome.True) return outcome;
    other += VALUE_SIZE_BYTES;
  }
  return Outcome.True;
}

function equalMaps(left: usize, right: usize): Outcome {
  if (openMap(left) == Outcome.Failed || openMap(right) == Outcome.Failed) return Outcome.Failed;
  const entries = textAt(left);
  if (sizeOf(entries) != sizeOf(textAt(right))) return Outcome.False;
  for (let key = startOf(entries); key < endOf(entries); key += ENTRY_SIZE_BYTES) {
    const value = findEntry(right, key);
    if (value <= 1) return <Outcome>(value == 0 ? Outcome.False : Outcome.Failed);
    const outcome = equalCel(key + VALUE_SIZE_BYTES, value);
    if (outcome != Outcome.True) return outcome;
  }
  return Outcome.True;
}

/**
 * The address of a key's value in a map of cells; 0 without such a key, 1 with FAILURE when the
 * steps are used up.
 */
export function findEntry(map: usize, key: usize): usize {
  const entries = textAt(map);
  for (let at = startOf(entries); at < endOf(entries); at += ENTRY_SIZE_BYTES) {
    const outcome = equalCel(at, key);
    if (outcome == Outcome.True) return at + VALUE_SIZE_BYTES;
    if (outcome == Outcome.Failed) return 1;
  }
  return 0;
}

/** How two values compare, as a bit of Order; 0 for NaN; -1 with FAILURE without an order. */
export function orderCel(left: usize, right: usize): i32 {
  settlePair(left, right);
  const type = typeAt(left);
  const other = typeAt(right);
  if (isNumber(type) && isNumber(other)) return orderNumbers(left, right);
  if (type == other) {
    switch (<i32>type) {
      case ValueType.String:
      case ValueType.Bytes:
        return orderInts(compare(textAt(left), textAt(right)), 0);
      case ValueType.Bool:
        return orderInts(<i64>boolAt(left), <i64>boolAt(right));
      case ValueType.Timestamp:
      case ValueType.Duration:
        return orderValues(<ValueType>type, left, right);
      default:
    }
  }
  fail(EvaluationError.NoSuchOverload, 0);
  return -1;
}

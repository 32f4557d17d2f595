// Property values whose type the host does not tell: the elements of metadata arrive as bytes, a
// text as itself, a number as the 8 bytes of a double, a bool as one byte, a list or map as packed
// pairs. They are texts until something needs another type; then they are read as that, if they are
// exactly what the host would have written. A map may also arrive as JSON text. Hot.

import { ValueType } from "../../shared/types";
import {
  EvaluationError,
  ValueFlag,
  flagsAt,
  setBool,
  setDouble,
  setText,
  textAt,
  typeAt,
} from "../../attribute/value";
import { MetadataKind, metadataKind } from "../../attribute/decode-metadata";
import { Slice, byteAt, endOf, sizeOf, slice, startOf } from "../../memory/slice";
import { Outcome, fail } from "../failure";
import { isNumber } from "./number";
import { parseJson } from "./json";

const LEFT_BRACE: u8 = 123;
const LEFT_BRACKET: u8 = 91;

/** Makes a map or list of an untyped text or a STRING_MAP of one. True, or Failed. */
export function openUntyped(cell: usize): Outcome {
  const type = typeAt(cell);
  if (type == ValueType.String && (flagsAt(cell) & ValueFlag.Untyped) == 0) {
    return fail(EvaluationError.NoSuchOverload, 0);
  }
  const bytes = textAt(cell);
  if (sizeOf(bytes) == 0 || isPairs(bytes)) {
    const attribute = type == ValueType.String ? -1 : load<i32>(cell, 4);
    setText(cell, ValueType.StringMap, bytes, ValueFlag.Untyped);
    store<i32>(cell, attribute, 4);
    return Outcome.True;
  }
  const first = byteAt(bytes, 0);
  if (first == LEFT_BRACE || first == LEFT_BRACKET) return parseJson(bytes, cell);
  return fail(EvaluationError.NoSuchOverload, 0);
}

/** Reads an untyped text as a value of this type, if it can be one. */
export function settleUntyped(cell: usize, type: u32): void {
  if (!isUntyped(cell)) return;
  const bytes = textAt(cell);
  if (type == ValueType.String) settleText(cell, bytes);
  else if (isNumber(type) && sizeOf(bytes) == 8) setDouble(cell, load<f64>(startOf(bytes)));
  else if (type == ValueType.Bool && isFlag(bytes)) setBool(cell, byteAt(bytes, 0) != 0);
}

/** Gives an untyped text the type that the host packed it as. */
export function settleAlone(cell: usize): void {
  if (!isUntyped(cell)) return;
  const bytes = textAt(cell);
  switch (<i32>metadataKind(bytes)) {
    case MetadataKind.Number:
      setDouble(cell, load<f64>(startOf(bytes)));
      return;
    case MetadataKind.Bool:
      setBool(cell, byteAt(bytes, 0) != 0);
      return;
    case MetadataKind.List:
    case MetadataKind.Struct:
      setText(cell, ValueType.StringMap, bytes, ValueFlag.Untyped);
      store<i32>(cell, -1, 4);
      return;
    default:
      setText(cell, ValueType.String, bytes);
  }
}

// A list of one text is that text where a text is needed: so claims come that may have many values.
function settleText(cell: usize, bytes: Slice): void {
  if (metadataKind(bytes) != MetadataKind.List || load<u32>(startOf(bytes)) != 1) return;
  const start = startOf(bytes) + 12;
  setText(cell, ValueType.String, slice(start, endOf(bytes) - start - 2));
}

/** Reads what is untyped of two values that meet as the other's type. */
// @ts-ignore: decorator
@inline
export function settlePair(left: usize, right: usize): void {
  if (((flagsAt(left) | flagsAt(right)) & ValueFlag.Untyped) != 0) settleBoth(left, right);
}

function settleBoth(left: usize, right: usize): void {
  settleUntyped(left, typeAt(right));
  settleUntyped(right, typeAt(left));
}

/** Whether a cell is a text whose type nobody knows. */
// @ts-ignore: decorator
@inline
export function isUntyped(cell: usize): bool {
  return (flagsAt(cell) & ValueFlag.Untyped) != 0 && typeAt(cell) == ValueType.String;
}

function isFlag(bytes: Slice): bool {
  return sizeOf(bytes) == 1 && byteAt(bytes, 0) <= 1;
}

// Whether every byte is where packed pairs have it.
function isPairs(bytes: Slice): bool {
  const size = sizeOf(bytes);
  if (size < 4) return false;
  const start = startOf(bytes);
  const count = <u64>load<u32>(start);
  if (count * 10 + 4 > <u64>size) return false;
  let at = <u64>start + 4 + (count << 3);
  const end = <u64>endOf(bytes);
  for (let index: u64 = 0; index < count << 1; index++) {
    at += <u64>load<u32>(start + 4 + <usize>(index << 2));
    if (at >= end || load<u8>(<usize>at) != 0) return false;
    at++;
  }
  return at == end;
}

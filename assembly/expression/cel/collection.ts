// Lists and maps of CEL: making them, looking into them, joining them. Hot: they live in the arena,
// and their cells are never changed once somebody can see them.

import { ValueType } from "../../shared/types";
import {
  EvaluationError,
  VALUE_SIZE_BYTES,
  ValueFlag,
  copyValue,
  doubleAt,
  intAt,
  setBool,
  setInt,
  setText,
  textAt,
  typeAt,
} from "../../attribute/value";
import { takeArena } from "../../memory/arena";
import { FAILED, endOf, isPresent, sizeOf, slice, startOf } from "../../memory/slice";
import { Outcome, fail, takeSteps } from "../failure";
import { elementText } from "../read";
import { equalCel, findEntry } from "./compare";
import { ENTRY_SIZE_BYTES, isMap, openMap, setElement } from "./map";
import { isWhole } from "./number";
import { isUntyped, openUntyped } from "./untyped";

/** Makes a list of the cells from `first` on, and puts it there. */
export function makeList(first: usize, count: i32): Outcome {
  return keepCells(first, <usize>count * VALUE_SIZE_BYTES, ValueType.List);
}

/** Makes a map of `count` keys and values from `first` on, and puts it there. */
export function makeMap(first: usize, count: i32): Outcome {
  const end = first + <usize>count * ENTRY_SIZE_BYTES;
  for (let key = first; key < end; key += ENTRY_SIZE_BYTES) {
    if (!isKey(typeAt(key))) return fail(EvaluationError.InvalidArgument, 0);
    for (let at = first; at < key; at += ENTRY_SIZE_BYTES) {
      const outcome = equalCel(at, key);
      if (outcome == Outcome.Failed) return outcome;
      if (outcome == Outcome.True) return fail(EvaluationError.DuplicateKey, shownKey(key));
    }
  }
  return keepCells(first, end - first, ValueType.Map);
}

function keepCells(first: usize, size: usize, type: ValueType): Outcome {
  const start = takeArena(size);
  if (start == 0) return fail(EvaluationError.OutOfMemory, 0);
  memory.copy(start, first, size);
  setText(first, type, slice(start, size), ValueFlag.Cells);
  return Outcome.True;
}

function isKey(type: u32): bool {
  return (
    type == ValueType.Int64 ||
    type == ValueType.Uint64 ||
    type == ValueType.Bool ||
    type == ValueType.String
  );
}

/** `container[key]`, written to the container's cell. */
export function elementOf(container: usize, key: usize): Outcome {
  if (isUntyped(container) && openUntyped(container) == Outcome.Failed) return Outcome.Failed;
  const type = typeAt(container);
  if (type == ValueType.List) return itemOf(container, key);
  if (!isMap(type)) return fail(EvaluationError.NoSuchOverload, 0);
  if (type == ValueType.StringMap && typeAt(key) == ValueType.String) {
    const text = elementText(container, textAt(key));
    if (text == FAILED) return Outcome.Failed;
    if (!isPresent(text)) return fail(EvaluationError.NoSuchKey, textAt(key));
    setElement(container, text, container);
    return Outcome.True;
  }
  if (type == ValueType.StringMap) return packedItemOf(container, key);
  const value = findEntry(container, key);
  if (value == 1) return Outcome.Failed;
  if (value == 0) return fail(EvaluationError.NoSuchKey, shownKey(key));
  copyValue(container, value);
  return Outcome.True;
}

function shownKey(key: usize): u64 {
  return typeAt(key) == ValueType.String ? textAt(key) : 0;
}

function itemOf(list: usize, key: usize): Outcome {
  const index = indexOf(key);
  const items = textAt(list);
  if (index == u64.MAX_VALUE) return fail(EvaluationError.InvalidArgument, 0);
  if (index >= <u64>(sizeOf(items) / VALUE_SIZE_BYTES)) {
    return fail(EvaluationError.IndexOutOfRange, index);
  }
  copyValue(list, startOf(items) + <usize>index * VALUE_SIZE_BYTES);
  return Outcome.True;
}

// The host packs a list as pairs without values: an integer is an index into its keys.
function packedItemOf(map: usize, key: usize): Outcome {
  const index = indexOf(key);
  if (index == u64.MAX_VALUE) return fail(EvaluationError.NoSuchKey, 0);
  if (openMap(map) == Outcome.Failed) return Outcome.Failed;
  const entries = textAt(map);
  if (index >= <u64>(sizeOf(entries) / ENTRY_SIZE_BYTES)) {
    return fail(EvaluationError.IndexOutOfRange, index);
  }
  copyValue(map, startOf(entries) + <usize>index * ENTRY_SIZE_BYTES);
  return Outcome.True;
}

// An index of any number type; the largest u64 when it is none.
function indexOf(key: usize): u64 {
  const type = typeAt(key);
  if (type == ValueType.Double && isWhole(doubleAt(key)) && doubleAt(key) >= 0) {
    return <u64>doubleAt(key);
  }
  const isInteger = type == ValueType.Int64 || type == ValueType.Uint64;
  return isInteger ? <u64>intAt(key) : u64.MAX_VALUE;
}

/** Whether a map has a key, written to the map's cell. */
export function hasKey(map: usize, key: usize): Outcome {
  if (isUntyped(map) && openUntyped(map) == Outcome.Failed) return Outcome.Failed;
  if (!isMap(typeAt(map))) return fail(EvaluationError.NoSuchOverload, 0);
  return holdsKey(map, key, map);
}

/** `element in container`, written to the element's cell. */
export function isIn(element: usize, container: usize): Outcome {
  if (isUntyped(container) && openUntyped(container) == Outcome.Failed) return Outcome.Failed;
  const type = typeAt(container);
  if (isMap(type)) return holdsKey(container, element, element);
  if (type != ValueType.List) return fail(EvaluationError.NoSuchOverload, 0);
  const items = textAt(container);
  for (let cell = startOf(items); cell < endOf(items); cell += VALUE_SIZE_BYTES) {
    const outcome = equalCel(cell, element);
    if (outcome == Outcome.Failed) return outcome;
    if (outcome == Outcome.False) continue;
    setBool(element, true);
    return Outcome.True;
  }
  setBool(element, false);
  return Outcome.True;
}

function holdsKey(map: usize, key: usize, answer: usize): Outcome {
  if (typeAt(map) == ValueType.StringMap && typeAt(key) == ValueType.String) {
    const text = elementText(map, textAt(key));
    if (text == FAILED) return Outcome.Failed;
    setBool(answer, isPresent(text));
    return Outcome.True;
  }
  if (openMap(map) == Outcome.Failed) return Outcome.Failed;
  const value = findEntry(map, key);
  if (value == 1) return Outcome.Failed;
  setBool(answer, value != 0);
  return Outcome.True;
}

/** Writes the number of elements or keys. */
export function countElements(cell: usize): Outcome {
  if (isMap(typeAt(cell))) {
    if (openMap(cell) == Outcome.Failed) return Outcome.Failed;
    setInt(cell, ValueType.Int64, sizeOf(textAt(cell)) / ENTRY_SIZE_BYTES);
  } else {
    setInt(cell, ValueType.Int64, sizeOf(textAt(cell)) / VALUE_SIZE_BYTES);
  }
  return Outcome.True;
}

/** Joins two lists in the first one's cell. */
export function joinLists(left: usize, right: usize): Outcome {
  const first = textAt(left);
  const second = textAt(right);
  const size = sizeOf(first) + sizeOf(second);
  if (!takeSteps(<i32>(size / VALUE_SIZE_BYTES))) return Outcome.Failed;
  const start = takeArena(size);
  if (start == 0) return fail(EvaluationError.OutOfMemory, 0);
  memory.copy(start, startOf(first), sizeOf(first));
  memory.copy(start + sizeOf(first), startOf(second), sizeOf(second));
  setText(left, ValueType.List, slice(start, size), ValueFlag.Cells);
  return Outcome.True;
}

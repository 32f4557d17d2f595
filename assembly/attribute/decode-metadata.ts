// Values of metadata into cells. Envoy hands a protobuf Value over without its kind: a string as
// its bytes, a number as 8 bytes, truth as one, a list or a struct as packed pairs. Strings of
// tokens and configuration have no NUL, and no number, truth value or block is free of one (or of
// bytes that are no UTF-8), but for numbers that nobody writes; so the kind is found again here.
// Hot: per request, allocates only in the arena.

import { ValueType } from "../shared/types";
import { takeArena } from "../memory/arena";
import { FAILED, Slice, endOf, isPresent, sizeOf, slice, startOf } from "../memory/slice";
import { PairsCursor, PairsWriter } from "../abi/pairs";
import { isUtf8 } from "../text/utf8";
import { decodeText, setWrongType } from "./decode-text";
import { EvaluationError, ValueFlag, setBool, setDouble, setError, setInt, setText } from "./value";

/** Kinds of a protobuf Value. */
export const enum MetadataKind {
  Text = 0,
  Number = 1,
  Bool = 2,
  List = 3,
  Struct = 4,
  /** Bytes that no Value gives. */
  Unknown = 5,
}

const INTEGER_MAX: f64 = 9007199254740992;
const COMMA: u8 = 44;

const entries = new PairsCursor();
const items = new PairsCursor();
const writer = new PairsWriter();

/** Writes a value of metadata as a value of `type`. */
export function decodeMetadata(cell: usize, type: ValueType, bytes: Slice, index: u32): void {
  const kind = metadataKind(bytes);
  if (type == ValueType.Map) {
    decodeMap(cell, kind, bytes, index);
  } else if (kind == MetadataKind.Text) {
    decodeText(cell, type, bytes, index);
  } else if (kind == MetadataKind.List && type == ValueType.String) {
    setJoined(cell, bytes);
  } else if (isPacked(kind) && type == ValueType.StringMap) {
    setTextMap(cell, bytes);
  } else if (kind == MetadataKind.Bool && type == ValueType.Bool) {
    setBool(cell, load<u8>(startOf(bytes)) != 0);
  } else if (kind != MetadataKind.Number || !setNumber(cell, type, load<f64>(startOf(bytes)))) {
    setWrongType(cell, bytes, index);
  }
}

// A map stays as it came, for CEL to look into; so does a list, whose elements are its keys.
function decodeMap(cell: usize, kind: MetadataKind, bytes: Slice, index: u32): void {
  if (!isPacked(kind)) setWrongType(cell, bytes, index);
  else setText(cell, ValueType.StringMap, bytes, ValueFlag.Untyped);
}

/** A struct whose values are all empty looks like a list: list-or-map.ts tells them apart. */
export function isPacked(kind: MetadataKind): bool {
  return kind == MetadataKind.List || kind == MetadataKind.Struct;
}

function setNumber(cell: usize, type: ValueType, value: f64): bool {
  if (type == ValueType.Double) {
    setDouble(cell, value);
    return true;
  }
  const whole = <i64>value;
  if (type != ValueType.Int64 || !(abs(value) <= INTEGER_MAX) || <f64>whole != value) return false;
  setInt(cell, type, whole);
  return true;
}

/** The kind of a protobuf Value by its bytes alone: Envoy hands it over without its kind. */
export function metadataKind(bytes: Slice): MetadataKind {
  const size = sizeOf(bytes);
  if (size == 0) return MetadataKind.Text;
  const start = startOf(bytes);
  if (size == 1 && load<u8>(start) <= 1) return MetadataKind.Bool;
  if (isPlainText(bytes)) return MetadataKind.Text;
  if (size == 8 && !isBlock(bytes)) return MetadataKind.Number;
  if (!isBlock(bytes)) return MetadataKind.Unknown;
  return isList(bytes) ? MetadataKind.List : MetadataKind.Struct;
}

function isPlainText(bytes: Slice): bool {
  const end = endOf(bytes);
  for (let at = startOf(bytes); at < end; at++) if (load<u8>(at) == 0) return false;
  return isUtf8(bytes);
}

// A block claims exactly the bytes that it has.
function isBlock(bytes: Slice): bool {
  const size = <u64>sizeOf(bytes);
  if (size < 4) return false;
  const start = startOf(bytes);
  const count = <u64>load<u32>(start);
  let claimed: u64 = 4 + count * 8;
  if (claimed > size) return false;
  for (let at: u64 = 0; at < count; at++) {
    const sizes = start + 4 + ((<usize>at) << 3);
    claimed += <u64>load<u32>(sizes) + <u64>load<u32>(sizes, 4) + 2;
  }
  return claimed == size;
}

// A list's elements are the keys, without values. A list and a struct without entries look alike.
function isList(block: Slice): bool {
  const start = startOf(block);
  const count = load<u32>(start);
  for (let at: u32 = 0; at < count; at++) {
    if (load<u32>(start + 8 + ((<usize>at) << 3)) != 0) return false;
  }
  return true;
}

function setJoined(cell: usize, block: Slice): void {
  const joined = joinTexts(block);
  if (isPresent(joined)) setText(cell, ValueType.String, joined);
  else setError(cell, EvaluationError.OutOfMemory, 0);
}

/** The texts of a list, joined by commas, as Mixer joined them; other elements are left out. */
export function joinTexts(block: Slice): Slice {
  const to = takeArena(sizeOf(block));
  if (to == 0) return FAILED;
  let at = to;
  let isFirst = true;
  items.open(block);
  while (items.next()) {
    if (metadataKind(items.key) != MetadataKind.Text) continue;
    if (!isFirst) store<u8>(at++, COMMA);
    isFirst = false;
    memory.copy(at, startOf(items.key), sizeOf(items.key));
    at += sizeOf(items.key);
  }
  return slice(to, at - to);
}

// Of a struct only texts and lists of texts become entries, as in Mixer.
function setTextMap(cell: usize, block: Slice): void {
  const at = takeArena(sizeOf(block));
  if (at == 0) {
    setError(cell, EvaluationError.OutOfMemory, 0);
    return;
  }
  writer.open(at, sizeOf(block), load<u32>(startOf(block)));
  entries.open(block);
  while (entries.next()) {
    const kind = metadataKind(entries.value);
    const value = kind == MetadataKind.List ? joinTexts(entries.value) : entries.value;
    const isKept = kind == MetadataKind.Text || kind == MetadataKind.List;
    if (isKept && isPresent(value)) writer.add(entries.key, value);
  }
  setText(cell, ValueType.StringMap, writer.finish());
}

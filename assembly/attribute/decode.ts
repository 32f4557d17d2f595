// Envoy's encodings of property values into cells: integers and times of 8 bytes, truth of one
// byte, text as it is. A value that is not of the declared type becomes Mixer's "error converting
// value", never a trap. Hot: per request, allocates only in the arena.

import { ValueType } from "../shared/types";
import { ABSENT, Slice, sizeOf, startOf } from "../memory/slice";
import { decodeMetadata, isPacked, metadataKind } from "./decode-metadata";
import { decodeText, setWrongType } from "./decode-text";
import { ENTRY_PATH, EntryFlag } from "./entry";
import { isListAt } from "./list-or-map";
import { packStruct } from "./struct-bytes";
import { setBool, setDouble, setInt, setText, setTimestamp } from "./value";

const NANOS_PER_SECOND: i64 = 1_000_000_000;

/**
 * Writes the bytes of a property into a cell, as a value of its entry's type. `index` is the
 * attribute's, for the error.
 */
export function decodeProperty(cell: usize, entry: usize, bytes: Slice, index: u32): void {
  const type = <ValueType>load<u8>(entry, 1);
  const flags = <u32>load<u8>(entry, 2);
  if ((flags & EntryFlag.Text) != 0) {
    decodeText(cell, type, bytes, index);
  } else if ((flags & EntryFlag.Metadata) == 0) {
    decodeBinary(cell, type, bytes, index);
  } else if (isMap(type)) {
    decodeMap(cell, entry, bytes, index);
  } else {
    decodeMetadata(cell, type, bytes, index);
  }
}

// Filter state has its structs serialized.
function decodeMap(cell: usize, entry: usize, bytes: Slice, index: u32): void {
  const isState = (load<u8>(entry, 2) & EntryFlag.State) != 0;
  const packed = isState && !isPacked(metadataKind(bytes)) ? packStruct(bytes) : bytes;
  if (packed == ABSENT || isListAt(load<u64>(entry, ENTRY_PATH), packed)) {
    setWrongType(cell, bytes, index);
  } else {
    decodeMetadata(cell, <ValueType>load<u8>(entry, 1), packed, index);
  }
}

// @ts-ignore: decorator
@inline
function isMap(type: ValueType): bool {
  return type == ValueType.StringMap || type == ValueType.Map;
}

function decodeBinary(cell: usize, type: ValueType, bytes: Slice, index: u32): void {
  switch (type) {
    case ValueType.String:
    case ValueType.StringMap:
      setText(cell, type, bytes);
      return;
    case ValueType.Bool:
      if (sizeOf(bytes) == 1) setBool(cell, load<u8>(startOf(bytes)) != 0);
      else decodeText(cell, type, bytes, index);
      return;
    case ValueType.Int64:
    case ValueType.Duration:
    case ValueType.Double:
    case ValueType.Timestamp:
      if (sizeOf(bytes) == 8) setNumber(cell, type, load<i64>(startOf(bytes)));
      else decodeText(cell, type, bytes, index);
      return;
    default:
      decodeText(cell, type, bytes, index);
  }
}

function setNumber(cell: usize, type: ValueType, value: i64): void {
  if (type == ValueType.Timestamp) setNanos(cell, value);
  else if (type == ValueType.Double) setDouble(cell, <f64>value);
  else setInt(cell, type, value);
}

/** A TIMESTAMP from nanoseconds since 1970. */
export function setNanos(cell: usize, nanos: i64): void {
  let seconds = nanos / NANOS_PER_SECOND;
  let rest = nanos % NANOS_PER_SECOND;
  if (rest < 0) {
    rest += NANOS_PER_SECOND;
    seconds--;
  }
  setTimestamp(cell, seconds, <u32>rest);
}

// Envoy's encodings of property values into cells: integers and times of 8 bytes, truth of one
// byte, text as it is. A value that is not of the declared type becomes Mixer's "error converting
// value", never a trap. Hot: per request, allocates only in the arena.

import { ValueType } from "../shared/types";
import { Slice, sizeOf, startOf } from "../memory/slice";
import { decodeMetadata } from "./decode-metadata";
import { decodeText } from "./decode-text";
import { EntryFlag } from "./entry";
import { setBool, setDouble, setInt, setText, setTimestamp } from "./value";

const NANOS_PER_SECOND: i64 = 1_000_000_000;

/**
 * Writes `bytes` as a value of `type` into a cell. `flags` are the entry's: how Envoy encodes the
 * source. `index` is the attribute's, for the error.
 */
export function decodeProperty(
  cell: usize,
  type: ValueType,
  bytes: Slice,
  flags: u32,
  index: u32,
): void {
  if ((flags & EntryFlag.Text) != 0) decodeText(cell, type, bytes, index);
  else if ((flags & EntryFlag.Metadata) != 0) decodeMetadata(cell, type, bytes, index);
  else decodeBinary(cell, type, bytes, index);
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

// Envoy's encodings of property values into cells. A value of another size than its declared type
// becomes Mixer's "wrong type" error, never a trap. Hot: per request, allocates only in the arena.

import { ValueType } from "../shared/types";
import { takeArena } from "../memory/arena";
import { Slice, sizeOf, slice, startOf } from "../memory/slice";
import { parseIp } from "../text/address";
import {
  EvaluationError,
  setBool,
  setDouble,
  setError,
  setInt,
  setText,
  setTimestamp,
} from "./value";

const NANOS_PER_SECOND: i64 = 1_000_000_000;

/** Writes `bytes` as a value of `type` into a cell; `asDouble` for numbers of metadata. */
export function decodeProperty(
  cell: usize,
  type: ValueType,
  bytes: Slice,
  asDouble: bool,
  index: u32,
): void {
  switch (type) {
    case ValueType.String:
    case ValueType.Uri:
    case ValueType.DnsName:
    case ValueType.EmailAddress:
    case ValueType.StringMap:
      setText(cell, type, bytes);
      return;
    case ValueType.Bool:
      if (sizeOf(bytes) == 1) setBool(cell, load<u8>(startOf(bytes)) != 0);
      else setError(cell, EvaluationError.WrongType, index);
      return;
    case ValueType.IpAddress:
      decodeIp(cell, bytes, index);
      return;
    default:
      decodeNumber(cell, type, bytes, asDouble, index);
  }
}

function decodeNumber(
  cell: usize,
  type: ValueType,
  bytes: Slice,
  asDouble: bool,
  index: u32,
): void {
  if (sizeOf(bytes) != 8) {
    setError(cell, EvaluationError.WrongType, index);
    return;
  }
  const at = startOf(bytes);
  if (type == ValueType.Double) {
    setDouble(cell, asDouble ? load<f64>(at) : <f64>load<i64>(at));
    return;
  }
  let value = load<i64>(at);
  if (asDouble) {
    const double = load<f64>(at);
    value = <i64>double;
    if (!(abs(double) <= 9007199254740992.0) || <f64>value != double) {
      setError(cell, EvaluationError.WrongType, index);
      return;
    }
  }
  if (type == ValueType.Timestamp) setNanos(cell, value);
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

function decodeIp(cell: usize, text: Slice, index: u32): void {
  const at = takeArena(16);
  const size = at == 0 ? 0 : parseIp(text, at);
  if (size == 0) setError(cell, EvaluationError.WrongType, index);
  else setText(cell, ValueType.IpAddress, slice(at, size));
}

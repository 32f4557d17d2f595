// Values of attributes and expressions: cells of 16 bytes at an address, in the bag, on the
// evaluation stack, in programs and in captures. Both: hot code reads and writes them in place.
//
//   0      1      2             4              8                         16
//   | type | flag | error code  | nanoseconds  | payload                 |
//
// payload: text, e-mail, URI, DNS name, bytes: Slice · INT64, DURATION (ns), TIMESTAMP (seconds):
// i64 · DOUBLE: f64 bits · BOOL: 0 or 1 · IP_ADDRESS: Slice of 4 or 16 bytes · STRING_MAP: Slice of
// a packed pairs block (the host's encoding) · UINT64: u64 · TYPE: number of a value type · LIST,
// MAP: Slice over cells. An error's payload is its argument (an attribute's
// index, or a Slice).

import { ValueType } from "../shared/types";
import { Slice } from "../memory/slice";

/** Size of a cell. */
export const VALUE_SIZE_BYTES: usize = 16;

/** States of a cell beyond the value types; they share the type byte. */
export const enum CellState {
  /** The attribute, or the map that the key was looked up in, does not exist. */
  Absent = 0xfd,
  /** The map exists, the key does not: "" outside `|`, the next alternative inside it. */
  KeyAbsent = 0xfe,
  /** Evaluation failed; the error code says how. */
  Error = 0xff,
}

/** Bits of the flag byte. */
export const enum ValueFlag {
  /** A STRING_MAP of headers: names are in lower case, repeated ones read as joined. */
  Headers = 1,
  /** CEL: a LIST or MAP whose slice lies over cells; of a MAP each key stands before its value. */
  Cells = 4,
  /** CEL: bytes of a property whose type the host does not tell; see expression/cel/untyped.ts. */
  Untyped = 8,
}

/** Run-time errors of an evaluation. Texts are made from them only when somebody asks. */
export const enum EvaluationError {
  None = 0,
  /** `lookup failed: 'x'`; the payload is the attribute's index. */
  LookupFailed = 1,
  /** A value of another dynamic type than declared; the payload is the attribute's index. */
  WrongType = 2,
  /** A text could not be converted; the payload is the text. */
  ConversionFailed = 3,
  /** A regular expression given at run time is not valid; the payload is the pattern. */
  BadPattern = 4,
  /** The step budget of the request is used up. */
  StepsExhausted = 5,
  /** The arena or another bound is exhausted. */
  OutOfMemory = 6,
  /** The host refused to give a value. */
  HostFailed = 7,
  /** CEL: no such key, division by zero, overflow, no such overload, … */
  NoSuchKey = 8,
  DivisionByZero = 9,
  Overflow = 10,
  NoSuchOverload = 11,
  IndexOutOfRange = 12,
  InvalidArgument = 13,
  DuplicateKey = 14,
}

/** The type byte: a ValueType or a CellState. */
// @ts-ignore: decorator
@inline
export function typeAt(cell: usize): u32 {
  return load<u8>(cell);
}

/** Whether the cell holds a value. */
// @ts-ignore: decorator
@inline
export function hasValue(cell: usize): bool {
  return load<u8>(cell) < <u8>CellState.Absent;
}

/** Whether the cell holds no value because there is none, not because something failed. */
export function isAbsentAt(cell: usize): bool {
  const state = typeAt(cell);
  if (state == CellState.Absent || state == CellState.KeyAbsent) return true;
  return state == CellState.Error && errorAt(cell) == EvaluationError.LookupFailed;
}

/** Whether values of this type are slices. */
// @ts-ignore: decorator
@inline
export function holdsSlice(type: u32): bool {
  if (type == <u32>ValueType.String) return true;
  return type >= <u32>ValueType.IpAddress && type != <u32>ValueType.Duration;
}

/** The flag byte. */
// @ts-ignore: decorator
@inline
export function flagsAt(cell: usize): u32 {
  return load<u8>(cell, 1);
}

/** The error code of a cell in state Error. */
// @ts-ignore: decorator
@inline
export function errorAt(cell: usize): EvaluationError {
  return <EvaluationError>load<u16>(cell, 2);
}

/** Payloads by type; the caller knows the type. */
// @ts-ignore: decorator
@inline
export function textAt(cell: usize): Slice {
  return load<u64>(cell, 8);
}

/** The integer of INT64, the nanoseconds of DURATION, the seconds of TIMESTAMP. */
// @ts-ignore: decorator
@inline
export function intAt(cell: usize): i64 {
  return load<i64>(cell, 8);
}

/** The number of DOUBLE. */
// @ts-ignore: decorator
@inline
export function doubleAt(cell: usize): f64 {
  return load<f64>(cell, 8);
}

/** The truth of BOOL. */
// @ts-ignore: decorator
@inline
export function boolAt(cell: usize): bool {
  return load<u64>(cell, 8) != 0;
}

/** The nanoseconds of a TIMESTAMP beyond its seconds, 0 to 999,999,999. */
// @ts-ignore: decorator
@inline
export function nanosAt(cell: usize): u32 {
  return load<u32>(cell, 4);
}

/** Writes a value whose payload is a slice. */
// @ts-ignore: decorator
@inline
export function setText(cell: usize, type: ValueType, value: Slice, flags: u32 = 0): void {
  store<u64>(cell, (<u64>type) | ((<u64>flags) << 8));
  store<u64>(cell, value, 8);
}

/** Writes INT64, or DURATION in nanoseconds. */
// @ts-ignore: decorator
@inline
export function setInt(cell: usize, type: ValueType, value: i64): void {
  store<u64>(cell, <u64>type);
  store<i64>(cell, value, 8);
}

/** Writes a DOUBLE. */
// @ts-ignore: decorator
@inline
export function setDouble(cell: usize, value: f64): void {
  store<u64>(cell, <u64>ValueType.Double);
  store<f64>(cell, value, 8);
}

/** Writes a BOOL. */
// @ts-ignore: decorator
@inline
export function setBool(cell: usize, value: bool): void {
  store<u64>(cell, <u64>ValueType.Bool);
  store<u64>(cell, <u64>value, 8);
}

/** Writes a TIMESTAMP: seconds since 1970 and nanoseconds, 0 to 999,999,999. */
// @ts-ignore: decorator
@inline
export function setTimestamp(cell: usize, seconds: i64, nanos: u32): void {
  store<u64>(cell, (<u64>ValueType.Timestamp) | ((<u64>nanos) << 32));
  store<i64>(cell, seconds, 8);
}

/** Absent or KeyAbsent. */
// @ts-ignore: decorator
@inline
export function setState(cell: usize, state: CellState): void {
  store<u64>(cell, <u64>state);
  store<u64>(cell, 0, 8);
}

/** Writes a failure; EvaluationError says what the payload is. */
// @ts-ignore: decorator
@inline
export function setError(cell: usize, error: EvaluationError, payload: u64): void {
  store<u64>(cell, (<u64>CellState.Error) | ((<u64>error) << 16));
  store<u64>(cell, payload, 8);
}

/** Copies a cell; slices in it are copied as slices, not their bytes. */
// @ts-ignore: decorator
@inline
export function copyValue(to: usize, from: usize): void {
  store<u64>(to, load<u64>(from));
  store<u64>(to, load<u64>(from, 8), 8);
}

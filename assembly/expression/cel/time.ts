// Times and durations of CEL: sums, differences, and parts in a zone with a fixed offset. Hot.

import { CelFunction } from "../../shared/cel-functions";
import { ValueType } from "../../shared/types";
import {
  EvaluationError,
  VALUE_SIZE_BYTES,
  intAt,
  nanosAt,
  setInt,
  setTimestamp,
  textAt,
  typeAt,
} from "../../attribute/value";
import { Writer } from "../../memory/writer";
import { civilDay, civilMonth, civilOf, civilYear, daysFrom } from "../../text/timestamp";
import { Outcome, fail } from "../failure";
import { operateInts, overflow } from "./number";
import { NO_ZONE, zoneSeconds } from "./zone";

const NANOS_PER_SECOND: i64 = 1_000_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
const SECONDS_MIN: i64 = -62_135_596_800;
const SECONDS_MAX: i64 = 253_402_300_799;
/** Seconds of the longest duration. */
const DURATION_SECONDS_MAX: i64 = 9_223_372_036;

/** Fails for a time outside of the years 1 to 9999. */
export function checkTime(seconds: i64): Outcome {
  return seconds < SECONDS_MIN || seconds > SECONDS_MAX ? overflow() : Outcome.True;
}

/** `+` and `-` of times and durations, in the left cell. */
export function addTimes(callee: CelFunction, left: usize, right: usize): Outcome {
  const type = typeAt(left);
  const other = typeAt(right);
  const isSum = callee == CelFunction.Add;
  if (!isSum && callee != CelFunction.Subtract) return fail(EvaluationError.NoSuchOverload, 0);
  if (type == ValueType.Duration && other == ValueType.Duration) {
    const outcome = operateInts(callee, left, intAt(left), intAt(right));
    if (outcome != Outcome.Failed) setInt(left, ValueType.Duration, intAt(left));
    return outcome;
  }
  if (type == ValueType.Timestamp && other == ValueType.Duration) {
    return move(left, left, intAt(right), isSum);
  }
  if (type == ValueType.Duration && other == ValueType.Timestamp && isSum) {
    return move(left, right, intAt(left), true);
  }
  if (type == ValueType.Timestamp && other == ValueType.Timestamp && !isSum) {
    return difference(left, right);
  }
  return fail(EvaluationError.NoSuchOverload, 0);
}

function move(cell: usize, time: usize, duration: i64, isSum: bool): Outcome {
  const sign: i64 = isSum ? 1 : -1;
  let seconds = intAt(time) + sign * (duration / NANOS_PER_SECOND);
  let nanos = <i64>nanosAt(time) + sign * (duration % NANOS_PER_SECOND);
  if (nanos < 0) {
    nanos += NANOS_PER_SECOND;
    seconds--;
  } else if (nanos >= NANOS_PER_SECOND) {
    nanos -= NANOS_PER_SECOND;
    seconds++;
  }
  setTimestamp(cell, seconds, <u32>nanos);
  return checkTime(seconds);
}

function difference(left: usize, right: usize): Outcome {
  const seconds = intAt(left) - intAt(right);
  if (abs(seconds) >= DURATION_SECONDS_MAX) return overflow();
  const nanos = <i64>nanosAt(left) - <i64>nanosAt(right);
  setInt(left, ValueType.Duration, seconds * NANOS_PER_SECOND + nanos);
  return Outcome.True;
}

/** `time.get…(zone)` and `duration.get…()`, in the first cell. */
export function partOfTime(callee: CelFunction, cell: usize, count: i32): Outcome {
  if (typeAt(cell) == ValueType.Duration && count == 1 && callee >= CelFunction.GetHours) {
    setInt(cell, ValueType.Int64, partOfDuration(callee, intAt(cell)));
    return Outcome.True;
  }
  if (typeAt(cell) != ValueType.Timestamp) return fail(EvaluationError.NoSuchOverload, 0);
  let offset = 0;
  if (count > 1) {
    const zone = cell + VALUE_SIZE_BYTES;
    if (typeAt(zone) != ValueType.String) return fail(EvaluationError.NoSuchOverload, 0);
    offset = zoneSeconds(textAt(zone));
    if (offset == NO_ZONE) return fail(EvaluationError.InvalidArgument, textAt(zone));
  }
  setInt(cell, ValueType.Int64, partOfSeconds(callee, intAt(cell) + offset, nanosAt(cell)));
  return Outcome.True;
}

function partOfDuration(callee: CelFunction, nanos: i64): i64 {
  if (callee == CelFunction.GetMilliseconds) return (nanos / 1_000_000) % 1_000;
  const seconds = nanos / NANOS_PER_SECOND;
  if (callee == CelFunction.GetSeconds) return seconds;
  return callee == CelFunction.GetMinutes ? seconds / 60 : seconds / 3_600;
}

function partOfSeconds(callee: CelFunction, seconds: i64, nanos: u32): i64 {
  let days = seconds / SECONDS_PER_DAY;
  let clock = seconds % SECONDS_PER_DAY;
  if (clock < 0) {
    clock += SECONDS_PER_DAY;
    days--;
  }
  switch (callee) {
    case CelFunction.GetHours:
      return clock / 3_600;
    case CelFunction.GetMinutes:
      return (clock / 60) % 60;
    case CelFunction.GetSeconds:
      return clock % 60;
    case CelFunction.GetMilliseconds:
      return nanos / 1_000_000;
    case CelFunction.GetDayOfWeek:
      // 1970 began on a Thursday.
      return (((days + 4) % 7) + 7) % 7;
    default:
      return partOfDate(callee, days);
  }
}

function partOfDate(callee: CelFunction, days: i64): i64 {
  civilOf(days);
  switch (callee) {
    case CelFunction.GetFullYear:
      return civilYear;
    case CelFunction.GetMonth:
      return civilMonth - 1;
    case CelFunction.GetDate:
      return civilDay;
    case CelFunction.GetDayOfMonth:
      return civilDay - 1;
    default:
      return days - daysFrom(civilYear, 1, 1);
  }
}

/** Writes a duration in seconds, as CEL has it: `90s`, `-1.5s`. */
export function writeSeconds(out: Writer, nanos: i64): void {
  if (nanos < 0) out.byte(45);
  const magnitude: u64 = nanos < 0 ? 0 - <u64>nanos : <u64>nanos;
  out.decimal(magnitude / <u64>NANOS_PER_SECOND);
  let rest = magnitude % <u64>NANOS_PER_SECOND;
  if (rest > 0) out.byte(46);
  for (let unit: u64 = 100_000_000; rest > 0; unit /= 10) {
    out.byte(<u8>(48 + rest / unit));
    rest %= unit;
  }
  out.byte(115);
}

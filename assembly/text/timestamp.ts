// RFC 3339 times ↔ seconds since 1970 and nanoseconds, as Go's time.Parse(RFC3339) and Format do.
// Pure; allocates nothing. Both.

import { Slice, endOf, startOf } from "../memory/slice";
import { Writer } from "../memory/writer";

const SECONDS_PER_DAY: i64 = 86_400;

// Where reading stands.
let at: usize = 0;
let end: usize = 0;

/**
 * Reads a time such as `2006-01-02T15:04:05.999Z` or `…+01:00`: seconds since 1970 into 8 bytes at
 * `outSeconds`, nanoseconds into 4 bytes at `outNanos`. False, and both untouched, for other texts.
 * As in Go an hour may have one digit, a fraction any number of them (the tenth and later ones are
 * dropped) after `.` or `,`; a 60th second is no time.
 */
export function parseTimestamp(text: Slice, outSeconds: usize, outNanos: usize): bool {
  at = startOf(text);
  end = endOf(text);
  const days = readDate();
  if (days == i64.MIN_VALUE || !skip(84)) return false;
  const seconds = readClock();
  if (seconds < 0) return false;
  const nanos = readFraction();
  const zone = readZone();
  if (zone == i32.MIN_VALUE || at != end) return false;
  store<i64>(outSeconds, days * SECONDS_PER_DAY + <i64>(seconds - zone));
  store<u32>(outNanos, nanos);
  return true;
}

// Exactly `count` digits; −1 when they are not there.
function readDigits(count: i32): i32 {
  if (<i32>(end - at) < count) return -1;
  let value = 0;
  for (let index = 0; index < count; index++) {
    const digit = <u32>load<u8>(at + index) - 48;
    if (digit >= 10) return -1;
    value = value * 10 + <i32>digit;
  }
  at += count;
  return value;
}

function skip(byte: u8): bool {
  if (at >= end || load<u8>(at) != byte) return false;
  at++;
  return true;
}

function readDate(): i64 {
  const year = readDigits(4);
  if (year < 0 || !skip(45)) return i64.MIN_VALUE;
  const month = readDigits(2);
  if (month < 1 || month > 12 || !skip(45)) return i64.MIN_VALUE;
  const day = readDigits(2);
  return day < 1 || day > daysInMonth(year, month) ? i64.MIN_VALUE : daysFrom(year, month, day);
}

// Seconds of the day; −1 when there is no clock time.
function readClock(): i32 {
  const hasTwoDigits = end - at > 1 && <u32>load<u8>(at, 1) - 48 < 10;
  const hour = readDigits(hasTwoDigits ? 2 : 1);
  if (hour < 0 || hour > 23 || !skip(58)) return -1;
  const minute = readDigits(2);
  if (minute < 0 || minute > 59 || !skip(58)) return -1;
  const second = readDigits(2);
  return second < 0 || second > 59 ? -1 : (hour * 60 + minute) * 60 + second;
}

function readFraction(): u32 {
  if (end - at < 2 || (load<u8>(at) != 46 && load<u8>(at) != 44)) return 0;
  if (<u32>load<u8>(at, 1) - 48 >= 10) return 0;
  at++;
  let nanos: u32 = 0;
  let unit: u32 = 100_000_000;
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit >= 10) break;
    nanos += digit * unit;
    unit /= 10;
  }
  return nanos;
}

// Seconds east of UTC.
function readZone(): i32 {
  if (skip(90)) return 0;
  const isWest = skip(45);
  if (!isWest && !skip(43)) return i32.MIN_VALUE;
  const hours = readDigits(2);
  if (hours < 0 || hours > 24 || !skip(58)) return i32.MIN_VALUE;
  const minutes = readDigits(2);
  if (minutes < 0 || minutes > 60) return i32.MIN_VALUE;
  const seconds = (hours * 60 + minutes) * 60;
  return isWest ? -seconds : seconds;
}

function daysInMonth(year: i32, month: i32): i32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/**
 * Days since 1970 of a date in the Gregorian calendar, months and days from 1. Its years begin in
 * March so that the leap day is the last one; 719,468 days lie between March 1st of year 0 and
 * 1970.
 */
export function daysFrom(year: i64, month: i64, day: i64): i64 {
  if (month <= 2) year--;
  const era = (year >= 0 ? year : year - 399) / 400;
  const yearOfEra = year - era * 400;
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Writes a time in UTC as Go's RFC3339Nano: no fraction when there is none, no trailing zeros. */
export function writeTimestamp(out: Writer, seconds: i64, nanos: u32): void {
  let days = seconds / SECONDS_PER_DAY;
  let clock = <i32>(seconds % SECONDS_PER_DAY);
  if (clock < 0) {
    clock += <i32>SECONDS_PER_DAY;
    days--;
  }
  writeDate(out, days);
  out.byte(84);
  writePadded(out, clock / 3600, 2);
  out.byte(58);
  writePadded(out, (clock / 60) % 60, 2);
  out.byte(58);
  writePadded(out, clock % 60, 2);
  writeFraction(out, nanos);
  out.byte(90);
}

/** The parts of the day that civilOf has taken apart. */
export let civilYear: i64 = 0;
export let civilMonth: i32 = 0;
export let civilDay: i32 = 0;

/** Takes a day since 1970 apart into civilYear, civilMonth from 1 and civilDay from 1. */
export function civilOf(days: i64): void {
  const shifted = days + 719_468;
  const era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097;
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
  const dayOfYear = dayOfEra - (yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100);
  const monthFromMarch = (5 * dayOfYear + 2) / 153;
  civilDay = <i32>(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1);
  civilMonth = <i32>(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9);
  civilYear = yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0);
}

function writeDate(out: Writer, days: i64): void {
  civilOf(days);
  if (civilYear < 0) out.byte(45);
  writePadded(out, abs(civilYear), 4);
  out.byte(45);
  writePadded(out, civilMonth, 2);
  out.byte(45);
  writePadded(out, civilDay, 2);
}

// At least `width` digits.
function writePadded(out: Writer, value: i64, width: i32): void {
  let bound: i64 = 10;
  for (let digits = 1; digits < width; digits++, bound *= 10) if (value < bound) out.byte(48);
  out.decimal(<u64>value);
}

function writeFraction(out: Writer, nanos: u32): void {
  if (nanos == 0) return;
  out.byte(46);
  for (let unit: u32 = 100_000_000; nanos > 0; unit /= 10) {
    out.byte(<u8>(48 + nanos / unit));
    nanos %= unit;
  }
}

// Durations as Go reads and prints them, in nanoseconds. Pure; allocates nothing. Both.

import { Slice, endOf, startOf } from "../memory/slice";
import { Writer } from "../memory/writer";

const NANOSECOND: u64 = 1;
const MICROSECOND: u64 = 1_000;
const MILLISECOND: u64 = 1_000_000;
const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/** The magnitude of the most negative duration; one more than that of the most positive one. */
const MAGNITUDE_MAX: u64 = 1 << 63;

// Where reading stands, and the number read last: an integer, and a fraction over a power of ten.
let at: usize = 0;
let whole: u64 = 0;
let fraction: u64 = 0;
let scale: f64 = 1;

/**
 * Reads what Go's time.ParseDuration reads, such as `1h2m`, `-1.5s`, `250ms`, `0`, into 8 bytes at
 * `out`. False, and `out` untouched, for any other text and for durations beyond 64 bits.
 */
export function parseDuration(text: Slice, out: usize): bool {
  const end = endOf(text);
  at = startOf(text);
  const isNegative = at < end && load<u8>(at) == 45;
  if (isNegative || (at < end && load<u8>(at) == 43)) at++;
  if (at == end) return false;
  if (end - at == 1 && load<u8>(at) == 48) {
    store<i64>(out, 0);
    return true;
  }
  let total: u64 = 0;
  while (at < end) {
    if (!readNumber(end)) return false;
    const unit = readUnit(end);
    if (unit == 0 || !scaleTo(unit)) return false;
    total += whole;
    if (total > MAGNITUDE_MAX) return false;
  }
  if (!isNegative && total == MAGNITUDE_MAX) return false;
  store<u64>(out, isNegative ? <u64>0 - total : total);
  return true;
}

// Digits, at least one of them, with at most one point.
function readNumber(end: usize): bool {
  whole = 0;
  fraction = 0;
  scale = 1;
  const start = at;
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit >= 10) break;
    if (whole > MAGNITUDE_MAX / 10) return false;
    whole = whole * 10 + <u64>digit;
    if (whole > MAGNITUDE_MAX) return false;
  }
  const hasWhole = at > start;
  if (at == end || load<u8>(at) != 46) return hasWhole;
  at++;
  const fractionStart = at;
  readFraction(end);
  return hasWhole || at > fractionStart;
}

// Digits that no longer fit are read and ignored.
function readFraction(end: usize): void {
  let isFull = false;
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit >= 10) return;
    if (isFull) continue;
    const next = fraction * 10 + <u64>digit;
    if (fraction > (MAGNITUDE_MAX - 1) / 10 || next > MAGNITUDE_MAX) {
      isFull = true;
      continue;
    }
    fraction = next;
    scale *= 10;
  }
}

// The unit's nanoseconds; 0 when there is none. `us` may be written with either letter mu.
function readUnit(end: usize): u64 {
  const start = at;
  while (at < end && load<u8>(at) != 46 && <u32>load<u8>(at) - 48 >= 10) at++;
  const size = at - start;
  if (size == 0) return 0;
  const first = load<u8>(start);
  if (size == 1) return first == 115 ? SECOND : first == 109 ? MINUTE : first == 104 ? HOUR : 0;
  if (load<u8>(at - 1) != 115) return 0;
  if (size == 2) {
    return first == 110 ? NANOSECOND : first == 117 ? MICROSECOND : first == 109 ? MILLISECOND : 0;
  }
  if (size != 3) return 0;
  const letter = load<u16>(start);
  return letter == 0xb5c2 || letter == 0xbcce ? MICROSECOND : 0;
}

// `whole` and `fraction` become nanoseconds in `whole`; false beyond 64 bits.
function scaleTo(unit: u64): bool {
  if (whole > MAGNITUDE_MAX / unit) return false;
  whole *= unit;
  if (fraction > 0) {
    whole += <u64>(<f64>fraction * (<f64>unit / scale));
    if (whole > MAGNITUDE_MAX) return false;
  }
  return true;
}

/** Writes nanoseconds as Go prints a duration: `1h2m0s`, `1.5s`, `250ms`, `0s`. */
export function writeDuration(out: Writer, nanoseconds: i64): void {
  if (nanoseconds < 0) out.byte(45);
  const value: u64 = nanoseconds < 0 ? <u64>0 - <u64>nanoseconds : <u64>nanoseconds;
  if (value < SECOND) return writeSmall(out, value);
  const minutes = value / MINUTE;
  if (minutes >= 60) {
    out.decimal(minutes / 60);
    out.byte(104);
  }
  if (minutes > 0) {
    out.decimal(minutes % 60);
    out.byte(109);
  }
  writeScaled(out, value % MINUTE, SECOND);
  out.byte(115);
}

function writeSmall(out: Writer, value: u64): void {
  if (value == 0) {
    out.byte(48);
  } else if (value < MICROSECOND) {
    out.decimal(value);
    out.byte(110);
  } else if (value < MILLISECOND) {
    writeScaled(out, value, MICROSECOND);
    out.byte(0xc2);
    out.byte(0xb5);
  } else {
    writeScaled(out, value, MILLISECOND);
    out.byte(109);
  }
  out.byte(115);
}

// value / unit with as many decimals as it takes; unit is a power of ten.
function writeScaled(out: Writer, value: u64, unit: u64): void {
  out.decimal(value / unit);
  let rest = value % unit;
  if (rest == 0) return;
  out.byte(46);
  while (rest > 0) {
    unit /= 10;
    out.byte(<u8>(48 + rest / unit));
    rest %= unit;
  }
}

// Doubles as text: the fewest digits that read back as the same double. Go's form (strconv 'g', -1)
// and JSON's. Pure; allocates nothing. Both.

import { Slice } from "../memory/slice";
import { literal } from "../memory/literal";
import { Writer } from "../memory/writer";
import {
  addBignums,
  compareBignums,
  copyBignum,
  multiplyAdd,
  multiplyPowerOfTen,
  setBignum,
  shiftLeft,
  subtract,
} from "./bignum";
import { powerOfTen } from "./double";

const NAN_TEXT: Slice = literal("NaN");
const INFINITY_TEXT: Slice = literal("Inf");
const JSON_NAN: Slice = literal('"NaN"');
const JSON_INFINITY: Slice = literal('"Infinity"');
const JSON_MINUS_INFINITY: Slice = literal('"-Infinity"');

const LOG_10_OF_2: f64 = 0.301_029_995_663_981_2;
/** Go writes an exponent when the decimal exponent reaches this. */
const GO_EXPONENT_MAX: i32 = 6;

// The digits as numbers 0 to 9, how many, and where the decimal point stands: 0.d₁d₂… × 10^point.
const DIGITS: usize = memory.data(24, 8);
let digitCount: i32 = 0;
let point: i32 = 0;

// value = REST / SCALE; LOW and HIGH are half the distances to the neighbours, over SCALE too.
const REST: usize = memory.data(656, 8);
const SCALE: usize = memory.data(656, 8);
const LOW: usize = memory.data(656, 8);
const HIGH: usize = memory.data(656, 8);
const SUM: usize = memory.data(656, 8);

/** Writes a double as Go's `%v` does: `1.5`, `1e+06`, `1e-05`, `NaN`, `+Inf`. */
export function writeDouble(out: Writer, value: f64): void {
  if (isNaN(value)) return out.bytes(NAN_TEXT);
  if (!isFinite(value)) {
    out.byte(value < 0 ? 45 : 43);
    return out.bytes(INFINITY_TEXT);
  }
  writeSign(out, value);
  findDigits(Math.abs(value));
  const exponent = point - 1;
  if (exponent < -4 || exponent >= GO_EXPONENT_MAX) {
    writeScientific(out, exponent, 2);
  } else {
    writePlain(out);
  }
}

/**
 * Writes a double as a JSON number, as JavaScript and Go's encoding/json do. NaN and infinities,
 * which JSON has no numbers for, are the texts that protobuf's JSON has for them.
 */
export function writeJsonDouble(out: Writer, value: f64): void {
  if (isNaN(value)) return out.bytes(JSON_NAN);
  if (!isFinite(value)) return out.bytes(value < 0 ? JSON_MINUS_INFINITY : JSON_INFINITY);
  writeSign(out, value);
  findDigits(Math.abs(value));
  if (point > 21 || point < -5) writeScientific(out, point - 1, 1);
  else writePlain(out);
}

function writeSign(out: Writer, value: f64): void {
  if (reinterpret<i64>(value) < 0) out.byte(45);
}

function writePlain(out: Writer): void {
  if (point <= 0) {
    out.byte(48);
    if (digitCount == 1 && load<u8>(DIGITS) == 0) return;
    out.byte(46);
    for (let zero = point; zero < 0; zero++) out.byte(48);
    return writeDigits(out, 0, digitCount);
  }
  writeDigits(out, 0, point);
  if (digitCount <= point) return;
  out.byte(46);
  writeDigits(out, point, digitCount);
}

function writeScientific(out: Writer, exponent: i32, exponentDigitsMin: i32): void {
  writeDigits(out, 0, 1);
  if (digitCount > 1) {
    out.byte(46);
    writeDigits(out, 1, digitCount);
  }
  out.byte(101);
  out.byte(exponent < 0 ? 45 : 43);
  const size = abs<i32>(exponent);
  if (size < 10 && exponentDigitsMin == 2) out.byte(48);
  out.decimal(size);
}

function writeDigits(out: Writer, from: i32, until: i32): void {
  for (let index = from; index < until; index++) {
    out.byte(index < digitCount ? 48 + load<u8>(DIGITS + index) : 48);
  }
}

function findDigits(value: f64): void {
  if (value < 1e15 && findFewDigits(value)) return;
  findExactDigits(value);
}

// At most 15 digits name at most one double each, so the first power of ten that makes the value an
// integer of 15 digits and gives the same value back has found the shortest text.
function findFewDigits(value: f64): bool {
  for (let scale = 0; scale <= 9; scale++) {
    const power = powerOfTen(scale);
    const whole = nearest<f64>(value * power);
    if (whole >= 1e15) return false;
    if (whole / power == value) {
      setDigits(<u64>whole, scale);
      return true;
    }
  }
  return false;
}

function setDigits(whole: u64, scale: i32): void {
  let size = 1;
  for (let rest = whole; rest >= 10; rest /= 10) size++;
  point = size - scale;
  if (whole == 0) point = 0;
  for (let index = size - 1; index >= 0; index--) {
    store<u8>(DIGITS + index, <u8>(whole % 10));
    whole /= 10;
  }
  while (size > 1 && load<u8>(DIGITS + size - 1) == 0) size--;
  digitCount = size;
}

// Steele and White's free-format printing with exact integers (Dragon4).
function findExactDigits(value: f64): void {
  const bits = reinterpret<u64>(value);
  const field = <i32>(bits >>> 52);
  const fraction = bits & 0x000fffffffffffff;
  const mantissa = field == 0 ? fraction : fraction | (1 << 52);
  const power = (field == 0 ? 1 : field) - 1075;
  const isNarrowBelow = fraction == 0 && field > 1;
  setRatio(mantissa, power, isNarrowBelow);
  point = <i32>ceil<f64>(<f64>(power + 63 - <i32>clz(mantissa)) * LOG_10_OF_2 - 1e-10);
  scaleBy(point);
  const isEven = (mantissa & 1) == 0;
  addBignums(SUM, REST, HIGH);
  const order = compareBignums(SUM, SCALE);
  if (order > 0 || (isEven && order == 0)) point++;
  else multiplyByTen();
  generate(isEven);
}

function setRatio(mantissa: u64, power: i32, isNarrowBelow: bool): void {
  const extra: u32 = isNarrowBelow ? 2 : 1;
  setBignum(REST, mantissa);
  setBignum(SCALE, 1);
  setBignum(LOW, 1);
  shiftLeft(REST, extra);
  shiftLeft(SCALE, extra);
  if (power > 0) {
    shiftLeft(REST, power);
    shiftLeft(LOW, power);
  } else {
    shiftLeft(SCALE, -power);
  }
  copyBignum(HIGH, LOW);
  if (isNarrowBelow) shiftLeft(HIGH, 1);
}

// Brings REST / SCALE to about 0.1 to 1.
function scaleBy(exponent: i32): void {
  if (exponent >= 0) {
    multiplyPowerOfTen(SCALE, exponent);
  } else {
    multiplyPowerOfTen(REST, -exponent);
    multiplyPowerOfTen(LOW, -exponent);
    multiplyPowerOfTen(HIGH, -exponent);
  }
}

function multiplyByTen(): void {
  multiplyAdd(REST, 10, 0);
  multiplyAdd(LOW, 10, 0);
  multiplyAdd(HIGH, 10, 0);
}

// On entry REST is already ten times the remainder: each round splits off one digit.
function generate(isEven: bool): void {
  digitCount = 0;
  while (true) {
    let digit: u8 = 0;
    while (compareBignums(REST, SCALE) >= 0) {
      subtract(REST, SCALE);
      digit++;
    }
    const lowOrder = compareBignums(REST, LOW);
    addBignums(SUM, REST, HIGH);
    const highOrder = compareBignums(SUM, SCALE);
    const isLow = lowOrder < 0 || (isEven && lowOrder == 0);
    const isHigh = highOrder > 0 || (isEven && highOrder == 0);
    if (isLow || isHigh) {
      store<u8>(DIGITS + digitCount++, isRoundedUp(isLow, isHigh, digit) ? digit + 1 : digit);
      return;
    }
    store<u8>(DIGITS + digitCount++, digit);
    multiplyByTen();
  }
}

// With both ends in reach the nearer digit wins, the even one in the middle.
function isRoundedUp(isLow: bool, isHigh: bool, digit: u8): bool {
  if (isLow != isHigh) return isHigh;
  shiftLeft(REST, 1);
  const order = compareBignums(REST, SCALE);
  return order > 0 || (order == 0 && (digit & 1) == 1);
}

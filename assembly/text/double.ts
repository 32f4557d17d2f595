// Doubles from text, correctly rounded: the nearest double, ties to even, for any number of digits.
// Decimal syntax of Go's strconv.ParseFloat with `inf` and `nan`; no hexadecimal mantissas and no
// `_`. Pure; allocates nothing. Both.

import { Slice, endOf, slice, startOf } from "../memory/slice";
import { equalIgnoringCase } from "../memory/bytes";
import { literal } from "../memory/literal";
import {
  bitCount,
  compareBignums,
  multiplyAdd,
  multiplyPowerOfTen,
  setBignum,
  shiftLeft,
  subtract,
} from "./bignum";

const NAN_TEXT: Slice = literal("nan");
const INF_TEXT: Slice = literal("inf");
const INFINITY_TEXT: Slice = literal("infinity");

const NUMERATOR: usize = memory.data(656, 8); // One bignum each: 164 words.
const DENOMINATOR: usize = memory.data(656, 8);

/** No double lies halfway between two others with more digits than this. */
const DIGIT_COUNT_MAX: u32 = 780;
/** Written exponents beyond this are all the same: no text in memory can make up for them. */
const EXPONENT_LIMIT: i32 = 100_000_000;

// The number being read: its first 19 digits, where all its digits lie, and its exponent.
let digitsStart: usize = 0;
let digitsEnd: usize = 0;
let digitCount: u32 = 0;
let leadingDigits: u64 = 0;
let exponent: i32 = 0;

/**
 * Reads a double into 8 bytes at `out`. False, and `out` untouched, for any other text and for
 * numbers too large for a double; numbers too small for one are 0.
 */
export function parseDouble(text: Slice, out: usize): bool {
  const end = endOf(text);
  let at = startOf(text);
  const isNegative = at < end && load<u8>(at) == 45;
  const hasSign = isNegative || (at < end && load<u8>(at) == 43);
  if (hasSign) at++;
  let value: f64 = 0;
  if (at < end && load<u8>(at) > 64) {
    const word = slice(at, end - at);
    if (equalIgnoringCase(word, NAN_TEXT)) value = NaN;
    else if (isInfinity(word)) value = Infinity;
    else return false;
  } else {
    if (!readDecimal(at, end)) return false;
    value = decimalValue();
    if (value == Infinity) return false;
  }
  if (isNaN(value) && hasSign) return false;
  store<f64>(out, isNegative ? -value : value);
  return true;
}

function isInfinity(word: Slice): bool {
  return equalIgnoringCase(word, INF_TEXT) || equalIgnoringCase(word, INFINITY_TEXT);
}

function readDecimal(at: usize, end: usize): bool {
  digitsStart = at;
  digitCount = 0;
  leadingDigits = 0;
  exponent = 0;
  let seen = false;
  let isFraction = false;
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit < 10) {
      seen = true;
      if (isFraction) exponent--;
      if (digitCount == 0 && digit == 0) continue;
      if (digitCount < 19) leadingDigits = leadingDigits * 10 + <u64>digit;
      digitCount++;
    } else if (load<u8>(at) == 46 && !isFraction) {
      isFraction = true;
    } else break;
  }
  digitsEnd = at;
  return seen && (at == end || readExponent(at, end));
}

function readExponent(at: usize, end: usize): bool {
  if ((load<u8>(at) | 32) != 101) return false;
  at++;
  const isNegative = at < end && load<u8>(at) == 45;
  if (isNegative || (at < end && load<u8>(at) == 43)) at++;
  if (at == end) return false;
  let value: i32 = 0;
  for (; at < end; at++) {
    const digit = <i32>load<u8>(at) - 48;
    if (<u32>digit >= 10) return false;
    if (value < EXPONENT_LIMIT) value = value * 10 + digit;
  }
  exponent += isNegative ? -value : value;
  return true;
}

function decimalValue(): f64 {
  if (leadingDigits == 0) return 0;
  const magnitude = <i32>min<u32>(digitCount, 1 << 30) + exponent;
  if (magnitude > 310) return Infinity;
  if (magnitude < -330) return 0;
  // Integers and powers of ten that doubles hold exactly: one correctly rounded operation.
  if (digitCount <= 19 && leadingDigits < 1 << 53) {
    if (exponent == 0) return <f64>leadingDigits;
    if (exponent > 0 && exponent <= 22) return <f64>leadingDigits * powerOfTen(exponent);
    if (exponent < 0 && exponent >= -22) return <f64>leadingDigits / powerOfTen(-exponent);
  }
  return exactValue();
}

/** 10^exponent for 0 ≤ exponent ≤ 22, which is exact in a double. */
export function powerOfTen(exponent: i32): f64 {
  let value: f64 = 1;
  for (; exponent > 0; exponent--) value *= 10;
  return value;
}

function exactValue(): f64 {
  const scale = readDigits();
  setBignum(DENOMINATOR, 1);
  if (scale >= 0) multiplyPowerOfTen(NUMERATOR, scale);
  else multiplyPowerOfTen(DENOMINATOR, -scale);
  let power = <i32>bitCount(NUMERATOR) - <i32>bitCount(DENOMINATOR) - 55;
  if (power < -1076) power = -1076;
  if (power >= 0) shiftLeft(DENOMINATOR, power);
  else shiftLeft(NUMERATOR, -power);
  return rounded(divide(), power);
}

// All digits into NUMERATOR; returns its power of ten. Digits that cannot matter become one `1`.
function readDigits(): i32 {
  setBignum(NUMERATOR, 0);
  let taken: u32 = 0;
  let dropped: i32 = 0;
  let rest = false;
  for (let at = digitsStart; at < digitsEnd; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit >= 10 || (taken == 0 && digit == 0)) continue;
    if (taken < DIGIT_COUNT_MAX) {
      multiplyAdd(NUMERATOR, 10, digit);
      taken++;
    } else {
      dropped++;
      if (digit != 0) rest = true;
    }
  }
  if (!rest) return exponent + dropped;
  multiplyAdd(NUMERATOR, 10, 1);
  return exponent + dropped - 1;
}

// NUMERATOR / DENOMINATOR, below 2^57, its lowest bit set when there is a remainder.
function divide(): u64 {
  let quotient: u64 = 0;
  shiftLeft(DENOMINATOR, 57);
  for (let bit = 0; bit < 58; bit++) {
    quotient <<= 1;
    if (compareBignums(NUMERATOR, DENOMINATOR) >= 0) {
      subtract(NUMERATOR, DENOMINATOR);
      quotient |= 1;
    }
    shiftLeft(NUMERATOR, 1);
  }
  return bitCount(NUMERATOR) > 0 ? quotient | 1 : quotient;
}

// quotient × 2^power as the nearest double; the quotient has two bits more than can be kept.
function rounded(quotient: u64, power: i32): f64 {
  let extra = 64 - <i32>clz<u64>(quotient) - 53;
  if (extra < -1074 - power) extra = -1074 - power;
  if (extra > 0) {
    const shift: u64 = extra - 1;
    const half: u64 = 1 << shift;
    const rest = quotient & ((half << 1) - 1);
    quotient >>>= <u64>extra;
    if (rest > half || (rest == half && (quotient & 1) == 1)) quotient++;
    power += extra;
  }
  if (power > 971) return Infinity;
  return <f64>quotient * powerOfTwo(power);
}

// 2^power for −1074 ≤ power ≤ 1023.
function powerOfTwo(power: i32): f64 {
  if (power >= -1022) return reinterpret<f64>((<u64>(power + 1023)) << 52);
  const shift: u64 = power + 1074;
  const bits: u64 = 1 << shift;
  return reinterpret<f64>(bits);
}

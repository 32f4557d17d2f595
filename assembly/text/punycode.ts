// Punycode (RFC 3492): the ASCII form of a DNS label back to its own letters. Pure. Both.

import { ABSENT, Slice, endOf, slice, startOf } from "../memory/slice";
import { RUNE_MAX, encodeRune } from "./utf8";

const BASE: u32 = 36;
const TERM_MIN: u32 = 1;
const TERM_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const FIRST_BIAS: u32 = 72;
const FIRST_RUNE: u32 = 128;

/** Longest label that is decoded; DNS allows 63 bytes. */
const RUNE_COUNT_MAX: i32 = 256;
const RUNES: usize = memory.data(1024, 4);

/**
 * Writes the decoded label (without its `xn--`) as UTF-8 to `out`, which has four bytes for each
 * byte of `label`. ABSENT when it is not Punycode.
 */
export function decodePunycode(label: Slice, out: usize): Slice {
  const count = decodeRunes(label);
  if (count < 0) return ABSENT;
  let to = out;
  for (let at = 0; at < count; at++) to += encodeRune(load<u32>(RUNES + ((<usize>at) << 2)), to);
  return slice(out, to - out);
}

// How many code points stand in RUNES; -1 when the label is not Punycode.
function decodeRunes(label: Slice): i32 {
  const end = endOf(label);
  let count = copyBasic(label);
  if (count < 0) return -1;
  let at = startOf(label);
  if (count > 0) at += <usize>count + 1;
  let rune = FIRST_RUNE;
  let index: u32 = 0;
  let bias = FIRST_BIAS;
  while (at < end) {
    const before = index;
    let weight: u32 = 1;
    for (let place = BASE; ; place += BASE) {
      if (at == end) return -1;
      const digit = digitOf(load<u8>(at++));
      if (digit >= BASE || digit > (<u32>i32.MAX_VALUE - index) / weight) return -1;
      index += digit * weight;
      const limit = place <= bias ? TERM_MIN : min(place - bias, TERM_MAX);
      if (digit < limit) break;
      if (weight > <u32>i32.MAX_VALUE / (BASE - limit)) return -1;
      weight *= BASE - limit;
    }
    count++;
    if (count > RUNE_COUNT_MAX) return -1;
    bias = adapt(index - before, count, before == 0);
    rune += index / count;
    index %= count;
    if (rune > RUNE_MAX || (rune >= 0xd800 && rune < 0xe000)) return -1;
    insert(index++, count, rune);
  }
  return count;
}

// Copies what stands before the last hyphen; -1 when it is no ASCII or too long.
function copyBasic(label: Slice): i32 {
  const start = startOf(label);
  let last = endOf(label);
  while (last > start && load<u8>(last - 1) != 45) last--;
  const count = last > start ? <i32>(last - start) - 1 : 0;
  if (count > RUNE_COUNT_MAX) return -1;
  for (let at = 0; at < count; at++) {
    const byte = load<u8>(start + at);
    if (byte >= 128) return -1;
    store<u32>(RUNES + ((<usize>at) << 2), byte);
  }
  return count;
}

function insert(index: u32, count: i32, rune: u32): void {
  const at = RUNES + ((<usize>index) << 2);
  memory.copy(at + 4, at, (<usize>(count - 1) - index) << 2);
  store<u32>(at, rune);
}

function digitOf(byte: u8): u32 {
  if (byte >= 48 && byte <= 57) return byte - 22;
  const lower = byte | 32;
  return lower >= 97 && lower <= 122 ? lower - 97 : BASE;
}

function adapt(delta: u32, count: i32, isFirst: bool): u32 {
  delta = isFirst ? delta / DAMP : delta >> 1;
  delta += delta / count;
  let bias: u32 = 0;
  while (delta > ((BASE - TERM_MIN) * TERM_MAX) >> 1) {
    delta /= BASE - TERM_MIN;
    bias += BASE;
  }
  return bias + ((BASE - TERM_MIN + 1) * delta) / (delta + SKEW);
}

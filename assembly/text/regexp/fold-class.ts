// Case folding of classes: with a code point all those join that differ from it only in case
// (Unicode's simple case folding, as RE2's `(?i)`). Both: allocates nothing managed.

import {
  FOLDED_PAIRS,
  FOLDED_PAIRS_SIZE_BYTES,
  LOWER_CASE,
  LOWER_CASE_SIZE_BYTES,
} from "../unicode-tables";
import { addRange, cleanFrom, rangeCount, rangeFrom, rangeUntil } from "./class-set";

/** U+0130 has a lower-case form but is no other letter's form in case folding. */
const DOTTED_CAPITAL_I: u32 = 0x130;

// The ranges that one step folds: sorted and disjoint.
let start: u32 = 0;
let end: u32 = 0;

/** Adds to the ranges from index `from` on what folds together with them. */
export function foldFrom(from: u32): void {
  start = from;
  // Three steps lead from any form of a letter to any other one: up, across, down.
  for (let step = 0; step < 3; step++) {
    cleanFrom(from);
    end = rangeCount();
    addAsciiForms();
    if (end > start && rangeUntil(end - 1) >= 128) addOtherForms();
  }
  cleanFrom(from);
}

// Two letters beyond ASCII fold into it: the long s and the Kelvin sign.
function addAsciiForms(): void {
  addShifted(65, 90, 32);
  addShifted(97, 122, -32);
  addShifted(75, 75, 0x212a - 75);
  addShifted(83, 83, 0x17f - 83);
}

function addOtherForms(): void {
  for (let at: usize = 0; at < LOWER_CASE_SIZE_BYTES; at += 8) {
    const run = load<u32>(LOWER_CASE + at);
    const first = run & 0x1fffff;
    if (first == DOTTED_CAPITAL_I) continue;
    const last = first + (run >>> 22);
    const distance = load<i32>(LOWER_CASE + at, 4);
    const stride: u32 = run & 0x200000 ? 2 : 1;
    addShifted(first, last, distance, stride);
    addShifted(first + distance, last + distance, -distance, stride);
  }
  for (let at: usize = 0; at < FOLDED_PAIRS_SIZE_BYTES; at += 8) {
    const left = load<u32>(FOLDED_PAIRS + at);
    const right = load<u32>(FOLDED_PAIRS + at, 4);
    addShifted(left, left, right - left);
    addShifted(right, right, left - right);
  }
}

// What the ranges have in common with first…last, moved by a distance. With a stride of 2 only
// every second code point from `first` on counts.
function addShifted(first: u32, last: u32, distance: i32, stride: u32 = 1): void {
  for (let index = firstEndingAt(first); index < end && rangeFrom(index) <= last; index++) {
    let from = max<u32>(rangeFrom(index), first);
    const until = min<u32>(rangeUntil(index), last);
    if (stride == 1) {
      addRange(from + distance, until + distance);
      continue;
    }
    from += (from - first) & 1;
    for (; from <= until; from += 2) addRange(from + distance, from + distance);
  }
}

// The index of the first range that ends at a code point or behind it; `end` when there is none.
function firstEndingAt(rune: u32): u32 {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rangeUntil(middle) < rune) low = middle + 1;
    else high = middle;
  }
  return low;
}

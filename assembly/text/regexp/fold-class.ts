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

/** Adds to the ranges from index `start` on what folds together with them. */
export function foldFrom(start: u32): void {
  cleanFrom(start);
  // Three steps lead from any form of a letter to any other one: up, across, down.
  for (let step = 0; step < 3; step++) {
    const end = rangeCount();
    for (let index = start; index < end; index++) addForms(rangeFrom(index), rangeUntil(index));
    cleanFrom(start);
  }
}

function addForms(from: u32, until: u32): void {
  addShifted(from, until, 65, 90, 32);
  addShifted(from, until, 97, 122, -32);
  for (let at: usize = 0; at < LOWER_CASE_SIZE_BYTES; at += 8) {
    const run = load<u32>(LOWER_CASE + at);
    const first = run & 0x1fffff;
    if (first == DOTTED_CAPITAL_I) continue;
    const last = first + (run >>> 22);
    const distance = load<i32>(LOWER_CASE + at, 4);
    if (run & 0x200000) {
      addEverySecond(from, until, first, last, distance);
    } else {
      addShifted(from, until, first, last, distance);
      addShifted(from, until, first + distance, last + distance, -distance);
    }
  }
  for (let at: usize = 0; at < FOLDED_PAIRS_SIZE_BYTES; at += 8) {
    const left = load<u32>(FOLDED_PAIRS + at);
    const right = load<u32>(FOLDED_PAIRS + at, 4);
    addShifted(from, until, left, left, right - left);
    addShifted(from, until, right, right, left - right);
  }
}

// What from…until has in common with first…last, moved by a distance.
function addShifted(from: u32, until: u32, first: u32, last: u32, distance: i32): void {
  if (from > last || until < first) return;
  addRange(max<u32>(from, first) + distance, min<u32>(until, last) + distance);
}

// The same, both ways, where only every second code point from `first` on has another form.
function addEverySecond(from: u32, until: u32, first: u32, last: u32, distance: i32): void {
  for (let upper = first; upper <= last; upper += 2) {
    const lower = upper + distance;
    if (from <= upper && upper <= until) addRange(lower, lower);
    if (from <= lower && lower <= until) addRange(upper, upper);
  }
}

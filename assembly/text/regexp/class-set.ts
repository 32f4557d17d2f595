// The character classes of the pattern being compiled: ranges of code points in the arena, each
// `from << 32 | until`. The class under construction is the tail of the ranges. Both: allocates
// nothing managed.

import { PATTERN_RANGE_COUNT_MAX } from "../../shared/limits";
import { takeArena } from "../../memory/arena";
import { RUNE_MAX } from "../utf8";
import { Problem, fail } from "./problem";
import { sortNumbers } from "./sort";

const CAPACITY_FIRST: u32 = 64;

let ranges: usize = 0;
let capacity: u32 = 0;
let count: u32 = 0;
let isFull: bool = false;

// Finished classes: the index of the first range and how many, u32 each.
let classes: usize = 0;
let classCapacity: u32 = 0;
let finished: u32 = 0;

/** Starts without any class; false when the arena is full. */
export function beginClasses(): bool {
  capacity = CAPACITY_FIRST;
  classCapacity = CAPACITY_FIRST;
  count = 0;
  finished = 0;
  isFull = false;
  ranges = takeArena(CAPACITY_FIRST << 3);
  classes = takeArena(CAPACITY_FIRST << 3);
  return (ranges != 0 && classes != 0) || fail(Problem.OutOfMemory, 0);
}

/** How many finished classes there are. */
export function classCount(): u32 {
  return finished;
}

/** How many ranges a finished class has. */
export function rangeCountOf(index: u32): u32 {
  return load<u32>(classes + (index << 3), 4);
}

/** Where the ranges of a finished class stand until the next range is added. */
export function rangesOf(index: u32): usize {
  return ranges + (load<u32>(classes + (index << 3)) << 3);
}

/** How many ranges all classes have, those under construction included. */
export function rangeCount(): u32 {
  return count;
}

/** Adds a range to the class under construction. What no longer fits makes finishClass fail. */
export function addRange(from: u32, until: u32): void {
  if (count == capacity && !grow()) {
    isFull = true;
    return;
  }
  store<u64>(ranges + (count << 3), ((<u64>from) << 32) | (<u64>until));
  count++;
}

function grow(): bool {
  if (capacity >= <u32>PATTERN_RANGE_COUNT_MAX) return false;
  const wanted = min<u32>(capacity << 1, PATTERN_RANGE_COUNT_MAX);
  const larger = takeArena((<usize>wanted) << 3);
  if (larger == 0) return false;
  memory.copy(larger, ranges, (<usize>count) << 3);
  ranges = larger;
  capacity = wanted;
  return true;
}

/** The first code point of range `index` of all. */
// @ts-ignore: decorator
@inline
export function rangeFrom(index: u32): u32 {
  return load<u32>(ranges + (index << 3), 4);
}

/** The last code point of range `index` of all. */
// @ts-ignore: decorator
@inline
export function rangeUntil(index: u32): u32 {
  return load<u32>(ranges + (index << 3));
}

/** Sorts and joins the ranges from index `start` on. */
export function cleanFrom(start: u32): void {
  if (count - start < 2) return;
  if (!isAscending(start)) sortNumbers(ranges + (start << 3), count - start);
  let last = start;
  for (let index = start + 1; index < count; index++) {
    const from = rangeFrom(index);
    const until = rangeUntil(index);
    if (from <= rangeUntil(last) + 1) {
      if (until > rangeUntil(last)) store<u32>(ranges + (last << 3), until);
    } else {
      last++;
      store<u64>(ranges + (last << 3), ((<u64>from) << 32) | (<u64>until));
    }
  }
  count = last + 1;
}

function isAscending(start: u32): bool {
  for (let index = start + 1; index < count; index++) {
    if (load<u64>(ranges + (index << 3)) < load<u64>(ranges + ((index - 1) << 3))) return false;
  }
  return true;
}

/** Turns the ranges from index `start` on into everything that they do not hold. */
export function negateFrom(start: u32): void {
  cleanFrom(start);
  const end = count;
  let next: u32 = 0;
  let to = start;
  for (let index = start; index < end; index++) {
    const from = rangeFrom(index);
    const until = rangeUntil(index);
    if (from > next) store<u64>(ranges + (to++ << 3), ((<u64>next) << 32) | (<u64>(from - 1)));
    next = until + 1;
  }
  count = to;
  if (next <= RUNE_MAX) addRange(next, RUNE_MAX);
}

/**
 * Finishes the class whose ranges begin at index `start`. Returns its index; −1 after a problem,
 * blamed on the offset `at`.
 */
export function finishClass(start: u32, at: i32): i32 {
  cleanFrom(start);
  if (isFull) {
    fail(Problem.TooManyRanges, at);
    return -1;
  }
  if (finished == classCapacity && !growClasses()) {
    fail(Problem.OutOfMemory, at);
    return -1;
  }
  store<u32>(classes + (finished << 3), start);
  store<u32>(classes + (finished << 3), count - start, 4);
  return finished++;
}

/** Drops the ranges from index `start` on, which belong to no finished class. */
export function dropFrom(start: u32): void {
  count = start;
}

function growClasses(): bool {
  const larger = takeArena((<usize>classCapacity) << 4);
  if (larger == 0) return false;
  memory.copy(larger, classes, (<usize>finished) << 3);
  classes = larger;
  classCapacity <<= 1;
  return true;
}

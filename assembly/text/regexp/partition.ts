// Divides all code points into columns: two code points are in one column when no character, class
// or assertion of the program tells them apart. Both: allocates nothing managed.
//
// Each class toggles a random-looking key where it begins and where it ends; between two points the
// keys of the classes that hold there, combined, name the column. The keys have 64 bits and depend
// on nothing but the class's number, so a program always gets the same columns.

import { takeArena } from "../../memory/arena";
import { RUNE_MAX } from "../utf8";
import { classCount, rangeCount, rangeCountOf, rangesOf } from "./class-set";
import { Opcode } from "./pattern";
import { Problem, fail } from "./problem";
import { instructionAt, programAssertions, programCount } from "./program";
import { sortNumbers } from "./sort";

// Toggles: point << 32 | number of the class. Numbers of characters and assertions are apart.
let toggles: usize = 0;
let toggleCount: u32 = 0;
const CHARACTER: u32 = 0x80000000;
const LINE_FEED: u32 = 0x40000000;
const WORD: u32 = 0x40000001;

// Runs of code points with one column: | first code point, u32 | column, u32 |.
let runs: usize = 0;
let runCount: u32 = 0;
let columnCount: u32 = 0;

// Columns by key: | key, u64 | column + 1, u32 | pad |, open addressing.
let table: usize = 0;
let tableMask: u32 = 0;

/** Divides the code points for the program that stands in program.ts and class-set.ts. */
export function divide(): bool {
  if (!collectToggles()) return false;
  sortNumbers(toggles, toggleCount);
  return sweep();
}

/** How many columns there are, without the one for the text's end. */
export function dividedColumns(): u32 {
  return columnCount;
}

/** How many runs there are; the first begins at 0. */
export function dividedRuns(): u32 {
  return runCount;
}

/** The first code point of a run. */
export function runStart(index: u32): u32 {
  return load<u32>(runs + ((<usize>index) << 3));
}

/** The column of a run. */
export function runColumn(index: u32): u32 {
  return load<u32>(runs + ((<usize>index) << 3), 4);
}

function collectToggles(): bool {
  const most = 2 * (programCount() + rangeCount() + 8);
  toggles = takeArena((<usize>most) << 3);
  toggleCount = 0;
  if (toggles == 0) return fail(Problem.OutOfMemory, 0);
  for (let index: u32 = 0; index < programCount(); index++) {
    const instruction = instructionAt(index);
    if (load<u32>(instruction) != Opcode.Char) continue;
    const rune = load<u32>(instruction, 4);
    toggle(rune, rune, CHARACTER | rune);
  }
  for (let index: u32 = 0; index < classCount(); index++) {
    const ranges = rangesOf(index);
    for (let range: u32 = 0; range < rangeCountOf(index); range++) {
      const at = ranges + ((<usize>range) << 3);
      toggle(load<u32>(at, 4), load<u32>(at), index);
    }
  }
  collectAssertions();
  return true;
}

function collectAssertions(): void {
  const assertions = programAssertions();
  if (assertions & ((1 << Opcode.BeginLine) | (1 << Opcode.EndLine))) toggle(10, 10, LINE_FEED);
  if (assertions & ((1 << Opcode.WordBoundary) | (1 << Opcode.NoWordBoundary))) {
    toggle(48, 57, WORD);
    toggle(65, 90, WORD);
    toggle(95, 95, WORD);
    toggle(97, 122, WORD);
  }
}

function toggle(from: u32, until: u32, number: u32): void {
  const at = toggles + ((<usize>toggleCount) << 3);
  store<u64>(at, ((<u64>from) << 32) | (<u64>number));
  store<u64>(at, ((<u64>until + 1) << 32) | (<u64>number), 8);
  toggleCount += 2;
}

function sweep(): bool {
  if (!beginColumns()) return false;
  let key: u64 = 0;
  let start: u32 = 0;
  for (let index: u32 = 0; index < toggleCount;) {
    const toggled = load<u64>(toggles + ((<usize>index) << 3));
    const point = <u32>(toggled >>> 32);
    if (point > start) {
      addRun(start, key);
      start = point;
    }
    key ^= keyOf(<u32>toggled);
    // A character that occurs twice toggles once.
    while (index < toggleCount && load<u64>(toggles + ((<usize>index) << 3)) == toggled) index++;
  }
  if (start <= RUNE_MAX) addRun(start, key);
  return true;
}

function beginColumns(): bool {
  let size: u32 = 16;
  while (size < 2 * (toggleCount + 1)) size <<= 1;
  tableMask = size - 1;
  table = takeArena((<usize>size) << 4);
  runs = takeArena((<usize>(toggleCount + 1)) << 3);
  runCount = 0;
  columnCount = 0;
  if (table == 0 || runs == 0) return fail(Problem.OutOfMemory, 0);
  memory.fill(table, 0, (<usize>size) << 4);
  return true;
}

function addRun(start: u32, key: u64): void {
  const column = columnOf(key);
  if (runCount > 0 && runColumn(runCount - 1) == column) return;
  const at = runs + ((<usize>runCount) << 3);
  runCount++;
  store<u32>(at, start);
  store<u32>(at, column, 4);
}

function columnOf(key: u64): u32 {
  let index = (<u32>(key >>> 32)) & tableMask;
  let entry = table + ((<usize>index) << 4);
  while (load<u32>(entry, 8) != 0) {
    if (load<u64>(entry) == key) return load<u32>(entry, 8) - 1;
    index = (index + 1) & tableMask;
    entry = table + ((<usize>index) << 4);
  }
  store<u64>(entry, key);
  store<u32>(entry, ++columnCount, 8);
  return columnCount - 1;
}

// The finalizer of splitmix64.
function keyOf(number: u32): u64 {
  let key = (<u64>number + 1) * 0x9e3779b97f4a7c15;
  key = (key ^ (key >>> 30)) * 0xbf58476d1ce4e5b9;
  key = (key ^ (key >>> 27)) * 0x94d049bb133111eb;
  return key ^ (key >>> 31);
}

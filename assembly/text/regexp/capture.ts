// Looks for the first match of a pattern and for what its groups matched: Pike's machine, which
// walks all ways at once, the preferred one first. Linear in the subject, at most the pattern's
// instructions for each code point; never backtracks. Hot: allocates nothing.

import { Slice, endOf, startOf } from "../../memory/slice";
import { decodeRune, runeOf, runeSizeOf } from "../utf8";
import { CapturePattern, TASK_SIZE_BYTES } from "./capture-pattern";
import { INSTRUCTION_SIZE_BYTES, Opcode } from "./pattern";
import { END_OF_TEXT, accepts, assertionsAt } from "./state";

/** The slot of a task that follows an instruction; any other gives a slot its old place back. */
const FOLLOW: u32 = 0xffffffff;

let top: usize = 0;
let threadCount: u32 = 0;

/** Whether the pattern matches somewhere; its `match` holds the places of the first match then. */
export function findMatch(pattern: CapturePattern, subject: Slice): bool {
  const end = endOf(subject);
  let at = startOf(subject);
  let before = END_OF_TEXT;
  let count: u32 = 0;
  let isFound = false;
  beginStep(pattern);
  while (true) {
    const decoded = at < end ? decodeRune(at, end) : 0;
    const rune = at < end ? runeOf(decoded) : END_OF_TEXT;
    if (!isFound) count = addStart(pattern, count, at, assertionsAt(before, rune));
    if (count == 0 && isFound) break;
    const after = at + (at < end ? <usize>runeSizeOf(decoded) : 0);
    const following = after < end ? runeOf(decodeRune(after, end)) : END_OF_TEXT;
    if (advance(pattern, count, rune, after, assertionsAt(rune, following))) isFound = true;
    count = threadCount;
    const list = pattern.now;
    pattern.now = pattern.next;
    pattern.next = list;
    if (at >= end) break;
    at = after;
    before = rune;
  }
  return isFound;
}

// A match may begin here too; it is preferred less than all that have begun before.
function addStart(pattern: CapturePattern, count: u32, at: usize, holding: u32): u32 {
  memory.fill(pattern.places, 0, (<usize>pattern.slotCount) << 2);
  store<u32>(pattern.places, <u32>at);
  threadCount = count;
  follow(pattern, 0, pattern.now, at, holding);
  return threadCount;
}

// Takes every thread over a code point into the next list. True when one has matched: those behind
// it are preferred less and end.
function advance(pattern: CapturePattern, count: u32, rune: u32, after: usize, holding: u32): bool {
  const size = pattern.threadSizeBytes;
  const slots = (<usize>pattern.slotCount) << 2;
  beginStep(pattern);
  threadCount = 0;
  for (let index: u32 = 0; index < count; index++) {
    const thread = pattern.now + <usize>index * size;
    const number = load<u32>(thread);
    const instruction = pattern.code + <usize>number * INSTRUCTION_SIZE_BYTES;
    if (load<u32>(instruction) == Opcode.Match) {
      memory.copy(pattern.match, thread + 4, slots);
      return true;
    }
    if (rune == END_OF_TEXT || !accepts(instruction, rune)) continue;
    memory.copy(pattern.places, thread + 4, slots);
    follow(pattern, number + 1, pattern.next, after, holding);
  }
  return false;
}

function beginStep(pattern: CapturePattern): void {
  if (++pattern.step != 0) return;
  memory.fill(pattern.reached, 0, (<usize>pattern.codeCount) << 2);
  pattern.step = 1;
}

// Adds what an instruction leads to without a code point, with the places in `places`.
function follow(pattern: CapturePattern, from: u32, list: usize, at: usize, holding: u32): void {
  top = pattern.tasks;
  push(from, FOLLOW, 0);
  while (top > pattern.tasks) {
    top -= TASK_SIZE_BYTES;
    const slot = load<u32>(top, 4);
    if (slot != FOLLOW) {
      store<u32>(pattern.places + ((<usize>slot) << 2), load<u32>(top, 8));
      continue;
    }
    const number = load<u32>(top);
    const reached = pattern.reached + ((<usize>number) << 2);
    if (load<u32>(reached) == pattern.step) continue;
    store<u32>(reached, pattern.step);
    visit(pattern, number, list, at, holding);
  }
}

function visit(pattern: CapturePattern, number: u32, list: usize, at: usize, holding: u32): void {
  const instruction = pattern.code + <usize>number * INSTRUCTION_SIZE_BYTES;
  const opcode = load<u32>(instruction);
  const operand = load<u32>(instruction, 4);
  if (opcode == Opcode.Jump) {
    push(number + operand, FOLLOW, 0);
  } else if (opcode == Opcode.Split || opcode == Opcode.SplitLazy) {
    // What is repeated stands behind a branch forward, and before one back.
    const isNextFirst = <i32>operand > 0 == (opcode == Opcode.Split);
    push(isNextFirst ? number + operand : number + 1, FOLLOW, 0);
    push(isNextFirst ? number + 1 : number + operand, FOLLOW, 0);
  } else if (opcode == Opcode.Save) {
    const place = pattern.places + ((<usize>operand) << 2);
    push(0, operand, load<u32>(place));
    store<u32>(place, <u32>at);
    push(number + 1, FOLLOW, 0);
  } else if (opcode >= <u32>Opcode.BeginText) {
    if (holding & (1 << opcode)) push(number + 1, FOLLOW, 0);
  } else {
    keep(pattern, number, list, at);
  }
}

function keep(pattern: CapturePattern, number: u32, list: usize, at: usize): void {
  const thread = list + <usize>threadCount * pattern.threadSizeBytes;
  threadCount++;
  store<u32>(thread, number);
  memory.copy(thread + 4, pattern.places, (<usize>pattern.slotCount) << 2);
  store<u32>(thread, <u32>at, 8);
}

// @ts-ignore: decorator
@inline
function push(number: u32, slot: u32, place: u32): void {
  store<u32>(top, number);
  store<u32>(top, slot, 4);
  store<u32>(top, place, 8);
  top += TASK_SIZE_BYTES;
}

// The instructions of the pattern being compiled, in the arena. Every fragment is contiguous and
// its branches are relative and stay inside or lead right behind it, so fragments can be moved and
// copied as bytes. Both: allocates nothing managed.

import { PATTERN_INSTRUCTION_COUNT_MAX } from "../../shared/limits";
import { takeArena } from "../../memory/arena";
import { INSTRUCTION_SIZE_BYTES, Opcode } from "./pattern";
import { Problem, fail } from "./problem";

const CAPACITY_FIRST: u32 = 64;

let code: usize = 0;
let capacity: u32 = 0;
let count: u32 = 0;
let assertions: u32 = 0;
let groups: u32 = 0;
let captures: bool = false;
// How the repetition in the making branches.
let split: Opcode = Opcode.Split;

/** Starts an empty program; false when the arena is full. Groups keep places if wanted. */
export function beginProgram(isCapturing: bool): bool {
  groups = 0;
  captures = isCapturing;
  capacity = CAPACITY_FIRST;
  count = 0;
  assertions = 0;
  code = takeArena(<usize>CAPACITY_FIRST * INSTRUCTION_SIZE_BYTES);
  return code != 0 || fail(Problem.OutOfMemory, 0);
}

/** Where the instructions stand until the next one is added. */
export function programCode(): usize {
  return code;
}

/** How many instructions there are. */
export function programCount(): u32 {
  return count;
}

/** The assertions in use, as bits `1 << Opcode`; perhaps also some that a `{0}` has dropped. */
export function programAssertions(): u32 {
  return assertions;
}

/** How many groups have a number. */
export function groupCount(): u32 {
  return groups;
}

/** Opens the next group with a number: the slot of its end. 0 where groups capture nothing. */
export function openGroup(at: i32): u32 {
  if (!captures) return 0;
  const slot = ++groups << 1;
  return emit(Opcode.Save, slot, at) ? slot + 1 : 0;
}

/** Closes the group whose end goes into this slot. */
export function closeGroup(slot: u32, at: i32): bool {
  return slot == 0 ? !captures : emit(Opcode.Save, slot, at);
}

/** Where an instruction stands until the next one is added. */
// @ts-ignore: decorator
@inline
export function instructionAt(index: u32): usize {
  return code + <usize>index * INSTRUCTION_SIZE_BYTES;
}

/** Adds an instruction; `at` is the place in the pattern to blame when the limit is reached. */
export function emit(opcode: Opcode, operand: u32, at: i32): bool {
  if (!reserve(1, at)) return false;
  write(count++, opcode, operand);
  if (opcode >= Opcode.BeginText && opcode < Opcode.Save) assertions |= 1 << opcode;
  return true;
}

/** Makes room for one instruction before `index`; the caller writes it with `write`. */
export function insert(index: u32, at: i32): bool {
  if (!reserve(1, at)) return false;
  const place = instructionAt(index);
  const size = <usize>(count - index) * INSTRUCTION_SIZE_BYTES;
  memory.copy(place + INSTRUCTION_SIZE_BYTES, place, size);
  count++;
  return true;
}

/** Writes over an instruction. */
export function write(index: u32, opcode: Opcode, operand: u32): void {
  store<u32>(instructionAt(index), opcode);
  store<u32>(instructionAt(index), operand, 4);
}

/**
 * Repeats the instructions from `start` to the end: at least `min` times, at most `max`, −1 = any;
 * lazy: as few as possible.
 */
export function repeat(start: u32, min: i32, max: i32, isLazy: bool, at: i32): bool {
  split = isLazy && captures ? Opcode.SplitLazy : Opcode.Split;
  const size = count - start;
  if (max == 0) {
    count = start;
    return true;
  }
  const copies: u64 = max > 0 ? max : min > 0 ? min : 1;
  const branches: u64 = max > min ? max - min : max < 0 ? 2 : 0;
  const sum = <u64>start + copies * <u64>size + branches;
  if (sum > <u64>PATTERN_INSTRUCTION_COUNT_MAX) return fail(Problem.TooManyInstructions, at);
  let fragment = start;
  if (min == 0) {
    if (!insert(start, at)) return false;
    fragment++;
  }
  for (let index = 1; index < min; index++) if (!copy(fragment, size, at)) return false;
  if (max < 0) {
    if (min == 0) write(start, split, size + 2);
    return emit(split, <u32>0 - size, at);
  }
  return addOptional(fragment, size, min, max, at);
}

// The repetitions beyond `min`, each with a way out to the end. Without a minimum the fragment
// itself is the first of them: the instruction inserted before it becomes its way out.
function addOptional(fragment: u32, size: u32, min: i32, max: i32, at: i32): bool {
  const isFirst = min == 0;
  const optional = <u32>(max - min);
  const base = isFirst ? fragment - 1 : count;
  const end = base + optional * (size + 1);
  if (isFirst) write(base, split, end - base);
  for (let index: u32 = isFirst ? 1 : 0; index < optional; index++) {
    if (!emit(split, end - count, at) || !copy(fragment, size, at)) return false;
  }
  return true;
}

function copy(fragment: u32, size: u32, at: i32): bool {
  if (!reserve(size, at)) return false;
  memory.copy(instructionAt(count), instructionAt(fragment), <usize>size * INSTRUCTION_SIZE_BYTES);
  count += size;
  return true;
}

// Room for more instructions: at a full area a larger one is taken and the old one is left behind.
function reserve(more: u32, at: i32): bool {
  const wanted = count + more;
  if (wanted > <u32>PATTERN_INSTRUCTION_COUNT_MAX) return fail(Problem.TooManyInstructions, at);
  if (wanted <= capacity) return true;
  while (capacity < wanted) capacity <<= 1;
  const larger = takeArena(<usize>capacity * INSTRUCTION_SIZE_BYTES);
  if (larger == 0) return fail(Problem.OutOfMemory, at);
  memory.copy(larger, code, <usize>count * INSTRUCTION_SIZE_BYTES);
  code = larger;
  return true;
}

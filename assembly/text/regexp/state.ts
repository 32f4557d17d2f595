// The automaton's states, made when a subject first leads to them and kept until their store is
// full. A state is a set of instructions that wait for the next code point, and what kind of code
// point came before. One new state costs one pass over the program, a known one two loads, so
// matching is linear in the subject whatever the pattern. Hot: allocates nothing.
//
//   0            4       8                12    16
//   | next, u32 | hash | context, u32   | pad | target by column, u32 each … | set, u64 each … |

import { BUCKET_COUNT, INSTRUCTION_SIZE_BYTES, Opcode, Pattern } from "./pattern";

/** Stands for the end of the text where a code point would stand. */
export const END_OF_TEXT: u32 = 0x110000;

/** What may stand in a state's row instead of a state's address. */
export const enum Target {
  Unknown = 0,
  /** The pattern matches, whatever follows. */
  Matched = 1,
  /** The pattern cannot match any more. */
  Dead = 2,
}

/** Where a state's row of targets begins. */
export const ROW_OFFSET: usize = 16;

// What came before the next code point, as far as the pattern's assertions ask.
const enum Context {
  Start = 0,
  Line = 1,
  Word = 2,
  Other = 3,
}

// @ts-ignore: decorator
@inline
const LINE_ASSERTIONS: u32 = 1 << Opcode.BeginLine;
// @ts-ignore: decorator
@inline
const WORD_ASSERTIONS: u32 = (1 << Opcode.WordBoundary) | (1 << Opcode.NoWordBoundary);
// @ts-ignore: decorator
@inline
const START_ASSERTIONS: u32 = (1 << Opcode.BeginText) | LINE_ASSERTIONS;
// What cannot be decided before the next code point is known.
// @ts-ignore: decorator
@inline
const PENDING: u32 = (1 << Opcode.EndText) | (1 << Opcode.EndLine) | WORD_ASSERTIONS;

let visits: u64 = 0;

/** Instructions visited since the VM began: tests count them instead of measuring time. */
export function visitCountForTest(): u64 {
  return visits;
}

/** Size of a state. */
export function stateSize(columnCount: u32, wordCount: u32): usize {
  return ROW_OFFSET + ((<usize>columnCount * 4 + 7) & ~7) + ((<usize>wordCount) << 3);
}

/** The state at the beginning of a text. */
export function firstState(pattern: Pattern): usize {
  if (pattern.firstState != 0) return pattern.firstState;
  clearSet(pattern, pattern.next);
  const isTold = (pattern.assertions & START_ASSERTIONS) != 0;
  const state = stateFor(pattern, isTold ? Context.Start : Context.Other);
  pattern.firstState = state;
  return state;
}

/** Whether every way into the code passes the beginning of the text. */
export function isAnchoredCode(pattern: Pattern): bool {
  if ((pattern.assertions & (1 << Opcode.BeginText)) == 0) return false;
  clearSet(pattern, pattern.seen);
  clearSet(pattern, pattern.now);
  const others = ~((<u32>1) << Opcode.BeginText);
  return !follow(pattern, 0, pattern.now, 0, others) && isEmptySet(pattern, pattern.now);
}

/**
 * Where a state leads on a code point of a column, or on END_OF_TEXT: a state, Matched or Dead. The
 * answer is kept in the state's row.
 */
export function findTarget(pattern: Pattern, state: usize, column: u32, rune: u32): usize {
  const context = load<u32>(state, 8);
  const cacheStart = pattern.firstState;
  let target: usize = Target.Matched;
  if (!gather(pattern, state, context, rune)) {
    if (rune == END_OF_TEXT) target = Target.Dead;
    else if (!advance(pattern, rune)) target = targetAfter(pattern, rune);
  }
  // When the store has been emptied meanwhile, the state that led here is gone.
  if (pattern.firstState == cacheStart) {
    store<u32>(state + ROW_OFFSET + ((<usize>column) << 2), <u32>target);
  }
  return target;
}

// Into `now`: what waits for a code point, once the assertions before `rune` are decided. True when
// the pattern matches already.
function gather(pattern: Pattern, state: usize, context: u32, rune: u32): bool {
  clearSet(pattern, pattern.seen);
  clearSet(pattern, pattern.now);
  const holding = assertionsBetween(context, rune);
  if (!pattern.isAnchored || context == Context.Start) {
    if (follow(pattern, 0, pattern.now, holding, 0)) return true;
  }
  const set = setOf(pattern, state);
  for (let word: u32 = 0; word < pattern.wordCount; word++) {
    let bits = load<u64>(set + ((<usize>word) << 3));
    for (; bits != 0; bits &= bits - 1) {
      if (follow(pattern, (word << 6) + <u32>ctz<u64>(bits), pattern.now, holding, 0)) return true;
    }
  }
  return false;
}

// Into `next`: where the instructions in `now` that accept the code point lead. True when the
// pattern matches.
function advance(pattern: Pattern, rune: u32): bool {
  clearSet(pattern, pattern.seen);
  clearSet(pattern, pattern.next);
  const holding: u32 = rune == 10 ? 1 << Opcode.BeginLine : 0;
  for (let word: u32 = 0; word < pattern.wordCount; word++) {
    let bits = load<u64>(pattern.now + ((<usize>word) << 3));
    for (; bits != 0; bits &= bits - 1) {
      const index = (word << 6) + <u32>ctz<u64>(bits);
      visits++;
      if (!accepts(pattern.code + <usize>index * INSTRUCTION_SIZE_BYTES, rune)) continue;
      if (follow(pattern, index + 1, pattern.next, holding, PENDING)) return true;
    }
  }
  return false;
}

function targetAfter(pattern: Pattern, rune: u32): usize {
  if (pattern.isAnchored && isEmptySet(pattern, pattern.next)) return Target.Dead;
  const assertions = pattern.assertions;
  if (rune == 10 && (assertions & LINE_ASSERTIONS) != 0) return stateFor(pattern, Context.Line);
  const isWordTold = (assertions & WORD_ASSERTIONS) != 0;
  return stateFor(pattern, isWordTold && isWord(rune) ? Context.Word : Context.Other);
}

// Adds an instruction to a set, or what it leads to without a code point. Assertions in `pending`
// are added themselves, those in `holding` are passed. True when Match is reached.
function follow(pattern: Pattern, from: u32, set: usize, holding: u32, pending: u32): bool {
  let top = push(pattern, from, 0);
  while (top > 0) {
    const index = load<u32>(pattern.stack + ((<usize>--top) << 2));
    const instruction = pattern.code + <usize>index * INSTRUCTION_SIZE_BYTES;
    const opcode = load<u32>(instruction);
    visits++;
    if (opcode == Opcode.Match) return true;
    if (opcode <= <u32>Opcode.Class || (pending & (1 << opcode)) != 0) {
      addBit(set, index);
    } else if (opcode >= <u32>Opcode.BeginText) {
      if (holding & (1 << opcode)) top = push(pattern, index + 1, top);
    } else {
      if (opcode == Opcode.Split) top = push(pattern, index + 1, top);
      top = push(pattern, index + load<u32>(instruction, 4), top);
    }
  }
  return false;
}

// Each instruction is pushed once for each clearing of `seen`, so the stack holds them all.
// @ts-ignore: decorator
@inline
function push(pattern: Pattern, index: u32, top: u32): u32 {
  const at = pattern.seen + <usize>((index >>> 6) << 3);
  const shift: u64 = index & 63;
  const bit: u64 = 1 << shift;
  const word = load<u64>(at);
  if (word & bit) return top;
  store<u64>(at, word | bit);
  store<u32>(pattern.stack + ((<usize>top) << 2), index);
  return top + 1;
}

// @ts-ignore: decorator
@inline
function addBit(set: usize, index: u32): void {
  const at = set + <usize>((index >>> 6) << 3);
  const shift: u64 = index & 63;
  const bit: u64 = 1 << shift;
  store<u64>(at, load<u64>(at) | bit);
}

function clearSet(pattern: Pattern, set: usize): void {
  memory.fill(set, 0, (<usize>pattern.wordCount) << 3);
}

function isEmptySet(pattern: Pattern, set: usize): bool {
  for (let word: usize = 0; word < <usize>pattern.wordCount; word++) {
    if (load<u64>(set + (word << 3)) != 0) return false;
  }
  return true;
}

/** The assertions that hold between two code points; END_OF_TEXT stands for the text's edges. */
export function assertionsAt(before: u32, after: u32): u32 {
  if (before == END_OF_TEXT) return assertionsBetween(Context.Start, after);
  if (before == 10) return assertionsBetween(Context.Line, after);
  return assertionsBetween(isWord(before) ? Context.Word : Context.Other, after);
}

// The assertions that hold between what came before and the next code point.
function assertionsBetween(context: u32, rune: u32): u32 {
  const isEnd = rune == END_OF_TEXT;
  const isBoundary = (context == Context.Word) != isWord(rune);
  let holding: u32 = 1 << (isBoundary ? Opcode.WordBoundary : Opcode.NoWordBoundary);
  if (context == Context.Start) holding |= START_ASSERTIONS;
  if (context == Context.Line) holding |= LINE_ASSERTIONS;
  if (isEnd) holding |= 1 << Opcode.EndText;
  if (isEnd || rune == 10) holding |= 1 << Opcode.EndLine;
  return holding;
}

// As in RE2 only ASCII has word characters.
// @ts-ignore: decorator
@inline
function isWord(rune: u32): bool {
  return (rune | 32) - 97 < 26 || rune - 48 < 10 || rune == 95;
}

/** Whether a Char or a Class accepts a code point. */
export function accepts(instruction: usize, rune: u32): bool {
  const operand = load<u32>(instruction, 4);
  if (load<u32>(instruction) == Opcode.Char) return operand == rune;
  const ranges = <usize>operand + 8;
  let low: u32 = 0;
  let high = load<u32>(operand);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (load<u32>(ranges + ((<usize>middle) << 3), 4) < rune) low = middle + 1;
    else high = middle;
  }
  return low < load<u32>(operand) && load<u32>(ranges + ((<usize>low) << 3)) <= rune;
}

// The state of the set in `next`: a known one, or a new one, for which the store may be emptied.
function stateFor(pattern: Pattern, context: u32): usize {
  const hash = hashOf(pattern, context);
  const bucket = pattern.buckets + <usize>((hash & (BUCKET_COUNT - 1)) << 2);
  for (let state = <usize>load<u32>(bucket); state != 0; state = <usize>load<u32>(state)) {
    if (load<u32>(state, 4) == hash && isSame(pattern, state, context)) return state;
  }
  const size = stateSize(pattern.columnCount, pattern.wordCount);
  if (pattern.cacheEnd - pattern.cacheAt < size) {
    memory.fill(pattern.buckets, 0, (<usize>BUCKET_COUNT) << 2);
    pattern.cacheAt = pattern.cacheStart;
    pattern.firstState = 0;
  }
  const state = pattern.cacheAt;
  pattern.cacheAt += size;
  memory.fill(state, 0, size);
  store<u32>(state, load<u32>(bucket));
  store<u32>(state, hash, 4);
  store<u32>(state, context, 8);
  memory.copy(setOf(pattern, state), pattern.next, (<usize>pattern.wordCount) << 3);
  store<u32>(bucket, <u32>state);
  return state;
}

// @ts-ignore: decorator
@inline
function setOf(pattern: Pattern, state: usize): usize {
  return state + ROW_OFFSET + ((<usize>pattern.columnCount * 4 + 7) & ~7);
}

function isSame(pattern: Pattern, state: usize, context: u32): bool {
  if (load<u32>(state, 8) != context) return false;
  const size = (<usize>pattern.wordCount) << 3;
  return memory.compare(setOf(pattern, state), pattern.next, size) == 0;
}

function hashOf(pattern: Pattern, context: u32): u32 {
  let hash: u64 = context;
  for (let word: usize = 0; word < <usize>pattern.wordCount; word++) {
    hash = (hash ^ load<u64>(pattern.next + (word << 3))) * 0x9e3779b97f4a7c15;
    hash ^= hash >>> 29;
  }
  return <u32>(hash ^ (hash >>> 32));
}

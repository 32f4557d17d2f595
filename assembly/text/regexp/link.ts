// Lays a compiled program out as a Pattern in memory that the caller provides, with everything that
// matching needs. A program that is nothing but a literal becomes one. Both: allocates nothing
// managed.

import { PATTERN_CACHE_SIZE_MAX_BYTES, PATTERN_CACHE_STATE_COUNT_MIN } from "../../shared/limits";
import { slice } from "../../memory/slice";
import { REPLACEMENT_RUNE, encodeRune, encodedSize } from "../utf8";
import { classCount, rangeCount, rangeCountOf, rangesOf } from "./class-set";
import { dividedColumns, dividedRuns, runColumn, runStart } from "./partition";
import { BUCKET_COUNT, INSTRUCTION_SIZE_BYTES, Opcode, Pattern, PatternKind } from "./pattern";
import { instructionAt, programAssertions, programCode, programCount } from "./program";
import { isAnchoredCode, stateSize } from "./state";

const HEAD_SIZE_BYTES: usize = (offsetof<Pattern>() + 7) & ~7;
const ASCII_SIZE_BYTES: usize = 256;

/** Whether the program is a literal, perhaps tied to the text's beginning or end. */
export function isLiteralProgram(): bool {
  const last = programCount() - 1;
  for (let index: u32 = 0; index < last; index++) {
    const opcode = opcodeAt(index);
    const isEdge =
      (index == 0 && opcode == Opcode.BeginText) || (index == last - 1 && opcode == Opcode.EndText);
    // Bytes that are no UTF-8 count as U+FFFD, which a search for its bytes would not find.
    if (!isEdge && (opcode != Opcode.Char || operandAt(index) == REPLACEMENT_RUNE)) return false;
  }
  return true;
}

// @ts-ignore: decorator
@inline
function opcodeAt(index: u32): u32 {
  return load<u32>(instructionAt(index));
}

// @ts-ignore: decorator
@inline
function operandAt(index: u32): u32 {
  return load<u32>(instructionAt(index), 4);
}

/** How many bytes the literal takes. */
export function literalSize(): usize {
  let size: usize = 0;
  for (let index: u32 = 0; index < programCount(); index++) {
    if (opcodeAt(index) == Opcode.Char) size += encodedSize(operandAt(index));
  }
  return HEAD_SIZE_BYTES + size;
}

/** Lays the literal out in literalSize bytes at `at`. */
export function layLiteral(at: usize): Pattern {
  const pattern = changetype<Pattern>(at);
  const start = at + HEAD_SIZE_BYTES;
  let to = start;
  for (let index: u32 = 0; index < programCount(); index++) {
    if (opcodeAt(index) == Opcode.Char) to += encodeRune(operandAt(index), to);
  }
  const last = programCount() - 1;
  const isPrefix = opcodeAt(0) == Opcode.BeginText;
  const isSuffix = last > 0 && opcodeAt(last - 1) == Opcode.EndText;
  const tied = isPrefix ? PatternKind.Prefix : PatternKind.Contains;
  pattern.kind = isSuffix ? (isPrefix ? PatternKind.Whole : PatternKind.Suffix) : tied;
  pattern.literal = slice(start, to - start);
  return pattern;
}

function rounded(size: usize): usize {
  return (size + 7) & ~7;
}

function codeSize(): usize {
  return <usize>programCount() * INSTRUCTION_SIZE_BYTES;
}

function classesSize(): usize {
  return (<usize>classCount() + <usize>rangeCount()) << 3;
}

function runsSize(): usize {
  return rounded((<usize>dividedRuns()) << 2);
}

function wordCount(): u32 {
  return (programCount() + 63) >>> 6;
}

function cacheSize(): usize {
  const state = stateSize(dividedColumns() + 1, wordCount());
  const wanted = state * (2 * <usize>programCount() + 8);
  const least = state * <usize>PATTERN_CACHE_STATE_COUNT_MIN;
  return max<usize>(least, min<usize>(wanted, <usize>PATTERN_CACHE_SIZE_MAX_BYTES));
}

/** How many bytes the automaton takes. The code points have been divided. */
export function automatonSize(): usize {
  const sets = <usize>wordCount() * 24;
  const stack = rounded((<usize>programCount()) << 2);
  const tables = ASCII_SIZE_BYTES + 2 * runsSize() + ((<usize>BUCKET_COUNT) << 2);
  return HEAD_SIZE_BYTES + codeSize() + classesSize() + tables + sets + stack + cacheSize();
}

/** Lays the automaton out in automatonSize bytes at `at`. */
export function layAutomaton(at: usize): Pattern {
  const pattern = changetype<Pattern>(at);
  memory.fill(at, 0, HEAD_SIZE_BYTES);
  pattern.codeCount = programCount();
  pattern.columnCount = dividedColumns() + 1;
  pattern.assertions = programAssertions();
  pattern.wordCount = wordCount();
  pattern.code = at + HEAD_SIZE_BYTES;
  const afterCode = layCode(pattern.code);
  const afterColumns = layColumns(pattern, afterCode);
  layStates(pattern, afterColumns);
  pattern.isAnchored = isAnchoredCode(pattern);
  return pattern;
}

/** How many bytes code and classes take. */
export function codeAndClassesSize(): usize {
  return codeSize() + classesSize();
}

/** Lays the code out, whose classes become addresses, and the classes; returns what is behind. */
export function layCode(at: usize): usize {
  const classes = at + codeSize();
  memory.copy(at, programCode(), codeSize());
  for (let index: u32 = 0; index < programCount(); index++, at += INSTRUCTION_SIZE_BYTES) {
    if (load<u32>(at) == Opcode.Class) store<u32>(at, <u32>classAt(classes, load<u32>(at, 4)), 4);
  }
  for (let index: u32 = 0; index < classCount(); index++) layClass(classAt(classes, index), index);
  return classes + classesSize();
}

// Every class before this one takes 8 bytes for its head and 8 for each of its ranges.
function classAt(classes: usize, index: u32): usize {
  return classes + ((<usize>index) << 3) + (rangesOf(index) - rangesOf(0));
}

function layClass(at: usize, index: u32): void {
  const count = rangeCountOf(index);
  const ranges = rangesOf(index);
  store<u32>(at, count);
  for (let range: usize = 0; range < <usize>count; range++) {
    const from = ranges + (range << 3);
    const to = at + 8 + (range << 3);
    store<u32>(to, load<u32>(from, 4));
    store<u32>(to, load<u32>(from), 4);
  }
}

function layColumns(pattern: Pattern, at: usize): usize {
  pattern.asciiColumns = at;
  pattern.runStarts = at + ASCII_SIZE_BYTES;
  pattern.runColumns = pattern.runStarts + runsSize();
  pattern.runCount = dividedRuns();
  for (let run: u32 = 0; run < dividedRuns(); run++) {
    const next = run + 1 < dividedRuns() ? runStart(run + 1) : 128;
    for (let byte = runStart(run); byte < next && byte < 128; byte++) {
      store<u16>(at + ((<usize>byte) << 1), <u16>runColumn(run));
    }
    store<u32>(pattern.runStarts + ((<usize>run) << 2), runStart(run));
    store<u32>(pattern.runColumns + ((<usize>run) << 2), runColumn(run));
  }
  return pattern.runColumns + runsSize();
}

function layStates(pattern: Pattern, at: usize): void {
  const size = (<usize>pattern.wordCount) << 3;
  pattern.seen = at;
  pattern.now = at + size;
  pattern.next = at + 2 * size;
  pattern.stack = at + 3 * size;
  pattern.buckets = pattern.stack + rounded((<usize>pattern.codeCount) << 2);
  pattern.cacheStart = pattern.buckets + ((<usize>BUCKET_COUNT) << 2);
  pattern.cacheEnd = pattern.cacheStart + cacheSize();
  pattern.cacheAt = pattern.cacheStart;
  memory.fill(pattern.buckets, 0, (<usize>BUCKET_COUNT) << 2);
}

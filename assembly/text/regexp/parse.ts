// The grammar of RE2: alternatives, sequences, repetitions, groups. Instructions are emitted while
// reading; there is no tree. Both: allocates nothing managed.

import { PATTERN_DEPTH_MAX, PATTERN_REPEAT_MAX } from "../../shared/limits";
import { emitClass, emitDot, emitRune } from "./atom";
import { takeBracket } from "./bracket";
import { rangeCount } from "./class-set";
import {
  Flag,
  advance,
  currentFlags,
  hasFlag,
  isAtEnd,
  isAtPair,
  offset,
  peek,
  setFlags,
  takeRune,
} from "./cursor";
import { isClassEscape, takeClassEscape, takeEscapedRune, NO_RUNE } from "./escape";
import { GroupHead, takeGroupHead } from "./group";
import { Opcode } from "./pattern";
import { Problem, fail } from "./problem";
import {
  closeGroup,
  emit,
  insert,
  instructionAt,
  openGroup,
  programCount,
  repeat,
  write,
} from "./program";
import { areCountsAllowed, isLazyCount, leastCount, mostCount, takeRepetition } from "./repetition";

const NO_ATOM: u32 = 0xffffffff;
/** Of a group without a number. */
const NO_SLOT: u32 = 0xffffffff;

// The sequence being read: its last atom's first instruction, how often repetition counts multiply
// it and the sequence at most, and whether the atom is already repeated.
let atom: u32 = NO_ATOM;
let atomFactor: i32 = 1;
let factor: i32 = 1;
let isRepeated: bool = false;

/** Reads the whole pattern and emits its instructions, Match last. */
export function parsePattern(): bool {
  if (!parseAlternatives(0)) return false;
  if (!isAtEnd()) return fail(Problem.UnexpectedParenthesis, offset());
  return emit(Opcode.Match, 0, offset());
}

// Each alternative but the last: a Split before it to the next one, a Jump behind it to the end.
// The jumps form a chain by index + 1 until the end is known.
function parseAlternatives(depth: i32): bool {
  let chain: u32 = 0;
  let largest = 1;
  while (true) {
    const start = programCount();
    if (!parseSequence(depth)) return false;
    largest = max<i32>(largest, factor);
    if (peek() != 124) break;
    const at = offset();
    advance(1);
    if (!insert(start, at)) return false;
    write(start, Opcode.Split, programCount() + 1 - start);
    if (!emit(Opcode.Jump, chain, at)) return false;
    chain = programCount();
  }
  factor = largest;
  const end = programCount();
  while (chain != 0) {
    const jump = chain - 1;
    chain = load<u32>(instructionAt(jump), 4);
    write(jump, Opcode.Jump, end - jump);
  }
  return true;
}

function parseSequence(depth: i32): bool {
  atom = NO_ATOM;
  atomFactor = 1;
  factor = 1;
  isRepeated = false;
  while (!isAtEnd() && peek() != 124 && peek() != 41) {
    const at = offset();
    if (takeRepetition()) {
      if (!applyRepetition(at)) return false;
      continue;
    }
    closeAtom();
    if (peek() == 40) {
      if (!parseGroup(depth)) return false;
    } else if (isAtPair(92, 81)) {
      if (!parseQuotation()) return false;
    } else {
      atom = programCount();
      if (!parseAtom()) return false;
    }
  }
  closeAtom();
  return true;
}

// What the counts of the last atom multiply to is settled: no repetition follows it.
function closeAtom(): void {
  factor = max<i32>(factor, atomFactor);
  atomFactor = 1;
  isRepeated = false;
}

function applyRepetition(at: i32): bool {
  if (atom == NO_ATOM) return fail(Problem.NothingToRepeat, at);
  if (isRepeated) return fail(Problem.RepeatedTwice, at);
  if (!areCountsAllowed(at)) return false;
  const least = leastCount();
  const most = mostCount();
  isRepeated = true;
  if (most == 0) atomFactor = 1;
  else if (least > 1 || most > 1) {
    atomFactor *= most > 0 ? most : least;
    if (atomFactor > PATTERN_REPEAT_MAX) return fail(Problem.RepeatCount, at);
  }
  return repeat(atom, least, most, isLazyCount(), at);
}

function parseGroup(depth: i32): bool {
  const at = offset();
  if (depth >= PATTERN_DEPTH_MAX) return fail(Problem.TooDeep, at);
  const outerFlags = currentFlags();
  const head = takeGroupHead();
  if (head == GroupHead.Broken || head == GroupHead.Flags) return head == GroupHead.Flags;
  const start = programCount();
  const slot = head == GroupHead.Capture ? openGroup(at) : NO_SLOT;
  const outerFactor = factor;
  if (!parseAlternatives(depth + 1)) return false;
  if (slot != NO_SLOT && !closeGroup(slot, at)) return false;
  if (peek() != 41) return fail(Problem.MissingParenthesis, at);
  advance(1);
  setFlags(outerFlags);
  atom = start;
  atomFactor = factor;
  factor = outerFactor;
  isRepeated = false;
  return true;
}

// `\Q` takes everything as it stands up to `\E` or the end.
function parseQuotation(): bool {
  advance(2);
  while (!isAtEnd() && !isAtPair(92, 69)) {
    closeAtom();
    atom = programCount();
    const at = offset();
    if (!emitRune(takeRune(), at)) return false;
  }
  if (!isAtEnd()) advance(2);
  return true;
}

function parseAtom(): bool {
  const at = offset();
  switch (peek()) {
    case 46:
      advance(1);
      return emitDot();
    case 91:
      return takeBracket();
    case 94:
      advance(1);
      return emit(hasFlag(Flag.MultiLine) ? Opcode.BeginLine : Opcode.BeginText, 0, at);
    case 36:
      advance(1);
      return emit(hasFlag(Flag.MultiLine) ? Opcode.EndLine : Opcode.EndText, 0, at);
    case 92:
      return parseEscape();
    default:
      return emitRune(takeRune(), at);
  }
}

function parseEscape(): bool {
  const at = offset();
  const letter = peek(1);
  const assertion = assertionOf(letter);
  if (assertion != Opcode.Char) {
    advance(2);
    return emit(assertion, 0, at);
  }
  if (isClassEscape()) {
    const start = rangeCount();
    return takeClassEscape() && emitClass(start, at);
  }
  const rune = takeEscapedRune();
  return rune != NO_RUNE && emitRune(rune, at);
}

// Char stands for none.
function assertionOf(letter: u8): Opcode {
  if (letter == 65) return Opcode.BeginText;
  if (letter == 122) return Opcode.EndText;
  if (letter == 98) return Opcode.WordBoundary;
  return letter == 66 ? Opcode.NoWordBoundary : Opcode.Char;
}

// Classes in brackets: `[a-z]`, `[^\d]`, `[[:alpha:]_]`. Both: allocates nothing managed.

import { Slice, isPresent, sizeOf, startOf, subSlice } from "../../memory/slice";
import { emitClass } from "./atom";
import { addPosixClass } from "./class-names";
import { addRange, negateFrom, rangeCount } from "./class-set";
import {
  advance,
  hasLeft,
  isAtEnd,
  isAtPair,
  offset,
  peek,
  takeRune,
  textUntilPair,
} from "./cursor";
import { NO_RUNE, finishItem, isClassEscape, takeClassEscape, takeEscapedRune } from "./escape";
import { Problem, fail } from "./problem";

/** Takes a class from its bracket on and emits it. A `]` in front stands for itself. */
export function takeBracket(): bool {
  const at = offset();
  const start = rangeCount();
  advance(1);
  const isNegated = peek() == 94;
  if (isNegated) advance(1);
  for (let isFirst = true; isFirst || peek() != 93; isFirst = false) {
    if (isAtEnd()) return fail(Problem.MissingBracket, at);
    if (!takeItem(at)) return false;
  }
  advance(1);
  if (isNegated) negateFrom(start);
  return emitClass(start, at);
}

function takeItem(open: i32): bool {
  if (isAtPair(91, 58)) {
    const name = textUntilPair(2, 58, 93);
    if (isPresent(name)) return takePosixClass(name);
  }
  if (peek() == 92 && isClassEscape()) return takeClassEscape();
  const start = rangeCount();
  const at = offset();
  const from = takeClassRune(open);
  if (from == NO_RUNE) return false;
  let until = from;
  if (peek() == 45 && peek(1) != 93 && hasLeft(2)) {
    advance(1);
    until = takeClassRune(open);
    if (until == NO_RUNE) return false;
    if (until < from) return fail(Problem.BadRange, at);
  }
  addRange(from, until);
  finishItem(start, false);
  return true;
}

function takePosixClass(text: Slice): bool {
  const at = offset();
  const start = rangeCount();
  const isNegated = sizeOf(text) > 0 && load<u8>(startOf(text)) == 94;
  const name = isNegated ? subSlice(text, 1, sizeOf(text)) : text;
  if (!addPosixClass(name)) return fail(Problem.UnknownPosixClass, at);
  advance(sizeOf(text) + 4);
  finishItem(start, isNegated);
  return true;
}

function takeClassRune(open: i32): u32 {
  if (isAtEnd()) {
    fail(Problem.MissingBracket, open);
    return NO_RUNE;
  }
  return peek() == 92 ? takeEscapedRune() : takeRune();
}

// Escapes: `\n`, `\x{2665}`, `\d`, `\pL`, `\Q…\E`. Both: allocates nothing managed.

import { ABSENT, Slice, isPresent, sizeOf, startOf, subSlice } from "../../memory/slice";
import { hexDigit } from "../number";
import { RUNE_MAX } from "../utf8";
import { negateFrom, rangeCount } from "./class-set";
import { addPerlClass, addUnicodeClass } from "./class-names";
import { Flag, advance, hasFlag, isAtEnd, offset, peek, takeCharacter, textUntil } from "./cursor";
import { foldFrom } from "./fold-class";
import { Problem, fail } from "./problem";

/** Answer of takeEscapedRune after a problem. */
export const NO_RUNE: u32 = 0xffffffff;

/**
 * Takes an escape that stands for one character, from its backslash on. NO_RUNE after a problem.
 */
export function takeEscapedRune(): u32 {
  const at = offset();
  advance(1);
  if (isAtEnd()) return failed(Problem.TrailingBackslash, at);
  const byte = peek();
  if (byte >= 48 && byte <= 57) return takeOctal(at);
  if (byte == 120) return takeHexadecimal(at);
  const control = controlOf(byte);
  const isPunctuation = byte < 128 && <u32>byte - 48 >= 10 && ((<u32>byte) | 32) - 97 >= 26;
  if (control == 0 && !isPunctuation) return failed(Problem.UnknownEscape, at);
  advance(1);
  return control != 0 ? control : byte;
}

function failed(problem: Problem, at: i32): u32 {
  fail(problem, at);
  return NO_RUNE;
}

// a f n r t v
function controlOf(letter: u8): u32 {
  if (letter == 97) return 7;
  if (letter == 102) return 12;
  if (letter == 110) return 10;
  if (letter == 114) return 13;
  if (letter == 116) return 9;
  return letter == 118 ? 11 : 0;
}

// A single digit other than 0 would be a back-reference.
function takeOctal(at: i32): u32 {
  const isOctal = peek() < 56 && peek(1) >= 48 && peek(1) < 56;
  if (peek() != 48 && !isOctal) return failed(Problem.BackReference, at);
  let value: u32 = 0;
  for (let digits = 0; digits < 3 && peek() >= 48 && peek() < 56; digits++) {
    value = value * 8 + (<u32>peek() - 48);
    advance(1);
  }
  return value;
}

function takeHexadecimal(at: i32): u32 {
  advance(1);
  if (peek() != 123) {
    const high = hexDigit(peek());
    const low = hexDigit(peek(1));
    if ((high | low) > 15) return failed(Problem.BadCodePoint, at);
    advance(2);
    return (high << 4) | low;
  }
  advance(1);
  let value: u32 = 0;
  let digits = 0;
  for (; hexDigit(peek()) < 16; digits++) {
    value = (value << 4) | hexDigit(peek());
    if (value > RUNE_MAX) return failed(Problem.BadCodePoint, at);
    advance(1);
  }
  if (digits == 0 || peek() != 125) return failed(Problem.BadCodePoint, at);
  advance(1);
  return value;
}

/** Whether the backslash at the cursor begins a class of many characters. */
export function isClassEscape(): bool {
  const letter = peek(1) | 32;
  return letter == 100 || letter == 115 || letter == 119 || letter == 112;
}

/** Takes a class such as `\d` or `\PL` and adds its ranges to the class under construction. */
export function takeClassEscape(): bool {
  const at = offset();
  const letter = peek(1);
  const start = rangeCount();
  let isNegated = (letter & 32) == 0;
  advance(2);
  if ((letter | 32) == 112) {
    let name = takeUnicodeName();
    if (sizeOf(name) > 0 && load<u8>(startOf(name)) == 94) {
      isNegated = !isNegated;
      name = subSlice(name, 1, sizeOf(name));
    }
    if (!addUnicodeClass(name)) return fail(Problem.UnknownUnicodeClass, at);
  } else {
    addPerlClass(letter | 32);
  }
  finishItem(start, isNegated);
  return true;
}

/** Folds and negates the ranges of one item of a class. */
export function finishItem(start: u32, isNegated: bool): void {
  if (hasFlag(Flag.FoldCase)) foldFrom(start);
  if (isNegated) negateFrom(start);
}

// The name in `\p{Name}`, or the letter in `\pL`; empty when there is none.
function takeUnicodeName(): Slice {
  if (isAtEnd()) return ABSENT;
  if (peek() != 123) return takeCharacter();
  advance(1);
  const name = textUntil(125);
  if (!isPresent(name)) return ABSENT;
  advance(sizeOf(name) + 1);
  return name;
}

// JSON texts → values of CEL in the arena; numbers are doubles, as in the host's own metadata. A
// key that a map has twice is an error: which value counts would depend on the reader. Hot: strict,
// bounded in depth, and in steps by size and by keys compared.

import { CEL_JSON_DEPTH_MAX } from "../../shared/limits";
import { ValueType } from "../../shared/types";
import {
  EvaluationError,
  VALUE_SIZE_BYTES,
  ValueFlag,
  setBool,
  setDouble,
  setInt,
  setText,
  textAt,
} from "../../attribute/value";
import { takeArena } from "../../memory/arena";
import { equal, sameBytes } from "../../memory/bytes";
import { Slice, endOf, sizeOf, slice, startOf } from "../../memory/slice";
import { isNumber, isNumberByte } from "../../text/json-pull";
import { hexDigit, parseDouble } from "../../text/number";
import { encodeRune } from "../../text/utf8";
import { Outcome, fail, takeSteps } from "../failure";

/** Deepest nesting of lists and maps. */
const DEPTH_MAX: i32 = CEL_JSON_DEPTH_MAX;
/** A step for each four keys that a key is compared with. */
const COMPARED_SHIFT: usize = 7;
const NUMBER: usize = memory.data(8, 8);
const TRUE: usize = memory.data<u8>([116, 114, 117, 101]);
const FALSE: usize = memory.data<u8>([102, 97, 108, 115, 101]);
const NULL: usize = memory.data<u8>([110, 117, 108, 108]);

let at: usize = 0;
let end: usize = 0;

/** Writes the value of a JSON text to a cell. True, or Failed. */
export function parseJson(text: Slice, cell: usize): Outcome {
  // Items are counted before they are read: each level looks at its text once more.
  if (!takeSteps(<i32>(sizeOf(text) >> 2))) return Outcome.Failed;
  at = startOf(text);
  end = endOf(text);
  skipBlanks();
  const outcome = readValue(cell, 0);
  if (outcome == Outcome.Failed) return outcome;
  skipBlanks();
  if (outcome == Outcome.True && at == end) return Outcome.True;
  return fail(EvaluationError.InvalidArgument, 0);
}

// True, False where the text is no JSON, or Failed.
function readValue(cell: usize, depth: i32): Outcome {
  if (at >= end || depth > DEPTH_MAX) return Outcome.False;
  switch (load<u8>(at)) {
    case 34: {
      const text = readText();
      if (text <= 1) return text == 0 ? Outcome.False : Outcome.Failed;
      setText(cell, ValueType.String, text);
      return Outcome.True;
    }
    case 91:
      return readItems(cell, depth, 93);
    case 123:
      return readItems(cell, depth, 125);
    case 116:
      setBool(cell, true);
      return <Outcome>readWord(TRUE, 4);
    case 102:
      setBool(cell, false);
      return <Outcome>readWord(FALSE, 5);
    case 110:
      setInt(cell, ValueType.Null, 0);
      return <Outcome>readWord(NULL, 4);
    default:
      return <Outcome>readNumber(cell);
  }
}

function readItems(cell: usize, depth: i32, close: u8): Outcome {
  const isMap = close == 125;
  const stride: usize = isMap ? 2 * VALUE_SIZE_BYTES : VALUE_SIZE_BYTES;
  const count = countItems(close);
  if (count < 0) return Outcome.False;
  if (!takeSteps(<i32>((end - at) >> 3))) return Outcome.Failed;
  const size = <usize>count * stride;
  const start = takeArena(size);
  if (start == 0) return fail(EvaluationError.OutOfMemory, 0);
  at++;
  skipBlanks();
  for (let item = start; item < start + size; item += stride) {
    const outcome = isMap ? readMember(start, item, depth) : readValue(item, depth + 1);
    if (outcome != Outcome.True) return outcome;
    skipBlanks();
    const isLast = item + stride == start + size;
    if (at >= end || load<u8>(at) != (isLast ? close : 44)) return Outcome.False;
    if (isLast) break;
    at++;
    skipBlanks();
  }
  if (at >= end || load<u8>(at) != close) return Outcome.False;
  at++;
  setText(cell, isMap ? ValueType.Map : ValueType.List, slice(start, size), ValueFlag.Cells);
  return Outcome.True;
}

// A key and its value to the cells at `key`; those of the same map before it begin at `first`.
function readMember(first: usize, key: usize, depth: i32): Outcome {
  const outcome = at < end && load<u8>(at) == 34 ? readValue(key, depth) : Outcome.False;
  if (outcome != Outcome.True) return outcome;
  if (!takeSteps(<i32>((key - first) >> COMPARED_SHIFT))) return Outcome.Failed;
  if (isRepeated(first, key)) return fail(EvaluationError.DuplicateKey, textAt(key));
  skipBlanks();
  if (at >= end || load<u8>(at) != 58) return Outcome.False;
  at++;
  skipBlanks();
  return readValue(key + VALUE_SIZE_BYTES, depth + 1);
}

function isRepeated(first: usize, key: usize): bool {
  const name = textAt(key);
  for (let other = first; other < key; other += 2 * VALUE_SIZE_BYTES) {
    if (equal(textAt(other), name)) return true;
  }
  return false;
}

// How many items the list or map has that begins here; -1 when it does not end.
function countItems(close: u8): i32 {
  let depth = 0;
  let count = 0;
  let isEmpty = true;
  let isText = false;
  for (let look = at; look < end; look++) {
    const byte = load<u8>(look);
    if (isText) {
      if (byte == 92) look++;
      else if (byte == 34) isText = false;
      continue;
    }
    if (byte == 91 || byte == 123) depth++;
    else if (byte == 93 || byte == 125) depth--;
    if (depth == 0) return byte == close ? (isEmpty ? 0 : count + 1) : -1;
    if (byte == 34) isText = true;
    if (byte == 44 && depth == 1) count++;
    if (look > at && !isBlank(byte)) isEmpty = false;
  }
  return -1;
}

// The text behind a quote; 0 where it is none, 1 without memory.
function readText(): Slice {
  const from = ++at;
  let isPlain = true;
  while (at < end && load<u8>(at) != 34) {
    if (load<u8>(at) < 32) return 0;
    if (load<u8>(at) == 92) {
      isPlain = false;
      at++;
    }
    at++;
  }
  if (at >= end) return 0;
  const size = at - from;
  at++;
  return isPlain ? slice(from, size) : unescape(from, from + size);
}

function unescape(from: usize, until: usize): Slice {
  const start = takeArena(until - from);
  if (start == 0) {
    fail(EvaluationError.OutOfMemory, 0);
    return 1;
  }
  let to = start;
  while (from < until) {
    const byte = load<u8>(from++);
    if (byte != 92) {
      store<u8>(to++, byte);
      continue;
    }
    const letter = load<u8>(from++);
    if (letter != 117) {
      const plain = plainEscape(letter);
      if (plain == 0) return 0;
      store<u8>(to++, plain);
      continue;
    }
    let rune = readUnit(from, until);
    from += 4;
    const isHigh = rune >= 0xd800 && rune < 0xdc00;
    if (isHigh && from + 6 <= until && load<u16>(from) == 0x755c) {
      const low = readUnit(from + 2, until);
      if (low < 0xdc00 || low > 0xdfff) return 0;
      rune = 0x10000 + ((rune - 0xd800) << 10) + (low - 0xdc00);
      from += 6;
    }
    if (rune < 0 || (rune >= 0xd800 && rune < 0xe000)) return 0;
    to += encodeRune(rune, to);
  }
  return slice(start, to - start);
}

// The four digits of an escape; -1 when they are not there.
function readUnit(from: usize, until: usize): i32 {
  if (from + 4 > until) return -1;
  let unit = 0;
  for (let index: usize = 0; index < 4; index++) {
    const digit = hexDigit(load<u8>(from + index));
    if (digit > 15) return -1;
    unit = (unit << 4) | (<i32>digit);
  }
  return unit;
}

function plainEscape(letter: u8): u8 {
  switch (letter) {
    case 34:
    case 47:
    case 92:
      return letter;
    case 98:
      return 8;
    case 102:
      return 12;
    case 110:
      return 10;
    case 114:
      return 13;
    case 116:
      return 9;
    default:
      return 0;
  }
}

function readNumber(cell: usize): bool {
  const from = at;
  while (at < end && isNumberByte(load<u8>(at))) at++;
  const number = slice(from, at - from);
  if (!isNumber(number) || !parseDouble(number, NUMBER)) return false;
  setDouble(cell, load<f64>(NUMBER));
  return true;
}

function readWord(word: usize, size: usize): bool {
  if (end - at < size || !sameBytes(at, word, size)) return false;
  at += size;
  return true;
}

function skipBlanks(): void {
  while (at < end && isBlank(load<u8>(at))) at++;
}

function isBlank(byte: u8): bool {
  return byte == 32 || byte == 9 || byte == 10 || byte == 13;
}

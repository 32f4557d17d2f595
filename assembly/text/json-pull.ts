// Reads JSON of others piece by piece, in place: answers of backends on the hot path. Strict in its
// grammar, bounded in depth; a mistake anywhere ends the reading and `isBroken` says so, so that a
// reader never believes half an answer. Pure; texts with escapes are decoded into the arena. Both.

import { JSON_DEPTH_MAX } from "../shared/limits";
import { equal } from "../memory/bytes";
import { ABSENT, Slice, endOf, isPresent, sizeOf, slice, startOf } from "../memory/slice";
import { parseDouble } from "./double";
import { unescapeJson } from "./json-unescape";

/** Kinds of a value. */
export const enum JsonKind {
  /** Nothing more, or broken. */
  None = 0,
  Object = 1,
  List = 2,
  Text = 3,
  Number = 4,
  True = 5,
  False = 6,
  Null = 7,
}

/** Deepest nesting of objects and lists in an answer. */
const DEPTH_MAX: u32 = JSON_DEPTH_MAX;

/** Largest integer that a double holds exactly. */
const INTEGER_MAX: f64 = 9_007_199_254_740_992;
/** The first four bytes of the words, least significant first. */
const TRUE: u32 = 0x65757274;
const FALS: u32 = 0x736c6166;
const NULL: u32 = 0x6c6c756e;
const NUMBER: usize = memory.data(8, 8);

/**
 * A cursor over one JSON text. It stands before a value; `kind()` looks at it, `text()`,
 * `number()`, `enter()` or `skip()` takes it, `nextMember()` and `nextItem()` walk what was
 * entered.
 */
export class JsonPull {
  /** The key of the current member, decoded; in the text or in the arena. */
  key: Slice = ABSENT;
  /** Whether something was no JSON, or nested too deeply. */
  isBroken: bool = false;
  private at: usize = 0;
  private end: usize = 0;
  private depth: u32 = 0;
  private isFirst: bool = false;

  /** Starts before the one value that the text is. */
  open(text: Slice): void {
    this.at = startOf(text);
    this.end = endOf(text);
    this.isBroken = false;
    this.depth = 0;
    this.isFirst = false;
    this.skipSpace();
  }

  /** What the next value is; None when there is none. */
  kind(): JsonKind {
    if (this.isBroken || this.at >= this.end) return JsonKind.None;
    switch (<u32>load<u8>(this.at)) {
      case 0x7b:
        return JsonKind.Object;
      case 0x5b:
        return JsonKind.List;
      case 0x22:
        return JsonKind.Text;
      case 0x74:
        return JsonKind.True;
      case 0x66:
        return JsonKind.False;
      case 0x6e:
        return JsonKind.Null;
      default: {
        const byte = load<u8>(this.at);
        return byte == 45 || isDigit(byte) ? JsonKind.Number : JsonKind.None;
      }
    }
  }

  /** Steps into the object or list that stands next; false when it is neither. */
  enter(): bool {
    const kind = this.kind();
    if (kind != JsonKind.Object && kind != JsonKind.List) return this.fail();
    if (++this.depth > DEPTH_MAX) return this.fail();
    this.at++;
    this.isFirst = true;
    this.skipSpace();
    return true;
  }

  /** Moves before the value of the next member and sets `key`; false after the last one. */
  nextMember(): bool {
    if (!this.more(0x7d)) return false;
    if (this.kind() != JsonKind.Text) return this.fail();
    this.key = this.text();
    if (this.isBroken || this.at >= this.end || load<u8>(this.at) != 58) return this.fail();
    this.at++;
    this.skipSpace();
    return true;
  }

  /** Moves before the next item; false after the last one. */
  nextItem(): bool {
    return this.more(0x5d);
  }

  /** Whether the current member has this key. */
  isKey(name: Slice): bool {
    return isPresent(this.key) && equal(this.key, name);
  }

  /** Takes a text, decoded; ABSENT when the value is none (it is skipped then). */
  text(): Slice {
    if (this.kind() != JsonKind.Text) {
      this.skip();
      return ABSENT;
    }
    const start = ++this.at;
    let hasEscapes = false;
    while (this.at < this.end) {
      const byte = load<u8>(this.at);
      if (byte == 34) {
        const raw = slice(start, this.at++ - start);
        this.skipSpace();
        if (!hasEscapes) return raw;
        const decoded = unescapeJson(raw);
        if (isPresent(decoded)) return decoded;
        break;
      }
      if (byte < 32) break;
      if (byte == 92) {
        hasEscapes = true;
        this.at++;
      }
      this.at++;
    }
    this.fail();
    return ABSENT;
  }

  /** Takes a number as it is written; ABSENT when the value is none (it is skipped then). */
  number(): Slice {
    if (this.kind() != JsonKind.Number) {
      this.skip();
      return ABSENT;
    }
    const start = this.at;
    while (this.at < this.end && isNumberByte(load<u8>(this.at))) this.at++;
    const text = slice(start, this.at - start);
    this.skipSpace();
    if (isNumber(text)) return text;
    this.fail();
    return ABSENT;
  }

  /** Takes a number as an integer; `fallback` when it is none or has a fraction. */
  integer(fallback: i64): i64 {
    const text = this.number();
    if (!isPresent(text) || !parseDouble(text, NUMBER)) return fallback;
    const value = load<f64>(NUMBER);
    if (abs(value) > INTEGER_MAX || trunc(value) != value) return fallback;
    return <i64>value;
  }

  /** Takes any value. */
  skip(): void {
    switch (<u32>this.kind()) {
      case JsonKind.Object:
        this.enter();
        while (this.nextMember()) this.skip();
        return;
      case JsonKind.List:
        this.enter();
        while (this.nextItem()) this.skip();
        return;
      case JsonKind.Text:
        this.text();
        return;
      case JsonKind.Number:
        this.number();
        return;
      case JsonKind.True:
        this.word(TRUE, 4);
        return;
      case JsonKind.False:
        this.word(FALS, 5);
        return;
      case JsonKind.Null:
        this.word(NULL, 4);
        return;
      default:
        this.fail();
    }
  }

  /** Whether everything was taken and nothing but white space follows. */
  get isWhole(): bool {
    return !this.isBroken && this.at == this.end && this.depth == 0;
  }

  private more(close: u8): bool {
    if (this.isBroken || this.at >= this.end) return this.fail();
    const byte = load<u8>(this.at);
    if (byte == close) {
      this.at++;
      this.depth--;
      this.isFirst = false;
      this.skipSpace();
      return false;
    }
    if (this.isFirst) {
      this.isFirst = false;
      return true;
    }
    if (byte != 44) return this.fail();
    this.at++;
    this.skipSpace();
    // A comma with nothing behind it.
    if (this.at < this.end && load<u8>(this.at) == close) return this.fail();
    return true;
  }

  private word(first: u32, size: usize): void {
    if (
      this.end - this.at < size ||
      load<u32>(this.at) != first ||
      (size == 5 && load<u8>(this.at, 4) != 101)
    ) {
      this.fail();
      return;
    }
    this.at += size;
    this.skipSpace();
  }

  private skipSpace(): void {
    while (this.at < this.end && isSpace(load<u8>(this.at))) this.at++;
  }

  private fail(): bool {
    this.isBroken = true;
    return false;
  }
}

// @ts-ignore: decorator
@inline
function isSpace(byte: u8): bool {
  return byte == 32 || byte == 10 || byte == 13 || byte == 9;
}

// @ts-ignore: decorator
@inline
function isDigit(byte: u8): bool {
  return <u32>byte - 48 < 10;
}

/** Whether a number of JSON can have the byte. */
export function isNumberByte(byte: u8): bool {
  return isDigit(byte) || byte == 45 || byte == 43 || byte == 46 || (byte | 32) == 101;
}

/** Whether a text is a number of JSON: -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)? */
export function isNumber(text: Slice): bool {
  const end = endOf(text);
  let at = startOf(text);
  if (at < end && load<u8>(at) == 45) at++;
  const whole = at;
  at = digitsFrom(at, end);
  if (at == whole || (load<u8>(whole) == 48 && at - whole > 1)) return false;
  if (at < end && load<u8>(at) == 46) {
    const fraction = at + 1;
    at = digitsFrom(fraction, end);
    if (at == fraction) return false;
  }
  if (at < end && (load<u8>(at) | 32) == 101) {
    at++;
    if (at < end && (load<u8>(at) == 43 || load<u8>(at) == 45)) at++;
    const exponent = at;
    at = digitsFrom(exponent, end);
    if (at == exponent) return false;
  }
  return at == end;
}

/** Whether a text is a number of JSON, or one of its words. */
export function isNumberOrWord(text: Slice): bool {
  const size = sizeOf(text);
  const first = size < 4 ? 0 : load<u32>(startOf(text));
  if (size == 4 && (first == TRUE || first == NULL)) return true;
  return (size == 5 && first == FALS && load<u8>(startOf(text), 4) == 101) || isNumber(text);
}

function digitsFrom(at: usize, end: usize): usize {
  while (at < end && isDigit(load<u8>(at))) at++;
  return at;
}

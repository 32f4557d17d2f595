// Paths that two servers could read differently: one sees `/admin`, the other something else.
// Judges the path in front of query string and fragment and changes nothing: eight bytes at a time
// as long as nothing in them can be odd, then byte by byte. Hot.

import { Slice, endOf, sizeOf, startOf } from "../memory/slice";
import { hexDigit } from "./number";

const NUL: u8 = 0;
const HASH: u8 = 35;
const PERCENT: u8 = 37;
const HYPHEN: u8 = 45;
const DOT: u8 = 46;
const SLASH: u8 = 47;
const SEMICOLON: u8 = 59;
const QUESTION: u8 = 63;
const BACKSLASH: u8 = 92;
const UNDERSCORE: u8 = 95;
const TILDE: u8 = 126;

/** A word with the lowest, and one with the highest bit of each byte. */
const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;
const WORD_SIZE_BYTES: usize = 8;

/**
 * Whether the path has an empty segment (`//`, also of parameters alone, `/;x/`), a dot segment
 * (`/./`, `/../`, also at its end and with parameters, `/..;x`), a backslash, or an encoded slash,
 * backslash or NUL, or one that no encoding is for: a letter, a digit, `-`, `.`, `_`, `~`.
 */
// @ts-ignore: decorator
@inline
export function isAmbiguousPath(path: Slice): bool {
  const end = endOf(path);
  let at = startOf(path);
  if (sizeOf(path) < WORD_SIZE_BYTES) return isOdd(path);
  // The last word ends with the path, and may begin in the one before.
  const last = end - WORD_SIZE_BYTES;
  while (true) {
    const word = load<u64>(at);
    const next = at < last ? load<u64>(at, 1) : word >> 8;
    const ends = bytesOf(word, QUESTION) | bytesOf(word, HASH);
    const odd = oddBytes(word) | (bytesOf(word, SLASH) & oddBehindSlash(next));
    // What stands behind the first question mark or hash is not the path.
    if ((odd & (ends ^ (ends - 1))) != 0) return isOdd(path);
    if (ends != 0 || at == last) return false;
    at += WORD_SIZE_BYTES;
    if (at > last) at = last;
  }
}

// The highest bit of each byte that is the given one; above such a byte others may have it as well.
// @ts-ignore: decorator
@inline
function bytesOf(word: u64, byte: u8): u64 {
  const difference = word ^ (ONES * <u64>byte);
  return (difference - ONES) & ~difference & HIGHS;
}

// @ts-ignore: decorator
@inline
function oddBytes(word: u64): u64 {
  return bytesOf(word, PERCENT) | bytesOf(word, BACKSLASH) | bytesOf(word, NUL);
}

// Dot and slash differ by their lowest bit. A percent sign is odd wherever it stands.
// @ts-ignore: decorator
@inline
function oddBehindSlash(next: u64): u64 {
  return bytesOf(next | ONES, SLASH) | bytesOf(next, SEMICOLON);
}

// Byte by byte, and from the beginning: what is odd may begin in the word before.
function isOdd(path: Slice): bool {
  const end = endOf(path);
  for (let at = startOf(path); at < end; at++) {
    const byte = load<u8>(at);
    if (byte > BACKSLASH) continue;
    if (byte == SLASH) {
      if (isOddSegment(at + 1, end)) return true;
    } else if (byte == PERCENT) {
      if (end - at > 2 && isOddByte(load<u8>(at, 1), load<u8>(at, 2))) return true;
    } else if (byte == QUESTION || byte == HASH) {
      return false;
    } else if (byte == BACKSLASH || byte == NUL) {
      return true;
    }
  }
  return false;
}

// What follows a slash: another slash, one or two dots and nothing else, or parameters and a slash.
// At the end of a path `;x` is what servers write that keep sessions in it.
// @ts-ignore: decorator
@inline
function isOddSegment(segment: usize, end: usize): bool {
  if (segment == end) return false;
  const first = load<u8>(segment);
  if (first == SLASH) return true;
  if (first == DOT) return isDotSegment(segment + 1, end);
  return isSemicolon(segment, end) && hasSegmentBehind(segment, end);
}

function isDotSegment(segment: usize, end: usize): bool {
  const at = segment < end && load<u8>(segment) == DOT ? segment + 1 : segment;
  if (at == end) return true;
  const next = load<u8>(at);
  return next == SLASH || next == QUESTION || next == HASH || isSemicolon(at, end);
}

function hasSegmentBehind(segment: usize, end: usize): bool {
  for (let at = segment; at < end; at++) {
    const byte = load<u8>(at);
    if (byte == SLASH) return true;
    if (byte == QUESTION || byte == HASH) return false;
  }
  return false;
}

// Plain, or encoded as `%3B`.
// @ts-ignore: decorator
@inline
function isSemicolon(at: usize, end: usize): bool {
  const byte = load<u8>(at);
  if (byte != PERCENT) return byte == SEMICOLON;
  return end - at > 2 && load<u8>(at, 1) == 51 && (load<u8>(at, 2) | 32) == 98;
}

// `%2F`, `%5C`, `%00`, and what needs no encoding (RFC 3986, section 2.3): who decodes it reads
// another path than who does not.
function isOddByte(high: u8, low: u8): bool {
  const value = (hexDigit(high) << 4) | hexDigit(low);
  if (value > 0x7f) return false;
  const byte = <u8>value;
  return byte == NUL || byte == SLASH || byte == BACKSLASH || isUnreserved(byte);
}

function isUnreserved(byte: u8): bool {
  if (<u32>byte - 48 < 10 || ((<u32>byte) | 32) - 97 < 26) return true;
  return byte == HYPHEN || byte == DOT || byte == UNDERSCORE || byte == TILDE;
}

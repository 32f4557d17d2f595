// Paths that two servers could read differently: one sees `/admin`, the other something else.
// Judges the path in front of query string and fragment, byte by byte, and changes nothing. Hot.

import { Slice, endOf, startOf } from "../memory/slice";
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

/**
 * Whether the path has an empty segment (`//`, also of parameters alone, `/;x/`), a dot segment
 * (`/./`, `/../`, also at its end and with parameters, `/..;x`), a backslash, or an encoded slash,
 * backslash or NUL, or one that no encoding is for: a letter, a digit, `-`, `.`, `_`, `~`.
 */
// @ts-ignore: decorator
@inline
export function isAmbiguousPath(path: Slice): bool {
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

// Paths that two servers could read differently: one sees `/admin`, the other something else.
// Judges the path in front of query string and fragment, byte by byte, and changes nothing. Hot.

import { Slice, endOf, startOf } from "../memory/slice";

const NUL: u8 = 0;
const HASH: u8 = 35;
const PERCENT: u8 = 37;
const DOT: u8 = 46;
const SLASH: u8 = 47;
const SEMICOLON: u8 = 59;
const QUESTION: u8 = 63;
const BACKSLASH: u8 = 92;

/**
 * Whether the path has an empty segment (`//`), a dot segment (`/./`, `/../`, also at its end and
 * with parameters, `/..;x`), a backslash, or an encoded slash, backslash, dot or NUL.
 */
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

// What follows a slash: another slash, or one or two dots and nothing else.
// @ts-ignore: decorator
@inline
function isOddSegment(segment: usize, end: usize): bool {
  if (segment == end) return false;
  const first = load<u8>(segment);
  return first == SLASH || (first == DOT && isDotSegment(segment + 1, end));
}

function isDotSegment(segment: usize, end: usize): bool {
  const at = segment < end && load<u8>(segment) == DOT ? segment + 1 : segment;
  if (at == end) return true;
  const next = load<u8>(at);
  return next == SLASH || next == SEMICOLON || next == QUESTION || next == HASH;
}

// `%2F`, `%5C`, `%2E`, `%00`, in either case.
function isOddByte(high: u8, low: u8): bool {
  const letter = low | 32;
  if (high == 50) return letter == 102 || letter == 101;
  if (high == 53) return letter == 99;
  return high == 48 && low == 48;
}

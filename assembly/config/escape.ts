// Escapes of JSON strings: decoding them, and finding the written place of a decoded byte, so that
// a caret inside an expression points at what the person wrote. Cold.

import { hexDigit } from "../text/number";
import { encodedSize } from "../text/utf8";

/** Code points of escapes that cannot be decoded. */
export const BAD_ESCAPE: u32 = 0xffffffff;
export const LONE_SURROGATE: u32 = 0xfffffffe;

const BACKSLASH: u8 = 92;
const LETTER_U: u8 = 117;

/** How many bytes the escape has that was decoded last. */
export let escapeSize: usize = 0;

/** The code point of the escape at `at` (a backslash), or BAD_ESCAPE, or LONE_SURROGATE. */
export function decodeEscape(at: usize, end: usize): u32 {
  escapeSize = min<usize>(2, end - at);
  if (escapeSize < 2) return BAD_ESCAPE;
  if (load<u8>(at + 1) != LETTER_U) return simpleEscape(load<u8>(at + 1));
  const high = unitAt(at, end);
  if (high == BAD_ESCAPE) return BAD_ESCAPE;
  escapeSize = 6;
  if ((high & 0xf800) != 0xd800) return high;
  if (high >= 0xdc00) return LONE_SURROGATE;
  const low = unitAt(at + 6, end);
  if (low == BAD_ESCAPE || (low & 0xfc00) != 0xdc00) return LONE_SURROGATE;
  escapeSize = 12;
  return 0x10000 + (((high & 0x3ff) << 10) | (low & 0x3ff));
}

/**
 * Where the decoded byte `offset` of a string stands, as an offset into the written string, which
 * begins at `at` with its opening quote and has `size` bytes. Beyond the text: its closing quote.
 */
export function writtenOffset(at: usize, size: i32, offset: i32): i32 {
  const end = at + <usize>size;
  let written = at + 1;
  let decoded: i32 = 0;
  while (decoded < offset && written < end) {
    if (load<u8>(written) != BACKSLASH) {
      written++;
      decoded++;
      continue;
    }
    const rune = decodeEscape(written, end);
    const count = rune < LONE_SURROGATE ? <i32>encodedSize(rune) : 1;
    if (decoded + count > offset) break;
    decoded += count;
    written += escapeSize;
  }
  return <i32>(min(written, end) - at);
}

function simpleEscape(letter: u8): u32 {
  switch (letter) {
    case 34: // "
    case 47: // /
    case 92: // \
      return letter;
    case 98: // b
      return 8;
    case 102: // f
      return 12;
    case 110: // n
      return 10;
    case 114: // r
      return 13;
    case 116: // t
      return 9;
    default:
      return BAD_ESCAPE;
  }
}

// The number of `\uXXXX` at `at`; BAD_ESCAPE when it is none.
function unitAt(at: usize, end: usize): u32 {
  if (end - at < 6 || end < at) return BAD_ESCAPE;
  if (load<u8>(at) != BACKSLASH || load<u8>(at + 1) != LETTER_U) return BAD_ESCAPE;
  let unit: u32 = 0;
  for (let index: usize = 2; index < 6; index++) {
    const digit = hexDigit(load<u8>(at + index));
    if (digit > 15) return BAD_ESCAPE;
    unit = (unit << 4) | digit;
  }
  return unit;
}

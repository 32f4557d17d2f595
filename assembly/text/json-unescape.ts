// The inside of a JSON string as the text that it stands for. Never longer than what it came from.
// Pure; the text is in the arena. Both.

import { takeArena } from "../memory/arena";
import { FAILED, Slice, emptySlice, endOf, slice, startOf } from "../memory/slice";
import { Writer } from "../memory/writer";
import { encodeRune } from "./utf8";

const RUNE: usize = memory.data(4, 4);
const unescaped = new Writer();

/**
 * What stands between the quotes of a JSON string, without its escapes, in the arena; FAILED for a
 * bad escape or without memory.
 */
export function unescapeJson(raw: Slice): Slice {
  const end = endOf(raw);
  let at = startOf(raw);
  const room = takeArena(end - at);
  if (room == 0) return FAILED;
  unescaped.open(room, end - at);
  while (at < end) {
    const byte = load<u8>(at++);
    if (byte != 92) {
      unescaped.byte(byte);
      continue;
    }
    const letter = load<u8>(at++);
    if (letter == 117) {
      at = decodeUnicode(at, end);
      if (at == 0) return FAILED;
    } else {
      const plain = plainOf(letter);
      if (plain == 0) return FAILED;
      unescaped.byte(plain);
    }
  }
  return unescaped.size == 0 ? emptySlice() : unescaped.written;
}

function plainOf(letter: u8): u8 {
  switch (<u32>letter) {
    case 0x22:
    case 0x5c:
    case 0x2f:
      return letter;
    case 0x62:
      return 8;
    case 0x66:
      return 12;
    case 0x6e:
      return 10;
    case 0x72:
      return 13;
    case 0x74:
      return 9;
    default:
      return 0;
  }
}

// The four digits behind `\u`, and a second half after a high surrogate; 0 when they are bad.
function decodeUnicode(at: usize, end: usize): usize {
  let rune = hexAt(at, end);
  if (rune < 0) return 0;
  at += 4;
  if (rune >= 0xdc00 && rune < 0xe000) return 0;
  if (rune >= 0xd800 && rune < 0xdc00) {
    if (end - at < 6 || load<u16>(at) != 0x755c) return 0;
    const low = hexAt(at + 2, end);
    if (low < 0xdc00 || low > 0xdfff) return 0;
    rune = 0x10000 + ((rune - 0xd800) << 10) + (low - 0xdc00);
    at += 6;
  }
  const size = encodeRune(<u32>rune, RUNE);
  unescaped.bytes(slice(RUNE, size));
  return at;
}

function hexAt(at: usize, end: usize): i32 {
  if (end - at < 4) return -1;
  let value = 0;
  for (let index: usize = 0; index < 4; index++) {
    const byte = load<u8>(at + index);
    const letter = byte | 32;
    if (<u32>byte - 48 < 10) value = (value << 4) | (byte - 48);
    else if (letter >= 97 && letter <= 102) value = (value << 4) | (letter - 87);
    else return -1;
  }
  return value;
}

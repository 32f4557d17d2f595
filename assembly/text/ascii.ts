// Lower case of ASCII letters: names of headers. Pure; a text that changes is a copy in the arena.
// Both.

import { takeArena } from "../memory/arena";
import { asciiLower } from "../memory/bytes";
import { Slice, emptySlice, endOf, sizeOf, slice, startOf } from "../memory/slice";

/** The text with its ASCII letters in lower case; empty without memory. */
export function toLowerAscii(text: Slice): Slice {
  if (!hasUpper(text)) return text;
  const size = sizeOf(text);
  const at = takeArena(size);
  if (at == 0) return emptySlice();
  const start = startOf(text);
  for (let index: usize = 0; index < size; index++) {
    store<u8>(at + index, asciiLower(load<u8>(start + index)));
  }
  return slice(at, size);
}

function hasUpper(text: Slice): bool {
  const end = endOf(text);
  for (let at = startOf(text); at < end; at++) if (<u32>load<u8>(at) - 65 < 26) return true;
  return false;
}

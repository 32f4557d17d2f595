// The value of a header line without the blanks around it. HTTP/1 takes them away when it reads a
// line; HTTP/2 carries them, and who gets the request by HTTP/1 then reads it without them. Hot.

import { Slice, byteAt, sizeOf, subSlice } from "../memory/slice";

const TAB: u8 = 9;
const BLANK: u8 = 32;

/** The value between its blanks and tabs (RFC 9110, section 5.5); itself where it has none. */
// @ts-ignore: decorator
@inline
export function fieldValue(line: Slice): Slice {
  const size = sizeOf(line);
  if (size == 0) return line;
  return isBlank(byteAt(line, 0)) || isBlank(byteAt(line, size - 1)) ? trimBlanks(line) : line;
}

/** A text without the blanks and tabs around it. */
export function trimBlanks(text: Slice): Slice {
  let from: usize = 0;
  let until = sizeOf(text);
  while (from < until && isBlank(byteAt(text, from))) from++;
  while (until > from && isBlank(byteAt(text, until - 1))) until--;
  return subSlice(text, from, until);
}

// @ts-ignore: decorator
@inline
function isBlank(byte: u8): bool {
  return byte == BLANK || byte == TAB;
}

// The few things of YAML that lists of addresses need to know of a line. Cold.

import { Slice, byteAt, endOf, sizeOf, slice, startOf, subSlice } from "../../assembly/sdk";

/** `#` begins a comment at the start of a line and behind a blank. */
// @ts-ignore: decorator
@inline
export function isComment(at: usize, lineStart: usize): bool {
  return load<u8>(at) == 35 && (at == lineStart || isBlank(load<u8>(at - 1)));
}

/** A line up to its comment. */
export function withoutComment(line: Slice): Slice {
  const start = startOf(line);
  for (let at = start; at < endOf(line); at++) {
    if (isComment(at, start)) return slice(start, at - start);
  }
  return line;
}

/** A text without blanks before and behind it. */
export function trim(text: Slice): Slice {
  let start = startOf(text);
  let end = endOf(text);
  while (start < end && isBlank(load<u8>(start))) start++;
  while (end > start && isBlank(load<u8>(end - 1))) end--;
  return slice(start, end - start);
}

/** What stands between quotes, where they stand on both sides. */
export function unquote(text: Slice): Slice {
  const size = sizeOf(text);
  if (size < 2) return text;
  const first = byteAt(text, 0);
  const isQuoted = (first == 34 || first == 39) && byteAt(text, size - 1) == first;
  return isQuoted ? subSlice(text, 1, size - 1) : text;
}

/** A space or a tab. */
// @ts-ignore: decorator
@inline
export function isBlank(byte: u8): bool {
  return byte == 32 || byte == 9;
}

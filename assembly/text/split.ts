// The parts of a text between separators. Hot: a part is a piece of the text.

import { Slice, emptySlice, endOf, sizeOf, slice, startOf } from "../memory/slice";
import { indexOf } from "../memory/bytes";

/** The part with this number, from 0 on. Empty when there is none. "" separates nothing. */
export function partOf(text: Slice, separator: Slice, number: i64): Slice {
  if (number < 0) return emptySlice();
  let rest = text;
  for (let at: i64 = 0; at < number; at++) {
    const found = separatorAt(rest, separator);
    if (found < 0) return emptySlice();
    const next = startOf(rest) + <usize>found + sizeOf(separator);
    rest = slice(next, endOf(text) - next);
  }
  const end = separatorAt(rest, separator);
  return end < 0 ? rest : slice(startOf(rest), <usize>end);
}

/** The number of parts less one. */
export function separatorCount(text: Slice, separator: Slice): i64 {
  let count: i64 = 0;
  let rest = text;
  for (let found = separatorAt(rest, separator); found >= 0; count++) {
    const next = startOf(rest) + <usize>found + sizeOf(separator);
    rest = slice(next, endOf(text) - next);
    found = separatorAt(rest, separator);
  }
  return count;
}

function separatorAt(text: Slice, separator: Slice): isize {
  return sizeOf(separator) == 0 ? -1 : indexOf(text, separator);
}

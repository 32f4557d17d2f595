// Looking up keys in maps of strings. Maps of headers fold the key and join repeated lines, as
// single headers do. Hot: joined values stand in the arena.

import { asciiLower, equal, equalIgnoringCase } from "../memory/bytes";
import { takeArena } from "../memory/arena";
import { ABSENT, FAILED, Slice, sizeOf, slice, startOf } from "../memory/slice";
import { PairsCursor } from "../abi/pairs";
import { fieldValue } from "../text/field-value";
import { ValueFlag, flagsAt, textAt } from "../attribute/value";

const CURSOR: PairsCursor = new PairsCursor();
const COOKIE: usize = memory.data<u8>([99, 111, 111, 107, 105, 101]);

/** The text of a key in a STRING_MAP cell; ABSENT when it has none, FAILED without memory. */
export function lookUp(map: usize, key: Slice): Slice {
  const cursor = CURSOR;
  cursor.open(textAt(map));
  if ((flagsAt(map) & ValueFlag.Headers) != 0) {
    return lookUpHeader(cursor, textAt(map), key);
  }
  while (cursor.next()) if (equal(cursor.key, key)) return cursor.value;
  return ABSENT;
}

// Two walks where there are several lines: the first adds up their sizes, the second copies each
// once.
function lookUpHeader(cursor: PairsCursor, map: Slice, key: Slice): Slice {
  const gap: usize = isCookie(key) ? 2 : 1;
  let last: Slice = ABSENT;
  let count: u32 = 0;
  let size: usize = 0;
  while (cursor.next()) {
    if (!equalIgnoringCase(cursor.key, key)) continue;
    last = fieldValue(cursor.value);
    size += sizeOf(last) + gap;
    count++;
  }
  if (count < 2) return last;
  cursor.open(map);
  return joinLines(cursor, key, size, gap);
}

function isCookie(key: Slice): bool {
  if (sizeOf(key) != 6) return false;
  for (let at: usize = 0; at < 6; at++) {
    if (asciiLower(load<u8>(startOf(key) + at)) != load<u8>(COOKIE + at)) return false;
  }
  return true;
}

// RFC 9110, section 5.3: lines of one field join by a comma; cookies by "; " (RFC 6265).
function joinLines(cursor: PairsCursor, key: Slice, size: usize, gap: usize): Slice {
  const start = takeArena(size);
  if (start == 0) return FAILED;
  let at = start;
  while (cursor.next()) {
    if (!equalIgnoringCase(cursor.key, key)) continue;
    const line = fieldValue(cursor.value);
    memory.copy(at, startOf(line), sizeOf(line));
    at += sizeOf(line);
    store<u8>(at, gap == 2 ? 59 : 44);
    if (gap == 2) store<u8>(at + 1, 32);
    at += gap;
  }
  return slice(start, size - gap);
}

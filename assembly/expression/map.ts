// Looking up keys in maps of strings. Maps of headers fold the key and join repeated lines, as
// single headers do. Hot: joined values stand in the arena.

import { asciiLower, equal, equalIgnoringCase } from "../memory/bytes";
import { takeArena } from "../memory/arena";
import { ABSENT, FAILED, Slice, isPresent, sizeOf, slice, startOf } from "../memory/slice";
import { PairsCursor } from "../abi/pairs";
import { ValueFlag, flagsAt, textAt } from "../attribute/value";

const CURSOR: PairsCursor = new PairsCursor();
const COOKIE: usize = memory.data<u8>([99, 111, 111, 107, 105, 101]);

/** The text of a key in a STRING_MAP cell; ABSENT when it has none, FAILED without memory. */
export function lookUp(map: usize, key: Slice): Slice {
  const cursor = CURSOR;
  cursor.open(textAt(map));
  if ((flagsAt(map) & ValueFlag.Headers) != 0) return lookUpHeader(cursor, key);
  while (cursor.next()) if (equal(cursor.key, key)) return cursor.value;
  return ABSENT;
}

function lookUpHeader(cursor: PairsCursor, key: Slice): Slice {
  let found: Slice = ABSENT;
  while (cursor.next()) {
    if (!equalIgnoringCase(cursor.key, key)) continue;
    found = isPresent(found) ? join(found, cursor.value, isCookie(key)) : cursor.value;
    if (found == FAILED) return FAILED;
  }
  return found;
}

function isCookie(key: Slice): bool {
  if (sizeOf(key) != 6) return false;
  for (let at: usize = 0; at < 6; at++) {
    if (asciiLower(load<u8>(startOf(key) + at)) != load<u8>(COOKIE + at)) return false;
  }
  return true;
}

// RFC 9110, section 5.3: lines of one field join by a comma; cookies by "; " (RFC 6265).
function join(first: Slice, second: Slice, isCookies: bool): Slice {
  const firstSize = sizeOf(first);
  const gap: usize = isCookies ? 2 : 1;
  const size = firstSize + gap + sizeOf(second);
  const at = takeArena(size);
  if (at == 0) return FAILED;
  memory.copy(at, startOf(first), firstSize);
  store<u8>(at + firstSize, isCookies ? 59 : 44);
  if (isCookies) store<u8>(at + firstSize + 1, 32);
  memory.copy(at + firstSize + gap, startOf(second), sizeOf(second));
  return slice(at, size);
}

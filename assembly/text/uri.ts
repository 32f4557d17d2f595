// Path and query of a request's `:path`, and query parameters as servers read them: split at `&`,
// `%XX` and `+` decoded, what is no escape kept as it stands. Pure; never traps. Both.

import { ABSENT, FAILED, Slice, endOf, isPresent, sizeOf, slice, startOf } from "../memory/slice";
import { takeArena } from "../memory/arena";
import { hexDigit } from "./number";

/** What stands before `?` or `#`: a borrowed part of the text. */
export function pathOf(path: Slice): Slice {
  const start = startOf(path);
  return slice(start, findEither(start, endOf(path), 63, 35) - start);
}

/** What stands between the first `?` and `#`, borrowed; absent without a `?` before the `#`. */
export function queryOf(path: Slice): Slice {
  const end = findEither(startOf(path), endOf(path), 35, 35);
  const mark = findEither(startOf(path), end, 63, 63);
  return mark == end ? ABSENT : slice(mark + 1, end - mark - 1);
}

/**
 * The decoded value of the first parameter with this name; absent when there is none. Borrowed from
 * the query when nothing had to be decoded, else in the arena; failed when the arena is full.
 */
export function queryValue(query: Slice, name: Slice): Slice {
  if (!isPresent(query)) return ABSENT;
  const raw = findParameter(query, name);
  return isPresent(raw) ? decodeQuery(raw) : ABSENT;
}

/** The value of that parameter as it is written, a part of the query; absent when there is none. */
export function findParameter(query: Slice, name: Slice): Slice {
  const end = endOf(query);
  let at = startOf(query);
  while (at < end) {
    const until = findEither(at, end, 38, 38);
    const equals = findEither(at, until, 61, 61);
    if (until > at && isDecodedAs(at, equals, name)) {
      const value = min(equals + 1, until);
      return borrowed(value, until);
    }
    at = until + 1;
  }
  return ABSENT;
}

// An empty part keeps its address: what follows is searched from there.
// @ts-ignore: decorator
@inline
function borrowed(at: usize, end: usize): Slice {
  return ((<u64>(end - at)) << 32) | (<u64>at);
}

/**
 * All parameters, decoded, as a packed pairs block in the arena (the host's encoding of maps), in
 * written order, repeated names included. Failed when the arena is full.
 */
export function queryPairs(query: Slice): Slice {
  const count = countParameters(query);
  const headSize: usize = 4 + (count << 3);
  // Decoding never makes anything longer; each text is followed by a zero byte.
  const block = takeArena(headSize + sizeOf(query) + (count << 1));
  if (block == 0) return FAILED;
  store<u32>(block, <u32>count);
  const end = endOf(query);
  let sizes = block + 4;
  let to = block + headSize;
  let at = startOf(query);
  while (at < end) {
    const until = findEither(at, end, 38, 38);
    if (until > at) {
      const equals = findEither(at, until, 61, 61);
      const value = min<usize>(equals + 1, until);
      const middle = writeDecoded(at, equals, to);
      const next = writeDecoded(value, until, middle + 1);
      store<u8>(middle, 0);
      store<u8>(next, 0);
      store<u32>(sizes, <u32>(middle - to));
      store<u32>(sizes, <u32>(next - middle - 1), 4);
      sizes += 8;
      to = next + 1;
    }
    at = until + 1;
  }
  return slice(block, to - block);
}

/** A text with `%XX` and `+` decoded: borrowed when there is none of them, else in the arena. */
export function decodeQuery(text: Slice): Slice {
  const start = startOf(text);
  const end = endOf(text);
  if (findEither(start, end, 37, 43) == end) return text;
  const to = takeArena(end - start);
  if (to == 0) return FAILED;
  return slice(to, writeDecoded(start, end, to) - to);
}

// The address of the first of two bytes; `end` when neither occurs.
function findEither(at: usize, end: usize, first: u8, second: u8): usize {
  for (; at < end; at++) {
    const byte = load<u8>(at);
    if (byte == first || byte == second) break;
  }
  return at;
}

function countParameters(query: Slice): usize {
  const end = endOf(query);
  let count: usize = 0;
  for (let at = startOf(query); at < end;) {
    const until = findEither(at, end, 38, 38);
    if (until > at) count++;
    at = until + 1;
  }
  return count;
}

// One decoded byte, packed as `source size << 8 | byte`. The caller has checked that at < end.
// @ts-ignore: decorator
@inline
function decodeByte(at: usize, end: usize): u32 {
  const byte = load<u8>(at);
  if (byte == 43) return (1 << 8) | 32;
  if (byte != 37 || end - at < 3) return (1 << 8) | byte;
  const high = hexDigit(load<u8>(at, 1));
  const low = hexDigit(load<u8>(at, 2));
  return (high | low) > 15 ? (1 << 8) | 37 : (3 << 8) | (high << 4) | low;
}

// Returns the address behind the last byte written.
function writeDecoded(at: usize, end: usize, to: usize): usize {
  while (at < end) {
    const decoded = decodeByte(at, end);
    store<u8>(to++, <u8>decoded);
    at += decoded >>> 8;
  }
  return to;
}

/** Whether what stands between two addresses is this name once decoded. */
export function isDecodedAs(at: usize, end: usize, name: Slice): bool {
  let nameAt = startOf(name);
  const nameEnd = endOf(name);
  while (at < end) {
    const decoded = decodeByte(at, end);
    if (nameAt == nameEnd || load<u8>(nameAt++) != <u8>decoded) return false;
    at += decoded >>> 8;
  }
  return nameAt == nameEnd;
}

// Query parameters of a path, changed: `path?name=value&…#fragment`. What is not touched stays byte
// for byte. Hot: results stand in the arena.

import { indexOfByte } from "../memory/bytes";
import { takeArena } from "../memory/arena";
import { FAILED, Slice, byteAt, endOf, sizeOf, slice, startOf, subSlice } from "../memory/slice";
import { Writer } from "../memory/writer";
import { isDecodedAs } from "./uri";

const AMPERSAND: u8 = 38;
const EQUALS: u8 = 61;
const HASH: u8 = 35;
const PERCENT: u8 = 37;
const PLUS: u8 = 43;
const QUESTION: u8 = 63;
const BLANK: u8 = 32;
/** An encoded byte takes three. */
const ENCODED_SIZE_BYTES: usize = 3;

const out = new Writer();

/** The path without the parameters of this name; FAILED without memory. */
export function removeParameter(path: Slice, name: Slice): Slice {
  if (!openFor(sizeOf(path))) return FAILED;
  const fragment = fragmentStart(path);
  writeOthers(subSlice(path, 0, fragment), name);
  out.bytes(subSlice(path, fragment, sizeOf(path)));
  return out.written;
}

/** The path with this parameter behind all others, and no other of its name; FAILED as above. */
export function setParameter(path: Slice, name: Slice, value: Slice): Slice {
  const added = (sizeOf(name) + sizeOf(value)) * ENCODED_SIZE_BYTES + 2;
  if (!openFor(sizeOf(path) + added)) return FAILED;
  const fragment = fragmentStart(path);
  out.byte(writeOthers(subSlice(path, 0, fragment), name) ? AMPERSAND : QUESTION);
  encode(name);
  out.byte(EQUALS);
  encode(value);
  out.bytes(subSlice(path, fragment, sizeOf(path)));
  return out.written;
}

function openFor(size: usize): bool {
  const at = takeArena(size);
  out.open(at, at == 0 ? 0 : size);
  return at != 0 || size == 0;
}

function fragmentStart(path: Slice): usize {
  const at = indexOfByte(path, HASH);
  return at < 0 ? sizeOf(path) : <usize>at;
}

// Path and parameters of other names; whether there is one.
function writeOthers(path: Slice, name: Slice): bool {
  const question = indexOfByte(path, QUESTION);
  if (question < 0) {
    out.bytes(path);
    return false;
  }
  out.bytes(subSlice(path, 0, <usize>question));
  let hasOne = false;
  let at = startOf(path) + <usize>question + 1;
  const end = endOf(path);
  while (at < end) {
    let until = at;
    while (until < end && load<u8>(until) != AMPERSAND) until++;
    const pair = slice(at, until - at);
    if (sizeOf(pair) > 0 && !isNamed(pair, name)) {
      out.byte(hasOne ? AMPERSAND : QUESTION);
      out.bytes(pair);
      hasOne = true;
    }
    at = until + 1;
  }
  return hasOne;
}

function isNamed(pair: Slice, name: Slice): bool {
  const equals = indexOfByte(pair, EQUALS);
  const end = equals < 0 ? endOf(pair) : startOf(pair) + <usize>equals;
  return isDecodedAs(startOf(pair), end, name);
}

// As a form does: unreserved bytes as they are, a blank as a plus, all others by their numbers.
function encode(text: Slice): void {
  const size = sizeOf(text);
  for (let at: usize = 0; at < size; at++) {
    const byte = byteAt(text, at);
    if (isUnreserved(byte)) out.byte(byte);
    else if (byte == BLANK) out.byte(PLUS);
    else {
      out.byte(PERCENT);
      out.hex(byte);
    }
  }
}

// @ts-ignore: decorator
@inline
function isUnreserved(byte: u8): bool {
  const isLetter = (byte | 32) >= 97 && (byte | 32) <= 122;
  const isDigit = byte >= 48 && byte <= 57;
  return isLetter || isDigit || byte == 45 || byte == 46 || byte == 95 || byte == 126;
}

// Equality, order, search, folding and hashing over slices. Pure; allocates nothing. Both.

import { Slice, endOf, sizeOf, startOf } from "./slice";

/** Whether two present slices hold the same bytes. */
// @ts-ignore: decorator
@inline
export function equal(left: Slice, right: Slice): bool {
  return sizeOf(left) == sizeOf(right) && sameBytes(startOf(left), startOf(right), sizeOf(left));
}

/** Whether `size` bytes at two addresses are the same; the last comparison may overlap others. */
export function sameBytes(left: usize, right: usize, size: usize): bool {
  if (size >= 8) {
    const last = size - 8;
    for (let at: usize = 0; at < last; at += 8) {
      if (load<u64>(left + at) != load<u64>(right + at)) return false;
    }
    return load<u64>(left + last) == load<u64>(right + last);
  }
  if (size >= 4) {
    const last = size - 4;
    return load<u32>(left) == load<u32>(right) && load<u32>(left + last) == load<u32>(right + last);
  }
  if (size >= 2) {
    const last = size - 2;
    return load<u16>(left) == load<u16>(right) && load<u16>(left + last) == load<u16>(right + last);
  }
  return size == 0 || load<u8>(left) == load<u8>(right);
}

/**
 * Equality in a time that depends on the sizes alone, for secrets and their hashes: it does not
 * say how many bytes were right.
 */
export function equalInConstantTime(left: Slice, right: Slice): bool {
  const size = sizeOf(left);
  if (size != sizeOf(right)) return false;
  let difference: u32 = 0;
  for (let at: usize = 0; at < size; at++) {
    difference |= load<u8>(startOf(left) + at) ^ load<u8>(startOf(right) + at);
  }
  return difference == 0;
}

/** Most bytes that are copied one by one: above, leaving the module for memory.copy pays. */
const COPY_INLINE_MAX_BYTES: usize = 24;

/** Copies bytes that do not overlap; short ones without leaving the module. */
// @ts-ignore: decorator
@inline
export function copyBytes(to: usize, from: usize, size: usize): void {
  if (size > COPY_INLINE_MAX_BYTES) memory.copy(to, from, size);
  else copyShort(to, from, size);
}

function copyShort(to: usize, from: usize, size: usize): void {
  while (size >= 8) {
    store<u64>(to, load<u64>(from));
    to += 8;
    from += 8;
    size -= 8;
  }
  while (size > 0) {
    store<u8>(to++, load<u8>(from++));
    size--;
  }
}

/** Bytewise order, as Go compares strings: below 0, 0, above 0. */
export function compare(left: Slice, right: Slice): i32 {
  const leftSize = sizeOf(left);
  const rightSize = sizeOf(right);
  const shared = leftSize < rightSize ? leftSize : rightSize;
  const order = memory.compare(startOf(left), startOf(right), shared);
  if (order != 0) return order;
  return leftSize < rightSize ? -1 : leftSize > rightSize ? 1 : 0;
}

/** Whether `text` begins with `prefix`. */
// @ts-ignore: decorator
@inline
export function startsWith(text: Slice, prefix: Slice): bool {
  const size = sizeOf(prefix);
  return sizeOf(text) >= size && sameBytes(startOf(text), startOf(prefix), size);
}

/** Whether `text` ends with `suffix`. */
// @ts-ignore: decorator
@inline
export function endsWith(text: Slice, suffix: Slice): bool {
  const size = sizeOf(suffix);
  return sizeOf(text) >= size && sameBytes(endOf(text) - size, startOf(suffix), size);
}

/** The index of the first `byte` at or after `from`; -1 when there is none. */
export function indexOfByte(text: Slice, byte: u8, from: usize = 0): isize {
  const start = startOf(text);
  const end = endOf(text);
  for (let at = start + from; at < end; at++) if (load<u8>(at) == byte) return <isize>(at - start);
  return -1;
}

/** The index of the first occurrence of `part`; -1 when there is none. Quadratic only in `part`. */
export function indexOf(text: Slice, part: Slice): isize {
  const partSize = sizeOf(part);
  const size = sizeOf(text);
  if (partSize > size) return -1;
  const start = startOf(text);
  for (let at: usize = 0; at <= size - partSize; at++) {
    if (sameBytes(start + at, startOf(part), partSize)) return <isize>at;
  }
  return -1;
}

/** The lower-case form of an ASCII letter; any other byte as it is. */
// @ts-ignore: decorator
@inline
export function asciiLower(byte: u8): u8 {
  return <u32>byte - 65 < 26 ? byte | 32 : byte;
}

/** Equality where upper and lower case of ASCII letters are the same. */
export function equalIgnoringCase(left: Slice, right: Slice): bool {
  const size = sizeOf(left);
  if (size != sizeOf(right)) return false;
  for (let at: usize = 0; at < size; at++) {
    if (asciiLower(load<u8>(startOf(left) + at)) != asciiLower(load<u8>(startOf(right) + at))) {
      return false;
    }
  }
  return true;
}

/**
 * A 64-bit hash of the bytes, mixed with `seed`. Not cryptographic; tables keyed by request data
 * use a random seed for each VM so that a client cannot choose collisions.
 */
export function hash(bytes: Slice, seed: u64): u64 {
  let at = startOf(bytes);
  let left = sizeOf(bytes);
  let state = seed ^ (<u64>left * 0x9e3779b97f4a7c15);
  while (left >= 8) {
    state = mix(state ^ load<u64>(at));
    at += 8;
    left -= 8;
  }
  if (left > 0) {
    let tail: u64 = 0;
    for (let index: usize = 0; index < left; index++)
      tail |= (<u64>load<u8>(at + index)) << (index << 3);
    state = mix(state ^ tail);
  }
  return mix(state);
}

/** One round of hash mixing; also combines hashes: `mixHash(a ^ b)`. */
// @ts-ignore: decorator
@inline
function mix(state: u64): u64 {
  state = (state ^ (state >>> 32)) * 0xd6e8feb86659fd93;
  return (state ^ (state >>> 29)) * 0xd6e8feb86659fd93;
}

// The dimensions of one charge in one canonical form of bytes for each value: what overrides are
// compared with and keys are made of. Hot: borrows texts, writes numbers into the quota's memory.

import { QUOTA_KEY_SIZE_MAX_BYTES } from "../../shared/limits";
import { ValueType } from "../../shared/types";
import { takeArena } from "../../memory/arena";
import { compare } from "../../memory/bytes";
import { FAILED, Slice, sizeOf, slice } from "../../memory/slice";
import { Writer } from "../../memory/writer";
import { unmapIp } from "../../text/address";
import { writeVarint } from "../../text/wire";
import { PairsCursor } from "../../abi/pairs";
import { doubleAt, intAt, nanosAt, textAt, typeAt } from "../../attribute/value";
import { DimensionSet } from "../dimension-set";

/** Memory that a value needs: its slice, and room for a number. */
export const DIMENSION_SIZE_BYTES: usize = 24;

const PAIR_SIZE_BYTES: usize = 16;
const cursor = new PairsCursor();
const writer = new Writer();

/** Fills `values`, DIMENSION_SIZE_BYTES for each dimension. */
export function fillDimensionValues(set: DimensionSet, values: usize): void {
  for (let position = 0; position < set.count; position++) {
    const at = values + <usize>position * DIMENSION_SIZE_BYTES;
    store<u64>(at, canonicalValue(set.cell(position), at + 8));
  }
}

/** The canonical bytes of a filled value; FAILED for a map that is too large. */
// @ts-ignore: decorator
@inline
export function canonicalValueAt(values: usize, position: i32): Slice {
  return load<u64>(values + <usize>position * DIMENSION_SIZE_BYTES);
}

/** The canonical bytes of a value; FAILED for a map that is too large for any key. */
export function canonicalValue(cell: usize, room: usize): Slice {
  switch (<i32>typeAt(cell)) {
    case ValueType.Int64:
    case ValueType.Duration:
    case ValueType.Bool:
    case ValueType.Uint64:
      store<i64>(room, intAt(cell));
      return slice(room, 8);
    case ValueType.Double:
      return canonicalDouble(doubleAt(cell), room);
    case ValueType.Timestamp:
      store<i64>(room, intAt(cell));
      store<u32>(room, nanosAt(cell), 8);
      return slice(room, 12);
    case ValueType.IpAddress:
      return unmapIp(textAt(cell));
    case ValueType.StringMap:
      return canonicalMap(textAt(cell));
    default:
      return textAt(cell);
  }
}

/** Equal numbers give equal bytes: 0 and -0, and all that are no number. */
export function canonicalDouble(value: f64, room: usize): Slice {
  store<f64>(room, value == 0 ? 0 : isNaN(value) ? NaN : value);
  return slice(room, 8);
}

/** The pairs of a map sorted by key and value, each behind its size; in the arena. */
export function canonicalMap(pairs: Slice): Slice {
  const size = sizeOf(pairs);
  if (size > (<usize>QUOTA_KEY_SIZE_MAX_BYTES) << 1) return FAILED;
  const list = takeArena(size << 1);
  const text = takeArena(size << 1);
  if (list == 0 || text == 0) return FAILED;
  const count = sortPairs(pairs, list);
  writer.open(text, size << 1);
  for (let index = 0; index < count; index++) {
    const pair = list + <usize>index * PAIR_SIZE_BYTES;
    writePart(load<u64>(pair));
    writePart(load<u64>(pair, 8));
  }
  return writer.written;
}

function writePart(part: Slice): void {
  writeVarint(writer, sizeOf(part));
  writer.bytes(part);
}

// Insertion sort: a map that fits a key has at most two hundred pairs.
function sortPairs(pairs: Slice, list: usize): i32 {
  let count = 0;
  cursor.open(pairs);
  while (cursor.next()) {
    let at = list + <usize>count * PAIR_SIZE_BYTES;
    while (at > list && isBefore(cursor.key, cursor.value, at - PAIR_SIZE_BYTES)) {
      store<u64>(at, load<u64>(at - PAIR_SIZE_BYTES));
      store<u64>(at, load<u64>(at - PAIR_SIZE_BYTES, 8), 8);
      at -= PAIR_SIZE_BYTES;
    }
    store<u64>(at, cursor.key);
    store<u64>(at, cursor.value, 8);
    count++;
  }
  return count;
}

function isBefore(key: Slice, value: Slice, pair: usize): bool {
  const order = compare(key, load<u64>(pair));
  return order < 0 || (order == 0 && compare(value, load<u64>(pair, 8)) < 0);
}

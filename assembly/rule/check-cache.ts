// Verdicts of callouts that this worker remembers: sets of CHECK_CACHE_WAY_COUNT places, in each of
// which the least recently used gives way. An entry holds its whole key, never only a hash. Nothing
// is taken before the first verdict is kept. Hot.
//
//   0      8       12         16           20     24       32
//   | hash | block | key size | value size | uses | expiry | last use |

import { CHECK_CACHE_SET_COUNT, CHECK_CACHE_WAY_COUNT } from "../shared/limits";
import { giveBlock, takeBlock } from "../memory/blocks";
import { equal } from "../memory/bytes";
import { takePages } from "../memory/pages";
import { ABSENT, Slice, sizeOf, slice, startOf } from "../memory/slice";

const ENTRY_SIZE_BYTES: usize = 40;
const SET_SIZE_BYTES: usize = ENTRY_SIZE_BYTES * <usize>CHECK_CACHE_WAY_COUNT;

let table: usize = 0;
let uses: u64 = 0;

/** The value that is kept under a key, for this use; ABSENT when there is none any more. */
export function findCached(key: Slice, hash: u64, nowNs: u64): Slice {
  if (table == 0) return ABSENT;
  const entry = findEntry(key, hash);
  if (entry == 0) return ABSENT;
  const left = load<i32>(entry, 20);
  if (load<u64>(entry, 24) <= nowNs || left == 0) {
    drop(entry);
    return ABSENT;
  }
  // Below 0: as often as anybody likes.
  if (left > 0) store<i32>(entry, left - 1, 20);
  store<u64>(entry, ++uses, 32);
  const block = <usize>load<u32>(entry, 8);
  return slice(block + <usize>load<u32>(entry, 12), <usize>load<u32>(entry, 16));
}

/** Keeps a value until a time, for a number of uses. */
export function keepCached(
  key: Slice,
  hash: u64,
  value: Slice,
  expiryNs: u64,
  useCount: i32,
): void {
  if (table == 0) table = takePages(SET_SIZE_BYTES * <usize>CHECK_CACHE_SET_COUNT);
  if (table == 0) return;
  let entry = findEntry(key, hash);
  if (entry == 0) entry = oldestEntry(hash);
  drop(entry);
  const size = sizeOf(key) + sizeOf(value);
  const block = takeBlock(size);
  if (block == 0) return;
  memory.copy(block, startOf(key), sizeOf(key));
  memory.copy(block + sizeOf(key), startOf(value), sizeOf(value));
  store<u64>(entry, hash);
  store<u32>(entry, <u32>block, 8);
  store<u32>(entry, <u32>sizeOf(key), 12);
  store<u32>(entry, <u32>sizeOf(value), 16);
  store<i32>(entry, useCount, 20);
  store<u64>(entry, expiryNs, 24);
  store<u64>(entry, ++uses, 32);
}

function setOf(hash: u64): usize {
  return table + <usize>(hash & (<u64>(CHECK_CACHE_SET_COUNT - 1))) * SET_SIZE_BYTES;
}

function findEntry(key: Slice, hash: u64): usize {
  let entry = setOf(hash);
  for (let way = 0; way < CHECK_CACHE_WAY_COUNT; way++, entry += ENTRY_SIZE_BYTES) {
    const block = <usize>load<u32>(entry, 8);
    if (block == 0 || load<u64>(entry) != hash) continue;
    if (equal(slice(block, <usize>load<u32>(entry, 12)), key)) return entry;
  }
  return 0;
}

function oldestEntry(hash: u64): usize {
  let entry = setOf(hash);
  let oldest = entry;
  for (let way = 0; way < CHECK_CACHE_WAY_COUNT; way++, entry += ENTRY_SIZE_BYTES) {
    if (load<u32>(entry, 8) == 0) return entry;
    if (load<u64>(entry, 32) < load<u64>(oldest, 32)) oldest = entry;
  }
  return oldest;
}

function drop(entry: usize): void {
  const block = <usize>load<u32>(entry, 8);
  if (block == 0) return;
  giveBlock(block, <usize>load<u32>(entry, 12) + <usize>load<u32>(entry, 16));
  store<u32>(entry, 0, 8);
}

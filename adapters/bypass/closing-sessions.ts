// Sessions that are over and still have to be closed, of all handlers of this VM. A root context
// that ends can no longer call anybody: the next handler with the same cluster does, on its tick.
// Bounded: beyond it the oldest is forgotten. Hot: allocates nothing.
//
//   0       8      12     16
//   | cluster | size | free | id …

import {
  BYPASS_CLOSING_COUNT_MAX,
  BYPASS_SESSION_ID_SIZE_MAX_BYTES,
  Slice,
  hash,
  sizeOf,
  slice,
  startOf,
} from "../../assembly/sdk";

const HEAD_SIZE_BYTES: usize = 16;
const ENTRY_SIZE_BYTES: usize = HEAD_SIZE_BYTES + BYPASS_SESSION_ID_SIZE_MAX_BYTES;
const ENTRIES: usize = memory.data(
  BYPASS_CLOSING_COUNT_MAX * (16 + BYPASS_SESSION_ID_SIZE_MAX_BYTES),
  8,
);
const SALT: u64 = 0x636c6f73696e67;

let count: u32 = 0;

/** Remembers an id; `cluster` is where its adapter listens. */
export function closeLater(cluster: Slice, id: Slice): void {
  const size = sizeOf(id);
  if (size == 0 || size > <usize>BYPASS_SESSION_ID_SIZE_MAX_BYTES) return;
  if (count == BYPASS_CLOSING_COUNT_MAX) remove(0);
  const entry = entryAt(count++);
  store<u64>(entry, hash(cluster, SALT));
  store<u32>(entry, <u32>size, 8);
  memory.copy(entry + HEAD_SIZE_BYTES, startOf(id), size);
}

/** Takes an id of the cluster's into `to`, which has room for the longest; empty for none. */
export function takeClosing(cluster: Slice, to: usize): Slice {
  const wanted = count == 0 ? 0 : hash(cluster, SALT);
  for (let at: u32 = 0; at < count; at++) {
    const entry = entryAt(at);
    if (load<u64>(entry) != wanted) continue;
    const size = <usize>load<u32>(entry, 8);
    memory.copy(to, entry + HEAD_SIZE_BYTES, size);
    remove(at);
    return slice(to, size);
  }
  return slice(to, 0);
}

function entryAt(at: u32): usize {
  return ENTRIES + <usize>at * ENTRY_SIZE_BYTES;
}

function remove(at: u32): void {
  count--;
  const rest = <usize>(count - at) * ENTRY_SIZE_BYTES;
  memory.copy(entryAt(at), entryAt(at + 1), rest);
}

// Which stream belongs to which root context, and its record: an open-addressed table by context
// id that grows by raw pages, so that a look-up costs the same with any number of streams. Hot.
//
//   0         4      8        12
//   | context | root | record | pad |

import { takePages } from "../memory/pages";

const ENTRY_SIZE_BYTES: usize = 16;
const FIRST_CAPACITY: u32 = 1024;

let table: usize = memory.data(16384, 8);
let capacity: u32 = FIRST_CAPACITY;
let count: u32 = 0;

// @ts-ignore: decorator
@inline
function entryAt(slot: u32): usize {
  return table + <usize>slot * ENTRY_SIZE_BYTES;
}

/** The entry of a stream; 0 when the context is unknown. */
// @ts-ignore: decorator
@inline
export function findStream(context: u32): usize {
  let slot = context & (capacity - 1);
  let entry = entryAt(slot);
  let known = load<u32>(entry);
  while (known != context) {
    if (known == 0) return 0;
    slot = (slot + 1) & (capacity - 1);
    entry = entryAt(slot);
    known = load<u32>(entry);
  }
  return entry;
}

/** Remembers a new stream's root context; its entry, or 0 when there is no memory for more. */
export function addStream(context: u32, root: u32): usize {
  if (context == 0 || (isCrowded() && !grow())) return 0;
  const entry = freeEntry(context);
  store<u32>(entry, context);
  store<u32>(entry, root, 4);
  store<u32>(entry, 0, 8);
  count++;
  return entry;
}

/** The address of the stream's Root. */
// @ts-ignore: decorator
@inline
export function streamRoot(entry: usize): usize {
  return <usize>load<u32>(entry, 4);
}

/** The stream's record; 0 for none. */
// @ts-ignore: decorator
@inline
export function streamRecord(entry: usize): usize {
  return <usize>load<u32>(entry, 8);
}

/** Gives the stream a record. */
// @ts-ignore: decorator
@inline
export function setStreamRecord(entry: usize, record: usize): void {
  store<u32>(entry, <u32>record, 8);
}

/** Whether the table has to grow before it takes one stream more. */
export function isCrowded(): bool {
  return (count + 1) << 1 > capacity;
}

/** Whether so many are left that asking who is gone would soon be due again. */
export function isHalfCrowded(): bool {
  return count << 2 > capacity;
}

/** How many places the table has, taken or not. */
export function placeCount(): u32 {
  return capacity;
}

/** The context in this place; 0 = none. */
export function contextAt(place: u32): u32 {
  return load<u32>(entryAt(place));
}

/** Forgets a stream; entries behind it move up so that every look-up still ends. */
export function removeStream(entry: usize): void {
  count--;
  let hole = <u32>((entry - table) / ENTRY_SIZE_BYTES);
  let slot = hole;
  for (;;) {
    slot = (slot + 1) & (capacity - 1);
    const next = entryAt(slot);
    const context = load<u32>(next);
    if (context == 0) break;
    const home = context & (capacity - 1);
    if (((slot - home) & (capacity - 1)) < ((slot - hole) & (capacity - 1))) continue;
    const to = entryAt(hole);
    store<u64>(to, load<u64>(next));
    store<u64>(to, load<u64>(next, 8), 8);
    hole = slot;
  }
  store<u64>(entryAt(hole), 0);
}

function freeEntry(context: u32): usize {
  let slot = context & (capacity - 1);
  while (load<u32>(entryAt(slot)) != 0) slot = (slot + 1) & (capacity - 1);
  return entryAt(slot);
}

/** Makes the table twice as large; false when there is no memory for it. */
export function grow(): bool {
  const old = table;
  const oldCapacity = capacity;
  const larger = takePages(<usize>capacity * 2 * ENTRY_SIZE_BYTES);
  if (larger == 0) return false;
  table = larger;
  capacity = oldCapacity << 1;
  for (let slot: u32 = 0; slot < oldCapacity; slot++) {
    const from = old + <usize>slot * ENTRY_SIZE_BYTES;
    const context = load<u32>(from);
    if (context != 0) memory.copy(freeEntry(context), from, ENTRY_SIZE_BYTES);
  }
  return true;
}

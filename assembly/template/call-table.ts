// Which call belongs to whom: an open-addressed table by token, for all root contexts of the VM.
// Tokens that are not in it (Envoy reports some that nobody was given) have no owner. Hot: grows by
// raw pages, so that an answer finds its stream at the same cost with any number of waiting
// streams.
//
//   0       4        8            12
//   | token | stream | connection | shadow call |

import { takePages } from "../memory/pages";
import { abandonShadowCall } from "./shadow-call";

const ENTRY_SIZE_BYTES: usize = 16;
const FIRST_CAPACITY: u32 = 256;

/** Streams by their record's address; these two mean that no stream waits. */
export const NO_STREAM: u32 = 0;
/** The stream that asked has ended; the answer only tells how the backend is. */
export const STREAM_GONE: u32 = 1;
/** A rule in SHADOW mode asked: the shadow call of the entry says which. */
export const SHADOW: u32 = 2;

let table: usize = memory.data(4096, 8);
let capacity: u32 = FIRST_CAPACITY;
let count: u32 = 0;

/** The entry of a call; 0 when nobody made it. */
export function findCall(token: u32): usize {
  if (token == 0) return 0;
  let slot = homeOf(token);
  let entry = entryAt(slot);
  while (load<u32>(entry) != token) {
    if (load<u32>(entry) == 0) return 0;
    slot = (slot + 1) & (capacity - 1);
    entry = entryAt(slot);
  }
  return entry;
}

/** Remembers a call; false when there is no memory. `connection` is an object's address, or 0. */
export function addCall(token: u32, connection: usize): bool {
  if (token == 0 || ((count + 1) << 1 > capacity && !grow())) return false;
  const entry = freeEntry(token);
  store<u32>(entry, token);
  store<u32>(entry, NO_STREAM, 4);
  store<u32>(entry, <u32>connection, 8);
  store<u32>(entry, 0, 12);
  count++;
  return true;
}

/** The stream that waits: a record's address, NO_STREAM or STREAM_GONE. */
// @ts-ignore: decorator
@inline
export function callStream(entry: usize): u32 {
  return load<u32>(entry, 4);
}

/** Says who waits. */
// @ts-ignore: decorator
@inline
export function setCallStream(entry: usize, stream: u32): void {
  store<u32>(entry, stream, 4);
}

/** Says that a rule in SHADOW mode asks, by the address of its shadow call. */
export function setCallOwner(entry: usize, stream: u32, shadowCall: usize): void {
  store<u32>(entry, stream, 4);
  store<u32>(entry, <u32>shadowCall, 12);
}

/** The address of the entry's shadow call; 0 for none. */
// @ts-ignore: decorator
@inline
export function callShadow(entry: usize): usize {
  return <usize>load<u32>(entry, 12);
}

/** The address of the connection that made the call; 0 for none. */
// @ts-ignore: decorator
@inline
export function callConnection(entry: usize): usize {
  return <usize>load<u32>(entry, 8);
}

/** Forgets a call; entries behind it move up so that every look-up still ends. */
export function removeCall(entry: usize): void {
  count--;
  let hole = <u32>((entry - table) / ENTRY_SIZE_BYTES);
  let slot = hole;
  for (;;) {
    slot = (slot + 1) & (capacity - 1);
    const next = entryAt(slot);
    const token = load<u32>(next);
    if (token == 0) break;
    const home = homeOf(token);
    if (((slot - home) & (capacity - 1)) < ((slot - hole) & (capacity - 1))) continue;
    memory.copy(entryAt(hole), next, ENTRY_SIZE_BYTES);
    hole = slot;
  }
  memory.fill(entryAt(hole), 0, ENTRY_SIZE_BYTES);
}

/** Forgets every call of a connection whose document has ended. */
export function removeCallsOf(connection: usize): void {
  let slot: u32 = 0;
  while (slot < capacity) {
    const entry = entryAt(slot);
    // What moves into the freed place is looked at again.
    if (load<u32>(entry) == 0 || callConnection(entry) != connection) {
      slot++;
      continue;
    }
    if (callShadow(entry) != 0) abandonShadowCall(callShadow(entry));
    removeCall(entry);
  }
}

// @ts-ignore: decorator
@inline
function entryAt(slot: u32): usize {
  return table + <usize>slot * ENTRY_SIZE_BYTES;
}

// Tokens go up by four, one sequence for each kind of call.
// @ts-ignore: decorator
@inline
function homeOf(token: u32): u32 {
  return ((token >>> 2) + ((token & 3) << 6)) & (capacity - 1);
}

function freeEntry(token: u32): usize {
  let slot = homeOf(token);
  while (load<u32>(entryAt(slot)) != 0) slot = (slot + 1) & (capacity - 1);
  return entryAt(slot);
}

function grow(): bool {
  const old = table;
  const oldCapacity = capacity;
  const larger = takePages(<usize>capacity * 2 * ENTRY_SIZE_BYTES);
  if (larger == 0) return false;
  table = larger;
  capacity = oldCapacity << 1;
  for (let slot: u32 = 0; slot < oldCapacity; slot++) {
    const from = old + <usize>slot * ENTRY_SIZE_BYTES;
    const token = load<u32>(from);
    if (token != 0) memory.copy(freeEntry(token), from, ENTRY_SIZE_BYTES);
  }
  return true;
}

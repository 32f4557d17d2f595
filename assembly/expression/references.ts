// What an evaluation has read, for caches of verdicts: each attribute and map key, present or
// absent. Off unless somebody starts it. Hot: when more is read than fits, `isComplete` says so and
// nothing may be cached.
//
//   0           4       8      16
//   | attribute | state | key  |      key: ABSENT for the attribute itself

import { CellState, typeAt } from "../attribute/value";
import { equal } from "../memory/bytes";
import { ABSENT, Slice } from "../memory/slice";

/** What a read found. */
export const enum ReadState {
  /** No such attribute, no such map, or no such key. */
  Absent = 0,
  Present = 1,
  /** Of a map's element that is an attribute of its own: the map is there, the key is not. */
  KeyAbsent = 2,
}

const RECORD_SIZE_BYTES: usize = 16;
const RECORD_COUNT_MAX: i32 = 256;
const RECORDS: usize = memory.data(4096, 8);

let count: i32 = 0;
let isFull: bool = false;

/** Whether reads are being recorded. */
export let isRecording: bool = false;

/** Forgets what was recorded and records from now on. */
export function startReferences(): void {
  count = 0;
  isFull = false;
  isRecording = true;
}

/** Ends recording; what was recorded stays until the next start. */
export function stopReferences(): void {
  isRecording = false;
}

/** How many reads are recorded, each attribute and key once. */
export function referenceCount(): i32 {
  return count;
}

/** Whether all reads are recorded. */
export function isComplete(): bool {
  return !isFull;
}

/** The attribute of a recorded read. */
export function referenceAttribute(index: i32): i32 {
  return load<i32>(RECORDS + <usize>index * RECORD_SIZE_BYTES);
}

/** What it found. */
export function referenceState(index: i32): ReadState {
  return <ReadState>load<u32>(RECORDS + <usize>index * RECORD_SIZE_BYTES, 4);
}

/** The key that was looked up in it, or ABSENT. Valid as long as the evaluation's values. */
export function referenceKey(index: i32): Slice {
  return load<u64>(RECORDS + <usize>index * RECORD_SIZE_BYTES, 8);
}

/** Records what an attribute's cell holds. A value that the host refused makes it incomplete. */
export function recordCell(attribute: i32, cell: usize): void {
  const type = typeAt(cell);
  if (type == CellState.Error) isFull = true;
  else if (type == CellState.KeyAbsent) record(attribute, ABSENT, ReadState.KeyAbsent);
  else record(attribute, ABSENT, type == CellState.Absent ? ReadState.Absent : ReadState.Present);
}

/** Records that an evaluation depends on a whole map: more than a record can say. */
export function recordWhole(): void {
  isFull = true;
}

/** Records the look-up of a key in a map. */
export function recordRead(attribute: i32, key: Slice, isPresent: bool): void {
  record(attribute, key, isPresent ? ReadState.Present : ReadState.Absent);
}

function record(attribute: i32, key: Slice, state: ReadState): void {
  for (let index = 0; index < count; index++) {
    if (referenceAttribute(index) == attribute && isSameKey(referenceKey(index), key)) return;
  }
  if (count == RECORD_COUNT_MAX) {
    isFull = true;
    return;
  }
  const at = RECORDS + <usize>count * RECORD_SIZE_BYTES;
  count++;
  store<i32>(at, attribute);
  store<u32>(at, state, 4);
  store<u64>(at, key, 8);
}

function isSameKey(left: Slice, right: Slice): bool {
  if (left == ABSENT || right == ABSENT) return left == right;
  return equal(left, right);
}

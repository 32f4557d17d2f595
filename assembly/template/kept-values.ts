// Values of dimensions that outlive their callback: a charge in SHADOW mode is judged when its
// answer comes, also after the stream has gone. Hot.
//
//   | a cell for each dimension; slices count from the first byte here | their bytes … |

import { takeArena } from "../memory/arena";
import { FAILED, Slice, emptySlice, sizeOf, slice, startOf } from "../memory/slice";
import { VALUE_SIZE_BYTES, copyValue, holdsSlice, textAt, typeAt } from "../attribute/value";
import { DimensionSet } from "./dimension-set";

/** Copies of a set's values, in the arena; empty for no set, FAILED without memory. */
export function keepValues(set: DimensionSet | null): Slice {
  if (set == null) return emptySlice();
  const size = sizeOfAll(set);
  const start = takeArena(size);
  if (start == 0) return FAILED;
  let at = start + <usize>set.count * VALUE_SIZE_BYTES;
  for (let position = 0; position < set.count; position++) {
    const from = set.cell(position);
    const to = start + <usize>position * VALUE_SIZE_BYTES;
    copyValue(to, from);
    if (!holdsSlice(typeAt(from))) continue;
    const text = textAt(from);
    memory.copy(at, startOf(text), sizeOf(text));
    store<u64>(to, slice(at - start, sizeOf(text)), 8);
    at += sizeOf(text);
  }
  return slice(start, size);
}

/** Makes kept values those of the callback with this number; borrows their bytes. */
export function takeValues(set: DimensionSet | null, kept: Slice, callback: u64): void {
  if (set == null) return;
  const start = startOf(kept);
  for (let position = 0; position < set.count; position++) {
    const from = start + <usize>position * VALUE_SIZE_BYTES;
    const to = set.cell(position);
    copyValue(to, from);
    if (!holdsSlice(typeAt(from))) continue;
    const text = textAt(from);
    store<u64>(to, slice(start + startOf(text), sizeOf(text)), 8);
  }
  set.fillFor(callback);
}

function sizeOfAll(set: DimensionSet): usize {
  let size = <usize>set.count * VALUE_SIZE_BYTES;
  for (let position = 0; position < set.count; position++) {
    const cell = set.cell(position);
    if (holdsSlice(typeAt(cell))) size += sizeOf(textAt(cell));
  }
  return size;
}

// How far one step goes in a line of addresses, which may be as long as the whole list. Cold.

import { Slice, emptySlice, isPresent, sizeOf } from "../../assembly/sdk";

/** What is looked at for one entry; no address is longer, whatever stands around it. */
export const PORTION_SIZE_BYTES: usize = 256;

/** A portion was read in which no entry ends: go on. No entry is empty. */
// @ts-ignore: decorator
@inline
export function notYet(): Slice {
  return emptySlice();
}

/** Whether only a portion was read. */
// @ts-ignore: decorator
@inline
export function isNotYet(entry: Slice): bool {
  return isPresent(entry) && sizeOf(entry) == 0;
}

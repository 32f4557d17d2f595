// Strings in an open hash table: the cost of a look-up does not depend on the number of entries.
// Hot: reads the configuration's memory, writes only the arena.
//
// A slot: | upper half of the hash | address of the entry, 0 = empty |, an entry: | size | bytes |.

import { Slice, hash, sameBytes, sizeOf, startOf, toLower } from "../../assembly/sdk";
import { Entries, Found } from "./entries";
import { textFormOf } from "./value-text";

/** Bytes of one slot. */
export const SLOT_SIZE_BYTES: usize = 8;
/** Bytes in front of an entry's text. */
export const ENTRY_HEAD_SIZE_BYTES: usize = 4;

// The entries come from the document, so that a client cannot fill the table; no seed is needed.
const SEED: u64 = 0;

/** The hash of a text in this table. */
// @ts-ignore: decorator
@inline
export function hashOfEntry(text: Slice): u64 {
  return hash(text, SEED);
}

/** The address of the slot that holds `text`, or of the empty slot where it belongs. */
export function findSlot(slots: usize, mask: u32, text: Slice): usize {
  const code = hashOfEntry(text);
  const mark = <u32>(code >>> 32);
  let index = (<u32>code) & mask;
  while (true) {
    const slot = slots + <usize>index * SLOT_SIZE_BYTES;
    const entry = <usize>load<u32>(slot, 4);
    if (entry == 0 || (load<u32>(slot) == mark && isEntry(entry, text))) return slot;
    index = (index + 1) & mask;
  }
}

function isEntry(entry: usize, text: Slice): bool {
  const size = <usize>load<u32>(entry);
  return size == sizeOf(text) && sameBytes(entry + ENTRY_HEAD_SIZE_BYTES, startOf(text), size);
}

/** Strings, compared byte by byte or in upper case. */
export class StringEntries extends Entries {
  /** `slots` has mask + 1 slots, at least one of them empty. */
  constructor(
    private readonly slots: usize,
    private readonly mask: u32,
    private readonly ignoresCase: bool,
  ) {
    super();
  }

  find(cell: usize): Found {
    const text = textFormOf(cell);
    const slot = findSlot(this.slots, this.mask, this.ignoresCase ? toLower(text) : text);
    return load<u32>(slot, 4) == 0 ? Found.No : Found.Yes;
  }
}

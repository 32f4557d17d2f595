// Strings in an open hash table: the cost of a look-up does not depend on the number of entries.
// Hot: reads the memory of the list, writes only the arena.
//
// A slot: | upper half of the hash | size of the entry | address of the entry, 0 = empty |.

import { FAILED, Slice, hash, sameBytes, sizeOf, startOf, toLower } from "../../assembly/sdk";
import { Entries, Found } from "./entries";
import { textFormOf } from "./value-text";

/** Bytes of one slot. */
export const SLOT_SIZE_BYTES: usize = 12;

/** The address of the slot that holds `text`, or of the empty slot where it belongs. */
export function findSlot(slots: usize, mask: u32, code: u64, text: Slice): usize {
  const mark = <u32>(code >>> 32);
  let index = (<u32>code) & mask;
  while (true) {
    const slot = slots + <usize>index * SLOT_SIZE_BYTES;
    if (load<u32>(slot, 8) == 0 || (load<u32>(slot) == mark && isEntry(slot, text))) return slot;
    index = (index + 1) & mask;
  }
}

function isEntry(slot: usize, text: Slice): bool {
  const size = <usize>load<u32>(slot, 4);
  return size == sizeOf(text) && sameBytes(<usize>load<u32>(slot, 8), startOf(text), size);
}

/** Strings, compared byte by byte or in lower case. */
export class StringEntries extends Entries {
  /** `slots` has mask + 1 slots, at least one of them empty. */
  constructor(
    private readonly slots: usize,
    private readonly mask: u32,
    private readonly ignoresCase: bool,
    /** Random for entries that come from elsewhere, so that nobody can choose what collides. */
    private readonly seed: u64,
  ) {
    super();
  }

  find(cell: usize): Found {
    const given = textFormOf(cell);
    const text = this.ignoresCase ? toLower(given) : given;
    if (text == FAILED) return Found.No;
    const slot = findSlot(this.slots, this.mask, hash(text, this.seed), text);
    return load<u32>(slot, 8) == 0 ? Found.No : Found.Yes;
  }
}

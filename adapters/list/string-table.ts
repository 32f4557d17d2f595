// Fills the hash table of a list of strings. Cold: runs while a document is loaded or on the tick.

import {
  FAILED,
  LIST_CHUNK_SIZE_BYTES,
  Region,
  Slice,
  hash,
  markArena,
  releaseArena,
  sizeOf,
  startOf,
  toLower,
} from "../../assembly/sdk";
import { SLOT_SIZE_BYTES, StringEntries, findSlot } from "./string-entries";

/** A table for a number of texts that is known before. */
export class StringTable {
  /** How many different texts it holds. */
  count: u32 = 0;
  private readonly slots: usize;
  private readonly mask: u32;
  private zeroed: usize = 0;

  /** For at most `countMax` texts. */
  constructor(
    countMax: u32,
    private readonly region: Region,
    private readonly ignoresCase: bool,
    private readonly seed: u64,
  ) {
    let capacity: u32 = 8;
    while (capacity < countMax << 1) capacity <<= 1;
    this.slots = heap.alloc(<usize>capacity * SLOT_SIZE_BYTES);
    region.adopt(this.slots);
    this.mask = capacity - 1;
  }

  /** Empties one portion of the table; true when all of it is empty and texts may come. */
  prepare(): bool {
    const left = (<usize>this.mask + 1) * SLOT_SIZE_BYTES - this.zeroed;
    const size = min<usize>(left, LIST_CHUNK_SIZE_BYTES);
    memory.fill(this.slots + this.zeroed, 0, size);
    this.zeroed += size;
    return size == left;
  }

  /** Adds a text; `isCopied` where it does not live as long as the region. */
  add(text: Slice, isCopied: bool): void {
    const mark = markArena();
    let entry = this.ignoresCase ? toLower(text) : text;
    if (entry == FAILED) entry = text;
    const code = hash(entry, this.seed);
    const slot = findSlot(this.slots, this.mask, code, entry);
    if (load<u32>(slot, 8) == 0) {
      const kept =
        isCopied || entry != text ? this.region.copy(startOf(entry), sizeOf(entry)) : entry;
      store<u32>(slot, <u32>(code >>> 32));
      store<u32>(slot, <u32>sizeOf(kept), 4);
      store<u32>(slot, <u32>startOf(kept), 8);
      this.count++;
    }
    releaseArena(mark);
  }

  /** The finished table. */
  entries(): StringEntries {
    return new StringEntries(this.slots, this.mask, this.ignoresCase, this.seed);
  }
}

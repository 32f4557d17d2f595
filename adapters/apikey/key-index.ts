// Keys by their SHA-256: an open hash table over the hashes' own first bytes, so that ten thousand
// keys cost what one costs. Timing says nothing useful: the probes depend on the first bits of a
// hash that a caller cannot choose bytes of without knowing the key, and whole hashes are compared
// in constant time. Both: filled cold, searched per request without allocation.

import {
  Region,
  SHA256_SIZE_BYTES,
  Slice,
  equalInConstantTime,
  sha256,
  slice,
} from "../../assembly/sdk";

const HASH: usize = memory.data(32, 8);

/** Hashes with their numbers. */
export class KeyIndex {
  private readonly slots: usize;
  private readonly hashes: usize;
  private readonly mask: u32;
  private count: u32 = 0;

  /** For at most `capacity` keys. */
  constructor(capacity: i32, region: Region) {
    let size: u32 = 8;
    while (size < (<u32>capacity) << 1) size <<= 1;
    this.mask = size - 1;
    this.slots = region.take((<usize>size) << 2);
    this.hashes = region.take(<usize>capacity * SHA256_SIZE_BYTES);
  }

  /** Adds a hash; the number it has already, or -1 when it is new and has the next number. */
  add(hash: Slice): i32 {
    const slot = this.findSlot(hash);
    if (load<u32>(slot) != 0) return <i32>load<u32>(slot) - 1;
    memory.copy(this.hashAt(this.count), <usize>(<u32>hash), SHA256_SIZE_BYTES);
    store<u32>(slot, ++this.count);
    return -1;
  }

  /** The number of a key; -1 when there is no such key. */
  find(key: Slice): i32 {
    sha256(key, HASH);
    return <i32>load<u32>(this.findSlot(slice(HASH, SHA256_SIZE_BYTES))) - 1;
  }

  // The slot that holds the hash, or the empty one where it belongs.
  private findSlot(hash: Slice): usize {
    let index = load<u32>(<usize>(<u32>hash)) & this.mask;
    while (true) {
      const slot = this.slots + ((<usize>index) << 2);
      const number = load<u32>(slot);
      if (number == 0 || equalInConstantTime(this.hash(number - 1), hash)) return slot;
      index = (index + 1) & this.mask;
    }
  }

  private hash(number: u32): Slice {
    return slice(this.hashAt(number), SHA256_SIZE_BYTES);
  }

  private hashAt(number: u32): usize {
    return this.hashes + <usize>number * SHA256_SIZE_BYTES;
  }
}

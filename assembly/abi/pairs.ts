// The host's packed form of maps: u32 count, then count × (u32 key size, u32 value size), then each
// key and value followed by a zero byte. Read in place with every bound checked, written into a
// bounded buffer. Both.

import { takeArena } from "../memory/arena";
import { Slice, endOf, sizeOf, slice, startOf } from "../memory/slice";
import { Writer } from "../memory/writer";

/** How many pairs a block has; 0 for one that is cut or claims more than fits into it. */
// @ts-ignore: decorator
@inline
export function pairCount(block: Slice): u32 {
  const size = sizeOf(block);
  if (size < 4) return 0;
  const count = load<u32>(startOf(block));
  return <u64>count * 10 + 4 > <u64>size ? 0 : count;
}

/** Where the sizes of the first pair stand; those of the next stand 8 bytes behind. */
// @ts-ignore: decorator
@inline
export function firstSizes(block: Slice): usize {
  return startOf(block) + 4;
}

/** Where the first key begins; the value and the next key each follow behind one zero byte. */
// @ts-ignore: decorator
@inline
export function firstKey(block: Slice, count: u32): usize {
  return startOf(block) + 4 + ((<usize>count) << 3);
}

/** Walks over the pairs of a block. One instance can be opened again and again. */
export class PairsCursor {
  /** The current key and value, borrowed from the block. */
  key: Slice = 0;
  value: Slice = 0;
  private sizesAt: usize = 0;
  private bytesAt: usize = 0;
  private end: usize = 0;
  private left: u32 = 0;

  /** Starts at the first pair; a block that is cut or claims too much has no pairs. */
  open(block: Slice): void {
    this.left = 0;
    const size = sizeOf(block);
    if (size < 4) return;
    const start = startOf(block);
    const count = load<u32>(start);
    if (<u64>count * 10 + 4 > <u64>size) return;
    this.left = count;
    this.sizesAt = start + 4;
    this.bytesAt = start + 4 + ((<usize>count) << 3);
    this.end = endOf(block);
  }

  /** Moves to the next pair; false at the end and at the first pair that would run past it. */
  next(): bool {
    if (this.left == 0) return false;
    const keySize = load<u32>(this.sizesAt);
    const valueSize = load<u32>(this.sizesAt, 4);
    if (<u64>keySize + <u64>valueSize + 2 > <u64>(this.end - this.bytesAt)) {
      this.left = 0;
      return false;
    }
    this.key = slice(this.bytesAt, keySize);
    this.value = slice(this.bytesAt + keySize + 1, valueSize);
    this.bytesAt += keySize + valueSize + 2;
    this.sizesAt += 8;
    this.left--;
    return true;
  }
}

/** Two blocks of the host's as one, in the arena; the first alone without memory. */
export function joinPairs(first: Slice, second: Slice): Slice {
  const firstCount = <usize>load<u32>(startOf(first));
  const secondCount = <usize>load<u32>(startOf(second));
  const firstHead: usize = 4 + (firstCount << 3);
  const secondHead: usize = 4 + (secondCount << 3);
  if (sizeOf(first) < firstHead || sizeOf(second) < secondHead) return first;
  const size = sizeOf(first) + sizeOf(second) - 4;
  const block = takeArena(size);
  if (block == 0) return first;
  store<u32>(block, <u32>(firstCount + secondCount));
  let at = block + 4;
  memory.copy(at, startOf(first) + 4, firstHead - 4);
  at += firstHead - 4;
  memory.copy(at, startOf(second) + 4, secondHead - 4);
  at += secondHead - 4;
  memory.copy(at, startOf(first) + firstHead, sizeOf(first) - firstHead);
  at += sizeOf(first) - firstHead;
  memory.copy(at, startOf(second) + secondHead, sizeOf(second) - secondHead);
  return slice(block, size);
}

/** Collects pairs and writes them as a block. */
export class PairsWriter {
  private sizes: usize = 0;
  private bytes: Writer = new Writer();
  private count: u32 = 0;
  private countMax: u32 = 0;
  private start: usize = 0;

  /** Starts over: at most `countMax` pairs within `capacity` bytes at `start`. */
  open(start: usize, capacity: usize, countMax: u32): void {
    this.start = start;
    this.count = 0;
    this.countMax = countMax;
    this.sizes = start + 4;
    const head: usize = 4 + ((<usize>countMax) << 3);
    this.bytes.open(start + head, capacity > head ? capacity - head : 0);
  }

  /** Adds a pair; false, and nothing written, when it does not fit. */
  add(key: Slice, value: Slice): bool {
    const before = this.bytes.size;
    if (this.count == this.countMax || this.bytes.isTruncated) return false;
    this.bytes.bytes(key);
    this.bytes.byte(0);
    this.bytes.bytes(value);
    this.bytes.byte(0);
    if (this.bytes.isTruncated) {
      this.bytes.rewind(before);
      return false;
    }
    store<u32>(this.sizes, <u32>sizeOf(key));
    store<u32>(this.sizes, <u32>sizeOf(value), 4);
    this.sizes += 8;
    this.count++;
    return true;
  }

  /** The finished block, in the buffer given to `open`; the empty slice without pairs. */
  finish(): Slice {
    if (this.count == 0) return slice(this.start, 0);
    store<u32>(this.start, this.count);
    const bytes = this.bytes.written;
    const size = sizeOf(bytes);
    memory.copy(this.sizes, startOf(bytes), size);
    return slice(this.start, this.sizes + size - this.start);
  }
}

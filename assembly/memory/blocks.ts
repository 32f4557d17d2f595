// Blocks of raw memory in power-of-two sizes with free lists: what one stream owns between its
// callbacks. Bounded by BLOCKS_SIZE_MAX_BYTES; a full store answers 0 and the caller says what it
// drops. Both: taken on the hot path, never through the managed heap.

import { BLOCK_CHUNK_SIZE_BYTES, BLOCKS_SIZE_MAX_BYTES } from "../shared/limits";
import { takePages } from "./pages";

const SMALLEST_SHIFT: u32 = 6; // 64 bytes
const LARGEST_SHIFT: u32 = 16; // 64 KiB
const FREE: usize = memory.data(11 * 4, 8); // one list head for each size

let chunkAt: usize = 0;
let chunkEnd: usize = 0;
let taken: usize = 0;

/** The largest block there is, in bytes. */
export const BLOCK_SIZE_MAX_BYTES: usize = 1 << LARGEST_SHIFT;

// @ts-ignore: decorator
@inline
function shiftOf(size: usize): u32 {
  if (size <= 1 << SMALLEST_SHIFT) return SMALLEST_SHIFT;
  return 32 - clz<u32>(<u32>size - 1);
}

/** At least `size` bytes, 8-aligned and not zeroed; 0 when too large or the store is full. */
export function takeBlock(size: usize): usize {
  if (size > BLOCK_SIZE_MAX_BYTES) return 0;
  const shift = shiftOf(size);
  const head = FREE + ((shift - SMALLEST_SHIFT) << 2);
  const block = <usize>load<u32>(head);
  if (block != 0) {
    store<u32>(head, load<u32>(block));
    return block;
  }
  return carve((<usize>1) << shift);
}

/** Gives a block back; `size` is what takeBlock was asked for. */
export function giveBlock(block: usize, size: usize): void {
  const head = FREE + ((shiftOf(size) - SMALLEST_SHIFT) << 2);
  store<u32>(block, load<u32>(head));
  store<u32>(head, <u32>block);
}

function carve(size: usize): usize {
  if (chunkEnd - chunkAt < size) {
    if (taken + BLOCK_CHUNK_SIZE_BYTES > <usize>BLOCKS_SIZE_MAX_BYTES) return 0;
    const chunk = takePages(BLOCK_CHUNK_SIZE_BYTES);
    if (chunk == 0) return 0;
    taken += BLOCK_CHUNK_SIZE_BYTES;
    recycle();
    chunkAt = chunk;
    chunkEnd = chunk + BLOCK_CHUNK_SIZE_BYTES;
  }
  const block = chunkAt;
  chunkAt += size;
  return block;
}

// What is left of a chunk becomes small free blocks, so that nothing is lost.
function recycle(): void {
  for (let shift = LARGEST_SHIFT - 1; shift >= SMALLEST_SHIFT; shift--) {
    const size = (<usize>1) << shift;
    while (chunkEnd - chunkAt >= size) {
      giveBlock(chunkAt, size);
      chunkAt += size;
    }
  }
}

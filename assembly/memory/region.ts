// Memory of one configuration: literals, programs and tables that live as long as their root
// context and are freed as a whole. Cold: uses the managed heap's raw allocator.

import { REGION_CHUNK_SIZE_BYTES } from "../shared/limits";
import { Slice, emptySlice, slice } from "./slice";

/** Owns chunks of raw memory until `free` is called. */
export class Region {
  private chunks: usize[] = [];
  private at: usize = 0;
  private end: usize = 0;

  /** `size` zeroed bytes, 8-aligned. */
  take(size: usize): usize {
    const rounded = (size + 7) & ~7;
    if (this.end - this.at < rounded) {
      const least: usize = REGION_CHUNK_SIZE_BYTES;
      const chunk = rounded > least ? rounded : least;
      this.at = heap.alloc(chunk);
      memory.fill(this.at, 0, chunk);
      this.end = this.at + chunk;
      this.chunks.push(this.at);
    }
    const start = this.at;
    this.at += rounded;
    return start;
  }

  /** Takes memory of heap.alloc over, as it is: it is given back with the rest. */
  adopt(at: usize): void {
    this.chunks.push(at);
  }

  /** A copy of the bytes that lives as long as the region. */
  copy(start: usize, size: usize): Slice {
    if (size == 0) return emptySlice();
    const at = this.take(size);
    memory.copy(at, start, size);
    return slice(at, size);
  }

  /** The UTF-8 bytes of a string, for as long as the region lives. */
  text(value: string): Slice {
    const size = <usize>String.UTF8.byteLength(value);
    if (size == 0) return emptySlice();
    const at = this.take(size);
    String.UTF8.encodeUnsafe(changetype<usize>(value), value.length, at);
    return slice(at, size);
  }

  /** Gives all memory back; no slice into the region may be used afterwards. */
  free(): void {
    for (let index = 0; index < this.chunks.length; index++) heap.free(this.chunks[index]);
    this.chunks = [];
    this.at = 0;
    this.end = 0;
  }
}

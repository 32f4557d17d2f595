// Bounded output into a buffer that the caller owns. What does not fit is cut, and `isTruncated`
// says so; nothing grows. Both.

import { copyBytes } from "./bytes";
import { Slice, sizeOf, slice, startOf } from "./slice";

const HEX: usize = memory.data<u8>([
  48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 65, 66, 67, 68, 69, 70,
]);

/** Writes bytes, numbers and text forms one after another. Made once, opened for each use. */
export class Writer {
  private start: usize = 0;
  private at: usize = 0;
  private end: usize = 0;
  private truncated: bool = false;

  /** Starts over in `capacity` bytes at `start`. */
  open(start: usize, capacity: usize): void {
    this.start = start;
    this.at = start;
    this.end = start + capacity;
    this.truncated = false;
  }

  /** What has been written, in the caller's buffer. */
  get written(): Slice {
    return slice(this.start, this.at - this.start);
  }

  /** How many bytes have been written. */
  get size(): usize {
    return this.at - this.start;
  }

  /** Whether something did not fit since `open`. */
  get isTruncated(): bool {
    return this.truncated;
  }

  /** Takes back everything after the first `size` bytes. */
  rewind(size: usize): void {
    if (size < this.size) this.at = this.start + size;
  }

  /** One byte. */
  // @ts-ignore: decorator
  @inline
  byte(value: u8): void {
    if (this.at < this.end) store<u8>(this.at++, value);
    else this.truncated = true;
  }

  /** As many of the bytes as fit. */
  bytes(value: Slice): void {
    let size = sizeOf(value);
    if (size > this.end - this.at) {
      size = this.end - this.at;
      this.truncated = true;
    }
    copyBytes(this.at, startOf(value), size);
    this.at += size;
  }

  /** An unsigned integer in decimal. */
  decimal(value: u64): void {
    let digits: u32 = 1;
    for (let rest = value; rest >= 10; rest /= 10) digits++;
    if (<usize>digits > this.end - this.at) {
      this.truncated = true;
      return;
    }
    this.at += digits;
    for (let at = this.at - 1; digits > 0; digits--, at--) {
      store<u8>(at, <u8>(48 + (value % 10)));
      value /= 10;
    }
  }

  /** A signed integer in decimal. */
  signed(value: i64): void {
    if (value < 0) {
      this.byte(45);
      this.decimal(<u64>0 - <u64>value);
    } else {
      this.decimal(<u64>value);
    }
  }

  /** A byte as two upper-case hexadecimal digits. */
  hex(value: u8): void {
    this.byte(load<u8>(HEX + (value >> 4)));
    this.byte(load<u8>(HEX + (value & 15)));
  }

  /** Fixed-width little-endian forms, for keys and stored records. */
  u16(value: u16): void {
    this.byte(<u8>value);
    this.byte(<u8>(value >> 8));
  }

  /** Four bytes, least significant first. */
  u32(value: u32): void {
    if (this.end - this.at < 4) {
      this.truncated = true;
      return;
    }
    store<u32>(this.at, value);
    this.at += 4;
  }

  /** Eight bytes, least significant first. */
  u64(value: u64): void {
    if (this.end - this.at < 8) {
      this.truncated = true;
      return;
    }
    store<u64>(this.at, value);
    this.at += 8;
  }
}

// Reads stored bytes that anybody may have written, with every bound checked: single bytes, numbers
// of variable length as `writeVarint` writes them, and bytes behind their size. Pure. Hot.

import { Slice, emptySlice, endOf, slice, startOf } from "../../memory/slice";

/** Reads forward over bytes; after the first thing that does not fit, everything reads as 0. */
export class StoredReader {
  /** Whether something did not fit. */
  isBroken: bool = false;
  /** Where reading stands. */
  at: usize = 0;
  private end: usize = 0;

  /** Starts at the first byte. */
  open(bytes: Slice): void {
    this.at = startOf(bytes);
    this.end = endOf(bytes);
    this.isBroken = false;
  }

  /** Whether everything has been read and all of it fitted. */
  get isComplete(): bool {
    return !this.isBroken && this.at == this.end;
  }

  /** One byte. */
  byte(): u32 {
    if (this.at < this.end) return load<u8>(this.at++);
    this.isBroken = true;
    return 0;
  }

  /** A number of at most 63 bits. */
  varint(): i64 {
    let value: u64 = 0;
    for (let shift: u64 = 0; shift < 63 && this.at < this.end; shift += 7) {
      const byte = load<u8>(this.at++);
      value |= ((<u64>byte) & 0x7f) << shift;
      if (byte < 0x80) return <i64>value;
    }
    this.isBroken = true;
    this.at = this.end;
    return 0;
  }

  /** Bytes behind their size, borrowed; at most `sizeMax`. */
  bytes(sizeMax: usize): Slice {
    const size = this.varint();
    if (<u64>size <= <u64>sizeMax && <u64>size <= <u64>(this.end - this.at)) {
      const start = this.at;
      this.at += <usize>size;
      return slice(start, <usize>size);
    }
    this.isBroken = true;
    this.at = this.end;
    return emptySlice();
  }
}

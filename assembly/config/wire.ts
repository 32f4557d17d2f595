// Fields of a protobuf message on the wire, one after another, never beyond its end. Cold.

import { Slice, slice } from "../memory/slice";

/** How a field is written. Groups are not read. */
export const enum WireField {
  Varint = 0,
  Fixed64 = 1,
  Bytes = 2,
  Fixed32 = 5,
}

/** Walks the fields between two addresses. */
export class WireReader {
  /** Number of the field that was read last. */
  field: u32 = 0;
  /** How it is written. */
  type: WireField = WireField.Varint;
  /** Where its value begins; it ends at `at`. */
  valueAt: usize = 0;

  constructor(
    public at: usize,
    public end: usize,
  ) {}

  /** Reads a field; false at the end, and before a field that is malformed or runs past the end. */
  next(): bool {
    if (this.at >= this.end) return false;
    const tag = this.varint();
    if (tag > u32.MAX_VALUE || tag >>> 3 == 0) return false;
    this.field = <u32>(tag >>> 3);
    this.type = <WireField>(tag & 7);
    this.valueAt = this.at;
    if (this.type == WireField.Varint) return this.varint() != NONE;
    if (this.type == WireField.Fixed64) return this.skip(8);
    if (this.type == WireField.Fixed32) return this.skip(4);
    if (this.type != WireField.Bytes) return false;
    const size = this.varint();
    this.valueAt = this.at;
    return size <= <u64>(this.end - this.at) && this.skip(<usize>size);
  }

  /** The bytes of a field of type Bytes. */
  bytes(): Slice {
    return slice(this.valueAt, this.at - this.valueAt);
  }

  private skip(size: usize): bool {
    if (size > this.end - this.at) return false;
    this.at += size;
    return true;
  }

  // NONE when it is cut or longer than nine bytes: nothing here needs the tenth.
  private varint(): u64 {
    let value: u64 = 0;
    for (let shift: u64 = 0; shift < 63 && this.at < this.end; shift += 7) {
      const byte = load<u8>(this.at++);
      value |= ((<u64>byte) & 127) << shift;
      if (byte < 128) return value;
    }
    return NONE;
  }
}

const NONE: u64 = u64.MAX_VALUE;

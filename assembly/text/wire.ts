// The wire format of protobuf over slices: fields written into a bounded writer, read one after
// another and never beyond their end. What is read may be hostile: a cut, oversized or malformed
// field ends the reading, and `isBroken` says so. Pure; allocates nothing. Both.

import { ABSENT, Slice, endOf, sizeOf, slice, startOf } from "../memory/slice";
import { Writer } from "../memory/writer";

/** How a field is written. Groups are not read. */
export const enum WireType {
  Varint = 0,
  Fixed64 = 1,
  Bytes = 2,
  Fixed32 = 5,
}

const FIELD_MAX: u64 = 536_870_911;

/** Walks the fields of one message. Made once, opened for each use. */
export class WireReader {
  /** Number of the current field. */
  field: u32 = 0;
  /** How it is written. */
  type: WireType = WireType.Varint;
  /** The bytes of a field of type Bytes, borrowed from the message; else ABSENT. */
  bytes: Slice = ABSENT;
  /** The number of any other field. */
  number: u64 = 0;
  /** Whether the reading ended before the end of the message. */
  isBroken: bool = false;
  private at: usize = 0;
  private end: usize = 0;

  /** Starts at the first field. */
  open(message: Slice): void {
    this.at = startOf(message);
    this.end = endOf(message);
    this.isBroken = false;
  }

  /** Moves to the next field; false at the end, and where the message is malformed. */
  next(): bool {
    if (this.at >= this.end || this.isBroken) return false;
    const tag = this.varint();
    const field = tag >>> 3;
    if (this.isBroken || field == 0 || field > FIELD_MAX) return this.fail();
    this.field = <u32>field;
    this.bytes = ABSENT;
    this.number = 0;
    this.type = <WireType>(tag & 7);
    switch (<u32>(tag & 7)) {
      case WireType.Varint:
        this.number = this.varint();
        return !this.isBroken;
      case WireType.Fixed64:
        return this.fixed(8);
      case WireType.Fixed32:
        return this.fixed(4);
      case WireType.Bytes:
        return this.lengthDelimited();
      default:
        return this.fail();
    }
  }

  /** Whether the current field has this number and is written as bytes. */
  isBytes(field: u32): bool {
    return this.field == field && this.type == WireType.Bytes;
  }

  /** Whether the current field has this number and is a varint. */
  isVarint(field: u32): bool {
    return this.field == field && this.type == WireType.Varint;
  }

  private lengthDelimited(): bool {
    const size = this.varint();
    if (this.isBroken || size > <u64>(this.end - this.at)) return this.fail();
    this.bytes = slice(this.at, <usize>size);
    this.at += <usize>size;
    return true;
  }

  private fixed(size: usize): bool {
    if (this.end - this.at < size) return this.fail();
    this.number = size == 8 ? load<u64>(this.at) : <u64>load<u32>(this.at);
    this.at += size;
    return true;
  }

  private fail(): bool {
    this.isBroken = true;
    return false;
  }

  // At most ten bytes; the tenth holds one bit.
  private varint(): u64 {
    let value: u64 = 0;
    for (let shift: u64 = 0; shift < 70; shift += 7) {
      if (this.at >= this.end) break;
      const byte = load<u8>(this.at++);
      if (shift == 63 && byte > 1) break;
      value |= ((<u64>byte) & 127) << shift;
      if (byte < 128) return value;
    }
    this.isBroken = true;
    return 0;
  }
}

/** A base-128 number. */
export function writeVarint(out: Writer, value: u64): void {
  for (; value >= 128; value >>>= 7) out.byte((<u8>value) | 128);
  out.byte(<u8>value);
}

/** A varint field: integers, booleans, enumerations. 0 is written too. */
export function writeVarintField(out: Writer, field: u32, value: u64): void {
  writeVarint(out, (<u64>field) << 3);
  writeVarint(out, value);
}

/** A field of eight bytes: fixed64, sfixed64, or the bits of a double. */
export function writeFixed64Field(out: Writer, field: u32, value: u64): void {
  writeVarint(out, ((<u64>field) << 3) | WireType.Fixed64);
  out.u64(value);
}

/** A field of bytes, text, or a message that is already written. */
export function writeBytesField(out: Writer, field: u32, value: Slice): void {
  writeVarint(out, ((<u64>field) << 3) | WireType.Bytes);
  writeVarint(out, sizeOf(value));
  out.bytes(value);
}

/** A field of text; nothing is written for the empty text, which is the default value. */
export function writeTextField(out: Writer, field: u32, value: Slice): void {
  if (sizeOf(value) > 0) writeBytesField(out, field, value);
}

/** Room that `beginMessage` leaves for a length: messages below 2^28 bytes. */
const LENGTH_SIZE_BYTES: usize = 4;

/**
 * Begins a message field whose length is not known yet; what it answers goes to `endMessage`. The
 * length is a varint of four bytes, which every reader takes.
 */
export function beginMessage(out: Writer, field: u32): usize {
  writeVarint(out, ((<u64>field) << 3) | WireType.Bytes);
  const mark = out.size;
  out.u32(0);
  return mark;
}

/** Ends a message field: fills its length in. */
export function endMessage(out: Writer, mark: usize): void {
  if (out.isTruncated) return;
  let size = out.size - mark - LENGTH_SIZE_BYTES;
  const at = startOf(out.written) + mark;
  for (let index: usize = 0; index < 3; index++) {
    store<u8>(at + index, (<u8>size) | 128);
    size >>= 7;
  }
  store<u8>(at + 3, <u8>size);
}

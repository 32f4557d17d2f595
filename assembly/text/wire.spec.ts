// Protobuf's wire format: what is written is read again, and nothing that is malformed is believed.

import { literal, textOf } from "../memory/literal";
import { Slice, isPresent, slice, sizeOf } from "../memory/slice";
import { Writer } from "../memory/writer";
import {
  WireReader,
  WireType,
  beginMessage,
  endMessage,
  writeBytesField,
  writeFixed64Field,
  writeTextField,
  writeVarintField,
} from "./wire";

const OUT: usize = memory.data(512, 8);
const out = new Writer();
const reader = new WireReader();

function bytes(values: u8[]): Slice {
  const copy = heap.alloc(values.length + 1);
  memory.copy(copy, values.dataStart, values.length);
  // A reader that goes beyond the end finds what would be a good field there.
  store<u8>(copy + values.length, 0);
  return slice(copy, values.length);
}

/** How many fields are read; -1 when the message is broken. */
function fields(values: u8[]): i32 {
  reader.open(bytes(values));
  let count = 0;
  while (reader.next()) count++;
  return reader.isBroken ? -1 : count;
}

function repeated(value: u8, count: i32): u8[] {
  return new Array<u8>(count).fill(value);
}

describe("a message that was written", () => {
  it("is read field by field", () => {
    out.open(OUT, 512);
    writeVarintField(out, 1, u64.MAX_VALUE);
    writeFixed64Field(out, 2, 0x0102030405060708);
    writeBytesField(out, 300, literal("abc"));
    reader.open(out.written);
    expect(reader.next()).toBe(true);
    expect(reader.isVarint(1)).toBe(true);
    expect(reader.number).toBe(u64.MAX_VALUE);
    expect(reader.next()).toBe(true);
    expect(reader.type == WireType.Fixed64).toBe(true);
    expect(reader.number).toBe(0x0102030405060708);
    expect(reader.next()).toBe(true);
    expect(reader.isBytes(300)).toBe(true);
    expect(textOf(reader.bytes)).toBe("abc");
    expect(reader.next()).toBe(false);
    expect(reader.isBroken).toBe(false);
  });

  it("may have messages in it, whose length is filled in afterwards", () => {
    out.open(OUT, 512);
    const mark = beginMessage(out, 4);
    for (let count = 0; count < 50; count++) writeVarintField(out, 1, 1000);
    endMessage(out, mark);
    reader.open(out.written);
    expect(reader.next()).toBe(true);
    expect(reader.isBytes(4)).toBe(true);
    expect(<i32>sizeOf(reader.bytes)).toBe(150);
    expect(reader.next()).toBe(false);
    expect(reader.isBroken).toBe(false);
  });

  it("has no field for an empty text", () => {
    out.open(OUT, 512);
    writeTextField(out, 1, literal(""));
    expect(<i32>out.size).toBe(0);
  });
});

describe("a message of somebody else", () => {
  it("may be empty, and may have empty fields", () => {
    expect(fields([])).toBe(0);
    expect(fields([0x0a, 0x00])).toBe(1);
    expect(isPresent(reader.bytes)).toBe(true);
  });

  it("is broken where a field is cut", () => {
    expect(fields([0x0a])).toBe(-1);
    expect(fields([0x0a, 0x02, 0x61])).toBe(-1);
    expect(fields([0x08])).toBe(-1);
    expect(fields([0x08, 0x80])).toBe(-1);
    expect(fields([0x0d, 1, 2, 3])).toBe(-1);
    expect(fields([0x09, 1, 2, 3, 4, 5, 6, 7])).toBe(-1);
  });

  it("is broken where a length is larger than what is left, however large", () => {
    expect(fields([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])).toBe(-1);
    expect(fields([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])).toBe(-1);
  });

  it("may have a number of ten bytes, and no longer one", () => {
    const longest = [<u8>0x08].concat(repeated(0xff, 9));
    expect(fields(longest.concat([0x01]))).toBe(1);
    expect(reader.number).toBe(u64.MAX_VALUE);
    expect(fields(longest.concat([0x02]))).toBe(-1);
    expect(fields(longest.concat([0x81, 0x00]))).toBe(-1);
  });

  it("is broken by groups, by unknown types and by field 0", () => {
    expect(fields([0x0b, 0x0c])).toBe(-1);
    expect(fields([0x0e])).toBe(-1);
    expect(fields([0x0f])).toBe(-1);
    expect(fields([0x00, 0x01])).toBe(-1);
  });

  it("may have field 536870911, the largest there is", () => {
    expect(fields([0xf8, 0xff, 0xff, 0xff, 0x0f, 0x01])).toBe(1);
    expect(reader.field).toBe(536870911);
    expect(fields([0x80, 0x80, 0x80, 0x80, 0x10, 0x01])).toBe(-1);
  });

  it("stays broken when it is asked again", () => {
    expect(fields([0x0a, 0x7f, 0x08, 0x01])).toBe(-1);
    expect(reader.next()).toBe(false);
  });
});

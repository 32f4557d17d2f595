// SHA-256 against the vectors of FIPS 180-4 and NIST, at each edge of its blocks, whole and in
// parts.

import { literal, textOf } from "../memory/literal";
import { equalInConstantTime } from "../memory/bytes";
import { Slice, slice, subSlice, sizeOf } from "../memory/slice";
import { Writer } from "../memory/writer";
import { addSha256, beginSha256, endSha256, sha256 } from "./sha256";

const HASH: usize = memory.data(32, 8);
const STATE: usize = memory.data(104, 8);
const TEXT: usize = memory.data(64, 8);
const writer = new Writer();

function hex(): string {
  writer.open(TEXT, 64);
  for (let at: usize = 0; at < 32; at++) writer.hex(load<u8>(HASH + at));
  return textOf(writer.written).toLowerCase();
}

function hashOf(bytes: Slice): string {
  sha256(bytes, HASH);
  return hex();
}

function hashOfParts(bytes: Slice, size: usize): string {
  beginSha256(STATE);
  for (let at: usize = 0; at < sizeOf(bytes); at += size) {
    addSha256(STATE, subSlice(bytes, at, at + size));
  }
  endSha256(STATE, HASH);
  return hex();
}

function repeated(count: i32): Slice {
  return literal("a".repeat(count));
}

describe("a hash", () => {
  it("is that of the standard", () => {
    expect(hashOf(literal(""))).toBe(
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
    expect(hashOf(literal("abc"))).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    expect(hashOf(literal("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))).toBe(
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    );
  });

  it("is right at each edge of a block", () => {
    expect(hashOf(repeated(55))).toBe(
      "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318",
    );
    expect(hashOf(repeated(56))).toBe(
      "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a",
    );
    expect(hashOf(repeated(63))).toBe(
      "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34",
    );
    expect(hashOf(repeated(64))).toBe(
      "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb",
    );
    expect(hashOf(repeated(65))).toBe(
      "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0",
    );
    expect(hashOf(repeated(119))).toBe(
      "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb",
    );
    expect(hashOf(repeated(120))).toBe(
      "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c",
    );
    expect(hashOf(repeated(128))).toBe(
      "6836cf13bac400e9105071cd6af47084dfacad4e5e302c94bfed24e013afb73e",
    );
  });

  it("is right for a million bytes", () => {
    expect(hashOf(repeated(1_000_000))).toBe(
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
    );
  });

  it("is the same whatever the parts are", () => {
    const text = repeated(300);
    const whole = hashOf(text);
    for (let size: usize = 1; size <= 130; size++) expect(hashOfParts(text, size)).toBe(whole);
  });

  it("is not changed by bytes beyond the text", () => {
    expect(hashOf(subSlice(literal("abcd"), 0, 3))).toBe(hashOf(literal("abc")));
  });
});

describe("equality in constant time", () => {
  it("is equality", () => {
    const text = repeated(33);
    const other = literal("a".repeat(32) + "b");
    expect(equalInConstantTime(text, repeated(33))).toBe(true);
    expect(equalInConstantTime(text, other)).toBe(false);
    expect(equalInConstantTime(literal("b" + "a".repeat(32)), text)).toBe(false);
    expect(equalInConstantTime(text, repeated(32))).toBe(false);
    expect(equalInConstantTime(slice(HASH, 0), literal(""))).toBe(true);
  });
});

// A google.protobuf.Struct as Envoy hands it over when it stands in filter state: serialized. It
// becomes the packed pairs that a struct of metadata comes as. The bytes may be anybody's: what is
// no Struct, or nests too deeply, is refused. Hot: allocates only in the arena.

import { STATE_DEPTH_MAX } from "../shared/limits";
import { takeArena } from "../memory/arena";
import { ABSENT, Slice, emptySlice, isPresent, sizeOf, startOf } from "../memory/slice";
import { Writer } from "../memory/writer";
import { WireReader, WireType } from "../text/wire";
import { ENTRIES, StructEntry, ValueField } from "./struct-entry";

/** The least that an entry takes on the wire: its tag and size. */
const ENTRY_LEAST_BYTES: usize = 2;
/** The most that its pair takes beyond its own bytes. */
const PAIR_SIZE_BYTES: usize = 10;

const out = new Writer();
const entryReader = new StructEntry();
const readers = new StaticArray<WireReader>(2 * STATE_DEPTH_MAX + 2);
for (let at = 0; at < readers.length; at++) readers[at] = new WireReader();

/** The packed pairs of a serialized Struct; ABSENT where the bytes are none. */
export function packStruct(bytes: Slice): Slice {
  const capacity = 4 + sizeOf(bytes) + (sizeOf(bytes) / ENTRY_LEAST_BYTES) * PAIR_SIZE_BYTES;
  const at = takeArena(capacity);
  if (at == 0) return ABSENT;
  out.open(at, capacity);
  return pack(bytes, false, 0) && !out.isTruncated ? out.written : ABSENT;
}

// A Struct's entries, or a ListValue's elements as keys without values.
function pack(bytes: Slice, isList: bool, depth: i32): bool {
  if (depth == STATE_DEPTH_MAX) return false;
  const count = countEntries(bytes, depth);
  if (count < 0) return false;
  let sizesAt = out.size + 4;
  out.u32(<u32>count);
  for (let index = 0; index < count; index++) out.u64(0);
  if (out.isTruncated) return false;
  const reader = unchecked(readers[depth << 1]);
  reader.open(bytes);
  while (reader.next()) {
    if (
      !(isList ? packValue(reader.bytes, sizesAt, depth) : packEntry(reader.bytes, sizesAt, depth))
    )
      return false;
    if (isList) out.byte(0);
    sizesAt += 8;
  }
  return true;
}

function countEntries(bytes: Slice, depth: i32): i32 {
  const reader = unchecked(readers[depth << 1]);
  let count = 0;
  reader.open(bytes);
  while (reader.next()) {
    if (!reader.isBytes(ENTRIES)) return -1;
    count++;
  }
  return reader.isBroken ? -1 : count;
}

function packEntry(entry: Slice, sizesAt: usize, depth: i32): bool {
  if (!entryReader.read(entry) || entryReader.hasOthers) return false;
  const key = orEmpty(entryReader.key);
  const value = orEmpty(entryReader.value);
  out.bytes(key);
  out.byte(0);
  store<u32>(startOf(out.written) + sizesAt, <u32>sizeOf(key));
  return packValue(value, sizesAt + 4, depth);
}

// @ts-ignore: decorator
@inline
function orEmpty(bytes: Slice): Slice {
  return isPresent(bytes) ? bytes : emptySlice();
}

// The value's bytes and a zero byte; its size goes to `sizeAt`. Null has none.
function packValue(value: Slice, sizeAt: usize, depth: i32): bool {
  const from = out.size;
  const reader = unchecked(readers[(depth << 1) + 1]);
  reader.open(value);
  if (reader.next() && !packKind(reader, depth)) return false;
  if (reader.isBroken) return false;
  store<u32>(startOf(out.written) + sizeAt, <u32>(out.size - from));
  out.byte(0);
  return !out.isTruncated;
}

function packKind(reader: WireReader, depth: i32): bool {
  const type = reader.type;
  switch (reader.field) {
    case ValueField.Number:
      out.u64(reader.number);
      return type == WireType.Fixed64;
    case ValueField.Text:
      if (type == WireType.Bytes) out.bytes(reader.bytes);
      return type == WireType.Bytes;
    case ValueField.Bool:
      out.byte(reader.number == 0 ? 0 : 1);
      return type == WireType.Varint;
    case ValueField.Struct:
    case ValueField.List:
      return (
        type == WireType.Bytes && pack(reader.bytes, reader.field == ValueField.List, depth + 1)
      );
    default:
      return type == WireType.Varint;
  }
}

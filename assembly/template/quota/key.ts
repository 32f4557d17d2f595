// The key of an entry: every dimension with its type and size, so that no two sets of values have
// one key and an empty value differs from one of another type. Hot: writes fixed memory.

import { QUOTA_KEY_SIZE_MAX_BYTES } from "../../shared/limits";
import { ABSENT, FAILED, Slice, emptySlice, sizeOf } from "../../memory/slice";
import { Writer } from "../../memory/writer";
import { writeVarint } from "../../text/wire";
import { typeAt } from "../../attribute/value";
import { DimensionSet } from "../dimension-set";
import { DIMENSION_SIZE_BYTES } from "./dimension-values";

const KEY: usize = memory.data(QUOTA_KEY_SIZE_MAX_BYTES, 8);
const writer = new Writer();

/** The key of filled dimension values, until the next call; ABSENT when it is too long. */
export function writeKey(set: DimensionSet | null, values: usize): Slice {
  if (set === null) return emptySlice();
  writer.open(KEY, QUOTA_KEY_SIZE_MAX_BYTES);
  for (let position = 0; position < set.count; position++) {
    const value = load<u64>(values + <usize>position * DIMENSION_SIZE_BYTES);
    if (value == FAILED) return ABSENT;
    writer.byte(<u8>typeAt(set.cell(position)));
    writeVarint(writer, sizeOf(value));
    writer.bytes(value);
  }
  return writer.isTruncated ? ABSENT : writer.written;
}

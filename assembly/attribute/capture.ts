// Keeps the values that later phases need in the stream's record: request attributes have, in every
// later phase, the value they had at the check. Hot.

import { ValueType } from "../shared/types";
import { sizeOf } from "../memory/slice";
import { Bag } from "./bag";
import { RecordFlag, addRecordFlag, keepText, recordFlags } from "./record";
import {
  VALUE_SIZE_BYTES,
  copyValue,
  flagsAt,
  hasValue,
  holdsSlice,
  setText,
  textAt,
  typeAt,
} from "./value";

/** Fills the captures of a record, once; the number of texts that had to be cut. */
// @ts-ignore: decorator
@inline
export function captureAll(bag: Bag, record: usize): u32 {
  if ((recordFlags(record) & RecordFlag.Captured) != 0) return 0;
  const layout = bag.layout;
  let cut: u32 = 0;
  let cell = record + layout.captureOffset;
  for (let at = 0; at < layout.captureCount; at++, cell += VALUE_SIZE_BYTES) {
    const index = load<u32>(layout.captureIndexes + ((<usize>at) << 2));
    const value = bag.read(index);
    copyValue(cell, value);
    if (!hasValue(value) || !holdsSlice(typeAt(value))) continue;
    const text = textAt(value);
    const kept = keepText(record, text);
    // A map that was cut has no pairs at all rather than wrong ones: its reader checks the size.
    setText(cell, <ValueType>typeAt(value), kept, flagsAt(value));
    if (sizeOf(kept) < sizeOf(text)) cut++;
  }
  addRecordFlag(record, RecordFlag.Captured);
  return cut;
}

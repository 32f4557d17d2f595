// Keeps the values that later phases need in the stream's record: request attributes have, in every
// later phase, the value they had at the check. Hot.

import { CAPTURE_SIZE_MAX_BYTES } from "../shared/limits";
import { ValueType } from "../shared/types";
import { sizeOf } from "../memory/slice";
import { Bag } from "./bag";
import { RecordFlag, addRecordFlag, keepText, recordFlags, reserveText, textRoom } from "./record";
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

/** Texts up to here are kept before all others. */
const SHORT_SIZE_BYTES: usize = 64;

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
    if (sizeOf(textAt(value)) > textRoom(record)) {
      cut = captureCrowded(bag, record, at);
      break;
    }
    keep(record, cell, value);
  }
  addRecordFlag(record, RecordFlag.Captured);
  return cut;
}

// The captures from one on, which do not all fit into the record: the shorter ones are kept first,
// so that long headers, which a client chooses, do not keep its path or host away.
function captureCrowded(bag: Bag, record: usize, first: i32): u32 {
  const layout = bag.layout;
  const cells = record + layout.captureOffset;
  let total: usize = 0;
  for (let at = first; at < layout.captureCount; at++) {
    const value = bag.read(load<u32>(layout.captureIndexes + ((<usize>at) << 2)));
    copyValue(cells + <usize>at * VALUE_SIZE_BYTES, value);
    total += textSize(value);
  }
  reserveText(record, total);
  let cut: u32 = 0;
  for (let least: usize = 0, most: usize = SHORT_SIZE_BYTES; least < most;) {
    for (let at = first; at < layout.captureCount; at++) {
      const value = bag.read(load<u32>(layout.captureIndexes + ((<usize>at) << 2)));
      const size = textSize(value);
      if (size <= least || size > most) continue;
      if (keep(record, cells + <usize>at * VALUE_SIZE_BYTES, value)) cut++;
    }
    least = most;
    most = most < <usize>CAPTURE_SIZE_MAX_BYTES ? most << 2 : usize.MAX_VALUE;
  }
  return cut;
}

// Whether the text had to be cut.
function keep(record: usize, cell: usize, value: usize): bool {
  const text = textAt(value);
  const kept = keepText(record, text);
  // A map that was cut has no pairs at all rather than wrong ones: its reader checks the size.
  setText(cell, <ValueType>typeAt(value), kept, flagsAt(value));
  return sizeOf(kept) < sizeOf(text);
}

function textSize(value: usize): usize {
  return hasValue(value) && holdsSlice(typeAt(value)) ? sizeOf(textAt(value)) : 0;
}

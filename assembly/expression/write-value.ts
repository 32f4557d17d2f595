// The text form of a value of any type, as Mixer's adapters print it: addresses, times and
// durations as Go does, maps as `map[a:b c:d]` with sorted keys. Hot: written straight into the
// caller's buffer.

import { ValueType } from "../shared/types";
import { boolAt, doubleAt, intAt, nanosAt, textAt, typeAt } from "../attribute/value";
import { compare } from "../memory/bytes";
import { literal } from "../memory/literal";
import { ABSENT, Slice, isPresent } from "../memory/slice";
import { Writer } from "../memory/writer";
import { PairsCursor } from "../abi/pairs";
import { writeDuration } from "../text/duration";
import { writeIp } from "../text/ip";
import { writeDouble } from "../text/number";
import { writeTimestamp } from "../text/timestamp";
import { linkedCel } from "./language";
import { lookUp } from "./map";

const TRUE: Slice = literal("true");
const FALSE: Slice = literal("false");
const MAP_START: Slice = literal("map[");
const CURSOR: PairsCursor = new PairsCursor();

/** Writes a value's text form; nothing for absent values and errors. */
export function writeValue(out: Writer, cell: usize): void {
  switch (<i32>typeAt(cell)) {
    case ValueType.String:
    case ValueType.EmailAddress:
    case ValueType.Uri:
    case ValueType.DnsName:
    case ValueType.Bytes:
      out.bytes(textAt(cell));
      return;
    case ValueType.Int64:
      out.signed(intAt(cell));
      return;
    case ValueType.Uint64:
      out.decimal(<u64>intAt(cell));
      return;
    case ValueType.Double:
      writeDouble(out, doubleAt(cell));
      return;
    case ValueType.Bool:
      out.bytes(boolAt(cell) ? TRUE : FALSE);
      return;
    case ValueType.Timestamp:
      writeTimestamp(out, intAt(cell), nanosAt(cell));
      return;
    case ValueType.IpAddress:
      writeIp(out, textAt(cell));
      return;
    case ValueType.Duration:
      writeDuration(out, intAt(cell));
      return;
    case ValueType.StringMap:
      writeMap(out, cell);
      return;
    default: {
      const cel = linkedCel();
      if (cel != null) cel.write(out, cell);
    }
  }
}

// Sorts by looking for the next key again and again: maps are small, and nothing is allocated.
function writeMap(out: Writer, cell: usize): void {
  out.bytes(MAP_START);
  let key = nextKey(textAt(cell), ABSENT);
  while (isPresent(key) && !out.isTruncated) {
    out.bytes(key);
    out.byte(58);
    const value = lookUp(cell, key);
    if (isPresent(value)) out.bytes(value);
    key = nextKey(textAt(cell), key);
    if (isPresent(key)) out.byte(32);
  }
  out.byte(93);
}

function nextKey(block: Slice, before: Slice): Slice {
  let found: Slice = ABSENT;
  CURSOR.open(block);
  while (CURSOR.next()) {
    const key = CURSOR.key;
    if (isPresent(before) && compare(key, before) <= 0) continue;
    if (!isPresent(found) || compare(key, found) < 0) found = key;
  }
  return found;
}

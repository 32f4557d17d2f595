// The text of a dimension in an override as the canonical bytes of the dimension's type, so that
// comparing per request is comparing bytes. Cold: runs while a document is loaded.

import { ValueType } from "../../shared/types";
import { takeArena } from "../../memory/arena";
import { indexOfByte } from "../../memory/bytes";
import { Region } from "../../memory/region";
import { ABSENT, Slice, isPresent, sizeOf, slice, startOf, subSlice } from "../../memory/slice";
import { parseIp, unmapIp } from "../../text/address";
import { parseDuration } from "../../text/duration";
import { parseDouble, parseInt64 } from "../../text/number";
import { parseTimestamp } from "../../text/timestamp";
import { PairsWriter } from "../../abi/pairs";
import { canonicalDouble, canonicalMap } from "./dimension-values";

const ROOM: usize = memory.data(16, 8);
const TRUE_WORDS: string[] = ["1", "t", "T", "true", "TRUE", "True"];
const FALSE_WORDS: string[] = ["0", "f", "F", "false", "FALSE", "False"];
const AMPERSAND: u8 = 38;
const EQUALS: u8 = 61;

/** The bytes of a constant, in the region's memory; ABSENT when the text has not this type. */
export function constantOf(type: ValueType, text: string, region: Region): Slice {
  const bytes = canonicalText(type, text, region.text(text));
  return isPresent(bytes) ? region.copy(startOf(bytes), sizeOf(bytes)) : ABSENT;
}

function canonicalText(type: ValueType, text: string, bytes: Slice): Slice {
  switch (<i32>type) {
    case ValueType.Int64:
      return parseInt64(bytes, ROOM) ? slice(ROOM, 8) : ABSENT;
    case ValueType.Duration:
      return parseDuration(bytes, ROOM) ? slice(ROOM, 8) : ABSENT;
    case ValueType.Double:
      return parseDouble(bytes, ROOM) ? canonicalDouble(load<f64>(ROOM), ROOM) : ABSENT;
    case ValueType.Bool:
      return boolBytes(text);
    case ValueType.Timestamp:
      return parseTimestamp(bytes, ROOM, ROOM + 8) ? slice(ROOM, 12) : ABSENT;
    case ValueType.IpAddress: {
      const size = parseIp(bytes, ROOM);
      return size == 0 ? ABSENT : unmapIp(slice(ROOM, size));
    }
    case ValueType.StringMap:
      return mapBytes(bytes);
    default:
      return bytes;
  }
}

// The words of Go's strconv.ParseBool.
function boolBytes(text: string): Slice {
  const isTrue = TRUE_WORDS.includes(text);
  if (!isTrue && !FALSE_WORDS.includes(text)) return ABSENT;
  store<u64>(ROOM, <u64>isTrue);
  return slice(ROOM, 8);
}

// `k=v&k=v`; the empty text is the empty map.
function mapBytes(text: Slice): Slice {
  const capacity = sizeOf(text) * 10 + 64;
  const room = takeArena(capacity);
  if (room == 0) return ABSENT;
  const pairs = new PairsWriter();
  pairs.open(room, capacity, <u32>sizeOf(text) + 1);
  let from: usize = 0;
  while (from < sizeOf(text)) {
    const next = indexOfByte(text, AMPERSAND, from);
    const until = next < 0 ? sizeOf(text) : <usize>next;
    const pair = subSlice(text, from, until);
    const equals = indexOfByte(pair, EQUALS);
    if (equals < 0) return ABSENT;
    pairs.add(subSlice(pair, 0, equals), subSlice(pair, equals + 1, sizeOf(pair)));
    from = until + 1;
  }
  return canonicalMap(pairs.finish());
}

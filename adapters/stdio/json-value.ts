// A value of any type as JSON, and cut to a size where a line would become too long: always valid,
// whatever bytes it holds. Hot: writes the caller's buffer and, to cut, the arena.

import {
  Slice,
  ValueType,
  Writer,
  boolAt,
  doubleAt,
  intAt,
  literal,
  markArena,
  nanosAt,
  releaseArena,
  takeArena,
  textAt,
  truncateUtf8,
  typeAt,
  writeDuration,
  writeJsonDouble,
  writeJsonText,
  writeTimestamp,
  writeValue,
} from "../../assembly/sdk";
import { writeJsonMap } from "./json-map";

const TRUE = literal("true");
const FALSE = literal("false");
const EMPTY = literal('""');
const QUOTE: u8 = 34;
const DOT: u8 = 46;
const ZULU: u8 = 90;
const ZERO: u8 = 48;
const QUOTES_SIZE_BYTES: usize = 2;
const NS_PER_MICROSECOND: u32 = 1000;
const cut = new Writer();

/** Writes a value: numbers and booleans as such, maps as objects, everything else as a string. */
export function writeJsonValue(out: Writer, cell: usize, seed: u64): void {
  switch (<i32>typeAt(cell)) {
    case ValueType.Int64:
      return out.signed(intAt(cell));
    case ValueType.Uint64:
      return out.decimal(<u64>intAt(cell));
    case ValueType.Double:
      return writeJsonDouble(out, doubleAt(cell));
    case ValueType.Bool:
      return out.bytes(boolAt(cell) ? TRUE : FALSE);
    case ValueType.StringMap:
      writeJsonMap(out, cell, usize.MAX_VALUE, seed);
      return;
    case ValueType.Duration:
      out.byte(QUOTE);
      writeDuration(out, intAt(cell));
      return out.byte(QUOTE);
    case ValueType.Timestamp:
      out.byte(QUOTE);
      writeMicroseconds(out, intAt(cell), nanosAt(cell));
      return out.byte(QUOTE);
    case ValueType.IpAddress:
      out.byte(QUOTE);
      writeValue(out, cell);
      return out.byte(QUOTE);
    default:
      writeJsonText(out, textAt(cell));
  }
}

/** Writes a value in at most `sizeMax` bytes, at least 64: texts and maps lose their ends. */
export function writeCutJsonValue(out: Writer, cell: usize, sizeMax: usize, seed: u64): void {
  const mark = markArena();
  const room = takeArena(sizeMax);
  if (room == 0) {
    out.bytes(EMPTY);
    return;
  }
  cut.open(room, sizeMax);
  if (typeAt(cell) == ValueType.StringMap) {
    writeJsonMap(cut, cell, sizeMax, seed);
  } else {
    writeJsonValue(cut, cell, seed);
    if (cut.isTruncated) cutText(textAt(cell), room, sizeMax);
  }
  out.bytes(cut.written);
  releaseArena(mark);
}

/** A time in UTC with exactly six digits of a second, as Mixer's lines have it. */
export function writeMicroseconds(out: Writer, seconds: i64, nanos: u32): void {
  writeTimestamp(out, seconds, 0);
  if (out.isTruncated) return;
  out.rewind(out.size - 1);
  out.byte(DOT);
  const micros = nanos / NS_PER_MICROSECOND;
  for (let unit: u32 = 100_000; unit > 0; unit /= 10) out.byte(ZERO + <u8>((micros / unit) % 10));
  out.byte(ZULU);
}

// Escapes make a text up to six times as long, so that a few attempts are enough.
function cutText(text: Slice, room: usize, sizeMax: usize): void {
  let size = sizeMax - QUOTES_SIZE_BYTES;
  do {
    cut.open(room, sizeMax);
    writeJsonText(cut, truncateUtf8(text, size));
    size >>= 1;
  } while (cut.isTruncated);
}

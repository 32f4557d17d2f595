// Metadata written anew as JSON text: the claims of a token whose own text nobody has kept. Bounded
// in size and depth; what does not fit gives no text at all rather than half of one. Hot: writes
// into the arena.

import { CLAIMS_DEPTH_MAX, CLAIMS_SIZE_MAX_BYTES } from "../shared/limits";
import { markArena, releaseArena, takeArena } from "../memory/arena";
import { literal } from "../memory/literal";
import { FAILED, Slice, endOf, sizeOf, slice, startOf } from "../memory/slice";
import { Writer } from "../memory/writer";
import { writeJsonText } from "../text/json";
import { writeJsonDouble } from "../text/number";
import { MetadataKind, metadataKind } from "./decode-metadata";

const NULL = literal("null");
const TRUE = literal("true");
const FALSE = literal("false");
const COMMA: u8 = 44;
const COLON: u8 = 58;
const OPEN_LIST: u8 = 91;
const CLOSE_LIST: u8 = 93;
const OPEN_STRUCT: u8 = 123;
const CLOSE_STRUCT: u8 = 125;

const out = new Writer();

/** The struct as a JSON object; FAILED when it is larger or deeper than the limits. */
export function writeClaims(struct: Slice): Slice {
  const at = takeArena(CLAIMS_SIZE_MAX_BYTES);
  if (at == 0) return FAILED;
  out.open(at, CLAIMS_SIZE_MAX_BYTES);
  if (!writeBlock(struct, false, 1) || out.isTruncated) {
    releaseArena(at);
    return FAILED;
  }
  releaseArena(at + out.size);
  return out.written;
}

function writeAny(value: Slice, depth: i32): bool {
  switch (<i32>metadataKind(value)) {
    case MetadataKind.Text:
      writeJsonText(out, value);
      return true;
    case MetadataKind.Number:
      writeJsonDouble(out, load<f64>(startOf(value)));
      return true;
    case MetadataKind.Bool:
      out.bytes(load<u8>(startOf(value)) != 0 ? TRUE : FALSE);
      return true;
    case MetadataKind.List:
      return writeBlock(value, true, depth);
    case MetadataKind.Struct:
      return writeBlock(value, false, depth);
    default:
      out.bytes(NULL);
      return true;
  }
}

// A list's elements are the keys of its block. A block's kind has been found out from its bytes, so
// its sizes are right; the walk keeps its own place because blocks stand in blocks.
function writeBlock(block: Slice, isList: bool, depth: i32): bool {
  if (depth > CLAIMS_DEPTH_MAX || sizeOf(block) < 4) return false;
  const start = startOf(block);
  const count = load<u32>(start);
  let at = start + 4 + ((<usize>count) << 3);
  out.byte(isList ? OPEN_LIST : OPEN_STRUCT);
  for (let index: u32 = 0; index < count; index++) {
    const sizes = start + 4 + ((<usize>index) << 3);
    const key = slice(at, load<u32>(sizes));
    const value = slice(at + load<u32>(sizes) + 1, load<u32>(sizes, 4));
    at += load<u32>(sizes) + load<u32>(sizes, 4) + 2;
    if (at > endOf(block)) return false;
    if (index > 0) out.byte(COMMA);
    if (isList) {
      if (!writeAny(key, depth + 1)) return false;
      continue;
    }
    writeJsonText(out, key);
    out.byte(COLON);
    if (!writeAny(value, depth + 1)) return false;
  }
  out.byte(isList ? CLOSE_LIST : CLOSE_STRUCT);
  return true;
}

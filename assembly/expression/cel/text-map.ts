// A map of CEL where a STRING_MAP is needed: as Mixer's maps have it, texts by texts. Hot:
// allocates only in the arena.

import { ValueType } from "../../shared/types";
import {
  VALUE_SIZE_BYTES,
  ValueFlag,
  copyValue,
  flagsAt,
  hasValue,
  setText,
  textAt,
  typeAt,
} from "../../attribute/value";
import { decodeMetadata } from "../../attribute/decode-metadata";
import { PairsWriter } from "../../abi/pairs";
import { takeArena } from "../../memory/arena";
import { ABSENT, Slice, endOf, isPresent, sizeOf, startOf } from "../../memory/slice";
import { ENTRY_SIZE_BYTES } from "./map";
import { settleAlone, settleUntyped } from "./untyped";

/** What a pair takes beside its key and value: two sizes, two zero bytes. */
const PAIR_SIZE_BYTES: usize = 10;

const SCRATCH: usize = memory.data(16, 8);
const writer = new PairsWriter();

/**
 * Makes a STRING_MAP of a map. Of metadata only texts and lists of texts stay, as elsewhere; a map
 * that the expression made must have texts only. False for anything else, and without memory.
 */
export function becomeTextMap(cell: usize): bool {
  const type = typeAt(cell);
  if (type == ValueType.Map) return packCells(cell);
  if (type != ValueType.StringMap) return false;
  if ((flagsAt(cell) & ValueFlag.Untyped) == 0) return true;
  decodeMetadata(cell, ValueType.StringMap, textAt(cell), 0);
  return hasValue(cell);
}

function packCells(cell: usize): bool {
  const entries = textAt(cell);
  const end = endOf(entries);
  let size: usize = 4;
  for (let at = startOf(entries); at < end; at += VALUE_SIZE_BYTES) {
    const text = textFrom(at);
    if (!isPresent(text)) return false;
    size += sizeOf(text) + PAIR_SIZE_BYTES / 2;
  }
  const to = takeArena(size);
  if (to == 0) return false;
  writer.open(to, size, <u32>(sizeOf(entries) / ENTRY_SIZE_BYTES));
  for (let at = startOf(entries); at < end; at += ENTRY_SIZE_BYTES) {
    writer.add(textFrom(at), textFrom(at + VALUE_SIZE_BYTES));
  }
  setText(cell, ValueType.StringMap, writer.finish());
  return true;
}

// The text of a cell, which stays as it is: others may see it.
function textFrom(cell: usize): Slice {
  copyValue(SCRATCH, cell);
  settleUntyped(SCRATCH, ValueType.String);
  settleAlone(SCRATCH);
  return typeAt(SCRATCH) == ValueType.String ? textAt(SCRATCH) : ABSENT;
}

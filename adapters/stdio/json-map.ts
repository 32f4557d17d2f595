// A map of strings as a JSON object in which each key stands once: lines of one header are joined
// as HTTP says, of other repeated keys the first counts. Hot: time and memory grow with its size,
// whatever a client put into it.

import {
  PairsCursor,
  Slice,
  ValueFlag,
  Writer,
  equal,
  flagsAt,
  hash,
  literal,
  markArena,
  releaseArena,
  takeArena,
  textAt,
  writeJsonEscaped,
  writeJsonText,
} from "../../assembly/sdk";

// An entry: | key | value | next entry with the same key, 0 = none | last one |.
const ENTRY_SIZE_BYTES: usize = 24;
const SLOT_SIZE_BYTES: usize = 4;
const COMMA: u8 = 44;
const QUOTE: u8 = 34;
const COLON: u8 = 58;
const OPEN: u8 = 123;
const CLOSE: u8 = 125;
const COOKIE = literal("cookie");
const COOKIE_GAP = literal("; ");
const HEADER_GAP = literal(",");
const cursor = new PairsCursor();

/**
 * Writes the map so that the writer holds at most `sizeMax` bytes: keys are left out from the first
 * one on that does not fit. The object is always whole if there is room for two bytes.
 */
export function writeJsonMap(out: Writer, cell: usize, sizeMax: usize, seed: u64): void {
  const mark = markArena();
  const block = textAt(cell);
  const count = countPairs(block);
  const entries: usize = count == 0 ? 0 : collect(block, count, seed);
  out.byte(OPEN);
  const joins = (flagsAt(cell) & ValueFlag.Headers) != 0;
  for (let index: u32 = 0; entries != 0 && index < count; index++) {
    const entry = entries + <usize>index * ENTRY_SIZE_BYTES;
    if (load<u32>(entry, 20) == 0) continue; // Written with the first of its key.
    const before = out.size;
    if (index > 0) out.byte(COMMA);
    writeEntry(out, entry, joins);
    if (!out.isTruncated && out.size < sizeMax) continue;
    out.rewind(before);
    break;
  }
  out.byte(CLOSE);
  releaseArena(mark);
}

function writeEntry(out: Writer, entry: usize, joins: bool): void {
  writeJsonText(out, load<u64>(entry));
  out.byte(COLON);
  if (joins) writeJoined(out, entry);
  else writeJsonText(out, load<u64>(entry, 8));
}

function countPairs(block: Slice): u32 {
  let count: u32 = 0;
  cursor.open(block);
  while (cursor.next()) count++;
  return count;
}

// All pairs, those with one key linked behind the first; 0 without memory.
function collect(block: Slice, count: u32, seed: u64): usize {
  let capacity: u32 = 8;
  while (capacity < count << 1) capacity <<= 1;
  const slotsSize = <usize>capacity * SLOT_SIZE_BYTES;
  const entries = takeArena(<usize>count * ENTRY_SIZE_BYTES);
  const slots: usize = entries == 0 ? 0 : takeArena(slotsSize);
  if (slots == 0) return 0;
  memory.fill(slots, 0, slotsSize);
  let entry = entries;
  cursor.open(block);
  while (cursor.next()) {
    store<u64>(entry, cursor.key);
    store<u64>(entry, cursor.value, 8);
    store<u64>(entry, 0, 16);
    link(slots, capacity - 1, entry, seed);
    entry += ENTRY_SIZE_BYTES;
  }
  return entries;
}

// The first entry of a key stands in a slot and knows the last one; the others are marked theirs.
function link(slots: usize, mask: u32, entry: usize, seed: u64): void {
  const key = load<u64>(entry);
  let index = (<u32>hash(key, seed)) & mask;
  while (true) {
    const slot = slots + <usize>index * SLOT_SIZE_BYTES;
    const first = <usize>load<u32>(slot);
    if (first == 0) {
      store<u32>(slot, <u32>entry);
      store<u32>(entry, <u32>entry, 20);
      return;
    }
    if (equal(load<u64>(first), key)) {
      store<u32>(<usize>load<u32>(first, 20), <u32>entry, 16);
      store<u32>(first, <u32>entry, 20);
      return;
    }
    index = (index + 1) & mask;
  }
}

function writeJoined(out: Writer, first: usize): void {
  const gap = equal(load<u64>(first), COOKIE) ? COOKIE_GAP : HEADER_GAP;
  out.byte(QUOTE);
  for (let entry = first; entry != 0 && !out.isTruncated; entry = <usize>load<u32>(entry, 16)) {
    if (entry != first) out.bytes(gap);
    writeJsonEscaped(out, load<u64>(entry, 8));
  }
  out.byte(QUOTE);
}

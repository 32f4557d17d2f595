// A peer's metadata as it travels: a serialized google.protobuf.Struct, written by somebody who may
// be hostile. What telemetry and policy ask for is copied into a packed block, as Envoy gives a
// Struct; everything else is walked over, and what is malformed gives no block at all. A key that
// is given twice counts as it came first. Hot: allocates only in the arena.

import { PEER_FIELD_COUNT_MAX, PEER_LABEL_COUNT_MAX } from "../shared/limits";
import { takeArena } from "../memory/arena";
import { equal } from "../memory/bytes";
import { literal } from "../memory/literal";
import { ABSENT, FAILED, Slice, byteAt, isPresent, sizeOf } from "../memory/slice";
import { PairsWriter } from "../abi/pairs";
import { isUtf8 } from "../text/utf8";
import { WireReader } from "../text/wire";
import { LABELS, LABELS_LOWER, isPeerKey } from "./peer-keys";
import { ENTRIES, StructEntry, ValueField } from "./struct-entry";

/** Sizes and zero bytes of a pair in a block, beyond what the message takes for it. */
const PAIR_SIZE_BYTES: usize = 10;

const outer = new WireReader();
const middle = new WireReader();
const inner = new WireReader();
const entryReader = new StructEntry();
const fields = new PairsWriter();
const labels = new PairsWriter();

/** The block of a Struct; ABSENT when it is malformed, FAILED without memory. */
export function blockOfStruct(struct: Slice): Slice {
  const capacity = sizeOf(struct) + 8 + <usize>PEER_FIELD_COUNT_MAX * PAIR_SIZE_BYTES + labelRoom();
  const at = takeArena(capacity);
  if (at == 0) return FAILED;
  fields.open(at, capacity, PEER_FIELD_COUNT_MAX);
  outer.open(struct);
  while (outer.next()) {
    if (!outer.isBytes(ENTRIES) || !addField(outer.bytes)) return ABSENT;
  }
  return outer.isBroken ? ABSENT : fields.finish();
}

function labelRoom(): usize {
  return 8 + <usize>PEER_LABEL_COUNT_MAX * PAIR_SIZE_BYTES;
}

// What is no text, of a field that should be one, is as good as left out.
function addField(entry: Slice): bool {
  if (!entryReader.read(entry)) return false;
  const key = entryReader.key;
  const value = entryReader.value;
  if (!isPresent(key) || !isPresent(value)) return true;
  if (equal(key, LABELS) || equal(key, LABELS_LOWER)) return addLabels(key, value);
  const text = lastOf(value, ValueField.Text);
  if (text == FAILED) return false;
  if (!isPresent(text) || !isPeerKey(key)) return true;
  if (!isPlain(text)) return false;
  fields.add(key, text);
  return true;
}

function addLabels(key: Slice, value: Slice): bool {
  const struct = lastOf(value, ValueField.Struct);
  if (!isPresent(struct)) return struct != FAILED;
  const capacity = sizeOf(struct) + labelRoom();
  const at = takeArena(capacity);
  if (at == 0) return false;
  labels.open(at, capacity, PEER_LABEL_COUNT_MAX);
  middle.open(struct);
  while (middle.next()) {
    if (!middle.isBytes(ENTRIES) || !addLabel(middle.bytes)) return false;
  }
  if (middle.isBroken) return false;
  fields.add(key, labels.finish());
  return true;
}

function addLabel(entry: Slice): bool {
  if (!entryReader.read(entry)) return false;
  const key = entryReader.key;
  const value = entryReader.value;
  const text = isPresent(value) ? lastOf(value, ValueField.Text) : ABSENT;
  if (!isPresent(key) || !isPresent(text)) return text != FAILED;
  if (!isPlain(key) || !isPlain(text)) return false;
  labels.add(key, text);
  return true;
}

// Of a field that may stand there once the last one counts, as in protobuf; FAILED: malformed.
function lastOf(message: Slice, field: u32): Slice {
  let found: Slice = ABSENT;
  inner.open(message);
  while (inner.next()) if (inner.isBytes(field)) found = inner.bytes;
  return inner.isBroken ? FAILED : found;
}

// Names of a mesh: UTF-8 without control bytes, so that no block is taken for something else.
function isPlain(text: Slice): bool {
  const size = sizeOf(text);
  for (let at: usize = 0; at < size; at++) {
    if (byteAt(text, at) < 32) return false;
  }
  return isUtf8(text);
}

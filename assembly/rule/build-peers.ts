// `peers`: where the workload of the other side is known from, and the own node's metadata as its
// proxies are told them: the Struct that Istio's proxies send, with all labels that fit. The node
// never changes, so that it is read once. Cold.

import { PEER_LABEL_COUNT_MAX, PEER_METADATA_SIZE_MAX_BYTES } from "../shared/limits";
import {
  PEER_ID_HEADER,
  PEER_METADATA_HEADER,
  PEER_SOURCE_NAMES,
  PeerSource,
} from "../shared/peers";
import { Phase } from "../shared/phases";
import { equal } from "../memory/bytes";
import { literal } from "../memory/literal";
import { Slice, emptySlice, isPresent, sizeOf, startOf } from "../memory/slice";
import { Writer } from "../memory/writer";
import { freeFromHost } from "../abi/inbox";
import { PairsCursor } from "../abi/pairs";
import { readProperty } from "../abi/properties";
import { MetadataKind, metadataKind } from "../attribute/decode-metadata";
import { PEER_FIELD_KEYS, PeerField } from "../attribute/entry";
import { UPSTREAM_PEER } from "../attribute/peer-entry";
import { LABEL_NAMES } from "../attribute/peer-keys";
import { isUsed } from "../attribute/use";
import { ObjectReader } from "../config/object-reader";
import { writeBase64 } from "../text/base64";
import { beginMessage, endMessage, writeBytesField, writeVarint } from "../text/wire";
import { BuildEnvironment } from "./build-context";
import { PeerExchange } from "./peer-exchange";

/** Tags of an entry in a Struct, and of the value in an entry. */
const ENTRY_TAG: u64 = 10;
const VALUE_TAG: u64 = 18;
const NODE = "xds\0node\0";
const METADATA = NODE + "metadata\0";
/** What a base64 text of the longest header stands for. */
const STRUCT_SIZE_MAX_BYTES: usize = (<usize>PEER_METADATA_SIZE_MAX_BYTES / 4) * 3;

/** Reads the field; before any attribute is asked for. */
export function readPeers(reader: ObjectReader, environment: BuildEnvironment): void {
  environment.schema.peers = reader.word("peers", PeerSource.None, PEER_SOURCE_NAMES);
}

/** Adds the headers that no client may send, where the document takes them away unread. */
export function stripPeerHeaders(environment: BuildEnvironment, stripped: Slice[]): void {
  if (environment.schema.peers != PeerSource.Strip) return;
  stripped.push(literal(PEER_METADATA_HEADER));
  stripped.push(literal(PEER_ID_HEADER));
}

/** The document's part in the exchange; null where it has none. */
export function buildExchange(environment: BuildEnvironment): PeerExchange | null {
  const schema = environment.schema;
  if (schema.peers != PeerSource.Headers) return null;
  return new PeerExchange(
    schema.requestHeader(PEER_METADATA_HEADER),
    schema.requestHeader(PEER_ID_HEADER),
    isUsed(schema, UPSTREAM_PEER, Phase.Response | Phase.Log),
    ownMetadata(environment),
    ownId(environment),
  );
}

function ownId(environment: BuildEnvironment): Slice {
  const id = readProperty(environment.region.text(NODE + "id"));
  if (!isPresent(id)) return emptySlice();
  const kept = environment.region.copy(startOf(id), sizeOf(id));
  freeFromHost(startOf(id));
  return kept;
}

function ownMetadata(environment: BuildEnvironment): Slice {
  const struct = new Writer();
  const at = heap.alloc(STRUCT_SIZE_MAX_BYTES);
  struct.open(at, STRUCT_SIZE_MAX_BYTES);
  for (let field = 0; field < PEER_FIELD_KEYS.length; field++) {
    if (field != PeerField.Labels) writeNodeText(struct, PEER_FIELD_KEYS[field]);
  }
  writeNodeLabels(struct);
  const text = new Writer();
  const size: usize = PEER_METADATA_SIZE_MAX_BYTES;
  const textAt = heap.alloc(size);
  text.open(textAt, size);
  if (struct.size > 0) writeBase64(text, struct.written);
  const kept = environment.region.copy(textAt, text.size);
  heap.free(textAt);
  heap.free(at);
  return kept;
}

function writeNodeText(out: Writer, key: string): void {
  const value = readProperty(literal(METADATA + key));
  if (!isPresent(value)) return;
  const name = literal(key);
  const isText = sizeOf(value) > 0 && metadataKind(value) == MetadataKind.Text;
  if (isText && fits(out, name, value)) writeText(out, name, value);
  if (sizeOf(value) > 0) freeFromHost(startOf(value));
}

// The labels that Istio's proxies send come first; the others as far as they fit.
function writeNodeLabels(out: Writer): void {
  const key = PEER_FIELD_KEYS[PeerField.Labels];
  const labels = readProperty(literal(METADATA + key));
  if (!isPresent(labels)) return;
  const entry = beginMessage(out, 1);
  writeBytesField(out, 1, literal(key));
  const value = beginMessage(out, 2);
  const struct = beginMessage(out, 5);
  let count = writeLabels(out, labels, true, 0);
  count = writeLabels(out, labels, false, count);
  endMessage(out, struct);
  endMessage(out, value);
  endMessage(out, entry);
  if (sizeOf(labels) > 0) freeFromHost(startOf(labels));
}

function writeLabels(out: Writer, labels: Slice, areUsual: bool, before: i32): i32 {
  const cursor = new PairsCursor();
  let count = before;
  cursor.open(labels);
  while (cursor.next() && count < PEER_LABEL_COUNT_MAX) {
    if (isUsual(cursor.key) != areUsual) continue;
    if (metadataKind(cursor.value) != MetadataKind.Text || !fits(out, cursor.key, cursor.value))
      continue;
    writeText(out, cursor.key, cursor.value);
    count++;
  }
  return count;
}

function isUsual(label: Slice): bool {
  for (let at = 0; at < LABEL_NAMES.length; at++) {
    if (equal(label, LABEL_NAMES[at])) return true;
  }
  return false;
}

// An entry takes up to 24 bytes beyond its texts, and so does what stands around the labels.
function fits(out: Writer, key: Slice, text: Slice): bool {
  return out.size + sizeOf(key) + sizeOf(text) + 48 <= STRUCT_SIZE_MAX_BYTES;
}

// One entry of a Struct: key, and a Value that is a text.
function writeText(out: Writer, key: Slice, text: Slice): void {
  const valueSize = fieldSize(sizeOf(text));
  writeVarint(out, ENTRY_TAG);
  writeVarint(out, fieldSize(sizeOf(key)) + fieldSize(valueSize));
  writeBytesField(out, 1, key);
  writeVarint(out, VALUE_TAG);
  writeVarint(out, valueSize);
  writeBytesField(out, 3, text);
}

// A field of so many bytes with its tag and its length.
function fieldSize(size: usize): usize {
  let all: usize = 2 + size;
  for (let rest = size; rest >= 128; rest >>= 7) all++;
  return all;
}

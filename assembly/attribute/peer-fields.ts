// What a peer's metadata say of its workload, in either spelling: that of node metadata and that of
// Istio's filter state, from which owner and labels are put together as Istio does. Hot: allocates
// only in the arena.

import { ValueType } from "../shared/types";
import { PEER_LABEL_COUNT_MAX } from "../shared/limits";
import { takeArena } from "../memory/arena";
import { literal } from "../memory/literal";
import { ABSENT, FAILED, Slice, isPresent, sizeOf } from "../memory/slice";
import { Writer } from "../memory/writer";
import { PairsCursor, PairsWriter } from "../abi/pairs";
import { MetadataKind, decodeMetadata, metadataKind } from "./decode-metadata";
import { memberOf, memberText } from "./derive-metadata";
import { PeerField } from "./entry";
import { accountOf } from "./identity";
import {
  IDENTITY,
  IDENTITY_LOWER,
  LABELS,
  LABELS_LOWER,
  LABEL_KEYS,
  LABEL_NAMES,
  TYPE_LOWER,
  keyOf,
  lowerKeyOf,
} from "./peer-keys";
import { CellState, EvaluationError, setError, setState, setText } from "./value";

const APPS = literal("kubernetes://apis/apps/v1/namespaces/");
const KUBERNETES = literal("kubernetes://");
const ISTIO = literal("istio://");
const WORKLOADS = literal("/workloads/");
const DOT: u8 = 46;
const SLASH: u8 = 47;
const PLURAL: u8 = 115;
const TEXT_SIZE_MAX_BYTES: usize = 1024;
const LABEL_OVERHEAD_BYTES: usize = 64;

const writer = new Writer();
const cursor = new PairsCursor();
const pairs = new PairsWriter();

/** A field's text; ABSENT where the peer does not say. */
export function peerText(block: Slice, field: PeerField): Slice {
  const given = memberText(block, keyOf(field));
  if (isPresent(given)) return given;
  if (field == PeerField.Owner) return peerOwner(block);
  if (field == PeerField.ServiceAccount) return peerAccount(block);
  return memberText(block, lowerKeyOf(field));
}

/** `kubernetes://POD.NAMESPACE`. */
export function podUid(name: Slice, space: Slice): Slice {
  if (!isPresent(name) || !isPresent(space)) return ABSENT;
  if (!openWriter()) return FAILED;
  writer.bytes(KUBERNETES);
  writer.bytes(name);
  writer.byte(DOT);
  writer.bytes(space);
  return writer.written;
}

/** `istio://NAMESPACE/workloads/NAME`. */
export function workloadUid(name: Slice, space: Slice): Slice {
  if (!isPresent(name) || !isPresent(space)) return ABSENT;
  if (!openWriter()) return FAILED;
  writer.bytes(ISTIO);
  writer.bytes(space);
  writer.bytes(WORKLOADS);
  writer.bytes(name);
  return writer.written;
}

/** Writes the labels into a cell; Absent where there are none. */
export function setPeerLabels(cell: usize, block: Slice, index: u32): void {
  const labels = memberOf(block, LABELS);
  if (isBlock(labels)) decodeMetadata(cell, ValueType.StringMap, labels, index);
  else setJoinedLabels(cell, block);
}

function isBlock(bytes: Slice): bool {
  return isPresent(bytes) && metadataKind(bytes) >= MetadataKind.List && sizeOf(bytes) > 3;
}

// The filter state has the usual labels as fields of their own.
function setJoinedLabels(cell: usize, block: Slice): void {
  const capacity = sizeOf(block) + <usize>(PEER_LABEL_COUNT_MAX + 4) * LABEL_OVERHEAD_BYTES;
  const at = takeArena(capacity);
  if (at == 0) {
    setError(cell, EvaluationError.OutOfMemory, 0);
    return;
  }
  pairs.open(at, capacity, PEER_LABEL_COUNT_MAX + LABEL_KEYS.length);
  for (let key = 0; key < LABEL_KEYS.length; key++) {
    const value = memberText(block, unchecked(LABEL_KEYS[key]));
    if (isPresent(value)) pairs.add(unchecked(LABEL_NAMES[key]), value);
  }
  const more = memberOf(block, LABELS_LOWER);
  cursor.open(isBlock(more) ? more : ABSENT);
  while (cursor.next()) {
    if (metadataKind(cursor.value) == MetadataKind.Text) pairs.add(cursor.key, cursor.value);
  }
  const joined = pairs.finish();
  if (sizeOf(joined) == 0) setState(cell, CellState.Absent);
  else setText(cell, ValueType.StringMap, joined);
}

function peerOwner(block: Slice): Slice {
  const type = memberText(block, TYPE_LOWER);
  const space = memberText(block, lowerKeyOf(PeerField.Namespace));
  const workload = memberText(block, lowerKeyOf(PeerField.Workload));
  if (!isPresent(type) || !isPresent(space) || !isPresent(workload)) return ABSENT;
  if (!openWriter()) return FAILED;
  writer.bytes(APPS);
  writer.bytes(space);
  writer.byte(SLASH);
  writer.bytes(type);
  writer.byte(PLURAL);
  writer.byte(SLASH);
  writer.bytes(workload);
  return writer.written;
}

function peerAccount(block: Slice): Slice {
  const identity = memberText(block, IDENTITY);
  return accountOf(isPresent(identity) ? identity : memberText(block, IDENTITY_LOWER));
}

function openWriter(): bool {
  const at = takeArena(TEXT_SIZE_MAX_BYTES);
  if (at == 0) return false;
  writer.open(at, TEXT_SIZE_MAX_BYTES);
  return true;
}

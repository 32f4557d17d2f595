// The other side's metadata as a packed block: from the header that its proxy sent, from what was
// kept of it, or from the filter state that Istio's own filters write. A header is a claim: its
// bytes may be anything, and a claim that the certificate contradicts is none. Hot: allocates only
// in the arena.

import { Derivation } from "../shared/attributes";
import { PEER_METADATA_SIZE_MAX_BYTES } from "../shared/limits";
import { PEER_KEY_PREFIX_BEFORE } from "../shared/peers";
import { ValueType } from "../shared/types";
import { equal } from "../memory/bytes";
import { literal } from "../memory/literal";
import { ABSENT, FAILED, Slice, isPresent, sizeOf } from "../memory/slice";
import { readProperty } from "../abi/properties";
import { decodeBase64 } from "../text/base64";
import { Bag } from "./bag";
import { MetadataKind, metadataKind } from "./decode-metadata";
import { hiddenBytes } from "./derive-metadata";
import { directionOf } from "./direction";
import { Direction, ENTRY_ARG, ENTRY_PATH, ENTRY_SECOND, PeerField } from "./entry";
import { PEER_SAN, accountOf, namespaceOf, principalAt } from "./identity";
import { UPSTREAM_SAN } from "./identity";
import { peerText, setPeerLabels } from "./peer-fields";
import { PeerLoss, countPeerLoss } from "./peer-losses";
import { blockOfStruct } from "./peer-struct";
import { CellState, EvaluationError, setError, setState, setText } from "./value";

const STATE_BEFORE = "filter_state\0" + PEER_KEY_PREFIX_BEFORE;
const DOWNSTREAM_BEFORE = literal(STATE_BEFORE + "downstream_peer");
const UPSTREAM_BEFORE = literal(STATE_BEFORE + "upstream_peer");

/** Fills the cell with a peer's metadata, which its attributes are taken from. */
export function derivePeer(bag: Bag, entry: usize, cell: usize): void {
  const path = load<u64>(entry, ENTRY_PATH);
  const isUpstream = load<u8>(entry, 3) == <u8>Derivation.UpstreamPeer;
  let block: Slice = ABSENT;
  if (path != 0) block = storedPeer(path, isUpstream ? UPSTREAM_BEFORE : DOWNSTREAM_BEFORE);
  // Outbound the client is the own workload; what it says of itself is not asked.
  else if (directionOf(bag) != Direction.Outbound)
    block = claimedPeer(bag.requestHeader(load<u32>(entry, ENTRY_ARG), false), PEER_SAN);
  setBlock(cell, block);
}

function setBlock(cell: usize, block: Slice): void {
  if (isPresent(block)) setText(cell, ValueType.StringMap, block);
  else if (block == FAILED) setError(cell, EvaluationError.HostFailed, 0);
  else setState(cell, CellState.Absent);
}

/**
 * The block of the metadata in a header, decoded; ABSENT where it is not believed, which is
 * counted. `certificate` is the path of the same peer's certificate.
 */
export function claimedPeer(header: Slice, certificate: Slice): Slice {
  if (!isPresent(header) || sizeOf(header) == 0) return header == FAILED ? FAILED : ABSENT;
  if (sizeOf(header) > <usize>PEER_METADATA_SIZE_MAX_BYTES) return lost(PeerLoss.TooLong);
  const struct = decodeBase64(header);
  if (struct == FAILED) return FAILED;
  const block = isPresent(struct) ? blockOfStruct(struct) : ABSENT;
  if (block == FAILED) return FAILED;
  if (!isPresent(block)) return lost(PeerLoss.Malformed);
  return isContradicted(block, certificate) ? lost(PeerLoss.Contradicted) : block;
}

// Which namespace a workload is in is part of its identity.
function isContradicted(block: Slice, certificate: Slice): bool {
  const claimed = peerText(block, PeerField.Namespace);
  if (!isPresent(claimed)) return false;
  const proven = namespaceOf(principalAt(certificate));
  return isPresent(proven) && !equal(claimed, proven);
}

// Envoy gives a Struct of the filter state as a block; one that was kept as bytes is taken apart.
function storedPeer(path: Slice, before: Slice): Slice {
  let bytes = readProperty(path);
  if (bytes == ABSENT) bytes = readProperty(before);
  if (!isPresent(bytes) || sizeOf(bytes) == 0) return bytes == FAILED ? FAILED : ABSENT;
  if (sizeOf(bytes) > <usize>PEER_METADATA_SIZE_MAX_BYTES) return lost(PeerLoss.TooLong);
  if (metadataKind(bytes) == MetadataKind.Struct) return bytes;
  const block = blockOfStruct(bytes);
  return block == ABSENT ? lost(PeerLoss.Malformed) : block;
}

function lost(loss: PeerLoss): Slice {
  countPeerLoss(loss);
  return ABSENT;
}

/** The metadata that an attribute is taken from; ABSENT where the document knows no peers. */
export function peerOf(bag: Bag, entry: usize): Slice {
  const peer = load<u32>(entry, ENTRY_SECOND);
  return peer == 0 ? ABSENT : hiddenBytes(bag, peer - 1);
}

/** Fills the cell of a directed attribute on a listener of the other direction. */
export function setPeerField(bag: Bag, entry: usize, cell: usize, index: u32): void {
  const block = peerOf(bag, entry);
  const field = <PeerField>load<u8>(entry, 3);
  if (isPresent(block) && field == PeerField.Labels) {
    setPeerLabels(cell, block, index);
    return;
  }
  let text = isPresent(block) ? peerText(block, field) : block;
  // Istio's proxies do not send it, and the certificate knows it.
  if (text == ABSENT && field == PeerField.ServiceAccount && isPresent(block)) {
    text = accountOf(principalAt(isOfSource(entry) ? PEER_SAN : UPSTREAM_SAN));
  }
  if (isPresent(text)) setText(cell, ValueType.String, text);
  else if (text == FAILED) setError(cell, EvaluationError.HostFailed, 0);
  else setState(cell, CellState.Absent);
}

// A constant of outbound listeners is one of the source.
function isOfSource(entry: usize): bool {
  return load<i32>(entry, ENTRY_ARG) == Direction.Outbound;
}

// Attributes of the connection, its peers and the node. Hot: allocates only in the arena.

import { Derivation } from "../shared/attributes";
import { ValueType } from "../shared/types";
import { takeArena } from "../memory/arena";
import { literal } from "../memory/literal";
import { ABSENT, FAILED, Slice, isPresent, sizeOf, startOf } from "../memory/slice";
import { Writer } from "../memory/writer";
import { readProperty } from "../abi/properties";
import { Bag } from "./bag";
import { setAddress } from "./decode-text";
import { deriveFromTraffic } from "./derive-traffic";
import { peerOf, setPeerField } from "./derive-peer";
import { directionOf } from "./direction";
import {
  Direction,
  ENTRY_ARG,
  ENTRY_DEFAULT,
  ENTRY_PATH,
  ENTRY_SECOND,
  PeerField,
  SourceKind,
} from "./entry";
import { LOCAL_SAN, PEER_SAN, UPSTREAM_SAN, namespaceOf, principalAt } from "./identity";
import { peerText, podUid, workloadUid } from "./peer-fields";
import { writeResponseFlags } from "./response-flags";
import {
  CellState,
  EvaluationError,
  copyValue,
  setError,
  setInt,
  setState,
  setText,
} from "./value";

const DESTINATION_ADDRESS = literal("destination\0address");
const DESTINATION_PORT = literal("destination\0port");
const UPSTREAM_ADDRESS = literal("upstream\0address");
const UPSTREAM_PORT = literal("upstream\0port");
const CONNECTION_ID = literal("connection\0id");
const RESPONSE_FLAGS = literal("response\0flags");
const NODE_NAME = literal("xds\0node\0metadata\0NAME");
const NODE_NAMESPACE = literal("xds\0node\0metadata\0NAMESPACE");
const NODE_WORKLOAD = literal("xds\0node\0metadata\0WORKLOAD_NAME");
const INBOUND = literal("inbound");
const OUTBOUND = literal("outbound");
const TEXT_SIZE_MAX_BYTES: usize = 1024;

const writer = new Writer();

/** Fills the cell of an attribute that connection, listener or node give. */
export function deriveFromConnection(bag: Bag, entry: usize, cell: usize, index: u32): void {
  if (load<u8>(entry) == <u8>SourceKind.Directed) {
    setDirected(bag, entry, cell, index);
    return;
  }
  const derivation = <u32>load<u8>(entry, 3);
  if (derivation == Derivation.SourceIp) {
    setIp(cell, readProperty(load<u64>(entry, ENTRY_PATH)));
    return;
  }
  if (derivation == Derivation.DestinationIp) {
    setIp(cell, readProperty(isOutbound(bag) ? UPSTREAM_ADDRESS : DESTINATION_ADDRESS));
    return;
  }
  if (derivation == Derivation.DestinationPort) {
    setPort(cell, readProperty(isOutbound(bag) ? UPSTREAM_PORT : DESTINATION_PORT));
    return;
  }
  if (derivation >= <u32>Derivation.ConnectionEvent) {
    deriveFromTraffic(bag.isConnection ? bag.record : 0, derivation, cell);
    return;
  }
  const value = textOfDerivation(bag, entry, derivation);
  if (isPresent(value)) setText(cell, ValueType.String, value);
  else if (value == FAILED) setError(cell, EvaluationError.HostFailed, 0);
  else setState(cell, CellState.Absent);
}

function textOfDerivation(bag: Bag, entry: usize, derivation: u32): Slice {
  const isOutbound = directionOf(bag) == Direction.Outbound;
  switch (derivation) {
    case Derivation.ReporterKind:
      return isOutbound ? OUTBOUND : INBOUND;
    case Derivation.ReporterUid:
      return ownUid();
    case Derivation.SourcePrincipal:
      return principalAt(isOutbound ? LOCAL_SAN : PEER_SAN);
    case Derivation.DestinationPrincipal:
      return principalAt(isOutbound ? UPSTREAM_SAN : LOCAL_SAN);
    case Derivation.SourceNamespace:
      return isOutbound ? readProperty(NODE_NAMESPACE) : peerNamespace(bag, entry, PEER_SAN);
    case Derivation.DestinationNamespace:
      return isOutbound ? peerNamespace(bag, entry, UPSTREAM_SAN) : readProperty(NODE_NAMESPACE);
    case Derivation.SourceUid:
      return isOutbound ? ownUid() : peerUid(bag, entry);
    case Derivation.DestinationUid:
      return isOutbound ? peerUid(bag, entry) : ownUid();
    case Derivation.SourceWorkloadUid:
      return isOutbound ? ownWorkload() : peerWorkload(bag, entry);
    case Derivation.DestinationWorkloadUid:
      return isOutbound ? peerWorkload(bag, entry) : ownWorkload();
    case Derivation.ConnectionId:
      return decimal(readProperty(CONNECTION_ID));
    case Derivation.ResponseFlags:
      return responseFlags();
    default:
      return ABSENT;
  }
}

function setDirected(bag: Bag, entry: usize, cell: usize, index: u32): void {
  const constant = <usize>load<u32>(entry, ENTRY_DEFAULT);
  if ((constant | (<usize>load<u32>(entry, ENTRY_SECOND))) == 0) setState(cell, CellState.Absent);
  else if (directionOf(bag) != load<i32>(entry, ENTRY_ARG)) setPeerField(bag, entry, cell, index);
  else if (constant != 0) copyValue(cell, constant);
  else setState(cell, CellState.Absent);
}

// The address of a Unix socket is no IP address: absent.
function setIp(cell: usize, text: Slice): void {
  if (text == FAILED) setError(cell, EvaluationError.HostFailed, 0);
  else if (!isPresent(text) || !setAddress(cell, text)) setState(cell, CellState.Absent);
}

function setPort(cell: usize, bytes: Slice): void {
  if (bytes == FAILED) setError(cell, EvaluationError.HostFailed, 0);
  else if (sizeOf(bytes) != 8) setState(cell, CellState.Absent);
  else setInt(cell, ValueType.Int64, load<i64>(startOf(bytes)));
}

function isOutbound(bag: Bag): bool {
  return directionOf(bag) == Direction.Outbound;
}

// What the certificate says is proven; what the peer says of itself is asked only without it.
function peerNamespace(bag: Bag, entry: usize, certificate: Slice): Slice {
  const proven = namespaceOf(principalAt(certificate));
  if (proven != ABSENT) return proven;
  const peer = peerOf(bag, entry);
  return isPresent(peer) ? peerText(peer, PeerField.Namespace) : peer;
}

function ownUid(): Slice {
  return podUid(readProperty(NODE_NAME), readProperty(NODE_NAMESPACE));
}

function ownWorkload(): Slice {
  return workloadUid(readProperty(NODE_WORKLOAD), readProperty(NODE_NAMESPACE));
}

function peerUid(bag: Bag, entry: usize): Slice {
  const peer = peerOf(bag, entry);
  if (!isPresent(peer)) return peer;
  return podUid(peerText(peer, PeerField.Name), peerText(peer, PeerField.Namespace));
}

function peerWorkload(bag: Bag, entry: usize): Slice {
  const peer = peerOf(bag, entry);
  if (!isPresent(peer)) return peer;
  return workloadUid(peerText(peer, PeerField.Workload), peerText(peer, PeerField.Namespace));
}

function decimal(bytes: Slice): Slice {
  if (sizeOf(bytes) != 8) return ABSENT;
  const value = load<u64>(startOf(bytes));
  if (!openWriter()) return FAILED;
  writer.decimal(value);
  return writer.written;
}

function responseFlags(): Slice {
  const bytes = readProperty(RESPONSE_FLAGS);
  const flags = sizeOf(bytes) == 8 ? load<u64>(startOf(bytes)) : 0;
  if (!openWriter()) return FAILED;
  writeResponseFlags(writer, flags);
  return writer.written;
}

function openWriter(): bool {
  const at = takeArena(TEXT_SIZE_MAX_BYTES);
  if (at == 0) return false;
  writer.open(at, TEXT_SIZE_MAX_BYTES);
  return true;
}

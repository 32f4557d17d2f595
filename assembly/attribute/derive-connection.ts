// Attributes of the connection, its peers and the node. Hot: allocates only in the arena.

import { Derivation } from "../shared/attributes";
import { ValueType } from "../shared/types";
import { takeArena } from "../memory/arena";
import { indexOf, startsWith } from "../memory/bytes";
import { literal } from "../memory/literal";
import { ABSENT, FAILED, Slice, isPresent, sizeOf, startOf, subSlice } from "../memory/slice";
import { Writer } from "../memory/writer";
import { readProperty } from "../abi/properties";
import { Bag } from "./bag";
import { setAddress } from "./decode-text";
import { deriveFromTraffic } from "./derive-traffic";
import { readDirection } from "./direction";
import { Direction, ENTRY_ARG, ENTRY_DEFAULT, ENTRY_PATH, SourceKind } from "./entry";
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

const PEER_SAN = literal("connection\0uri_san_peer_certificate");
const LOCAL_SAN = literal("connection\0uri_san_local_certificate");
const UPSTREAM_SAN = literal("upstream\0uri_san_peer_certificate");
const DESTINATION_ADDRESS = literal("destination\0address");
const DESTINATION_PORT = literal("destination\0port");
const UPSTREAM_ADDRESS = literal("upstream\0address");
const UPSTREAM_PORT = literal("upstream\0port");
const CONNECTION_ID = literal("connection\0id");
const RESPONSE_FLAGS = literal("response\0flags");
const NODE_NAME = literal("xds\0node\0metadata\0NAME");
const NODE_NAMESPACE = literal("xds\0node\0metadata\0NAMESPACE");
const NODE_WORKLOAD = literal("xds\0node\0metadata\0WORKLOAD_NAME");
const SPIFFE = literal("spiffe://");
const NAMESPACE_PART = literal("/ns/");
const KUBERNETES = literal("kubernetes://");
const ISTIO = literal("istio://");
const WORKLOADS = literal("/workloads/");
const INBOUND = literal("inbound");
const OUTBOUND = literal("outbound");
const DOT: u8 = 46;
const SLASH: u8 = 47;
const TEXT_SIZE_MAX_BYTES: usize = 1024;

const writer = new Writer();

/** Fills the cell of an attribute that connection, listener or node give. */
export function deriveFromConnection(bag: Bag, entry: usize, cell: usize, index: u32): void {
  if (load<u8>(entry) == <u8>SourceKind.Directed) {
    setDirected(bag, entry, cell);
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
  const value = textOfDerivation(bag, derivation);
  if (isPresent(value)) setText(cell, ValueType.String, value);
  else if (value == FAILED) setError(cell, EvaluationError.HostFailed, 0);
  else setState(cell, CellState.Absent);
}

function textOfDerivation(bag: Bag, derivation: u32): Slice {
  const isOutbound = directionOf(bag) == Direction.Outbound;
  switch (derivation) {
    case Derivation.ReporterKind:
      return isOutbound ? OUTBOUND : INBOUND;
    case Derivation.ReporterUid:
      return podUid();
    case Derivation.SourcePrincipal:
      return principal(isOutbound ? LOCAL_SAN : PEER_SAN);
    case Derivation.DestinationPrincipal:
      return principal(isOutbound ? UPSTREAM_SAN : LOCAL_SAN);
    case Derivation.SourceNamespace:
      return isOutbound ? readProperty(NODE_NAMESPACE) : namespaceOf(principal(PEER_SAN));
    case Derivation.DestinationNamespace:
      return isOutbound ? namespaceOf(principal(UPSTREAM_SAN)) : readProperty(NODE_NAMESPACE);
    case Derivation.SourceUid:
      return isOutbound ? podUid() : ABSENT;
    case Derivation.DestinationUid:
      return isOutbound ? ABSENT : podUid();
    case Derivation.SourceWorkloadUid:
      return isOutbound ? workloadUid() : ABSENT;
    case Derivation.DestinationWorkloadUid:
      return isOutbound ? ABSENT : workloadUid();
    case Derivation.ConnectionId:
      return decimal(readProperty(CONNECTION_ID));
    case Derivation.ResponseFlags:
      return responseFlags();
    default:
      return ABSENT;
  }
}

/** The direction of the current stream's listener; asked once in each phase. */
function directionOf(bag: Bag): i32 {
  if (bag.direction < 0) bag.direction = readDirection();
  return bag.direction;
}

function setDirected(bag: Bag, entry: usize, cell: usize): void {
  const constant = <usize>load<u32>(entry, ENTRY_DEFAULT);
  const isOfThisListener = constant != 0 && directionOf(bag) == load<i32>(entry, ENTRY_ARG);
  if (isOfThisListener) copyValue(cell, constant);
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

function principal(path: Slice): Slice {
  const san = readProperty(path);
  if (!isPresent(san) || sizeOf(san) == 0) return san == FAILED ? FAILED : ABSENT;
  return startsWith(san, SPIFFE) ? subSlice(san, sizeOf(SPIFFE), sizeOf(san)) : san;
}

// A SPIFFE identity of a mesh: trust-domain/ns/NAMESPACE/sa/ACCOUNT.
function namespaceOf(identity: Slice): Slice {
  if (!isPresent(identity)) return identity;
  const at = indexOf(identity, NAMESPACE_PART);
  if (at < 0) return ABSENT;
  const start = <usize>at + sizeOf(NAMESPACE_PART);
  let end = start;
  while (end < sizeOf(identity) && load<u8>(startOf(identity) + end) != SLASH) end++;
  return end == start ? ABSENT : subSlice(identity, start, end);
}

function podUid(): Slice {
  const name = readProperty(NODE_NAME);
  const space = readProperty(NODE_NAMESPACE);
  if (!isPresent(name) || !isPresent(space)) return ABSENT;
  if (!openWriter()) return FAILED;
  writer.bytes(KUBERNETES);
  writer.bytes(name);
  writer.byte(DOT);
  writer.bytes(space);
  return writer.written;
}

function workloadUid(): Slice {
  const name = readProperty(NODE_WORKLOAD);
  const space = readProperty(NODE_NAMESPACE);
  if (!isPresent(name) || !isPresent(space)) return ABSENT;
  if (!openWriter()) return FAILED;
  writer.bytes(ISTIO);
  writer.bytes(space);
  writer.bytes(WORKLOADS);
  writer.bytes(name);
  return writer.written;
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

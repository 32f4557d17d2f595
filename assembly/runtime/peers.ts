// The exchange of metadata between proxies, as Istio's do it: outbound this proxy says who it is
// and reads the upstream's answer, inbound it reads the client's word and answers in kind. The
// headers end here in either direction; nothing of an application's passes for a proxy's. Hot.

import { HeaderMap } from "../shared/abi";
import { PEER_ID_HEADER, PEER_METADATA_HEADER } from "../shared/peers";
import { ValueType } from "../shared/types";
import { equal } from "../memory/bytes";
import { literal } from "../memory/literal";
import { ABSENT, Slice, isPresent, sizeOf, startOf } from "../memory/slice";
import { readHeader, removeHeader, replaceHeader } from "../abi/headers";
import { readProperty } from "../abi/properties";
import { claimedPeer } from "../attribute/derive-peer";
import { memberOf } from "../attribute/derive-metadata";
import { directionOf } from "../attribute/direction";
import { Direction } from "../attribute/entry";
import { UPSTREAM_SAN } from "../attribute/identity";
import { RecordFlag, addRecordFlag, keepText, recordFlags } from "../attribute/record";
import { setText } from "../attribute/value";
import { PeerExchange } from "../rule/peer-exchange";
import { Root } from "./root";

const METADATA = literal(PEER_METADATA_HEADER);
const ID = literal(PEER_ID_HEADER);
const CLUSTER_NAME = literal("xds\0cluster_name");
const CLUSTER_METADATA = literal("xds\0cluster_metadata\0filter_metadata\0istio");
const PASSTHROUGH = literal("PassthroughCluster");
const EXTERNAL = literal("external");
const DISABLED = literal("disable_mx");

/** Notes what the client's proxy says; its headers stay for as long as the request may wait. */
export function meetClient(root: Root, exchange: PeerExchange, record: usize): void {
  const bag = root.bag!;
  if (directionOf(bag) == Direction.Outbound) {
    addRecordFlag(record, RecordFlag.Outbound);
    return;
  }
  if (bag.requestHeader(exchange.metadataSlot, false) != ABSENT) {
    addRecordFlag(record, RecordFlag.PeerAsks);
  }
  if (bag.requestHeader(exchange.idSlot, false) != ABSENT) {
    addRecordFlag(record, RecordFlag.PeerIdAsks);
  }
}

/** Takes both headers away from a request that goes on. */
export function dropClient(): void {
  removeHeader(HeaderMap.Request, METADATA);
  removeHeader(HeaderMap.Request, ID);
}

/**
 * Last thing before the request goes on: outbound the upstream is told who calls, inbound the
 * client's headers end.
 */
export function introduce(exchange: PeerExchange, record: usize): void {
  const flags = recordFlags(record);
  if ((flags & RecordFlag.Outbound) == 0) {
    if ((flags & RecordFlag.PeerAsks) != 0) removeHeader(HeaderMap.Request, METADATA);
    if ((flags & RecordFlag.PeerIdAsks) != 0) removeHeader(HeaderMap.Request, ID);
  } else if (isExternal()) {
    dropClient();
  } else {
    setOwn(HeaderMap.Request, METADATA, exchange.metadata);
    setOwn(HeaderMap.Request, ID, exchange.id);
  }
}

/** Reads the upstream's answer, or answers the client; first thing when response headers come. */
export function meetUpstream(root: Root, exchange: PeerExchange, record: usize): void {
  const flags = record == 0 ? 0 : recordFlags(record);
  if ((flags & RecordFlag.Outbound) != 0) {
    if (exchange.readsUpstream) keepUpstream(root, record);
    removeHeader(HeaderMap.Response, METADATA);
    removeHeader(HeaderMap.Response, ID);
    return;
  }
  if ((flags & RecordFlag.PeerAsks) == 0) removeHeader(HeaderMap.Response, METADATA);
  else setOwn(HeaderMap.Response, METADATA, exchange.metadata);
  if ((flags & RecordFlag.PeerIdAsks) == 0) removeHeader(HeaderMap.Response, ID);
  else setOwn(HeaderMap.Response, ID, exchange.id);
}

// One line with the own value; none where the proxy has nothing to say of itself.
function setOwn(map: HeaderMap, name: Slice, value: Slice): void {
  if (sizeOf(value) > 0) replaceHeader(map, name, value);
  else removeHeader(map, name);
}

// What does not fit whole is not kept.
function keepUpstream(root: Root, record: usize): void {
  const header = readHeader(HeaderMap.Response, METADATA);
  const block = claimedPeer(header, UPSTREAM_SAN);
  if (!isPresent(block)) return;
  const kept = keepText(record, block);
  if (sizeOf(kept) < sizeOf(block)) root.statistics!.cutCaptures++;
  else setText(record + root.bag!.layout.peerOffset, ValueType.StringMap, kept);
}

// As Istio marks clusters of services that are none of the mesh, and those without proxies.
function isExternal(): bool {
  const istio = readProperty(CLUSTER_METADATA);
  if (isPresent(istio) && (isSet(istio, EXTERNAL) || isSet(istio, DISABLED))) return true;
  const name = readProperty(CLUSTER_NAME);
  return !isPresent(name) || equal(name, PASSTHROUGH);
}

function isSet(metadata: Slice, key: Slice): bool {
  const value = memberOf(metadata, key);
  return sizeOf(value) == 1 && load<u8>(startOf(value)) == 1;
}

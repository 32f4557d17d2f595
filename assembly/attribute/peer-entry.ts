// The hidden attributes with the metadata of either side, which the attributes of workloads are
// taken from. Cold.

import { Derivation } from "../shared/attributes";
import {
  DOWNSTREAM_PEER_KEY,
  PEER_METADATA_HEADER,
  PeerSource,
  UPSTREAM_PEER_KEY,
} from "../shared/peers";
import { PHASES_ALL } from "../shared/phases";
import { ValueType } from "../shared/types";
import { SourceKind } from "./entry";
import { SchemaEntry, Sources } from "./schema-entry";

/** Names that no operator can write. */
export const DOWNSTREAM_PEER = "(downstream peer)";
/** The same of the upstream's side. */
export const UPSTREAM_PEER = "(upstream peer)";

/** The entry of one side. The upstream is known late: what is not there is never kept. */
export function peerEntry(source: PeerSource, isUpstream: bool, sources: Sources): SchemaEntry {
  const name = isUpstream ? UPSTREAM_PEER : DOWNSTREAM_PEER;
  const entry = new SchemaEntry(name, ValueType.StringMap);
  entry.phases = PHASES_ALL;
  entry.isOfMoment = isUpstream;
  entry.kind = SourceKind.Derived;
  entry.derivation = isUpstream ? Derivation.UpstreamPeer : Derivation.DownstreamPeer;
  if (source == PeerSource.FilterState) {
    entry.path = ["filter_state", isUpstream ? UPSTREAM_PEER_KEY : DOWNSTREAM_PEER_KEY];
  } else if (isUpstream) {
    entry.kind = SourceKind.Peer;
  } else {
    entry.argument = sources.requestHeader(PEER_METADATA_HEADER);
    entry.isRequestOnly = true;
  }
  return entry;
}

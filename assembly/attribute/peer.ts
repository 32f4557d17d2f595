// Whether a check needs what a TCP connection has from its first bytes on only: the peer's
// identity, which comes with the TLS handshake, or the upstream host. Cold.

import { Derivation } from "../shared/attributes";
import { Phase } from "../shared/phases";
import { Schema } from "./schema";
import { SchemaEntry } from "./schema-entry";

/** Whether an expression of the check reads any of it. */
export function readsPeer(schema: Schema): bool {
  const entries = schema.entries;
  for (let at = 0; at < entries.length; at++) {
    const isRead = (entries[at].uses & (Phase.Request | Phase.Denial)) != 0;
    if (isRead && isOfPeer(entries[at])) return true;
  }
  return false;
}

function isOfPeer(entry: SchemaEntry): bool {
  switch (entry.derivation) {
    case Derivation.SourcePrincipal:
    case Derivation.SourceNamespace:
    case Derivation.DestinationPrincipal:
    case Derivation.DestinationNamespace:
    case Derivation.DestinationIp:
    case Derivation.DestinationPort:
    case Derivation.RbacCode:
    case Derivation.RbacPolicy:
      return true;
    default:
  }
  const path = entry.path;
  if (path.length < 2) return false;
  if (path[0] == "connection") return path[1] != "id";
  if (path[0] == "filter_state") return path[1].endsWith("_peer");
  return path[0] == "upstream" || path[0] == "metadata" || path[0] == "upstream_filter_state";
}

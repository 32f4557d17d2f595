// Istio's exchange of metadata between proxies: where a document takes its peers from, the headers,
// and the keys of filter state. Compiled by asc and by tsc; imports nothing.

/** Where the workload of the other side is known from; in the order of PEER_SOURCE_NAMES. */
export const enum PeerSource {
  /** Nowhere. */
  None = 0,
  /** Nowhere, and the headers are removed from requests. */
  Strip = 1,
  /** The headers. */
  Headers = 2,
  /** What Istio's own filters leave in the filter state. */
  FilterState = 3,
}

/** The words of the document. */
export const PEER_SOURCE_NAMES: string[] = ["NONE", "STRIP", "HEADERS", "FILTER_STATE"];

/** A proxy's node metadata: base64 of a serialized google.protobuf.Struct. */
export const PEER_METADATA_HEADER = "x-envoy-peer-metadata";
/** The id of its node. */
export const PEER_ID_HEADER = "x-envoy-peer-metadata-id";

/** Keys of the filter state with the metadata of the client's side. */
export const DOWNSTREAM_PEER_KEY = "downstream_peer";
/** The same of the upstream's side. */
export const UPSTREAM_PEER_KEY = "upstream_peer";
/** What Istio wrote in front of both keys before 1.24. */
export const PEER_KEY_PREFIX_BEFORE = "wasm.";

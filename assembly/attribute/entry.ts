// The compiled form of one attribute of a document: a record of 40 bytes in the configuration's
// region, read by the bag. Both: written by the schema, read per request.
//
//   0      1      2       3        4     8      16        20         24        28       32
//   | kind | type | flags | derive | arg | path | default | capture  | program | second | path 2 |

/** Size of a record. */
export const ENTRY_SIZE_BYTES: usize = 40;

/** Where an attribute's value comes from. */
export const enum SourceKind {
  /** Never there. */
  None = 0,
  /** arg: slot of the request header. */
  RequestHeader = 1,
  RequestHeaders = 2,
  /** arg: slot of the response header. */
  ResponseHeader = 3,
  ResponseHeaders = 4,
  /** path: the property's path. */
  Property = 5,
  /** default: the cell with the value. */
  Constant = 6,
  /** derive says which; arg and second are header slots, path a property. */
  Derived = 7,
  /** program: evaluated by the evaluator on first use in a phase. */
  Program = 8,
  /**
   * A constant on a listener of one direction: arg is the direction. On others a field of the peer:
   * derive is the PeerField, second the index + 1 of the peer's metadata, 0 for none.
   */
  Directed = 9,
  /** An output value of an action: arg is its place in the stream's record. */
  Output = 10,
  /** The metadata of the upstream's side, which the exchange keeps in the stream's record. */
  Peer = 11,
  /** Derived ones that most documents read, without the search for what they are. */
  ResponseCode = 12,
  ResponseDuration = 13,
}

/** Bits of the flags. */
export const enum EntryFlag {
  /** A map's element: missing reads as KeyAbsent. */
  Element = 1,
  /** Readable live only while request headers are there. */
  RequestOnly = 2,
  /** A protobuf Value, as in metadata: decode-metadata.ts. */
  Metadata = 4,
  /** A header that has one value only and may be read alone. */
  Pseudo = 8,
  /** Declared by the operator: absent when its expression fails. */
  Declared = 16,
  /** Text that is read as the attribute's type: decode-text.ts. */
  Text = 32,
  /** Of requests only: absent for TCP connections. */
  Http = 64,
  /** Filter state, as a map: a Value, or a serialized Struct. */
  State = 128,
}

/** What is known of a peer's workload. */
export const enum PeerField {
  Name = 0,
  Namespace = 1,
  Workload = 2,
  Owner = 3,
  ServiceAccount = 4,
  Labels = 5,
  Cluster = 6,
}

/** The node metadata of each field; the first that a proxy of Istio's sends to its peers. */
export const PEER_FIELD_KEYS: string[] = [
  "NAME",
  "NAMESPACE",
  "WORKLOAD_NAME",
  "OWNER",
  "SERVICE_ACCOUNT",
  "LABELS",
  "CLUSTER_ID",
];

/** A listener's direction in Envoy's numbers. */
export const enum Direction {
  Unspecified = 0,
  Inbound = 1,
  Outbound = 2,
}

/** Field offsets. */
export const ENTRY_ARG: usize = 4;
export const ENTRY_PATH: usize = 8;
export const ENTRY_DEFAULT: usize = 16;
export const ENTRY_CAPTURE: usize = 20;
export const ENTRY_PROGRAM: usize = 24;
export const ENTRY_SECOND: usize = 28;

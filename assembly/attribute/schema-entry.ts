// One attribute of a document while it is being compiled: what the vocabulary's row or the
// operator's declaration says about it. Cold.

import { Derivation } from "../shared/attributes";
import { PHASES_ALL } from "../shared/phases";
import { ValueType } from "../shared/types";
import { Direction, PEER_FIELD_KEYS, PeerField, SourceKind } from "./entry";
import { Encoding, PropertyShape, propertyShape } from "./property";
import { VocabularyRow } from "./vocabulary";
import { wholeNumber } from "../text/strings";

const JWT_FILTER = "envoy.filters.http.jwt_authn";
/** Where Istio says which services a cluster stands for. */
const SERVICES_PATH: string[] = ["xds", "cluster_metadata", "filter_metadata", "istio", "services"];

/** Gives out header slots and hidden attributes; the schema is one. */
export interface Sources {
  requestHeader(name: string): i32;
  responseHeader(name: string): i32;
  /** The attribute with a property's bytes as they come, which other attributes are taken from. */
  hiddenProperty(path: string[]): i32;
  /** The attribute with a peer's metadata; -1 where the document does not say where it is from. */
  hiddenPeer(isUpstream: bool): i32;
}

/** What is known of one attribute. */
export class SchemaEntry {
  kind: SourceKind = SourceKind.None;
  derivation: Derivation = Derivation.None;
  /** A header's slot, or a direction. */
  argument: i32 = 0;
  /** A further header's slot, or the index + 1 of a peer's metadata. */
  second: i32 = 0;
  /** What of the peer, on a listener of the other direction. */
  peerField: PeerField = PeerField.Name;
  /** Parts of a property's path. */
  path: string[] = [];
  /** Text of the value that stands for an absent one; "" for none. */
  fallback: string = "";
  phases: u32 = 0;
  /** Phases whose programs read it. */
  uses: u32 = 0;
  /** Whether every request has it, where it can be read at all. */
  isAlwaysPresent: bool = false;
  isRequestOnly: bool = false;
  isElement: bool = false;
  isPseudo: bool = false;
  isDeclared: bool = false;
  /** Whether it has the source that the vocabulary gives it. */
  isOfVocabulary: bool = false;
  /** Whether each phase reads it anew: never kept from the check. */
  isOfMoment: bool = false;
  /** Whether Envoy gives a protobuf Value, and whether it gives text to be read as the type. */
  isMetadata: bool = false;
  isText: bool = false;
  /** Whether it is filter state that is a map. */
  isState: bool = false;
  /** Why Envoy cannot give it, and what can be used instead; "" when it can. */
  absence: string = "";
  program: usize = 0;
  /** Attributes that it is made of: those that the program reads, and a peer's metadata. */
  reads: i32[] = [];

  constructor(
    readonly name: string,
    public type: ValueType,
  ) {}

  // Every field, of whatever kind, so that none can be forgotten.
  private copy(): SchemaEntry {
    const entry = new SchemaEntry(this.name, this.type);
    memory.copy(changetype<usize>(entry), changetype<usize>(this), offsetof<SchemaEntry>());
    entry.reads = this.reads.slice(0);
    return entry;
  }

  /** The same map with all that its source has, for CEL. */
  nested(): SchemaEntry {
    const entry = this.copy();
    entry.type = ValueType.Map;
    entry.uses = 0;
    return entry;
  }
}

/** The entry of a vocabulary row. */
export function entryOfRow(row: VocabularyRow, sources: Sources): SchemaEntry {
  const entry = new SchemaEntry(row.name, row.type);
  entry.isOfVocabulary = true;
  entry.phases = row.phases;
  entry.isRequestOnly = row.isRequestOnly;
  entry.isOfMoment = row.isOfMoment;
  entry.fallback = row.fallback;
  entry.isAlwaysPresent = row.isAlwaysPresent || row.fallback.length > 0;
  const kind = row.sourceKind;
  if (kind == "header") {
    setRequestHeader(entry, row.sourceArgument, sources);
  } else if (kind == "headers") {
    entry.kind = SourceKind.RequestHeaders;
  } else if (kind == "response-headers") {
    entry.kind = SourceKind.ResponseHeaders;
  } else if (kind == "property") {
    setProperty(entry, row.sourceArgument.split("/"));
  } else if (kind == "node") {
    setNode(entry, row.sourceArgument, Direction.Unspecified);
  } else if (kind == "inbound") {
    setNode(entry, row.sourceArgument, Direction.Inbound);
    setPeer(entry, sources, true);
  } else if (kind == "outbound") {
    setNode(entry, row.sourceArgument, Direction.Outbound);
    setPeer(entry, sources, false);
  } else if (kind == "derive") {
    entry.kind = SourceKind.Derived;
    entry.derivation = <Derivation>wholeNumber(row.sourceArgument);
    setDependencies(entry, sources);
  } else {
    entry.absence = row.sourceArgument;
  }
  return entry;
}

/** Makes the attribute read one request header. */
export function setRequestHeader(entry: SchemaEntry, name: string, sources: Sources): void {
  entry.kind = SourceKind.RequestHeader;
  entry.argument = sources.requestHeader(name);
  entry.isPseudo = name.charCodeAt(0) == 58;
}

/** The entry of a declared property. Which phases have it follows from its path. */
export function entryOfProperty(name: string, type: ValueType, path: string[]): SchemaEntry {
  const entry = new SchemaEntry(name, type);
  entry.phases = PHASES_ALL;
  setProperty(entry, path);
  const shape = propertyShape(path);
  if (shape == null) return entry;
  entry.phases = shape.phases;
  entry.isRequestOnly = shape.isRequestOnly;
  entry.isOfMoment = shape.isOfMoment;
  // The node never changes: its values are read once, when the document is laid out.
  if (path[0] == "xds" && path.length > 2 && path[1] == "node") entry.kind = SourceKind.Constant;
  return entry;
}

function setProperty(entry: SchemaEntry, path: string[]): void {
  entry.kind = SourceKind.Property;
  entry.path = path;
  const shape = propertyShape(path);
  if (shape != null) setEncoding(entry, shape);
}

function setEncoding(entry: SchemaEntry, shape: PropertyShape): void {
  const isState = shape.encoding == Encoding.State;
  const isMap = entry.type == ValueType.StringMap;
  entry.isState = isState && isMap;
  entry.isMetadata = shape.encoding == Encoding.Value || entry.isState;
  entry.isText = shape.encoding == Encoding.Text || (isState && !isMap);
}

// Node metadata never changes, so its value is read once, when the document is laid out.
function setNode(entry: SchemaEntry, key: string, direction: Direction): void {
  entry.kind = direction == Direction.Unspecified ? SourceKind.Constant : SourceKind.Directed;
  entry.argument = direction;
  entry.path = ["xds", "node", "metadata", key];
  entry.isMetadata = true;
}

// The upstream is known late, so what is not there at the check must not be kept.
function setPeer(entry: SchemaEntry, sources: Sources, isUpstream: bool): void {
  const peer = sources.hiddenPeer(isUpstream);
  if (peer < 0) return;
  const key = entry.path.length == 0 ? -1 : PEER_FIELD_KEYS.indexOf(entry.path[3]);
  if (key >= 0) entry.peerField = <PeerField>key;
  entry.second = peer + 1;
  entry.reads.push(peer);
  if (isUpstream) entry.isOfMoment = true;
}

function setDependencies(entry: SchemaEntry, sources: Sources): void {
  switch (entry.derivation) {
    case Derivation.UrlPath:
    case Derivation.QueryParams:
    case Derivation.QueryParameter:
    case Derivation.QueryCredential:
      entry.argument = sources.requestHeader(":path");
      entry.isPseudo = true;
      break;
    case Derivation.Cookie:
    case Derivation.CookieCredential:
      entry.argument = sources.requestHeader("cookie");
      break;
    case Derivation.Hostname:
      entry.argument = sources.requestHeader(":authority");
      entry.isPseudo = true;
      break;
    case Derivation.ApiKey:
      entry.argument = sources.requestHeader(":path");
      entry.second = sources.requestHeader("x-api-key");
      break;
    case Derivation.Protocol:
      entry.argument = sources.requestHeader("content-type");
      // Envoy joins its lines, so that it may be read alone.
      entry.isPseudo = true;
      break;
    case Derivation.SourceIp:
      entry.path = ["source", "address"];
      break;
    case Derivation.ResponseCode:
      entry.argument = sources.responseHeader(":status");
      entry.path = ["response", "code"];
      break;
    case Derivation.ResponseDuration:
      entry.path = ["request", "duration"];
      break;
    case Derivation.AuthPrincipal:
    case Derivation.AuthAudiences:
    case Derivation.AuthPresenter:
    case Derivation.AuthClaims:
    case Derivation.AuthRawClaims:
      entry.argument = sources.hiddenProperty(["metadata", "filter_metadata", "istio_authn"]);
      entry.second = sources.hiddenProperty(["metadata", "filter_metadata", JWT_FILTER]);
      break;
    case Derivation.ServiceHost:
    case Derivation.ServiceName:
    case Derivation.ServiceNamespace:
    case Derivation.ServiceUid:
      entry.argument = sources.hiddenProperty(SERVICES_PATH);
      break;
    default:
      setOwner(entry, sources);
  }
}

// Of the workload on one side.
function setOwner(entry: SchemaEntry, sources: Sources): void {
  switch (entry.derivation) {
    case Derivation.SourceNamespace:
    case Derivation.SourceUid:
    case Derivation.SourceWorkloadUid:
      setPeer(entry, sources, false);
      break;
    case Derivation.DestinationNamespace:
    case Derivation.DestinationUid:
    case Derivation.DestinationWorkloadUid:
      setPeer(entry, sources, true);
      break;
    default:
  }
}

/** Makes the attribute a cookie or a query parameter with this name. */
export function setRequestPart(
  entry: SchemaEntry,
  derivation: Derivation,
  name: string,
  sources: Sources,
): void {
  entry.kind = SourceKind.Derived;
  entry.derivation = derivation;
  entry.path = [name];
  setDependencies(entry, sources);
}

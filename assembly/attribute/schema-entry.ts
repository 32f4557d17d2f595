// One attribute of a document while it is being compiled: what the vocabulary's row or the
// operator's declaration says about it. Cold.

import { Derivation } from "../shared/attributes";
import { Phase, PHASES_ALL } from "../shared/phases";
import { ValueType } from "../shared/types";
import { Direction, SourceKind } from "./entry";
import { VocabularyRow } from "./vocabulary";

/** Gives out header slots; the schema is one. */
export interface HeaderSlots {
  requestHeader(name: string): i32;
  responseHeader(name: string): i32;
}

/** What is known of one attribute. */
export class SchemaEntry {
  kind: SourceKind = SourceKind.None;
  derivation: Derivation = Derivation.None;
  /** A header's slot, or a direction. */
  argument: i32 = 0;
  /** A further header's slot. */
  second: i32 = 0;
  /** Parts of a property's path. */
  path: string[] = [];
  /** Text of the value that stands for an absent one; "" for none. */
  fallback: string = "";
  phases: u32 = 0;
  /** Phases whose programs read it. */
  uses: u32 = 0;
  isRequestOnly: bool = false;
  isElement: bool = false;
  isPseudo: bool = false;
  isDeclared: bool = false;
  hasMetadataNumbers: bool = false;
  program: usize = 0;
  /** Attributes that the program reads. */
  reads: i32[] = [];

  constructor(
    readonly name: string,
    readonly type: ValueType,
  ) {}
}

/** The entry of a vocabulary row. */
export function entryOfRow(row: VocabularyRow, slots: HeaderSlots): SchemaEntry {
  const entry = new SchemaEntry(row.name, row.type);
  entry.phases = row.phases;
  entry.isRequestOnly = row.isRequestOnly;
  entry.fallback = row.fallback;
  const kind = row.sourceKind;
  if (kind == "header") {
    entry.kind = SourceKind.RequestHeader;
    entry.argument = slots.requestHeader(row.sourceArgument);
    entry.isPseudo = row.sourceArgument.charCodeAt(0) == 58;
  } else if (kind == "headers") {
    entry.kind = SourceKind.RequestHeaders;
  } else if (kind == "response-header") {
    entry.kind = SourceKind.ResponseHeader;
    entry.argument = slots.responseHeader(row.sourceArgument);
  } else if (kind == "response-headers") {
    entry.kind = SourceKind.ResponseHeaders;
  } else if (kind == "property") {
    setProperty(entry, row.sourceArgument.split("/"));
  } else if (kind == "node") {
    setNode(entry, row.sourceArgument, Direction.Unspecified);
  } else if (kind == "inbound") {
    setNode(entry, row.sourceArgument, Direction.Inbound);
  } else if (kind == "outbound") {
    setNode(entry, row.sourceArgument, Direction.Outbound);
  } else if (kind == "derive") {
    entry.kind = SourceKind.Derived;
    entry.derivation = <Derivation>I32.parseInt(row.sourceArgument);
    setDependencies(entry, slots);
  }
  return entry;
}

/** The entry of a declared property. Which phases have it follows from its first part. */
export function entryOfProperty(name: string, type: ValueType, path: string[]): SchemaEntry {
  const entry = new SchemaEntry(name, type);
  entry.phases = PHASES_ALL;
  if (path[0] == "response") entry.phases = Phase.Response | Phase.Log;
  if (path[0] == "request") entry.isRequestOnly = isRequestText(path);
  setProperty(entry, path);
  return entry;
}

function isRequestText(path: string[]): bool {
  if (path.length < 2) return false;
  const part = path[1];
  return (
    part != "size" &&
    part != "total_size" &&
    part != "time" &&
    part != "protocol" &&
    part != "duration" &&
    part != "headers_bytes"
  );
}

function setProperty(entry: SchemaEntry, path: string[]): void {
  entry.kind = SourceKind.Property;
  entry.path = path;
  for (let at = 0; at < path.length; at++) {
    if (path[at].endsWith("metadata")) entry.hasMetadataNumbers = true;
  }
}

// Node metadata never changes, so its value is read once, when the document is laid out.
function setNode(entry: SchemaEntry, key: string, direction: Direction): void {
  entry.kind = direction == Direction.Unspecified ? SourceKind.Constant : SourceKind.Directed;
  entry.argument = direction;
  entry.path = ["xds", "node", "metadata", key];
  entry.hasMetadataNumbers = true;
}

function setDependencies(entry: SchemaEntry, slots: HeaderSlots): void {
  switch (entry.derivation) {
    case Derivation.UrlPath:
    case Derivation.QueryParams:
      entry.argument = slots.requestHeader(":path");
      entry.isPseudo = true;
      break;
    case Derivation.Hostname:
      entry.argument = slots.requestHeader(":authority");
      entry.isPseudo = true;
      break;
    case Derivation.ApiKey:
      entry.argument = slots.requestHeader(":path");
      entry.second = slots.requestHeader("x-api-key");
      break;
    case Derivation.Protocol:
      entry.argument = slots.requestHeader("content-type");
      break;
    case Derivation.SourceIp:
      entry.path = ["source", "address"];
      break;
    case Derivation.DestinationIp:
      entry.path = ["destination", "address"];
      break;
    default:
  }
}

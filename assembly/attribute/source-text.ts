// Where an attribute's value comes from, in words and as JSON: for people who ask what an
// expression reads and what that costs. Cold.

import { Derivation } from "../shared/attributes";
import { PEER_METADATA_HEADER } from "../shared/peers";
import { PHASE_NAMES } from "../shared/phases";
import { VALUE_TYPE_NAMES } from "../shared/types";
import { jsonText } from "../diagnostic/render-json";
import { Direction, SourceKind } from "./entry";
import { Schema } from "./schema";
import { SchemaEntry } from "./schema-entry";

/** One attribute as a JSON object: name, type, source, host call, phases, what it reads. */
export function attributeJson(schema: Schema, index: i32, isRequired: bool): string {
  const entry = schema.entries[index];
  let phases = "";
  for (let bit = 0; bit < PHASE_NAMES.length; bit++) {
    if (((entry.phases >> bit) & 1) == 0) continue;
    phases += (phases.length > 0 ? "," : "") + jsonText(PHASE_NAMES[bit]);
  }
  const reads: string[] = [];
  for (let at = 0; at < entry.reads.length; at++)
    reads.push(jsonText(schema.nameOf(entry.reads[at])));
  return (
    '{"name":' +
    jsonText(entry.name) +
    ',"type":"' +
    VALUE_TYPE_NAMES[entry.type] +
    '","source":' +
    jsonText(sourceText(entry, schema)) +
    ',"call":' +
    jsonText(hostCall(entry, schema)) +
    ',"phases":[' +
    phases +
    '],"fallback":' +
    jsonText(entry.fallback) +
    (isRequired ? ',"required":true' : ',"required":false') +
    ',"reads":[' +
    reads.join(",") +
    "]}"
  );
}

function sourceText(entry: SchemaEntry, schema: Schema): string {
  switch (<i32>entry.kind) {
    case SourceKind.RequestHeader:
      return "request header " + schema.requestHeaders[entry.argument];
    case SourceKind.RequestHeaders:
      return "all request headers";
    case SourceKind.ResponseHeader:
      return "response header " + schema.responseHeaders[entry.argument];
    case SourceKind.ResponseHeaders:
      return "all response headers";
    case SourceKind.Property:
      return "property " + entry.path.join(".");
    case SourceKind.Constant:
      return "node metadata " + entry.path[entry.path.length - 1];
    case SourceKind.Directed:
      return (
        "node metadata " +
        entry.path[entry.path.length - 1] +
        (entry.argument == Direction.Inbound ? ", inbound listeners" : ", outbound listeners") +
        (entry.second == 0 ? "" : "; on others what its proxy says")
      );
    case SourceKind.Derived:
      return derivedText(entry, schema);
    case SourceKind.Peer:
      return "response header " + PEER_METADATA_HEADER;
    case SourceKind.Program:
      return entry.isDeclared ? "expression of the document" : "shared sub-expression";
    default:
      return "nothing gives it";
  }
}

function derivedText(entry: SchemaEntry, schema: Schema): string {
  if (entry.derivation == Derivation.DownstreamPeer && entry.path.length == 0) {
    return "request header " + PEER_METADATA_HEADER;
  }
  if (entry.derivation == Derivation.ResponseCode) {
    return "response header :status, else property response.code";
  }
  if (entry.derivation == Derivation.ResponseDuration) {
    return "our clock, else property request.duration";
  }
  if (entry.path.length > 0) return "worked out from property " + entry.path.join(".");
  if (!readsHeader(entry.derivation)) return "worked out by the filter";
  return "worked out from request header " + schema.requestHeaders[entry.argument];
}

function readsHeader(derivation: Derivation): bool {
  return (
    derivation == Derivation.UrlPath ||
    derivation == Derivation.QueryParams ||
    derivation == Derivation.Hostname ||
    derivation == Derivation.ApiKey ||
    derivation == Derivation.Protocol
  );
}

/** The host call that the first read costs; attributes with the same answer share one call. */
function hostCall(entry: SchemaEntry, schema: Schema): string {
  switch (<i32>entry.kind) {
    case SourceKind.RequestHeader:
    case SourceKind.RequestHeaders:
      return "request headers";
    case SourceKind.ResponseHeader:
    case SourceKind.ResponseHeaders:
      return "response headers";
    case SourceKind.Property:
      return "property " + entry.path.join(".");
    case SourceKind.Derived:
      if (readsHeader(entry.derivation)) return "request headers";
      if (entry.derivation == Derivation.ResponseCode) return "response header :status";
      if (entry.derivation == Derivation.ResponseDuration) return entry.name;
      return entry.path.length > 0 ? "property " + entry.path.join(".") : entry.name;
    default:
      return "";
  }
}

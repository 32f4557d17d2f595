// An authorization as envoy.service.auth.v3.CheckRequest. Hot: written into the arena; the request
// is not sent when it does not fit.
//
// subject.user → source.principal · subject.groups → context_extensions.groups · subject.properties
// → source.labels · action.service → destination.service · action.namespace →
// context_extensions.namespace · action.method, path → request.http · action.properties: host,
// scheme, protocol, id → request.http; `header.NAME` → request.http.headers; others →
// context_extensions. Empty values are left out.

import {
  Authorization,
  AuthorizationText,
  DimensionSet,
  FAILED,
  Slice,
  Writer,
  beginMessage,
  endMessage,
  equal,
  literal,
  sizeOf,
  startsWith,
  subSlice,
  takeArena,
  writeBytesField,
  writeTextField,
  writeValue,
  EXT_AUTHZ_REQUEST_SIZE_MAX_BYTES,
} from "../../assembly/sdk";

const REQUEST_SIZE_MAX_BYTES: usize = EXT_AUTHZ_REQUEST_SIZE_MAX_BYTES;
const TEXT_SIZE_MAX_BYTES: usize = 65_536;
const HEADER = literal("header.");
const HOST = literal("host");
const SCHEME = literal("scheme");
const PROTOCOL = literal("protocol");
const ID = literal("id");
const GROUPS = literal("groups");
const NAMESPACE = literal("namespace");

/** Numbers of the fields. */
const ATTRIBUTES: u32 = 1;
const SOURCE: u32 = 1;
const DESTINATION: u32 = 2;
const REQUEST: u32 = 4;
const CONTEXT_EXTENSIONS: u32 = 10;
const PEER_SERVICE: u32 = 2;
const PEER_LABELS: u32 = 3;
const PEER_PRINCIPAL: u32 = 4;
const REQUEST_HTTP: u32 = 2;
const HTTP_ID: u32 = 1;
const HTTP_METHOD: u32 = 2;
const HTTP_HEADERS: u32 = 3;
const HTTP_PATH: u32 = 4;
const HTTP_HOST: u32 = 5;
const HTTP_SCHEME: u32 = 6;
const HTTP_PROTOCOL: u32 = 10;

const out = new Writer();
const text = new Writer();
let isCut: bool = false;

/** The message in the arena; FAILED when it does not fit. */
export function writeCheckRequest(authorization: Authorization): Slice {
  const at = takeArena(REQUEST_SIZE_MAX_BYTES);
  if (at == 0) return FAILED;
  out.open(at, REQUEST_SIZE_MAX_BYTES);
  isCut = false;
  const attributes = beginMessage(out, ATTRIBUTES);
  const source = beginMessage(out, SOURCE);
  writeTextField(out, PEER_PRINCIPAL, authorization.text(AuthorizationText.User));
  writeLabels(authorization.subject);
  endMessage(out, source);
  const destination = beginMessage(out, DESTINATION);
  writeTextField(out, PEER_SERVICE, authorization.text(AuthorizationText.Service));
  endMessage(out, destination);
  writeHttp(authorization);
  writeEntry(CONTEXT_EXTENSIONS, GROUPS, authorization.text(AuthorizationText.Groups));
  writeEntry(CONTEXT_EXTENSIONS, NAMESPACE, authorization.text(AuthorizationText.Namespace));
  writeExtensions(authorization.action);
  endMessage(out, attributes);
  return out.isTruncated || isCut ? FAILED : out.written;
}

function writeHttp(authorization: Authorization): void {
  const request = beginMessage(out, REQUEST);
  const http = beginMessage(out, REQUEST_HTTP);
  writeTextField(out, HTTP_METHOD, authorization.text(AuthorizationText.Method));
  writeTextField(out, HTTP_PATH, authorization.text(AuthorizationText.Path));
  const set = authorization.action;
  if (set != null) {
    for (let position = 0; position < set.count; position++) {
      const name = set.name(position);
      const value = textOfCell(set.cell(position));
      if (startsWith(name, HEADER)) {
        writeEntry(HTTP_HEADERS, subSlice(name, sizeOf(HEADER), sizeOf(name)), value);
      } else if (httpField(name) != 0) {
        writeTextField(out, httpField(name), value);
      }
    }
  }
  endMessage(out, http);
  endMessage(out, request);
}

function writeLabels(set: DimensionSet | null): void {
  if (set == null) return;
  for (let position = 0; position < set.count; position++) {
    writeEntry(PEER_LABELS, set.name(position), textOfCell(set.cell(position)));
  }
}

function writeExtensions(set: DimensionSet | null): void {
  if (set == null) return;
  for (let position = 0; position < set.count; position++) {
    const name = set.name(position);
    if (startsWith(name, HEADER) || httpField(name) != 0) continue;
    writeEntry(CONTEXT_EXTENSIONS, name, textOfCell(set.cell(position)));
  }
}

// The field of request.http that a property is; 0 for none.
function httpField(name: Slice): u32 {
  if (equal(name, HOST)) return HTTP_HOST;
  if (equal(name, SCHEME)) return HTTP_SCHEME;
  if (equal(name, PROTOCOL)) return HTTP_PROTOCOL;
  return equal(name, ID) ? HTTP_ID : 0;
}

// An entry of a map<string, string>.
function writeEntry(field: u32, key: Slice, value: Slice): void {
  if (sizeOf(value) == 0) return;
  const entry = beginMessage(out, field);
  writeBytesField(out, 1, key);
  writeBytesField(out, 2, value);
  endMessage(out, entry);
}

function textOfCell(cell: usize): Slice {
  const at = takeArena(TEXT_SIZE_MAX_BYTES);
  text.open(at, at == 0 ? 0 : TEXT_SIZE_MAX_BYTES);
  writeValue(text, cell);
  if (text.isTruncated) isCut = true;
  return text.written;
}

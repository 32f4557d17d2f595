// Attributes that are worked out from headers, properties, clocks and the stream's own record.
// Hot: allocates only in the arena.

import { Derivation } from "../shared/attributes";
import { HeaderMap } from "../shared/abi";
import { ValueType } from "../shared/types";
import { ABSENT, FAILED, Slice, emptySlice, isPresent } from "../memory/slice";
import { literal } from "../memory/literal";
import { wallClockNanos } from "../abi/clock";
import { readHeader } from "../abi/headers";
import { pathOf, queryOf, queryPairs, queryValue } from "../text/uri";
import { Bag } from "./bag";
import { setNanos } from "./decode";
import { deriveFromConnection } from "./derive-connection";
import { decodeText } from "./decode-text";
import { derivePeer } from "./derive-peer";
import { deriveFromToken } from "./derive-token";
import { deriveFromVerdict } from "./derive-verdict";
import { rbacText, serviceText } from "./derive-metadata";
import { ENTRY_ARG, ENTRY_PATH, ENTRY_SECOND, EntryFlag, SourceKind } from "./entry";
import { cookieCredential, queryCredential } from "./credential-text";
import { cookieValue, hostnameOf, isGrpc } from "./request-text";
import { recordCode, recordMessage } from "./record";
import { CellState, EvaluationError, setError, setInt, setState, setText } from "./value";

const HTTP = literal("http");
const GRPC = literal("grpc");
const TCP = literal("tcp");
const KEY = literal("key");
const API_KEY = literal("api_key");
const GRPC_STATUS = literal("grpc-status");
const GRPC_MESSAGE = literal("grpc-message");

/** Fills the cell of a derived or directed attribute. */
export function derive(bag: Bag, entry: usize, cell: usize, index: u32): void {
  if (load<u8>(entry) == <u8>SourceKind.Directed) {
    deriveFromConnection(bag, entry, cell, index);
    return;
  }
  switch (<u32>load<u8>(entry, 3)) {
    case Derivation.UrlPath:
    case Derivation.QueryParams:
    case Derivation.Hostname:
    case Derivation.ApiKey:
    case Derivation.Protocol:
    case Derivation.Cookie:
    case Derivation.QueryParameter:
    case Derivation.CookieCredential:
    case Derivation.QueryCredential:
      deriveFromRequest(bag, entry, cell, index);
      return;
    case Derivation.RequestTime:
    case Derivation.Now:
      setNanos(cell, <i64>wallClockNanos());
      return;
    case Derivation.GrpcStatus:
      setOptional(cell, readTrailer(GRPC_STATUS));
      return;
    case Derivation.GrpcMessage:
      setOptional(cell, readTrailer(GRPC_MESSAGE));
      return;
    case Derivation.ErrorCode:
      if (bag.record == 0 || recordCode(bag.record) == 0) setState(cell, CellState.Absent);
      else setInt(cell, ValueType.Int64, recordCode(bag.record));
      return;
    case Derivation.ErrorMessage:
      if (bag.record == 0 || recordCode(bag.record) == 0) setState(cell, CellState.Absent);
      else setText(cell, ValueType.String, recordMessage(bag.record));
      return;
    case Derivation.AuthPrincipal:
    case Derivation.AuthAudiences:
    case Derivation.AuthPresenter:
    case Derivation.AuthClaims:
    case Derivation.AuthRawClaims:
      deriveFromToken(bag, entry, cell, index);
      return;
    case Derivation.ServiceHost:
    case Derivation.ServiceName:
    case Derivation.ServiceNamespace:
    case Derivation.ServiceUid:
      setOptional(cell, serviceText(bag, entry));
      return;
    case Derivation.RbacCode:
    case Derivation.RbacPolicy:
      setOptional(cell, rbacText(bag, <u32>load<u8>(entry, 3)));
      return;
    default:
      deriveFromRest(bag, entry, cell, index);
  }
}

function deriveFromRest(bag: Bag, entry: usize, cell: usize, index: u32): void {
  const derivation = <i32>load<u8>(entry, 3);
  const isVerdict = derivation >= Derivation.CheckRule && derivation <= Derivation.QuotaRetryAfter;
  if (isVerdict) deriveFromVerdict(bag, <u32>derivation, cell);
  else if (derivation == Derivation.DownstreamPeer) derivePeer(bag, entry, cell);
  else if (derivation == Derivation.UpstreamPeer) derivePeer(bag, entry, cell);
  else deriveFromConnection(bag, entry, cell, index);
}

function deriveFromRequest(bag: Bag, entry: usize, cell: usize, index: u32): void {
  const isPseudo = (load<u8>(entry, 2) & EntryFlag.Pseudo) != 0;
  const first = bag.requestHeader(load<u32>(entry, ENTRY_ARG), isPseudo);
  if (first == FAILED) {
    setError(cell, EvaluationError.HostFailed, 0);
    return;
  }
  switch (<u32>load<u8>(entry, 3)) {
    case Derivation.UrlPath:
      setOptional(cell, isPresent(first) ? pathOf(first) : ABSENT);
      return;
    case Derivation.QueryParams:
      setQuery(cell, first);
      return;
    case Derivation.Hostname:
      setOptional(cell, isPresent(first) ? hostnameOf(first) : ABSENT);
      return;
    case Derivation.Protocol:
      setText(cell, ValueType.String, protocolOf(bag, first));
      return;
    case Derivation.Cookie:
      setPart(cell, entry, cookieValue(first, load<u64>(entry, ENTRY_PATH)), index);
      return;
    case Derivation.QueryParameter:
      setPart(cell, entry, parameter(first, load<u64>(entry, ENTRY_PATH)), index);
      return;
    case Derivation.CookieCredential:
      setOptional(cell, cookieCredential(first, load<u64>(entry, ENTRY_PATH)));
      return;
    case Derivation.QueryCredential:
      setOptional(cell, queryCredential(first, load<u64>(entry, ENTRY_PATH)));
      return;
    default:
      setOptional(cell, apiKey(bag, entry, first));
  }
}

/** A STRING, or Absent, or the host's failure. */
export function setOptional(cell: usize, value: Slice): void {
  if (isPresent(value)) setText(cell, ValueType.String, value);
  else if (value == FAILED) setError(cell, EvaluationError.HostFailed, 0);
  else setState(cell, CellState.Absent);
}

function protocolOf(bag: Bag, contentType: Slice): Slice {
  if (bag.isConnection) return TCP;
  return isPresent(contentType) && isGrpc(contentType) ? GRPC : HTTP;
}

// A cookie or query parameter, read as the declared type.
function setPart(cell: usize, entry: usize, text: Slice, index: u32): void {
  if (isPresent(text)) decodeText(cell, <ValueType>load<u8>(entry, 1), text, index);
  else setOptional(cell, text);
}

function parameter(path: Slice, name: Slice): Slice {
  return isPresent(path) ? queryValue(queryOf(path), name) : ABSENT;
}

function setQuery(cell: usize, path: Slice): void {
  const query = isPresent(path) ? queryOf(path) : emptySlice();
  if (!isPresent(query) || <u32>(query >>> 32) == 0) {
    setState(cell, CellState.Absent);
    return;
  }
  const pairs = queryPairs(query);
  if (isPresent(pairs)) setText(cell, ValueType.StringMap, pairs);
  else setError(cell, EvaluationError.OutOfMemory, 0);
}

function apiKey(bag: Bag, entry: usize, path: Slice): Slice {
  if (isPresent(path)) {
    const query = queryOf(path);
    if (isPresent(query)) {
      const key = queryValue(query, KEY);
      if (isPresent(key)) return key;
      const apiKey = queryValue(query, API_KEY);
      if (isPresent(apiKey)) return apiKey;
    }
  }
  return bag.requestHeader(load<u32>(entry, ENTRY_SECOND), false);
}

// gRPC's status stands in the trailers, or in the headers of a response without a body.
function readTrailer(name: Slice): Slice {
  const value = readHeader(HeaderMap.ResponseTrailers, name);
  return isPresent(value) ? value : readHeader(HeaderMap.Response, name);
}

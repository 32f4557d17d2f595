// A handler's `connection`: which cluster, how long a call may take, how often it is repeated. With
// `address` the cluster has a name of its own, which `render` writes into Envoy's configuration.
// Whether Envoy has the cluster is not asked: a document's acceptance depends on its bytes only.
// Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { CALLOUT_TIMEOUT_MAX_MS, CALLOUT_TIMEOUT_MS, RETRY_COUNT_MAX } from "../shared/limits";
import { grpcTarget } from "../abi/callouts";
import { Node } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { Params } from "../config/params";
import { Report } from "../diagnostic/report";
import { Region } from "../memory/region";
import { Slice, emptySlice } from "../memory/slice";
import { Adapter, Backend, Protocol } from "../template/adapter";
import { Connection, RetryPolicy } from "../template/connection";
import { ConnectionSpec } from "./connection-spec";
import { TlsSpec, readTls } from "./connection-tls";
import { LINKS_BACKENDS } from "../template/linked";

const MILLISECOND: i64 = 1_000_000;
const TIMEOUT_NS: i64 = <i64>CALLOUT_TIMEOUT_MS * MILLISECOND;
const TIMEOUT_MAX_NS: i64 = <i64>CALLOUT_TIMEOUT_MAX_MS * MILLISECOND;
/** Mixer's base_retry_wait and max_retry_wait. */
const BASE_WAIT_NS: i64 = 80 * MILLISECOND;
const MAX_WAIT_NS: i64 = 1000 * MILLISECOND;
const HOST_SIZE_MAX_CHARS: i32 = 255;
const TLS_EXPECTED = "`tls` beside an `address`; a cluster's own is in Envoy's configuration";
const EXAMPLE = "`connection: { address: host:port }` or `connection: { cluster: name }`";

/** Where a connection goes, as far as the document says. */
class Target {
  address: string = "";
  cluster: string = "";
  authority: string = "";
  tls: TlsSpec | null = null;
}

/** Reads `connection`; null where the adapter has no backend, and after an error. */
export function readConnection(
  node: Node | null,
  handler: Node,
  adapter: Adapter,
  params: Params,
  report: Report,
): ConnectionSpec | null {
  const backend = adapter.backend(params);
  if (!LINKS_BACKENDS || adapter.protocol == Protocol.None || !backend.isUsed) {
    if (node !== null) report.error(DiagnosticCode.ConnectionNotUsed, node.place(), adapter.name);
    return null;
  }
  if (node !== null) return readGiven(node, adapter.protocol, backend, report);
  if (backend.address.length > 0) return specOf(adapter.protocol, backend, new Target());
  if (adapter.isConnectionOptional) return null;
  report.error(DiagnosticCode.MissingField, handler.place(), "connection", EXAMPLE);
  return null;
}

function readGiven(
  node: Node,
  protocol: Protocol,
  backend: Backend,
  report: Report,
): ConnectionSpec | null {
  const reader = new ObjectReader(node, report, "a connection");
  const target = new Target();
  target.address = reader.text("address", "");
  target.cluster = reader.text("cluster", "");
  target.authority = reader.text("authority", "");
  const timeoutNs = reader.duration("timeout", TIMEOUT_NS, MILLISECOND, TIMEOUT_MAX_NS);
  const retry = readRetry(reader, report);
  target.tls = readTls(reader, report);
  reader.finish();
  const address = target.address;
  const cluster = target.cluster;
  const authority = target.authority;
  const isNamed = address.length + cluster.length + backend.address.length > 0;
  if (!isNamed || (address.length > 0 && cluster.length > 0)) {
    if (node.isObject) report.error(DiagnosticCode.ConnectionTarget, node.place(), "", EXAMPLE);
    return null;
  }
  if (address.length > 0 && !isAddress(address)) {
    const place = node.find("address")!.place();
    report.error(DiagnosticCode.BadAddress, place, address, "`host:port`");
    return null;
  }
  if (authority.length > 0 && !isPlain(authority)) {
    const place = node.find("authority")!.place();
    report.error(DiagnosticCode.BadHeaderValue, place, authority);
  }
  if (target.tls !== null && !takesTls(backend, target)) {
    const place = node.find("tls")!.place();
    const both = cluster.length > 0 ? "cluster, tls" : "an address without TLS, tls";
    report.error(DiagnosticCode.ConflictingFields, place, both, TLS_EXPECTED);
    return null;
  }
  const spec = specOf(protocol, backend, target);
  spec.timeoutMs = <u32>(timeoutNs / MILLISECOND);
  spec.retry = retry;
  return spec;
}

// A cluster that Envoy has already is encrypted as Envoy's configuration says.
function takesTls(backend: Backend, given: Target): bool {
  return given.cluster.length == 0 && (given.address.length > 0 || backend.isTls);
}

// What the document gives goes before what the parameters name.
function specOf(protocol: Protocol, backend: Backend, given: Target): ConnectionSpec {
  const address = given.address;
  const cluster = given.cluster;
  const isOwn = address.length == 0 && cluster.length == 0;
  const target = isOwn ? backend.address : address;
  const name = cluster.length > 0 ? cluster : clusterNameOf(target, protocol);
  const tls = given.tls === null && isOwn && backend.isTls ? new TlsSpec() : given.tls;
  const full = tls === null ? name : name + "-tls" + tls.suffix();
  const spec = new ConnectionSpec(protocol, target, full);
  spec.tls = tls;
  if (given.authority.length > 0) spec.authority = given.authority;
  else if (backend.authority.length > 0) spec.authority = backend.authority;
  else spec.authority = target.length > 0 ? target : cluster;
  return spec;
}

/** The connection in the memory that a handler uses per request. */
export function makeConnection(
  spec: ConnectionSpec,
  handlerName: Slice,
  handlerNumber: i32,
  region: Region,
): Connection | null {
  if (!LINKS_BACKENDS) return null;
  const cluster = region.text(spec.cluster);
  const authority = region.text(isPlain(spec.authority) ? spec.authority : "backend");
  const asked = spec.address.length > 0 ? authority : emptySlice();
  const connection = new Connection(
    handlerName,
    cluster,
    authority,
    grpcTarget(cluster, asked, region),
    spec.timeoutMs,
    spec.retry,
  );
  connection.handlerNumber = handlerNumber;
  return connection;
}

/** The name of the cluster that `render` writes for an address. */
export function clusterNameOf(address: string, protocol: Protocol): string {
  let name = "mixer-";
  for (let at = 0; at < address.length; at++) {
    const unit = address.charCodeAt(at);
    name += isWordUnit(unit) || unit == 45 ? address.charAt(at) : "_";
  }
  return protocol == Protocol.Grpc ? name + "-grpc" : name;
}

function readRetry(reader: ObjectReader, report: Report): RetryPolicy {
  const node = reader.object("retry");
  if (node === null) return new RetryPolicy(0, 80, 1000);
  const fields = new ObjectReader(node, report, "a retry policy");
  const count = fields.int("maxRetry", 1, 0, RETRY_COUNT_MAX);
  const base = fields.duration("baseRetryWait", BASE_WAIT_NS, MILLISECOND, TIMEOUT_MAX_NS);
  const most = fields.duration("maxRetryWait", max(MAX_WAIT_NS, base), base, TIMEOUT_MAX_NS);
  fields.finish();
  return new RetryPolicy(<i32>count, <u32>(base / MILLISECOND), <u32>(most / MILLISECOND));
}

// host:port or [address]:port.
function isAddress(text: string): bool {
  const colon = text.lastIndexOf(":");
  if (colon < 1 || colon > HOST_SIZE_MAX_CHARS) return false;
  const port = text.substring(colon + 1);
  if (port.length == 0 || port.length > 5) return false;
  let number = 0;
  for (let at = 0; at < port.length; at++) {
    const unit = port.charCodeAt(at);
    if (unit < 48 || unit > 57) return false;
    number = number * 10 + (unit - 48);
  }
  if (number < 1 || number > 65535) return false;
  const isBracketed = text.charCodeAt(0) == 0x5b && text.charCodeAt(colon - 1) == 0x5d;
  const host = isBracketed ? text.substring(1, colon - 1) : text.substring(0, colon);
  for (let at = 0; at < host.length; at++) {
    const unit = host.charCodeAt(at);
    const isOther = unit == 45 || unit == 46 || (isBracketed && unit == 58);
    if (!isOther && !isWordUnit(unit)) return false;
  }
  return host.length > 0;
}

function isWordUnit(unit: i32): bool {
  const isLetter = (unit | 32) >= 97 && (unit | 32) <= 122;
  return isLetter || (unit >= 48 && unit <= 57) || unit == 95;
}

// Visible ASCII.
function isPlain(text: string): bool {
  if (text.length == 0) return false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit <= 32 || unit >= 127) return false;
  }
  return true;
}

// Calls to clusters of Envoy's: HTTP and unary gRPC. The ways in which such a call kills Envoy, or
// never ends, cannot be written here: a gRPC cluster is always a serialized GrpcService (a bare
// name that parses as protobuf aborts the process), every call has a deadline, and none is made
// while a document is configured (it would decide differently on each thread). An answer comes in a
// later callback of the root context. Both.

import { proxy_grpc_cancel, proxy_http_call } from "@solo-io/proxy-runtime/assembly/imports";
import { Status } from "../shared/abi";
import { CALLOUT_TIMEOUT_MAX_MS } from "../shared/limits";
import { Region } from "../memory/region";
import { Slice, emptySlice, sizeOf, slice, startOf } from "../memory/slice";
import { Writer } from "../memory/writer";
import { countHostFailure } from "./failures";
import { OUT_AT, OUT_NUMBER, OUT_SIZE } from "./out";
import { Stage, currentStage } from "./stage";

// The package declares this one without its metadata; the host refuses that type.
// @ts-ignore: decorator
@external("env", "proxy_grpc_call")
declare function proxy_grpc_call(
  target: usize,
  targetSize: usize,
  service: usize,
  serviceSize: usize,
  method: usize,
  methodSize: usize,
  metadata: usize,
  metadataSize: usize,
  message: usize,
  messageSize: usize,
  timeoutMs: u32,
  token: usize,
): u32;

// @ts-ignore: decorator
@external("env", "proxy_get_status")
declare function proxy_get_status(code: usize, text: usize, textSize: usize): u32;

/** Why a call was not made. */
export const enum CallFailure {
  None = 0,
  /** Envoy has no such cluster, or did not like the request's headers. */
  UnknownCluster = 1,
  /** The cluster is there, but no endpoint could take the call. */
  NoEndpoint = 2,
  /** Calls are not made in this callback, or Envoy refused for another reason. */
  Refused = 3,
  /** The circuit breaker of the connection is open: nobody was asked. */
  CircuitOpen = 4,
  /** The request did not fit its bounds, or a part of it could have split a message. */
  BadRequest = 5,
}

/** No call: every call that was made has a token above 0. */
export const NO_CALL: u32 = 0;

let failure: CallFailure = CallFailure.None;

/** Why the last call that answered NO_CALL was not made. */
export function lastCallFailure(): CallFailure {
  return failure;
}

/** A call was not made for a reason of our own. Always answers NO_CALL. */
export function refuseCall(reason: CallFailure): u32 {
  failure = reason;
  return NO_CALL;
}

/** A cluster as gRPC calls name it: a serialized GrpcService. Made by `grpcTarget` only. */
export class GrpcTarget {
  constructor(
    /** In the configuration's memory. */
    readonly bytes: Slice,
  ) {}
}

/** The gRPC target for a cluster; `authority` may be empty. Configure only. */
export function grpcTarget(cluster: Slice, authority: Slice, region: Region): GrpcTarget {
  const out = new Writer();
  const inner =
    fieldSize(sizeOf(cluster)) + (sizeOf(authority) == 0 ? 0 : fieldSize(sizeOf(authority)));
  const size = fieldSize(inner);
  const at = region.take(size);
  out.open(at, size);
  writeHead(out, 1, inner); // GrpcService.envoy_grpc
  writeHead(out, 1, sizeOf(cluster)); // EnvoyGrpc.cluster_name
  out.bytes(cluster);
  if (sizeOf(authority) > 0) {
    writeHead(out, 2, sizeOf(authority)); // EnvoyGrpc.authority
    out.bytes(authority);
  }
  return new GrpcTarget(out.written);
}

/**
 * Sends an HTTP request and answers with the call's token, or NO_CALL. `headers` is a packed pairs
 * block with `:method`, `:path` and `:authority`; all slices live until this returns.
 */
export function startHttpCall(cluster: Slice, headers: Slice, body: Slice, timeoutMs: u32): u32 {
  if (!mayCall()) return refuseCall(CallFailure.Refused);
  const status = proxy_http_call(
    startOf(cluster),
    sizeOf(cluster),
    startOf(headers),
    sizeOf(headers),
    startOf(body),
    sizeOf(body),
    0,
    0,
    bounded(timeoutMs),
    OUT_NUMBER,
  );
  return tokenOf(status, CallFailure.UnknownCluster);
}

/** One gRPC message to be sent. The slices live at least until `startGrpcCall` returns. */
export class GrpcCall {
  service: Slice = emptySlice();
  method: Slice = emptySlice();
  /** A packed pairs block; the empty slice for none. */
  metadata: Slice = emptySlice();
  message: Slice = emptySlice();
}

/** Sends one gRPC message and answers with the call's token, or NO_CALL. */
export function startGrpcCall(target: GrpcTarget, call: GrpcCall, timeoutMs: u32): u32 {
  if (!mayCall()) return refuseCall(CallFailure.Refused);
  store<u32>(OUT_NUMBER, NO_CALL);
  const status = proxy_grpc_call(
    startOf(target.bytes),
    sizeOf(target.bytes),
    startOf(call.service),
    sizeOf(call.service),
    startOf(call.method),
    sizeOf(call.method),
    startOf(call.metadata),
    sizeOf(call.metadata),
    startOf(call.message),
    sizeOf(call.message),
    bounded(timeoutMs),
    OUT_NUMBER,
  );
  // For gRPC an unknown cluster and one without endpoints look the same.
  return tokenOf(status, CallFailure.UnknownCluster);
}

/** Whether a call can be cancelled: gRPC calls can, HTTP calls go on. */
export function isCancellable(token: u32): bool {
  return (token & 3) != 0;
}

/** Nobody waits for this call any more: cancels it if it can be, and no answer comes then. */
export function cancelCall(token: u32): void {
  if (isCancellable(token)) proxy_grpc_cancel(token);
}

/** The text of the status that came with the end of a gRPC call, in the arena. */
export function readCallStatusText(): Slice {
  if (proxy_get_status(OUT_NUMBER, OUT_AT, OUT_SIZE) != Status.Ok) return emptySlice();
  return slice(load<u32>(OUT_AT), load<u32>(OUT_SIZE));
}

function mayCall(): bool {
  const stage = currentStage();
  if (stage != Stage.None && stage != Stage.Configure) return true;
  countHostFailure();
  return false;
}

// A timeout of 0 would be none at all.
function bounded(timeoutMs: u32): u32 {
  if (timeoutMs == 0) return 1;
  return min<u32>(timeoutMs, CALLOUT_TIMEOUT_MAX_MS);
}

function tokenOf(status: u32, badArgument: CallFailure): u32 {
  if (status == Status.Ok) {
    failure = CallFailure.None;
    return load<u32>(OUT_NUMBER);
  }
  if (status == Status.BadArgument || status == Status.ParseFailure) return refuseCall(badArgument);
  return refuseCall(
    status == Status.InternalFailure ? CallFailure.NoEndpoint : CallFailure.Refused,
  );
}

function fieldSize(size: usize): usize {
  let head: usize = 2;
  for (let rest = size >>> 7; rest > 0; rest >>= 7) head++;
  return head + size;
}

// A length-delimited field's tag and size.
function writeHead(out: Writer, field: u8, size: usize): void {
  out.byte((field << 3) | 2);
  for (; size >= 128; size >>= 7) out.byte((<u8>size) | 128);
  out.byte(<u8>size);
}

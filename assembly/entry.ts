// Every export of the proxy-wasm ABI, one line each. What a callback does stands in the runtime.

import { Action } from "./shared/abi";
import { Slice } from "./memory/slice";
import { allocateForHost } from "./abi/inbox";
import { onContextCreate, onDelete, onGrpcAnswer, onHttpAnswer } from "./runtime/contexts";
import {
  onDownstreamData,
  onLog,
  onNewConnection,
  onRequestHeaders,
  onResponseHeaders,
  onUpstreamData,
} from "./runtime/lifecycle";
import { configure, tick } from "./runtime/lifecycle-root";
import { describeLast } from "./runtime/describe-last";

/** Marks the version of the ABI. */
export function proxy_abi_version_0_2_1(): void {}

/** Memory for what the host hands over. */
export function proxy_on_memory_allocate(size: usize): usize {
  return allocateForHost(size);
}

/** A root context or a stream has been created. */
export function proxy_on_context_create(context: u32, parent: u32): void {
  onContextCreate(context, parent);
}

/** The VM has started; it needs no configuration of its own. */
export function proxy_on_vm_start(root: u32, size: u32): u32 {
  return 1;
}

/** The plugin's document has come. */
export function proxy_on_configure(root: u32, size: u32): u32 {
  return configure(root, size) ? 1 : 0;
}

/** The root's timer. */
export function proxy_on_tick(root: u32): void {
  tick(root);
}

/** Request headers have come. */
export function proxy_on_request_headers(context: u32, count: u32, isEnd: u32): Action {
  return onRequestHeaders(context);
}

/** Response headers have come. */
export function proxy_on_response_headers(context: u32, count: u32, isEnd: u32): Action {
  return onResponseHeaders(context);
}

/** An HTTP call has ended. */
export function proxy_on_http_call_response(
  root: u32,
  token: u32,
  headerCount: u32,
  bodySize: u32,
  trailerCount: u32,
): void {
  onHttpAnswer(root, token, headerCount, bodySize);
}

/** A gRPC call was answered with a message. */
export function proxy_on_grpc_receive(root: u32, token: u32, size: u32): void {
  onGrpcAnswer(root, token, 0, size);
}

/** A gRPC call has ended without one. */
export function proxy_on_grpc_close(root: u32, token: u32, status: u32): void {
  onGrpcAnswer(root, token, <i32>status, 0);
}

/** A TCP connection is new. */
export function proxy_on_new_connection(context: u32): Action {
  return onNewConnection(context);
}

/** Bytes of a TCP connection have come from the client. */
export function proxy_on_downstream_data(context: u32, size: u32, isEnd: u32): Action {
  return onDownstreamData(context, size);
}

/** Bytes of a TCP connection have come from the upstream. */
export function proxy_on_upstream_data(context: u32, size: u32, isEnd: u32): Action {
  return onUpstreamData(context, size);
}

/** The stream is over. */
export function proxy_on_log(context: u32): void {
  onLog(context);
}

/** A context is gone. */
export function proxy_on_delete(context: u32): void {
  onDelete(context);
}

/** For the tools: what the last configuration came to, as JSON text; Envoy never calls it. */
export function mixer_describe(): Slice {
  return describeLast();
}

// The shapes that tests, commands and adapters' authors exchange with the host.

import type { LogLevel } from './abi.ts';
import type { Host } from './host.ts';

export type Bytes = string | Uint8Array;
/** When the VM of a worker has trapped: 503 for ever, no plugin, or a fresh VM after the back-off. */
export type FailurePolicy = 'FAIL_CLOSED' | 'FAIL_OPEN' | 'FAIL_RELOAD';
export type Direction = 'inbound' | 'outbound';
/** A worker by its number, or the main thread, where ticks and queues run but no requests. */
export type Thread = number | 'main';

export interface HostOptions {
  /** The module, or its path. */
  wasm: Uint8Array | string;
  configuration?: Bytes;
  pluginName?: string;
  rootId?: string;
  vmId?: string;
  vmConfiguration?: Bytes;
  /** How many workers, each with a VM of its own; 1 if left out. */
  workers?: number;
  node?: NodeOptions;
  /** What `environ_get` shows, and nothing else. */
  environment?: Record<string, string>;
  /** Lines below it are dropped; `info` if left out. */
  logLevel?: LogLevel;
  /** Names of imports and exports that may be used; left out or empty: all. */
  allowedCapabilities?: readonly string[];
  /** The wall clock at the start. */
  nowMs?: number;
  seed?: number;
  failurePolicy?: FailurePolicy;
  /** FAIL_RELOAD: no new VM before this time after the last load. */
  reloadBackoffMs?: number;
  allowOnHeadersStopIteration?: boolean;
  /** Another host of the same process: one clock, one store of shared data, metrics, queues and logs. */
  beside?: Host;
}

export interface NodeOptions {
  id?: string;
  cluster?: string;
  metadata?: Record<string, unknown>;
  locality?: { region?: string; zone?: string; sub_zone?: string };
}

/** A plugin in the same VMs as the host's first one. */
export interface PluginOptions {
  pluginName?: string;
  rootId?: string;
  configuration?: Bytes;
}

export interface RequestInput {
  method?: string;
  /** null: no `:path`, as in CONNECT. */
  path?: string | null;
  authority?: string | null;
  headers?: [Bytes, Bytes][];
  /** One chunk, or several. */
  body?: Bytes | Bytes[];
  trailers?: [Bytes, Bytes][];
  protocol?: 'HTTP/1.1' | 'HTTP/2';
  /** Dotted path → typed value; overrides what the host would answer, `undefined` makes it absent. */
  properties?: Record<string, unknown>;
  /** What the upstream answers. */
  response?: UpstreamAnswer;
  /** An earlier filter answered: only on_log, on_done and on_delete see the stream. */
  skipRequestHeaders?: boolean;
  direction?: Direction;
  /** The name of the plugin that serves this listener; the host's first if left out. */
  plugin?: string;
}

export interface UpstreamAnswer {
  status?: number;
  headers?: [Bytes, Bytes][];
  body?: Bytes | Bytes[];
  trailers?: [Bytes, Bytes][];
  /** How long it takes; moves the clock. */
  delayMs?: number;
}

export interface Outcome {
  /** What the client saw; 0 when the connection was reset before any answer. */
  status: number;
  headers: [string, string][];
  body: string;
  trailers: [string, string][];
  localReply: boolean;
  /** The response code details. */
  details: string;
  grpcStatus?: number;
  /** What the upstream got; null when it was never asked. */
  upstreamHeaders: [string, string][] | null;
  upstreamBody: string;
  /** By full key: `wasm.mixer_rule`. */
  filterState: Map<string, Uint8Array>;
  /** The stream was waiting when its life was looked at or ended. */
  paused: boolean;
  /** The VM trapped in a callback of this stream, or had trapped before it. */
  trapped: boolean;
  /** The answer was cut off, or never began. */
  reset: boolean;
}

/** A TCP connection to a listener with the plugin as a network filter. */
export interface ConnectionInput {
  /** Dotted path → typed value; those of a TLS handshake show once data has come. */
  properties?: Record<string, unknown>;
  direction?: Direction;
  /** The name of the plugin that serves this listener; the host's first if left out. */
  plugin?: string;
}

export interface ConnectionOutcome {
  /** The client's connection is closed. */
  closed: boolean;
  upstreamOpened: boolean;
  /** What passed in each direction. */
  upstreamData: string;
  downstreamData: string;
  /** By full key: `wasm.mixer_rule`. */
  filterState: Map<string, Uint8Array>;
  paused: boolean;
  trapped: boolean;
}

export interface CallAnswer {
  status?: number;
  headers?: [Bytes, Bytes][];
  body?: Bytes;
  trailers?: [Bytes, Bytes][];
}

/** How a call fails: a synthetic 504, a synthetic 503, or a reset, the only one that the guest can tell. */
export type CallFailure = 'timeout' | 'refused' | 'reset';
/** Answers HTTP calls by itself; undefined leaves the call pending. */
export type CallHandler = (call: PendingCall) => CallAnswer | CallFailure | undefined;

/** A call that a plugin made and that has not ended yet. */
export interface PendingCall {
  readonly token: number;
  readonly kind: 'http' | 'grpc' | 'grpcStream';
  readonly worker: Thread | 'canary';
  /** The cluster; for gRPC the cluster named in the service, or the bytes as they came. */
  readonly cluster: string;
  readonly headers: [string, string][];
  readonly body: Uint8Array;
  readonly trailers: [string, string][];
  /** 0: none. */
  readonly timeoutMs: number;
  /** gRPC only. */
  readonly service: string;
  readonly method: string;
  /** Messages sent on a gRPC stream, and whether the guest has ended its side. */
  readonly messages: readonly Uint8Array[];
  readonly halfClosed: boolean;
}

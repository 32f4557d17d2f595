// The contexts of one VM: the VM itself (id 0), roots, streams. Each says which header maps and buffers are readable in
// the callback that runs now; host calls ask only here.

import { BufferType, MapType } from './abi.ts';
import { EMPTY } from './bytes.ts';
import type { BodyBuffer } from './bodies.ts';
import type { Exchange } from './exchange.ts';
import { HeaderMap } from './headers.ts';
import type { CallInProgress } from './callouts.ts';
import type { ConnectionContext } from './connection-context.ts';
import type { LocalReply } from './replies.ts';
import type { VmFacts } from './vm.ts';

/** The callback of the stream that is on the stack. */
export type Phase =
  | 'idle'
  | 'requestHeaders'
  | 'requestBody'
  | 'requestTrailers'
  | 'responseHeaders'
  | 'responseBody'
  | 'responseTrailers'
  | 'log'
  | 'done'
  | 'delete';

/** What a stream's filter manager does for its context. */
export interface StreamControl {
  sendLocalReply(reply: LocalReply): void;
  continueRequest(): void;
  continueResponse(): void;
  readonly responseBegun: boolean;
  readonly responseHeld: boolean;
  resetStream(): void;
}

export interface PluginFacts {
  readonly name: string;
  readonly rootId: string;
  readonly configuration: Uint8Array;
}

export class RootContext {
  readonly kind = 'root';
  readonly id: number;
  readonly plugin: PluginFacts;
  readonly vm: VmFacts;
  /** on_context_create and on_configure: the plugin's configuration is readable. */
  configuring = false;
  tickPeriodMs = 0;
  /** On the monotonic clock; null without a timer. */
  nextTickNs: bigint | null = null;
  status = { code: 0, message: '' };
  /** on_done returned 0: `proxy_done` will end it. */
  pendingDone = false;
  call: CallInProgress | null = null;
  readonly declared = new Map<string, { readOnly: boolean }>();

  constructor(id: number, plugin: PluginFacts, vm: VmFacts) {
    this.id = id;
    this.plugin = plugin;
    this.vm = vm;
  }

  get root(): this {
    return this;
  }

  map(type: number): HeaderMap | null {
    return callMap(this, type);
  }

  writableMap(): null {
    return null;
  }

  get logging(): boolean {
    return false;
  }

  buffer(type: number): Uint8Array | BodyBuffer | null {
    return rootBuffer(this, type);
  }
}

export class StreamContext {
  readonly kind = 'stream';
  readonly id: number;
  readonly root: RootContext;
  readonly exchange: Exchange;
  readonly control: StreamControl;
  phase: Phase = 'idle';
  /** Native pointers: set before a callback, cleared when it continues; those of made trailers stay. */
  requestHeaders: HeaderMap | null = null;
  requestTrailers: HeaderMap | null = null;
  responseHeaders: HeaderMap | null = null;
  responseTrailers: HeaderMap | null = null;
  requestBody: BodyBuffer | null = null;
  responseBody: BodyBuffer | null = null;
  endOfStream = false;
  replied = false;
  /** Declared by a stream, properties count for nothing: Envoy looks them up on the root. */
  readonly declared = new Map<string, { readOnly: boolean }>();

  constructor(id: number, root: RootContext, exchange: Exchange, control: StreamControl) {
    this.id = id;
    this.root = root;
    this.exchange = exchange;
    this.control = control;
  }

  get logging(): boolean {
    return this.phase === 'log';
  }

  map(type: number): HeaderMap | null {
    return this.logging && type <= MapType.RESPONSE_TRAILERS
      ? this.#logMap(type)
      : this.#pointer(type);
  }

  #pointer(type: number): HeaderMap | null {
    switch (type) {
      case MapType.REQUEST_HEADERS:
        return this.requestHeaders;
      case MapType.REQUEST_TRAILERS:
        return this.requestTrailers;
      case MapType.RESPONSE_HEADERS:
        return this.responseHeaders;
      case MapType.RESPONSE_TRAILERS:
        return this.responseTrailers;
      default:
        return callMap(this.root, type);
    }
  }

  /** Also creates trailers in the last body callback, for `proxy_get_header_map_size` as much as for a write. */
  writableMap(type: number): HeaderMap | null {
    if (type > MapType.RESPONSE_TRAILERS) return null;
    if (type === MapType.REQUEST_TRAILERS && this.phase === 'requestBody' && this.endOfStream) {
      return (this.requestTrailers ??= this.exchange.addRequestTrailers());
    }
    if (type === MapType.RESPONSE_TRAILERS && this.phase === 'responseBody' && this.endOfStream) {
      return (this.responseTrailers ??= this.exchange.addResponseTrailers());
    }
    return this.#pointer(type);
  }

  buffer(type: number): Uint8Array | BodyBuffer | null {
    if (type === BufferType.REQUEST_BODY) return this.requestBody ?? EMPTY;
    if (type === BufferType.RESPONSE_BODY) return this.responseBody ?? EMPTY;
    return rootBuffer(this.root, type);
  }

  #logMap(type: number): HeaderMap | null {
    if (type === MapType.REQUEST_HEADERS) return this.exchange.requestHeaders;
    if (type === MapType.RESPONSE_HEADERS) return this.exchange.responseHeaders;
    if (type === MapType.RESPONSE_TRAILERS) return this.exchange.responseTrailers;
    return null;
  }
}

/** The VM's own context: in `_initialize` and in the allocator. */
export class VmContext {
  readonly kind = 'vm';
  readonly id = 0;
  readonly logging = false;

  get root(): null {
    return null;
  }

  map(): null {
    return null;
  }

  writableMap(): null {
    return null;
  }

  buffer(): null {
    return null;
  }
}

export type Context = VmContext | RootContext | StreamContext | ConnectionContext;

/** The maps of the answer whose callback runs on a root. */
export function callMap({ call }: RootContext, type: number): HeaderMap | null {
  if (call === null) return null;
  switch (type) {
    case MapType.GRPC_INITIAL_METADATA:
      return call.initialMetadata;
    case MapType.GRPC_TRAILING_METADATA:
      return call.trailingMetadata;
    case MapType.CALL_RESPONSE_HEADERS:
      return call.headers;
    case MapType.CALL_RESPONSE_TRAILERS:
      return call.trailers;
    default:
      return null;
  }
}

/** What a root has to read, whatever context asks. */
export function rootBuffer(root: RootContext, type: number): Uint8Array | null {
  switch (type) {
    case BufferType.CALL_RESPONSE_BODY:
      return root.call?.body ?? null;
    case BufferType.GRPC_MESSAGE:
      return root.call?.message ?? EMPTY;
    case BufferType.VM_CONFIGURATION:
      return root.vm.vmConfiguration;
    case BufferType.PLUGIN_CONFIGURATION:
      return root.configuring ? root.plugin.configuration : null;
    case BufferType.CALL_DATA:
      return root.configuring ? root.plugin.configuration : EMPTY;
    default:
      return EMPTY;
  }
}

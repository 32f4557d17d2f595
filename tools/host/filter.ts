// One stream's callbacks into its VM: creates the context, sets and clears what is readable, converts what the guest
// returns, and tells the stream when the VM has failed. It decides nothing about where headers and bodies go.

import { StreamContext } from './contexts.ts';
import type { Phase, StreamControl } from './contexts.ts';
import type { BodyBuffer } from './bodies.ts';
import type { Exchange } from './exchange.ts';
import type { HeaderMap } from './headers.ts';
import { BodyVerdict } from './lane.ts';
import type { HeadersVerdict } from './lane.ts';
import type { PluginHandle } from './plugin.ts';
import type { Vm } from './vm.ts';

const Headers = { CONTINUE: 0, STOP: 1, CONTINUE_AND_END: 2, STOP_ALL_AND_BUFFER: 3 } as const;
const NO_BUFFER_MAX = 3;

export interface FilterOwner extends StreamControl {
  /** The VM is dead: this stream fails where it stands. */
  onVmFailed(phase: Phase): void;
}

export class Filter {
  readonly vm: Vm;
  readonly #handle: PluginHandle;
  readonly #context: StreamContext;
  readonly #owner: FilterOwner;
  readonly #exchange: Exchange;
  readonly #stopsSingly: boolean;
  #created = false;
  #requestSeen = false;
  #logged = false;
  #destroyed = false;

  constructor(handle: PluginHandle, exchange: Exchange, owner: FilterOwner) {
    const { vm, root, allowOnHeadersStopIteration } = handle.forNewStream();
    this.vm = vm;
    this.#handle = handle;
    this.#owner = owner;
    this.#exchange = exchange;
    this.#stopsSingly = allowOnHeadersStopIteration;
    this.#context = new StreamContext(vm.newContextId(), root, exchange, owner);
    handle.streamOpened();
  }

  get contextId(): number {
    return this.#context.id;
  }

  get phase(): Phase {
    return this.#context.phase;
  }

  onRequestHeaders(map: HeaderMap, endOfStream: boolean): HeadersVerdict {
    this.#create();
    this.#requestSeen = true;
    this.#context.requestHeaders = map;
    const result = this.#headers(
      'requestHeaders',
      'proxy_on_request_headers',
      map.count,
      endOfStream,
    );
    if (result === 'continue') this.#context.requestHeaders = null;
    return result;
  }

  /** Calls an export that is no callback of Envoy's while the request's headers are readable. */
  inspect(name: string, ...args: number[]): number | bigint | undefined {
    this.#create();
    const context = this.#context;
    const { phase, requestHeaders } = context;
    context.phase = 'requestHeaders';
    context.requestHeaders = this.#exchange.requestHeaders;
    try {
      return this.vm.callExport(context, name, args);
    } finally {
      context.phase = phase;
      context.requestHeaders = requestHeaders;
    }
  }

  onRequestBody(body: BodyBuffer, endOfStream: boolean): number {
    this.#context.requestBody = body;
    const result = this.#body('requestBody', 'proxy_on_request_body', body.size, endOfStream);
    if (result === BodyVerdict.CONTINUE) this.#context.requestBody = null;
    return result;
  }

  onRequestTrailers(map: HeaderMap): 'continue' | 'stop' {
    this.#context.requestTrailers = map;
    const result = this.#trailers('requestTrailers', 'proxy_on_request_trailers', map.count);
    if (result === 'continue') this.#context.requestTrailers = null;
    return result;
  }

  onResponseHeaders(map: HeaderMap, endOfStream: boolean): HeadersVerdict {
    if (!this.#requestSeen) return 'continue';
    this.#context.responseHeaders = map;
    const result = this.#headers(
      'responseHeaders',
      'proxy_on_response_headers',
      map.count,
      endOfStream,
    );
    if (result === 'continue') this.#context.responseHeaders = null;
    return result;
  }

  onResponseBody(body: BodyBuffer, endOfStream: boolean): number {
    if (!this.#requestSeen) return BodyVerdict.CONTINUE;
    this.#context.responseBody = body;
    const result = this.#body('responseBody', 'proxy_on_response_body', body.size, endOfStream);
    if (result === BodyVerdict.CONTINUE) this.#context.responseBody = null;
    return result;
  }

  onResponseTrailers(map: HeaderMap): 'continue' | 'stop' {
    if (!this.#requestSeen) return 'continue';
    this.#context.responseTrailers = map;
    const result = this.#trailers('responseTrailers', 'proxy_on_response_trailers', map.count);
    if (result === 'continue') this.#context.responseTrailers = null;
    return result;
  }

  /** Also for a stream that never reached the filter: then its context is made now. */
  log(): void {
    if (this.#logged || this.#destroyed) return;
    this.#logged = true;
    this.#create();
    this.#enter('log', 'proxy_on_log');
  }

  /** on_done, on_delete; the context is gone afterwards. */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    if (this.#created) {
      this.#enter('done', 'proxy_on_done');
      this.#enter('delete', 'proxy_on_delete');
    }
    this.vm.contexts.delete(this.#context.id);
    this.#handle.streamClosed(this.#context.root);
  }

  #create(): void {
    if (this.#created) return;
    this.#created = true;
    this.vm.contexts.set(this.#context.id, this.#context);
    this.vm.enter(
      this.#context,
      'proxy_on_context_create',
      this.#context.id,
      this.#context.root.id,
    );
  }

  #enter(phase: Phase, name: string, ...args: number[]): number | undefined {
    const context = this.#context;
    const before = context.phase;
    context.phase = phase;
    context.replied = false;
    try {
      const result = this.vm.enter(context, name, context.id, ...args);
      if (this.vm.isFailed()) this.#exchange.trapped = true;
      return result === undefined ? undefined : Number(result) >>> 0;
    } finally {
      context.phase = before;
    }
  }

  /** The stream fails only after the callback is over, so that its reply does not count as made within it. */
  #call(phase: Phase, name: string, ...args: number[]): number {
    const result = this.#enter(phase, name, ...args) ?? 0;
    if (this.vm.isFailed()) this.#owner.onVmFailed(phase);
    return result;
  }

  #headers(phase: Phase, name: string, count: number, endOfStream: boolean): HeadersVerdict {
    this.#context.endOfStream = endOfStream;
    const result = this.#call(phase, name, count, endOfStream ? 1 : 0);
    if (this.vm.isFailed() || this.#context.replied) return 'all';
    if (result === Headers.CONTINUE || result === Headers.CONTINUE_AND_END) return 'continue';
    if (result === Headers.STOP_ALL_AND_BUFFER) return 'allBuffer';
    return result === Headers.STOP && this.#stopsSingly ? 'single' : 'all';
  }

  #body(phase: Phase, name: string, size: number, endOfStream: boolean): number {
    this.#context.endOfStream = endOfStream;
    const result = this.#call(phase, name, size, endOfStream ? 1 : 0);
    if (this.vm.isFailed() || this.#context.replied || result > NO_BUFFER_MAX)
      return BodyVerdict.NO_BUFFER;
    return result;
  }

  #trailers(phase: Phase, name: string, count: number): 'continue' | 'stop' {
    const result = this.#call(phase, name, count);
    return result === 0 && !this.vm.isFailed() && !this.#context.replied ? 'continue' : 'stop';
  }
}

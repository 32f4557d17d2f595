// The inside of one stream: its two directions, local replies, resets and the end, as Envoy's filter chain treats
// them (ABI-VERIFIED §5, and runs against Envoy 1.40 for what stands there not). There is one filter, ours.

import { BODY_BUFFER_MAX_BYTES } from './abi.ts';
import { ClientView } from './client.ts';
import type { Phase } from './contexts.ts';
import { Exchange } from './exchange.ts';
import { Filter } from './filter.ts';
import type { FilterOwner } from './filter.ts';
import type { HeaderMap } from './headers.ts';
import { Lane } from './lane.ts';
import type { PluginHandle } from './plugin.ts';
import type { EnvoyProcess } from './process.ts';
import { buildReply, GRPC_UNAVAILABLE, reply } from './replies.ts';
import type { LocalReply } from './replies.ts';
import { requestEnds, responseEnds } from './stream-ends.ts';
import type { RequestInput } from './types.ts';

/** What a stream gets whose VM has trapped. */
export const FAILED: LocalReply = {
  ...reply(503, 'wasm_fail_stream'),
  grpcStatus: GRPC_UNAVAILABLE,
};

export class FilterChain implements FilterOwner {
  readonly exchange: Exchange;
  readonly process: EnvoyProcess;
  readonly client = new ClientView();
  /** null when the plugin does not run on this worker: requests pass as if it were not there. */
  readonly filter: Filter | null;
  /** What happens when the request has reached the upstream whole, and when the stream is over. */
  onRequestPassed: () => void = () => undefined;
  onEnd: () => void = () => undefined;
  readonly request: Lane;
  readonly response: Lane;
  #prepared: LocalReply | null = null;
  #isComplete = false;

  constructor(process: EnvoyProcess, input: RequestInput, handle: PluginHandle | null) {
    this.process = process;
    this.exchange = new Exchange(process, input);
    this.filter = handle === null ? null : new Filter(handle, this.exchange, this);
    this.request = new Lane(requestEnds(this), BODY_BUFFER_MAX_BYTES);
    this.response = new Lane(responseEnds(this), BODY_BUFFER_MAX_BYTES);
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  get responseBegun(): boolean {
    return this.exchange.responseHeaders !== null;
  }

  get responseHeld(): boolean {
    return this.response.held;
  }

  /** Runs something that may enter the filter, and after it the reply that the filter asked for. */
  step(action: () => unknown): void {
    this.process.assertAlive();
    action();
    const prepared = this.#prepared;
    if (prepared === null || this.#isWithinRequest()) return;
    this.#prepared = null;
    if (!this.#isComplete) this.#startReply(prepared);
  }

  beginResponse(map: HeaderMap, endOfStream: boolean, details: string): void {
    this.exchange.code ??= Number(map.get(':status') ?? 0);
    this.exchange.details ??= details;
    this.exchange.responseHeaders = map;
    this.response.headers(endOfStream);
  }

  sendLocalReply(asked: LocalReply): void {
    if (this.#isComplete && !this.#revives()) return;
    this.exchange.details = asked.details;
    if (this.responseBegun && this.response.headersPassed) {
      this.reset();
    } else if (this.responseBegun) {
      this.replyDirectly(asked);
    } else {
      this.request.abort();
      // Within a request callback the answer starts after it; the first one counts, with the details of the last.
      if (this.#isWithinRequest()) this.#prepare(asked);
      else this.#startReply(asked);
    }
  }

  /** Past the filter's own callbacks, in place of an answer of which the client has seen nothing. */
  replyDirectly(asked: LocalReply): void {
    this.response.abort();
    const { headers, body } = buildReply(asked, this.exchange);
    this.exchange.localReply = true;
    this.exchange.details = asked.details;
    this.exchange.responseHeaders = headers;
    this.exchange.code = Number(headers.get(':status'));
    this.client.headers(headers);
    this.client.body(body);
    this.exchange.responseBytes += body.length;
    this.end();
  }

  continueRequest(): void {
    if (!this.#isComplete) this.step(() => this.request.resume());
  }

  continueResponse(): void {
    if (!this.#isComplete) this.step(() => this.response.resume());
  }

  resetStream(): void {
    if (this.#isComplete)
      this.process.crash('close_stream of a stream that has ended in the same callback');
    this.reset();
  }

  onVmFailed(phase: Phase): void {
    if (phase !== 'log' && phase !== 'done' && phase !== 'delete') this.sendLocalReply(FAILED);
  }

  reset(): void {
    this.request.abort();
    if (this.responseBegun) this.response.abort();
    this.client.reset = true;
    this.exchange.details ??= 'wasm_close_stream';
    this.end();
  }

  end(): void {
    if (this.#isComplete) return;
    this.#isComplete = true;
    this.request.abort();
    this.exchange.endNs = this.process.clock.nowNs;
    this.onEnd();
  }

  #isWithinRequest(): boolean {
    return this.filter?.phase.startsWith('request') === true;
  }

  #prepare(asked: LocalReply): void {
    this.#prepared ??= asked;
    this.exchange.code ??= asked.status;
  }

  /** The whole reply goes through the filter's response callbacks. */
  #startReply(asked: LocalReply): void {
    const { headers, body } = buildReply(asked, this.exchange);
    this.exchange.localReply = true;
    // A gRPC reply shows the status that was asked for until its headers, with 200 in them, have passed.
    this.exchange.code = asked.status;
    this.beginResponse(headers, body.length === 0, asked.details);
    if (body.length > 0) this.response.body(body, true);
  }

  /** A reply after the end: lost within a request callback, in place of a reset elsewhere, else Envoy's death. */
  #revives(): boolean {
    if (this.#isWithinRequest()) return false;
    if (this.client.answered)
      this.process.crash('a second local reply after the first has ended the stream');
    this.client.reset = false;
    this.#isComplete = false;
    return true;
  }
}

// One request on its way through the plugin, step by step or as a whole: filter manager, router and client in one.
// Local replies, resets and the end of the stream follow Envoy 1.40 (ABI-VERIFIED §5); there is one filter, ours.

import { BODY_BUFFER_MAX_BYTES } from './abi.ts';
import { EMPTY, toBytes } from './bytes.ts';
import { ClientView } from './client.ts';
import type { Phase } from './contexts.ts';
import { Exchange, headerEntries, ResponseFlag } from './exchange.ts';
import { Filter } from './filter.ts';
import type { FilterOwner } from './filter.ts';
import { HeaderMap } from './headers.ts';
import { Lane } from './lane.ts';
import type { PluginHandle } from './plugin.ts';
import type { EnvoyProcess } from './process.ts';
import { buildReply, GRPC_UNAVAILABLE, reply } from './replies.ts';
import type { LocalReply } from './replies.ts';
import { requestEnds, responseEnds } from './stream-ends.ts';
import type { Bytes, Outcome, RequestInput, UpstreamAnswer } from './types.ts';

const FAILED: LocalReply = { ...reply(503, 'wasm_fail_stream'), grpcStatus: GRPC_UNAVAILABLE };
const CUT_OFF = { OTHER_FILTER: 'rbac_access_denied_matched_policy[none]', CLIENT: 'downstream_remote_disconnect' };

export class Stream implements FilterOwner {
  readonly exchange: Exchange;
  readonly process: EnvoyProcess;
  readonly client = new ClientView();
  /** null when the plugin does not run on this worker: requests pass as if it were not there. */
  readonly filter: Filter | null;
  readonly #vmIsDead: boolean;
  readonly #request: Lane;
  readonly #response: Lane;
  #prepared: LocalReply | null = null;
  #isAutomatic = false;
  #complete = false;
  #finished = false;
  #batchDepth = 0;

  constructor(process: EnvoyProcess, input: RequestInput, handle: PluginHandle | undefined) {
    this.process = process;
    this.exchange = new Exchange(process, input);
    const fate = handle?.fateOfNewStream() ?? 'skipped';
    this.#vmIsDead = fate === 'failed';
    this.filter = handle !== undefined && fate === 'served' ? new Filter(handle, this.exchange, this) : null;
    this.#request = new Lane(requestEnds(this), BODY_BUFFER_MAX_BYTES);
    this.#response = new Lane(responseEnds(this), BODY_BUFFER_MAX_BYTES);
  }

  /** The id under which the guest knows the stream. */
  get contextId(): number {
    return this.filter?.contextId ?? 0;
  }

  get paused(): boolean {
    return !this.#complete && (this.#request.held || this.#response.held);
  }

  get responseBegun(): boolean {
    return this.exchange.responseHeaders !== null;
  }

  get responseHeld(): boolean {
    return this.#response.held;
  }

  get outcome(): Outcome {
    return this.client.outcome(this.exchange, this.paused);
  }

  /** The whole life; stops where the stream is paused and goes on by itself once it is continued. */
  run(): this {
    this.#isAutomatic = true;
    const { input } = this.exchange;
    if (input.skipRequestHeaders === true) return this.#answeredBefore(input.response ?? { status: 403 });
    return this.#batch(() => this.#wholeRequest());
  }

  requestHeaders(): this {
    const { input, requestHeaders } = this.exchange;
    if (this.#vmIsDead) {
      this.exchange.trapped = true;
      return this.#step(() => this.sendLocalReply(FAILED));
    }
    const endOfStream = chunksOf(input.body).length === 0 && !this.#delivers(input.trailers);
    return this.#step(() => requestHeaders !== null && this.#request.headers(endOfStream));
  }

  requestBody(body: Bytes, endOfStream = false): this {
    if (this.#complete) return this;
    const bytes = toBytes(body);
    this.exchange.requestBytes += bytes.length;
    return this.#step(() => this.#request.body(bytes, endOfStream));
  }

  requestTrailers(): this {
    if (this.#complete) return this;
    const { input } = this.exchange;
    const map = (this.exchange.requestTrailers = new HeaderMap('trailers', headerEntries(input.trailers)));
    return this.#step(() => this.#request.trailers(map));
  }

  /** The upstream answers with headers alone, or with everything that `answer` holds. */
  responseHeaders(answer: UpstreamAnswer = this.exchange.input.response ?? {}): this {
    if (this.#complete || this.responseBegun) return this;
    const chunks = chunksOf(answer.body);
    const trailers = this.#delivers(answer.trailers) || (this.exchange.isGrpc && answer.trailers !== undefined);
    if (answer.delayMs !== undefined) this.process.clock.advance(answer.delayMs);
    const map = responseMap(answer, trailers);
    return this.#batch(() => {
      this.#step(() => this.#beginResponse(map, chunks.length === 0 && !trailers, 'via_upstream'));
      for (const chunk of chunks) this.responseBody(chunk, false);
      if (trailers) this.responseTrailers(answer.trailers ?? []);
      else if (chunks.length > 0) this.responseBody(EMPTY, true);
    });
  }

  responseBody(body: Bytes, endOfStream: boolean): this {
    if (this.#complete) return this;
    return this.#step(() => this.#response.body(toBytes(body), endOfStream));
  }

  responseTrailers(trailers: [Bytes, Bytes][]): this {
    if (this.#complete) return this;
    const map = (this.exchange.responseTrailers = new HeaderMap('trailers', headerEntries(trailers)));
    return this.#step(() => this.#response.trailers(map));
  }

  /** The client goes away. */
  abort(): this {
    if (this.#complete) return this;
    this.exchange.flags |= ResponseFlag.CLIENT_GONE;
    this.exchange.details = CUT_OFF.CLIENT;
    return this.#step(() => this.#reset());
  }

  /** on_log, once; Envoy calls it when the stream is over. */
  log(): this {
    this.exchange.endNs ??= this.process.clock.nowNs;
    this.filter?.log();
    return this;
  }

  /** on_log, if it has not run yet, on_done and on_delete. */
  close(): Outcome {
    if (this.#finished) return this.outcome;
    const { outcome } = this;
    if (!this.#complete) this.abort();
    this.#finish();
    this.process.settle();
    return { ...this.outcome, paused: outcome.paused };
  }

  // What the filter asks for, after its callback.

  sendLocalReply(asked: LocalReply): void {
    const withinRequest = this.filter?.phase.startsWith('request') === true;
    if (this.#complete && !this.#revives(withinRequest)) return;
    this.exchange.details = asked.details;
    if (!this.responseBegun) {
      this.#request.abort();
      // Within a request callback the answer starts after it; the first one counts, with the details of the last.
      if (!withinRequest) this.#startReply(asked);
      else this.#prepare(asked);
    } else if (!this.#response.headersPassed) {
      this.#replyDirectly(asked);
    } else {
      this.#reset();
    }
  }

  continueRequest(): void {
    if (!this.#complete) this.#step(() => this.#request.resume());
  }

  continueResponse(): void {
    if (!this.#complete) this.#step(() => this.#response.resume());
  }

  resetStream(): void {
    if (this.#complete) this.process.crash('close_stream of a stream that has ended in the same callback');
    this.#reset();
  }

  onVmFailed(phase: Phase): void {
    if (phase === 'log' || phase === 'done' || phase === 'delete') return;
    this.sendLocalReply(FAILED);
  }

  // What has passed the filter.

  requestPassed(ends: boolean): void {
    if (ends && this.#isAutomatic) this.process.post(() => this.responseHeaders());
  }

  responseEnded(): void {
    this.#end();
  }

  /** Envoy's own replacement for an answer that the filter broke. */
  replyDirectly(asked: LocalReply): void {
    this.exchange.details = asked.details;
    this.#replyDirectly(asked);
  }

  #prepare(asked: LocalReply): void {
    this.#prepared ??= asked;
    this.exchange.code ??= asked.status;
  }

  /** A reply after the end: lost within a request callback, in place of a reset elsewhere, else Envoy's death. */
  #revives(withinRequest: boolean): boolean {
    if (withinRequest) return false;
    if (this.client.answered) this.process.crash('a second local reply after the first has ended the stream');
    this.client.reset = false;
    this.#complete = false;
    return true;
  }

  #beginResponse(map: HeaderMap, endOfStream: boolean, details: string): void {
    this.exchange.code = Number(map.get(':status') ?? 0);
    this.exchange.details ??= details;
    this.exchange.responseHeaders = map;
    this.#response.headers(endOfStream);
  }

  #startReply(asked: LocalReply): void {
    const { headers, body } = buildReply(asked, this.exchange);
    this.exchange.localReply = true;
    this.#beginResponse(headers, body.length === 0, asked.details);
    if (body.length > 0) this.#response.body(body, true);
  }

  /** Past the filter's own callbacks, in place of an answer of which the client has seen nothing. */
  #replyDirectly(asked: LocalReply): void {
    this.#response.abort();
    const { headers, body } = buildReply(asked, this.exchange);
    this.exchange.localReply = true;
    this.exchange.responseHeaders = headers;
    this.exchange.code = Number(headers.get(':status'));
    this.client.headers(headers);
    this.client.body(body);
    this.exchange.responseBytes += body.length;
    this.#end();
  }

  #answeredBefore(answer: UpstreamAnswer): this {
    this.exchange.localReply = true;
    this.exchange.details = CUT_OFF.OTHER_FILTER;
    const map = (this.exchange.responseHeaders = responseMap(answer, false));
    this.exchange.code = Number(map.get(':status'));
    this.client.headers(map);
    for (const chunk of chunksOf(answer.body)) this.client.body(chunk);
    return this.#step(() => this.#end());
  }

  #reset(): void {
    this.#request.abort();
    if (this.responseBegun) this.#response.abort();
    this.client.reset = true;
    this.exchange.details ??= 'wasm_close_stream';
    this.#end();
  }

  #end(): void {
    if (this.#complete) return;
    this.#complete = true;
    this.#request.abort();
    this.exchange.endNs = this.process.clock.nowNs;
    if (this.#isAutomatic) this.process.post(() => this.#finish());
  }

  #finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.log();
    this.filter?.destroy();
  }

  #step(action: () => unknown): this {
    this.process.assertAlive();
    action();
    const prepared = this.#prepared;
    if (prepared !== null && this.filter?.phase.startsWith('request') !== true) {
      this.#prepared = null;
      if (!this.#complete) this.#startReply(prepared);
    }
    if (this.#batchDepth === 0) this.process.settle();
    return this;
  }

  /** Headers, body and trailers come in one read: what a callback asks of others is answered only after them. */
  #batch(steps: () => void): this {
    this.#batchDepth++;
    try {
      steps();
    } finally {
      this.#batchDepth--;
    }
    return this.#step(() => undefined);
  }

  #wholeRequest(): void {
    const { input, protocol } = this.exchange;
    const chunks = chunksOf(input.body);
    const trailers = this.#delivers(input.trailers);
    this.requestHeaders();
    const endsAtLast = protocol === 'HTTP/2' && !trailers;
    chunks.forEach((chunk, index) => this.requestBody(chunk, endsAtLast && index === chunks.length - 1));
    if (trailers) this.requestTrailers();
    else if (chunks.length > 0 && !endsAtLast) this.requestBody(EMPTY, true);
  }

  #delivers(trailers: unknown): boolean {
    return trailers !== undefined && this.exchange.protocol === 'HTTP/2';
  }
}

function chunksOf(body: Bytes | Bytes[] | undefined): Uint8Array[] {
  if (body === undefined) return [];
  const chunks = Array.isArray(body) ? body.map(toBytes) : [toBytes(body)];
  return chunks.filter(({ length }) => length > 0);
}

function responseMap(answer: UpstreamAnswer, hasTrailers: boolean): HeaderMap {
  const map = new HeaderMap('response', headerEntries(answer.headers));
  if (map.get(':status') === undefined) map.add(':status', String(answer.status ?? 200));
  const size = chunksOf(answer.body).reduce((sum, { length }) => sum + length, 0);
  if (size > 0 && !hasTrailers && map.get('content-length') === undefined) map.add('content-length', String(size));
  return map;
}

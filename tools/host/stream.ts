// One request as a test drives it: step by step, or as a whole that goes on by itself after each pause. What happens in
// it is the filter chain's business.

import { EMPTY, toBytes } from './bytes.ts';
import { headerEntries, ResponseFlag } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { FAILED, FilterChain } from './filter-chain.ts';
import { HeaderMap } from './headers.ts';
import type { PluginHandle } from './plugin.ts';
import type { EnvoyProcess } from './process.ts';
import type { Bytes, Outcome, RequestInput, UpstreamAnswer } from './types.ts';

const ANSWERED_BEFORE = 'rbac_access_denied_matched_policy[none]';
const CLIENT_GONE = 'downstream_remote_disconnect';

export class Stream {
  readonly #process: EnvoyProcess;
  readonly #chain: FilterChain;
  readonly #exchange: Exchange;
  readonly #vmIsDead: boolean;
  #isFinished = false;
  #batchDepth = 0;

  constructor(process: EnvoyProcess, input: RequestInput, handle: PluginHandle) {
    const fate = handle.fateOfNewStream();
    this.#process = process;
    this.#vmIsDead = fate === 'failed';
    this.#chain = new FilterChain(process, input, fate === 'served' ? handle : null);
    this.#exchange = this.#chain.exchange;
  }

  /** The id under which the guest knows the stream. */
  get contextId(): number {
    return this.#chain.filter?.contextId ?? 0;
  }

  get paused(): boolean {
    const { isComplete, request, response } = this.#chain;
    return !isComplete && (request.held || response.held);
  }

  get outcome(): Outcome {
    return this.#chain.client.outcome(this.#exchange, this.paused);
  }

  /** Calls an export of the module as if its request headers had just come; for tools that ask why. */
  inspect(name: string, ...args: number[]): number | bigint | undefined {
    return this.#chain.filter?.inspect(name, ...args);
  }

  /** The whole life; stops where the stream is paused and goes on by itself once it is continued. */
  run(): this {
    const chain = this.#chain;
    chain.onRequestPassed = () => this.#process.post(() => this.responseHeaders());
    chain.onEnd = () => this.#process.post(() => this.#finish());
    const { input } = this.#exchange;
    if (input.skipRequestHeaders === true)
      return this.#answeredBefore(input.response ?? { status: 403 });
    return this.#batch(() => this.#wholeRequest());
  }

  requestHeaders(): this {
    const { input } = this.#exchange;
    if (this.#vmIsDead) {
      this.#exchange.trapped = true;
      return this.#step(() => this.#chain.sendLocalReply(FAILED));
    }
    const endOfStream = chunksOf(input.body).length === 0 && !this.#delivers(input.trailers);
    return this.#step(() => this.#chain.request.headers(endOfStream));
  }

  requestBody(body: Bytes, endOfStream = false): this {
    const bytes = toBytes(body);
    if (!this.#chain.isComplete) this.#exchange.requestBytes += bytes.length;
    return this.#step(() => this.#chain.request.body(bytes, endOfStream));
  }

  requestTrailers(): this {
    const map = new HeaderMap('trailers', headerEntries(this.#exchange.input.trailers));
    if (!this.#chain.isComplete) this.#exchange.requestTrailers = map;
    return this.#step(() => this.#chain.request.trailers(map));
  }

  /** The upstream answers, with everything that `answer` holds. */
  responseHeaders(answer: UpstreamAnswer = this.#exchange.input.response ?? {}): this {
    const chain = this.#chain;
    if (chain.isComplete || chain.responseBegun) return this;
    const chunks = chunksOf(answer.body);
    const hasTrailers =
      this.#delivers(answer.trailers) || (this.#exchange.isGrpc && answer.trailers !== undefined);
    if (answer.delayMs !== undefined) this.#process.clock.advance(answer.delayMs);
    const map = responseMap(answer, hasTrailers);
    return this.#batch(() => {
      this.#step(() =>
        chain.beginResponse(map, chunks.length === 0 && !hasTrailers, 'via_upstream'),
      );
      for (const chunk of chunks) this.#responseBody(chunk, false);
      if (hasTrailers) this.#responseTrailers(answer.trailers ?? []);
      else if (chunks.length > 0) this.#responseBody(EMPTY, true);
    });
  }

  /** The client goes away. */
  abort(): this {
    if (this.#chain.isComplete) return this;
    this.#exchange.flags |= ResponseFlag.CLIENT_GONE;
    this.#exchange.details = CLIENT_GONE;
    return this.#step(() => this.#chain.reset());
  }

  /** on_log, once; Envoy calls it when the stream is over. */
  log(): this {
    this.#exchange.endNs ??= this.#process.clock.nowNs;
    this.#chain.filter?.log();
    return this;
  }

  /** on_log, if it has not run yet, on_done and on_delete. A stream that is not over ends as if its client had gone. */
  close(): Outcome {
    const { paused } = this;
    this.abort();
    this.#finish();
    this.#process.settle();
    return { ...this.outcome, paused };
  }

  #finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.log();
    this.#chain.filter?.destroy();
  }

  #wholeRequest(): void {
    const { input, protocol } = this.#exchange;
    const chunks = chunksOf(input.body);
    const hasTrailers = this.#delivers(input.trailers);
    this.requestHeaders();
    const endsAtLast = protocol === 'HTTP/2' && !hasTrailers;
    chunks.forEach((chunk, index) =>
      this.requestBody(chunk, endsAtLast && index === chunks.length - 1),
    );
    if (hasTrailers) this.requestTrailers();
    else if (chunks.length > 0 && !endsAtLast) this.requestBody(EMPTY, true);
  }

  #responseBody(bytes: Uint8Array, endOfStream: boolean): void {
    this.#step(() => this.#chain.response.body(bytes, endOfStream));
  }

  #responseTrailers(trailers: [Bytes, Bytes][]): void {
    const map = new HeaderMap('trailers', headerEntries(trailers));
    if (!this.#chain.isComplete) this.#exchange.responseTrailers = map;
    this.#step(() => this.#chain.response.trailers(map));
  }

  /** Another filter has answered: the plugin sees the stream only when it is logged. */
  #answeredBefore(answer: UpstreamAnswer): this {
    const exchange = this.#exchange;
    const { client } = this.#chain;
    const map = responseMap(answer, false);
    exchange.localReply = true;
    exchange.details = ANSWERED_BEFORE;
    exchange.responseHeaders = map;
    exchange.code = Number(map.get(':status'));
    client.headers(map);
    for (const chunk of chunksOf(answer.body)) {
      exchange.responseBytes += chunk.length;
      client.body(chunk);
    }
    return this.#step(() => this.#chain.end());
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

  #step(action: () => unknown): this {
    if (!this.#chain.isComplete) this.#chain.step(action);
    if (this.#batchDepth === 0) this.#process.settle();
    return this;
  }

  #delivers(trailers: unknown): boolean {
    return trailers !== undefined && this.#exchange.protocol === 'HTTP/2';
  }
}

function chunksOf(body: Bytes | Bytes[] | undefined): Uint8Array[] {
  if (body === undefined) return [];
  const chunks = Array.isArray(body) ? body.map(toBytes) : [toBytes(body)];
  return chunks.filter(({ length }) => length > 0);
}

/** What the upstream sends; like any server it says how long its body is. */
function responseMap(answer: UpstreamAnswer, hasTrailers: boolean): HeaderMap {
  const map = new HeaderMap('response', headerEntries(answer.headers));
  if (map.get(':status') === undefined) map.add(':status', String(answer.status ?? 200));
  const size = chunksOf(answer.body).reduce((sum, { length }) => sum + length, 0);
  if (size > 0 && !hasTrailers && map.get('content-length') === undefined)
    map.add('content-length', String(size));
  return map;
}

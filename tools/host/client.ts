// What the client of one stream has seen so far, and what the host tells about the stream when asked. Headers that
// Envoy adds behind all filters (`date`, `server`) are left out, so that outcomes compare whole.

import { toText } from './bytes.ts';
import type { Exchange } from './exchange.ts';
import type { Entry, HeaderMap } from './headers.ts';
import type { Outcome } from './types.ts';

export class ClientView {
  #headers: HeaderMap | null = null;
  readonly #body: Uint8Array[] = [];
  #trailers: HeaderMap | null = null;
  reset = false;

  get answered(): boolean {
    return this.#headers !== null;
  }

  headers(map: HeaderMap): void {
    this.#headers = map.copy();
  }

  body(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#body.push(bytes);
  }

  trailers(map: HeaderMap): void {
    this.#trailers = map.copy();
  }

  outcome(exchange: Exchange, paused: boolean): Outcome {
    const grpcStatus = this.#trailers?.get('grpc-status') ?? this.#headers?.get('grpc-status');
    const entries = this.#headers?.entries.filter(([name]) => name !== ':status') ?? [];
    return {
      status: Number(this.#headers?.get(':status') ?? 0),
      headers: texts(entries),
      body: Buffer.concat(this.#body).toString('utf8'),
      trailers: texts(this.#trailers?.entries ?? []),
      localReply: exchange.localReply,
      details: toText(exchange.details ?? ''),
      ...(grpcStatus === undefined ? {} : { grpcStatus: Number(grpcStatus) }),
      upstreamHeaders:
        exchange.upstreamHeaders === null ? null : texts(exchange.upstreamHeaders.entries),
      upstreamBody: Buffer.concat(exchange.upstreamBody).toString('utf8'),
      filterState: new Map(
        [...exchange.filterState].map(([key, { value }]) => [toText(key), value]),
      ),
      paused,
      trapped: exchange.trapped,
      reset: this.reset,
    };
  }
}

function texts(entries: readonly Entry[]): [string, string][] {
  return entries.map(([name, value]): [string, string] => [toText(name), toText(value)]);
}

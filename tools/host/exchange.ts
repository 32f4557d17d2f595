// The facts of one request and its answer, as Envoy's stream info and filter manager hold them: what properties and the
// access log show. It never talks to a VM.

import { toBinary, toBytes } from './bytes.ts';
import { foldedAscii, HeaderMap } from './headers.ts';
import type { Entry } from './headers.ts';
import type { EnvoyProcess } from './process.ts';
import type { Bytes, RequestInput } from './types.ts';

export interface StateValue {
  readonly value: Uint8Array;
  readonly readOnly: boolean;
}

/** Bits of `response.flags`. */
export const ResponseFlag = {
  UPSTREAM_TIMEOUT: 0x4,
  NO_ROUTE: 0x100,
  CLIENT_GONE: 0x4000,
  CODEC_ERROR: 0x40000,
} as const;

export class Exchange {
  readonly input: RequestInput;
  readonly protocol: 'HTTP/1.1' | 'HTTP/2';
  readonly connectionId: number;
  readonly startNs: bigint;
  endNs: bigint | null = null;
  requestHeaders: HeaderMap | null;
  requestTrailers: HeaderMap | null = null;
  responseHeaders: HeaderMap | null = null;
  responseTrailers: HeaderMap | null = null;
  requestBytes = 0;
  responseBytes = 0;
  /** Set when the answer begins, before its callbacks. */
  code: number | null = null;
  details: string | null = null;
  flags = 0;
  localReply = false;
  /** The router has chosen a host. */
  upstreamChosen = false;
  upstreamHeaders: HeaderMap | null = null;
  upstreamBody: Uint8Array[] = [];
  trapped = false;
  readonly filterState = new Map<string, StateValue>();
  readonly isGrpc: boolean;
  readonly isHead: boolean;

  constructor(process: EnvoyProcess, input: RequestInput) {
    this.input = input;
    this.protocol = input.protocol ?? 'HTTP/1.1';
    this.connectionId = process.connectionCount++;
    this.startNs = process.clock.nowNs;
    this.requestHeaders = requestHeaders(process, input);
    this.isGrpc = /^application\/grpc($|\+)/.test(this.requestHeaders.get('content-type') ?? '');
    this.isHead = this.requestHeaders.get(':method') === 'HEAD';
  }

  addRequestTrailers(): HeaderMap {
    return (this.requestTrailers ??= new HeaderMap('trailers'));
  }

  addResponseTrailers(): HeaderMap {
    return (this.responseTrailers ??= new HeaderMap('trailers'));
  }
}

/** What the plugin sees: the client's headers and those that the connection manager adds. */
function requestHeaders(process: EnvoyProcess, input: RequestInput): HeaderMap {
  const { method = 'GET', path = '/', authority = 'localhost', headers = [] } = input;
  const map = new HeaderMap('request');
  const given = headers.map(([name, value]): Entry => [
    foldedAscii(toBinary(name)),
    toBinary(value),
  ]);
  const names = new Set(given.map(([name]) => (name === 'host' ? ':authority' : name)));
  const fill = (name: string, value: string | null): void => {
    if (value !== null && !names.has(name)) map.add(name, toBinary(value));
  };
  fill(':authority', authority);
  fill(':path', path);
  fill(':method', method);
  fill(':scheme', 'http');
  addAll(map, given, input.protocol === 'HTTP/2');
  const size = declaredSize(input, names);
  if (size > 0) fill('content-length', String(size));
  fill('x-forwarded-proto', 'http');
  fill('x-request-id', process.random.uuid());
  return map;
}

/** An HTTP/1 client must say how long its body is, one way or the other; 0: this one need not. */
function declaredSize(
  { body, protocol = 'HTTP/1.1' }: RequestInput,
  names: ReadonlySet<string>,
): number {
  if (protocol !== 'HTTP/1.1' || names.has('transfer-encoding') || body === undefined) return 0;
  const chunks = Array.isArray(body) ? body : [body];
  return chunks.reduce((sum, chunk) => sum + toBytes(chunk).length, 0);
}

/** The HTTP/2 codec joins the crumbs of a cookie; in HTTP/1 they stay apart. */
function addAll(map: HeaderMap, given: readonly Entry[], joinsCookies: boolean): void {
  for (const [name, value] of given) {
    const known = joinsCookies && name === 'cookie' ? map.get(name) : undefined;
    if (known === undefined) map.add(name, value);
    else map.replace(name, `${known}; ${value}`);
  }
}

export function headerEntries(pairs: readonly [Bytes, Bytes][] = []): Entry[] {
  return pairs.map(([name, value]): Entry => [toBinary(name), toBinary(value)]);
}

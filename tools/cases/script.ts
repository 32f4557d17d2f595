// What a request and its upstream look like before a host makes them its own: defaults filled in, headers as lines. All
// hosts send exactly this.

import { durationMs } from './durations.ts';
import type { CaseRequest, Lines, Pair, UpstreamScript } from './types.ts';

/** What every gRPC request has. */
export const GRPC_HEADERS: readonly [string, string][] = [
  ['content-type', 'application/grpc'],
  ['te', 'trailers'],
];

/** A request with nothing left open. */
export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  readonly authority: string;
  readonly headers: readonly Pair[];
  readonly body: readonly string[];
  readonly trailers: readonly Pair[];
  readonly protocol: 'http1' | 'http2' | 'grpc';
}

/** What the upstream answers, with nothing left open. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly headers: readonly Pair[];
  readonly body: readonly string[];
  readonly trailers: readonly Pair[];
  readonly afterMs: number;
}

export function scriptedRequest(request: CaseRequest): ScriptedRequest {
  const { protocol = 'http1', source } = request;
  const isGrpc = protocol === 'grpc';
  const headers = lines(request.headers);
  if (source !== undefined) headers.push(['x-forwarded-for', source]);
  if (isGrpc) headers.unshift(...GRPC_HEADERS);
  return {
    method: request.method ?? (isGrpc ? 'POST' : 'GET'),
    path: request.path ?? '/',
    authority: request.authority ?? 'localhost',
    headers,
    body: chunks(request.body),
    trailers: lines(request.trailers),
    protocol,
  };
}

/** A gRPC upstream ends with status 0 unless its trailers say otherwise. */
export function scriptedAnswer(
  { status = 200, headers, body, trailers, after }: UpstreamScript,
  protocol: ScriptedRequest['protocol'],
): ScriptedAnswer {
  const isGrpc = protocol === 'grpc';
  return {
    status,
    headers: [
      ...(isGrpc ? [['content-type', 'application/grpc'] as const] : []),
      ...lines(headers),
    ],
    body: chunks(body),
    trailers: isGrpc && trailers === undefined ? [['grpc-status', '0']] : lines(trailers),
    afterMs: durationMs(after),
  };
}

/** Header lines in the order in which they stand. */
export function lines(headers: Lines = {}): Pair[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((line): Pair => [name, line]),
  );
}

/** A text as the chunks it is sent in. */
export function chunks(body: string | readonly string[] = []): readonly string[] {
  return (typeof body === 'string' ? [body] : body).filter((chunk) => chunk !== '');
}

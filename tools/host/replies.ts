// Local replies: what a plugin asked for, and the answer that Envoy builds from it for an HTTP or a gRPC request.

import { HeaderMap } from './headers.ts';
import type { Entry } from './headers.ts';

export interface LocalReply {
  readonly status: number;
  readonly details: string;
  /** Binary string. */
  readonly body: string;
  readonly headers: readonly Entry[];
  /** Outside 0…16: none. */
  readonly grpcStatus: number;
}

export interface BuiltReply {
  readonly headers: HeaderMap;
  readonly body: Uint8Array;
}

const GRPC_UNKNOWN = 2;
const GRPC_BY_HTTP: Readonly<Record<number, number>> = {
  400: 13,
  401: 16,
  403: 7,
  404: 12,
  429: 14,
  502: 14,
  503: 14,
  504: 14,
};
export const GRPC_UNAVAILABLE = 14;
const GRPC_STATUS_MAX = 16;

export function reply(status: number, details: string, body = ''): LocalReply {
  return { status, details, body, headers: [], grpcStatus: -1 };
}

export function buildReply(
  asked: LocalReply,
  request: { isGrpc: boolean; isHead: boolean },
): BuiltReply {
  return request.isGrpc ? grpcReply(asked) : httpReply(asked, request.isHead);
}

/** `content-length` is always Envoy's own; a second `:status` is ignored, as Envoy 1.40 was seen to do. */
function httpReply(asked: LocalReply, isHead: boolean): BuiltReply {
  const headers = new HeaderMap('response', [[':status', String(asked.status)]]);
  addExtra(headers, asked.headers);
  headers.remove('content-length');
  if (asked.body === '') {
    headers.remove('content-type');
  } else {
    headers.add('content-length', String(asked.body.length));
    if (headers.get('content-type') === undefined) headers.add('content-type', 'text/plain');
  }
  return { headers, body: Buffer.from(isHead ? '' : asked.body, 'latin1') };
}

/** Trailers only: everything stands in the headers, and the HTTP status is 200. */
function grpcReply(asked: LocalReply): BuiltReply {
  const headers = new HeaderMap('response', [
    [':status', '200'],
    ['content-type', 'application/grpc'],
  ]);
  const given = asked.grpcStatus >= 0 && asked.grpcStatus <= GRPC_STATUS_MAX;
  headers.add('grpc-status', String(given ? asked.grpcStatus : grpcStatusOf(asked.status)));
  if (asked.body !== '') headers.add('grpc-message', percentEncoded(asked.body));
  for (const [name, value] of asked.headers) {
    if (name.toLowerCase() === 'grpc-status') headers.replace(name, value);
    else if (!['content-type', 'content-length'].includes(name.toLowerCase()))
      addExtra(headers, [[name, value]]);
  }
  return { headers, body: new Uint8Array(0) };
}

export function grpcStatusOf(httpStatus: number): number {
  return GRPC_BY_HTTP[httpStatus] ?? GRPC_UNKNOWN;
}

function addExtra(headers: HeaderMap, extra: readonly Entry[]): void {
  for (const [name, value] of extra) if (name.toLowerCase() !== ':status') headers.add(name, value);
}

function percentEncoded(binary: string): string {
  return binary.replace(/[^ -$&-~]/g, (char) => {
    return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

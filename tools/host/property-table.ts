// The properties of a stream that have a fixed name: when each is readable and what it holds unless the test says
// otherwise. The phases are those seen on Envoy 1.40 (ABI-VERIFIED §4).

import type { StreamContext } from './contexts.ts';
import type { HeaderMap } from './headers.ts';
import { grpcStatusOf } from './replies.ts';

/** undefined: not found. Binary strings, booleans, and bigints for every integer. */
export type PropertyValue = string | boolean | bigint | undefined;
export interface Property {
  readonly isReadable: (stream: StreamContext) => boolean;
  readonly read: (stream: StreamContext) => PropertyValue;
}

const DIRECTIONS = { inbound: 1n, outbound: 2n } as const;

const always = (): boolean => true;
const whileHeaders = (stream: StreamContext): boolean => requestHeadersNow(stream) !== null;
const onceAnswered = ({ exchange }: StreamContext): boolean => exchange.code !== null;
const onceComplete = ({ exchange }: StreamContext): boolean => exchange.endNs !== null;
const onceUpstream = ({ exchange }: StreamContext): boolean => exchange.upstreamChosen;
const onceUpstreamAnswered = (stream: StreamContext): boolean =>
  onceAnswered(stream) && onceUpstream(stream);

/** The request headers that are readable now: within their callback, while they are held, and in on_log. */
export function requestHeadersNow(stream: StreamContext): HeaderMap | null {
  return stream.map(0);
}

export function responseHeadersNow(stream: StreamContext): HeaderMap | null {
  return stream.map(2);
}

const header =
  (name: string) =>
  (stream: StreamContext): PropertyValue =>
    requestHeadersNow(stream)?.get(name);

const text = (value: string) => (): PropertyValue => value;

export const PROPERTIES: ReadonlyMap<string, Property> = new Map<string, Property>([
  ['request.path', { isReadable: whileHeaders, read: header(':path') }],
  [
    'request.url_path',
    { isReadable: whileHeaders, read: (stream) => requestPath(stream)?.split('?')[0] },
  ],
  ['request.query', { isReadable: whileHeaders, read: query }],
  ['request.host', { isReadable: whileHeaders, read: header(':authority') }],
  ['request.scheme', { isReadable: whileHeaders, read: header(':scheme') }],
  ['request.method', { isReadable: whileHeaders, read: header(':method') }],
  ['request.referer', { isReadable: whileHeaders, read: header('referer') }],
  ['request.useragent', { isReadable: whileHeaders, read: header('user-agent') }],
  ['request.id', { isReadable: whileHeaders, read: header('x-request-id') }],
  [
    'request.headers_bytes',
    { isReadable: always, read: (stream) => sizeOf(requestHeadersNow(stream)) },
  ],
  ['request.protocol', { isReadable: always, read: ({ exchange }) => exchange.protocol }],
  ['request.time', { isReadable: always, read: ({ exchange }) => exchange.startNs }],
  ['request.duration', { isReadable: onceComplete, read: ({ exchange }) => duration(exchange) }],
  ['request.size', { isReadable: always, read: requestSize }],
  ['request.total_size', { isReadable: always, read: requestTotal }],
  [
    'response.code',
    { isReadable: onceAnswered, read: ({ exchange }) => BigInt(exchange.code ?? 0) },
  ],
  [
    'response.code_details',
    { isReadable: always, read: ({ exchange }) => exchange.details ?? undefined },
  ],
  ['response.flags', { isReadable: always, read: ({ exchange }) => BigInt(exchange.flags) }],
  ['response.grpc_status', { isReadable: onceAnswered, read: grpcStatus }],
  ['response.size', { isReadable: always, read: ({ exchange }) => BigInt(exchange.responseBytes) }],
  ['response.total_size', { isReadable: always, read: responseTotal }],
  [
    'response.headers_bytes',
    { isReadable: always, read: (stream) => sizeOf(responseHeadersNow(stream)) },
  ],
  ['response.backend_latency', { isReadable: onceComplete, read: backendLatency }],
  ['source.address', { isReadable: always, read: text('127.0.0.1:50000') }],
  [
    'source.port',
    { isReadable: always, read: (stream) => portOf(stream, 'source.address', 50_000n) },
  ],
  ['destination.address', { isReadable: always, read: text('127.0.0.1:10000') }],
  [
    'destination.port',
    { isReadable: always, read: (stream) => portOf(stream, 'destination.address', 10_000n) },
  ],
  ['connection.id', { isReadable: always, read: connectionId }],
  ['connection_id', { isReadable: always, read: connectionId }],
  ['connection.mtls', { isReadable: always, read: () => false }],
  ['connection.peer_certificate_valid', { isReadable: always, read: () => false }],
  ['connection.requested_server_name', { isReadable: always, read: text('') }],
  ['upstream.address', { isReadable: onceUpstream, read: text('127.0.0.1:8080') }],
  ['upstream.port', { isReadable: onceUpstream, read: () => 8080n }],
  [
    'upstream.request_attempt_count',
    { isReadable: always, read: (stream) => (onceUpstream(stream) ? 1n : 0n) },
  ],
  ['upstream.local_address', { isReadable: onceUpstreamAnswered, read: text('127.0.0.1:50001') }],
  ['upstream.cx_pool_ready_duration', { isReadable: onceUpstreamAnswered, read: () => 100_000n }],
  ['upstream.transport_failure_reason', { isReadable: onceUpstream, read: text('') }],
  // Whole messages come as their protobuf bytes; these are empty.
  ['upstream.locality', { isReadable: onceUpstream, read: text('') }],
  ['metadata', { isReadable: always, read: text('') }],
  ['xds.listener_metadata', { isReadable: always, read: text('') }],
  ['xds.route_metadata', { isReadable: always, read: text('') }],
  ['xds.cluster_metadata', { isReadable: always, read: text('') }],
  ['upstream.num_endpoints', { isReadable: always, read: () => 1n }],
  ['xds.cluster_name', { isReadable: always, read: text('upstream') }],
  ['xds.route_name', { isReadable: always, read: text('all') }],
  ['xds.virtual_host_name', { isReadable: always, read: text('upstream') }],
  ['xds.filter_chain_name', { isReadable: always, read: text('') }],
  ['xds.listener_direction', { isReadable: always, read: direction }],
]);

function requestPath(stream: StreamContext): string | undefined {
  return requestHeadersNow(stream)?.get(':path');
}

function query(stream: StreamContext): PropertyValue {
  const path = requestPath(stream);
  if (path === undefined) return undefined;
  const at = path.indexOf('?');
  return at < 0 ? '' : path.slice(at + 1).split('#')[0];
}

function requestSize(stream: StreamContext): PropertyValue {
  const declared = requestHeadersNow(stream)?.get('content-length');
  if (declared === undefined) return BigInt(stream.exchange.requestBytes);
  return /^\d+$/.test(declared) ? BigInt(declared) : undefined;
}

function requestTotal({ exchange }: StreamContext): PropertyValue {
  return BigInt(exchange.requestBytes + (exchange.requestHeaders?.sizeBytes ?? 0));
}

function responseTotal({ exchange }: StreamContext): PropertyValue {
  const trailers = exchange.responseTrailers?.sizeBytes ?? 0;
  return BigInt(exchange.responseBytes + (exchange.responseHeaders?.sizeBytes ?? 0) + trailers);
}

function duration({ startNs, endNs }: { startNs: bigint; endNs: bigint | null }): PropertyValue {
  return endNs === null ? undefined : endNs - startNs;
}

function backendLatency({ exchange }: StreamContext): PropertyValue {
  return exchange.upstreamChosen && !exchange.localReply ? duration(exchange) : undefined;
}

/** From the trailers, the headers, or else what gRPC makes of the HTTP status: 2 for 200. */
function grpcStatus({ exchange }: StreamContext): PropertyValue {
  const given =
    exchange.responseTrailers?.get('grpc-status') ?? exchange.responseHeaders?.get('grpc-status');
  if (given !== undefined) return /^\d+$/.test(given) ? BigInt(given) : undefined;
  return BigInt(grpcStatusOf(exchange.code ?? 0));
}

function connectionId({ exchange }: StreamContext): PropertyValue {
  return BigInt(exchange.connectionId);
}

function direction({ exchange }: StreamContext): PropertyValue {
  const { direction: named } = exchange.input;
  return named === undefined ? 0n : DIRECTIONS[named];
}

function sizeOf(map: HeaderMap | null): PropertyValue {
  return BigInt(map?.sizeBytes ?? 0);
}

/** The port of an address that the test gave, so that it need not say both. */
function portOf({ exchange }: StreamContext, address: string, otherwise: bigint): bigint {
  const given = exchange.input.properties?.[address];
  const port = typeof given === 'string' ? /:(\d+)$/.exec(given)?.[1] : undefined;
  return port === undefined ? otherwise : BigInt(port);
}

// One request as authorization sees it, for the emulator and for the evaluator of Envoy's rules alike.

import type { RequestInput } from '../../tools/host/index.ts';

/** Names in the peer's certificate; null: no TLS. */
export interface Peer {
  readonly uri?: string;
  readonly dns?: string;
  readonly subject?: string;
}

export interface Facts {
  readonly method: string;
  readonly path: string;
  readonly authority: string;
  /** Lower-case names; several lines of one name are several values. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly peer: Peer | null;
  readonly directIp: string;
  readonly remoteIp: string;
  readonly destinationIp: string;
  readonly destinationPort: number;
  readonly sni: string;
  /** Dynamic metadata by filter. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What differs from the plain request. */
export type Patch = Partial<Facts>;

export const PLAIN: Facts = {
  method: 'PATCH',
  path: '/plain',
  authority: 'plain.test',
  headers: {},
  peer: null,
  directIp: '203.0.113.1',
  remoteIp: '203.0.113.2',
  destinationIp: '203.0.113.3',
  destinationPort: 4711,
  sni: '',
  metadata: {},
};

export const JWT_FILTER = 'envoy.filters.http.jwt_authn';

/** The request with one more difference: names of a peer, headers and metadata add up. */
export function patched(facts: Facts, patch: Patch): Facts {
  return {
    ...facts,
    ...patch,
    headers: { ...facts.headers, ...patch.headers },
    peer: patch.peer === undefined ? facts.peer : patch.peer && { ...facts.peer, ...patch.peer },
    metadata: merged(facts.metadata, patch.metadata ?? {}),
  };
}

type Struct = Readonly<Record<string, unknown>>;

function merged(left: Struct, right: Struct): Struct {
  const isStruct = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const both = ([key, value]: [string, unknown]): [string, unknown] => {
    const known: unknown = left[key];
    return [key, isStruct(known) && isStruct(value) ? merged(known, value) : value];
  };
  return { ...left, ...Object.fromEntries(Object.entries(right).map(both)) };
}

/** The request as the emulator takes it. */
export function requestOf(facts: Facts): RequestInput {
  const { peer } = facts;
  const metadata = Object.entries(facts.metadata).map(([filter, value]) => [
    `metadata.filter_metadata.${filter}`,
    value,
  ]);
  return {
    method: facts.method,
    path: facts.path,
    authority: facts.authority,
    headers: Object.entries(facts.headers).flatMap(([name, lines]) =>
      lines.map((line): [string, string] => [name, line]),
    ),
    properties: {
      'source.address': hostPort(facts.remoteIp, 40000),
      'filter_state.mixer.source.direct_ip': facts.directIp,
      'destination.address': hostPort(facts.destinationIp, facts.destinationPort),
      'destination.port': facts.destinationPort,
      'connection.requested_server_name': facts.sni,
      ...(peer !== null && {
        'connection.uri_san_peer_certificate': peer.uri ?? '',
        'connection.dns_san_peer_certificate': peer.dns ?? '',
        'connection.subject_peer_certificate': peer.subject ?? '',
      }),
      ...(Object.fromEntries(metadata) as Record<string, unknown>),
    },
  };
}

function hostPort(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

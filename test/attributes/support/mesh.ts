// A mesh in one Envoy: an outbound listener that sends into an inbound one with mutual TLS, and inbound ones
// with tokens, with metadata as Istio writes it, and with an upstream that is down. Each shows every
// attribute of the vocabulary.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ATTRIBUTE_ROWS } from '../../../assembly/shared/attributes.ts';
import { freePorts } from '../../../tools/envoy/ports.ts';
import { request } from '../../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../../tools/envoy/running.ts';
import { startEnvoy } from '../../../tools/envoy/start.ts';
import { WASM_PATH } from '../../../tools/render/defaults.ts';
import type { Config } from '../../../tools/render/types.ts';
import { makeCertificates } from './certificates.ts';
import * as mesh from './listeners.ts';
import { orAbsent, probingDocument, seenLines, type Probes } from './probing.ts';

export const ISSUER = 'https://issuer.example';
export type Seen = Record<string, unknown>;

/** Attributes that something gives: name, type, phases. */
export const GIVEN = ATTRIBUTE_ROWS.map((row) => row.split('|'))
  .filter(([, , , source]) => source?.startsWith('none:') !== true)
  .map(([name = '', type = '', phases = '']) => ({ name, type, phases }));
const probes = (phases: string): Probes =>
  Object.fromEntries(
    GIVEN.filter((each) => phases.includes(each.phases)).map(({ name, type }) => [
      name,
      orAbsent(name, type),
    ]),
  );
const ABSENT = new Set<unknown>([undefined, null, '(absent)', 424242, '117h50m42s', '192.0.2.99']);
/** The metadata of Istio's authentication filter. */
const ISTIO_AUTHN = {
  'request.auth.principal': 'old/bob',
  'request.auth.audiences': 'a1',
  'request.auth.presenter': 'p1',
  'request.auth.claims': { plan: ['silver'], groups: ['dev', 'qa'] },
  'request.auth.raw_claims': '{"plan":"silver"}',
};
const DIRECT = mesh.stateFilter(
  'mixer.source.direct_ip',
  '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%',
);

/** A listener with these filters; requests go to a cluster. */
function into(name: string, filters: readonly Config[], cluster = 'app'): mesh.Listener {
  const chain = [mesh.httpConnections(name, filters, cluster)];
  return { name, port: 0, direction: 'INBOUND', filters: chain };
}

function filterThatShows(show: string): Promise<(name: string) => Config> {
  const document = probingDocument({ show, check: probes('qamc'), log: probes('qamrlc') });
  return mesh.filterOf(document, WASM_PATH);
}

async function bootstrapOf(folder: string): Promise<(up: number) => Config> {
  const certificates = makeCertificates(folder);
  const [inboundPort = 0, downPort = 0] = await freePorts(2);
  const inbound = await filterThatShows('inbound');
  const outbound = await filterThatShows('outbound');
  const plain = await filterThatShows('plain');
  const listeners: mesh.Listener[] = [
    { ...into('outbound', [outbound('o')], 'cart'), direction: 'OUTBOUND' },
    {
      ...into('inbound', [DIRECT, mesh.shadowFilter('/secret'), inbound('i')]),
      port: inboundPort,
      tls: mesh.downstreamTls(certificates),
    },
    into('token', [mesh.jwtFilter(ISSUER, 'payload'), plain('t')]),
    into('issuer', [mesh.jwtFilter(ISSUER, ISSUER), plain('s')]),
    into('istio', [mesh.metadataFilter('istio_authn', ISTIO_AUTHN), plain('a')]),
    into('down', [plain('d')], 'down'),
  ];
  const cart = { metadata: mesh.SERVICE, transport_socket: mesh.upstreamTls(certificates) };
  return (up) =>
    mesh.bootstrap(listeners, [
      mesh.cluster('app', up, { metadata: mesh.SERVICE, ...mesh.downstreamProtocol() }),
      mesh.cluster('cart', inboundPort, cart),
      mesh.cluster('down', downPort),
    ]);
}

export interface Sent {
  /** The listener. */
  readonly to: string;
  readonly path?: string;
  readonly headers?: [string, string][];
  readonly body?: string;
  readonly http2?: boolean;
}

/** The running mesh. */
export class Mesh {
  /** Names that have been seen with a value. */
  readonly covered = new Set<string>();
  readonly envoy: RunningEnvoy;
  readonly #folder: string;

  private constructor(envoy: RunningEnvoy, folder: string) {
    this.envoy = envoy;
    this.#folder = folder;
  }

  static async start(): Promise<Mesh> {
    const folder = mkdtempSync(join(tmpdir(), 'mixer-attributes-'));
    const config = await bootstrapOf(folder);
    const envoy = await startEnvoy({ bootstrap: ({ upstreamPort }) => config(upstreamPort) });
    return new Mesh(envoy, folder);
  }

  async stop(): Promise<void> {
    await this.envoy.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  url(listener: string): string {
    return this.envoy.urls[listener] ?? '';
  }

  /** What the log says about one request, by reporter. */
  async logged(sent: Sent): Promise<{ inbound: Seen; outbound: Seen }> {
    const id = `id-${Math.random().toString(36).slice(2)}`;
    const { to, ...rest } = sent;
    const headers: [string, string][] = [...(sent.headers ?? []), ['x-request-id', id]];
    const method = sent.body === undefined ? 'GET' : 'POST';
    await request(this.url(to), { method, ...rest, headers });
    const count = to === 'outbound' ? 2 : 1;
    const lines = await this.envoy.waitFor(() => {
      const found = seenLines(this.envoy.log()).filter((line) => line['request.id'] === id);
      return found.length >= count ? found : null;
    });
    for (const line of lines) this.#note(line);
    const of = (kind: string): Seen =>
      lines.find((line) => line['context.reporter.kind'] === kind) ?? {};
    return { inbound: of('inbound'), outbound: of('outbound') };
  }

  /** The attributes at the check of a listener. */
  async checked(sent: Sent, show: string): Promise<Seen> {
    const { to, ...rest } = sent;
    const headers: [string, string][] = [...(sent.headers ?? []), ['x-show', show]];
    const answer = await request(this.url(to), { ...rest, headers });
    assert.equal(answer.status, 403, answer.body);
    const seen = JSON.parse(answer.body) as Seen;
    this.#note(seen);
    return seen;
  }

  #note(seen: Seen): void {
    for (const [name, value] of Object.entries(seen)) {
      if (!ABSENT.has(value)) this.covered.add(name);
    }
  }
}

/** Holds that `seen` has these values. */
export function assertHas(seen: Seen, expected: Seen): void {
  const found = Object.fromEntries(Object.keys(expected).map((name) => [name, seen[name]]));
  assert.deepEqual(found, expected);
}

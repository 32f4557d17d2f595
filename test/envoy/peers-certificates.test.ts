// Metadata over mutual TLS: one Envoy whose outbound listener calls its own inbound one. The node says that it is
// in the namespace `shop`; its certificate as a server says so too, the one as a client says `front`.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { freePorts } from '../../tools/envoy/ports.ts';
import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { WASM_PATH } from '../../tools/render/defaults.ts';
import { makeCertificates } from '../attributes/support/certificates.ts';
import * as mesh from '../attributes/support/listeners.ts';

const DOCUMENT = {
  peers: 'HEADERS',
  handlers: [{ name: 'log', adapter: 'stdio' }],
  rules: [{ name: 'telemetry', actions: [{ handler: 'log' }] }],
};

async function start(folder: string): Promise<RunningEnvoy> {
  const certificates = makeCertificates(folder);
  const [port = 0] = await freePorts(1);
  const filter = await mesh.filterOf(DOCUMENT, WASM_PATH);
  const into = (name: string, cluster: string): readonly mesh.Config[] => [
    mesh.httpConnections(name, [filter(name)], cluster),
  ];
  const inbound = { port, tls: mesh.downstreamTls(certificates), filters: into('inbound', 'app') };
  return startEnvoy({
    bootstrap: ({ upstreamPort }) =>
      mesh.bootstrap(
        [
          { name: 'outbound', port: 0, direction: 'OUTBOUND', filters: into('outbound', 'cart') },
          { name: 'inbound', direction: 'INBOUND', ...inbound },
        ],
        [
          mesh.cluster('app', upstreamPort),
          mesh.cluster('cart', port, { transport_socket: mesh.upstreamTls(certificates) }),
        ],
      ),
  });
}

describe('a proxy’s word and its certificate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mixer-peers-'));
  let envoy: RunningEnvoy;
  let lines: Record<string, unknown>[];
  before(async () => {
    envoy = await start(folder);
    await request(envoy.urls['outbound'] ?? '', { path: '/sworn' });
    const texts = await envoy.waitFor(() => {
      const found = envoy.log().split('\n');
      const ours = found.filter((line) => line.includes('"accesslog"') && line.includes('/sworn'));
      return ours.length === 2 ? ours : null;
    });
    lines = texts.map(
      (text) =>
        JSON.parse(text.slice(text.indexOf('{"level"'))) as object as Record<string, unknown>,
    );
  });
  after(async () => {
    await envoy.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const of = (reporter: string): Record<string, unknown> =>
    lines.find((line) => line['reporter'] === reporter) ?? {};

  it('agree: the upstream is known by both', () => {
    const { destinationNamespace, destinationWorkload, destinationName } = of('source');
    assert.deepEqual(
      [destinationNamespace, destinationWorkload, destinationName],
      ['shop', 'cart', 'cart-1'],
    );
  });

  it('disagree on the namespace: the certificate’s counts, the word does not, and is counted', async () => {
    const { sourceNamespace, sourceWorkload, sourceName, sourcePrincipal } = of('destination');
    assert.deepEqual([sourceNamespace, sourceWorkload, sourceName], ['front', '', '']);
    assert.equal(sourcePrincipal, 'cluster.local/ns/front/sa/web');
    await envoy.waitFor(async () => {
      const stats = await envoy.stats('mixer_dropped_total');
      return Object.keys(stats).some((name) => name.includes('peer_contradicted'));
    });
  });
});

// Reports to backends that fail, on a real Envoy: no request waits for them, and what cannot be delivered is dropped
// and counted.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { sampleValue } from '../../tools/envoy/exposition.ts';
import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { assertAlive } from './support/alive.ts';
import { startBadGrpcServer, type GrpcBehaviour } from './support/bad-grpc-server.ts';
import { startBadServer, type Behaviour } from './support/bad-server.ts';

const REPORT_COUNT = 2;
/** Long enough that a request which waited for it would be noticed. */
const TIMEOUT_MS = 2_000;
/** Four attempts that run out of time, and the growing pauses between them. */
const GIVEN_UP_TIMEOUT_MS = 60_000;

const HTTP: readonly Behaviour[] = ['hang', 'reset', 'garbage', 'half a head'];
const GRPC: readonly GrpcBehaviour[] = [
  'gRPC: trailers only',
  'gRPC: not gRPC',
  'gRPC: RST_STREAM',
  'gRPC: GOAWAY',
];
const NOWHERE = [
  { address: '127.0.0.1:1' },
  { address: 'nobody.invalid:80' },
  { cluster: 'nobody' },
];

function document(connections: readonly object[]): object {
  const params = { variables: { path: 'request.path' } };
  return {
    handlers: connections.map((connection, at) => ({
      name: `collector-${at}`,
      adapter: 'bypass',
      connection: { ...connection, timeout: `${TIMEOUT_MS}ms` },
    })),
    instances: [{ name: 'line', template: 'logentry', params }],
    rules: [
      {
        name: 'reports',
        actions: connections.map((_, at) => ({ handler: `collector-${at}`, instances: ['line'] })),
      },
    ],
  };
}

describe('reports to backends that fail', () => {
  const servers: { stop(): Promise<void> }[] = [];
  let connections: object[] = [];
  let envoy: RunningEnvoy;
  before(async () => {
    const started = [
      ...(await Promise.all(HTTP.map((behaviour) => startBadServer(behaviour)))),
      ...(await Promise.all(GRPC.map((behaviour) => startBadGrpcServer(behaviour)))),
    ];
    servers.push(...started);
    const addresses = started.map(({ port }) => ({ address: `127.0.0.1:${port}` }));
    connections = [...addresses, ...NOWHERE];
    envoy = await startEnvoy({ document: document(connections), wasm: 'dist/bypass.wasm' });
  });
  after(async () => {
    await envoy.stop();
    await Promise.all(servers.map((server) => server.stop()));
  });

  it('hold no request up, and are dropped and counted once they are given up', async () => {
    const start = performance.now();
    for (let sent = 0; sent < REPORT_COUNT; sent++)
      assert.equal((await request(envoy.url, { path: `/${sent}` })).status, 200);
    assert.ok(performance.now() - start < TIMEOUT_MS * connections.length, 'nobody waited');
    const labels = { adapter: 'bypass', reason: 'not_delivered' };
    const expected = REPORT_COUNT * connections.length;
    const dropped = async (): Promise<number> =>
      sampleValue(await envoy.prometheus(), 'mixer_dropped_total', labels) ?? 0;
    await envoy
      .waitFor(async () => (await dropped()) >= expected, GIVEN_UP_TIMEOUT_MS)
      .catch(async () => assert.fail(`${await dropped()} of ${expected} were dropped`));
    assert.equal(await dropped(), expected);
    assert.equal((await request(envoy.url)).status, 200);
    await assertAlive(envoy);
  });
});

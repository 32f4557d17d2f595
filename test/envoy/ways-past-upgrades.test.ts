// Connections that leave HTTP, on a real Envoy: the request that asks for it is checked, what follows is not; the
// report comes at the end.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { sampleValue } from '../../tools/envoy/exposition.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { assertCounted, countedBy } from './support/alerts.ts';
import { httpConnections, routesOf, startPatched } from './support/patched.ts';
import { RawConnection, startUpgrading, type UpgradingServer } from './support/upgrading.ts';

const DOCUMENT = {
  handlers: [
    { name: 'closed', adapter: 'denier', params: { status: { code: 7 } } },
    {
      name: 'seen',
      adapter: 'prometheus',
      params: {
        metrics: [
          {
            namespace: '',
            name: 'upgrades',
            instanceName: 'upgrades',
            kind: 'COUNTER',
            labelNames: [],
          },
        ],
      },
    },
  ],
  instances: [{ name: 'upgrades', template: 'metric', params: { value: 1, dimensions: {} } }],
  rules: [
    {
      name: 'doors',
      match: 'request.host.startsWith("closed") || (request.path | "").startsWith("/closed")',
      actions: [{ handler: 'closed' }],
    },
    { name: 'reports', actions: [{ handler: 'seen', instances: ['upgrades'] }] },
  ],
};

const webSocket = (path: string): string =>
  [
    `GET ${path} HTTP/1.1`,
    'host: open',
    'connection: upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
    '',
    '',
  ].join('\r\n');

const tunnel = (host: string): string =>
  `CONNECT ${host}:443 HTTP/1.1\r\nhost: ${host}:443\r\n\r\n`;

/** A request that the rule denies where it is one. */
const CLOSED = 'GET /closed HTTP/1.1\r\nhost: closed\r\n\r\n';

describe('a connection that is upgraded', () => {
  let upstream: UpgradingServer;
  let envoy: RunningEnvoy;
  before(async () => {
    upstream = await startUpgrading();
    envoy = await startPatched({
      document: DOCUMENT,
      upstream: { host: '127.0.0.1', port: upstream.port },
      patch: (bootstrap) => {
        const http = httpConnections(bootstrap);
        http['upgrade_configs'] = [{ upgrade_type: 'websocket' }, { upgrade_type: 'CONNECT' }];
        routesOf(bootstrap).unshift({
          match: { connect_matcher: {} },
          route: {
            cluster: 'upstream',
            upgrade_configs: [{ upgrade_type: 'CONNECT', connect_config: {} }],
          },
        });
      },
    });
  });
  after(async () => {
    await envoy.stop();
    upstream.stop();
  });

  /** How many requests were checked and reported, from the first one on. */
  let [checkCount, reportCount] = [0, 0];

  async function waitForCounts(): Promise<void> {
    await envoy.waitFor(async () => {
      const page = await envoy.prometheus();
      const counts = ['mixer_checks_total', 'upgrades'].map((name) => sampleValue(page, name) ?? 0);
      return counts[0] === checkCount && counts[1] === reportCount;
    });
  }

  /** What was asked for is refused. */
  async function assertRefused(handshake: string): Promise<void> {
    const client = await RawConnection.open(envoy.url);
    assert.match(await client.exchange(handshake, 'PERMISSION_DENIED'), /^HTTP\/1\.1 403/);
    client.close();
    checkCount++;
    reportCount++;
    await waitForCounts();
  }

  /** It is allowed, and then carries what a rule would deny; the alert has seen the upgrade. */
  async function assertPasses(handshake: string, expected: string): Promise<void> {
    const upgrades = await countedBy(envoy, 'A6');
    const client = await RawConnection.open(envoy.url);
    await client.exchange(handshake, expected);
    const back = await client.exchange(CLOSED, 'HOST: CLOSED');
    assert.ok(back.startsWith('GET /CLOSED'), back);
    await assertCounted(envoy, 'A6', upgrades + 1);
    checkCount++;
    await waitForCounts();
    client.close();
    reportCount++;
    await waitForCounts();
    await assertCounted(envoy, 'A1', 0);
  }

  it('by WebSocket is checked when it is asked for', async () => {
    await assertRefused(webSocket('/closed'));
  });

  it('by WebSocket carries anything afterwards, is counted by the alert, and reported at its end', async () => {
    await assertPasses(webSocket('/open'), '101 Switching Protocols');
  });

  it('by CONNECT is checked when it is asked for', async () => {
    await assertRefused(tunnel('closed'));
  });

  it('by CONNECT carries anything afterwards, is counted by the alert, and reported at its end', async () => {
    await assertPasses(tunnel('open'), '200 OK');
  });
});

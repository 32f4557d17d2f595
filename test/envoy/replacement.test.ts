// A rule's answer in the place of the upstream's, on a real Envoy: what Envoy says by itself is replaced too, over both
// versions of HTTP; what begins another protocol is not.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { freePorts } from '../../tools/envoy/ports.ts';
import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { assertAlive } from './support/alive.ts';
import { httpConnections, startPatched } from './support/patched.ts';
import { RawConnection, startUpgrading, type UpgradingServer } from './support/upgrading.ts';

const HOST = '127.0.0.1';
const LOG_TIMEOUT_MS = 2_000;
const DOCUMENT = {
  handlers: [{ name: 'log', adapter: 'stdio' }],
  instances: [
    { name: 'codes', template: 'logentry', params: { variables: { code: 'response.code' } } },
  ],
  rules: [
    {
      name: 'error-page',
      replaceResponse: {
        headers: { 'content-type': 'text/html' },
        body: '<p>Sorry, ${request.headers["x-trace"]} ${response.code}</p>',
      },
    },
    { name: 'reports', actions: [{ handler: 'log', instances: ['codes'] }] },
  ],
};

describe('a replaced response of Envoy itself', () => {
  let envoy: RunningEnvoy;
  before(async () => {
    const [port = 0] = await freePorts(1);
    const upstream = { host: HOST, port };
    envoy = await startPatched({ document: DOCUMENT, upstream, patch: () => undefined });
  });
  after(() => envoy.stop());

  for (const http2 of [false, true]) {
    it(`keeps its status, has our page and our details, over HTTP/${http2 ? 2 : 1}`, async () => {
      const headers = [['x-trace', '<7>']] as const;
      const path = `/page-${http2 ? 2 : 1}`;
      const answer = await request(envoy.url, { path, headers, http2 });
      assert.deepEqual(
        [answer.status, answer.headers['content-type'], answer.body],
        [503, 'text/html', '<p>Sorry, &lt;7&gt; 503</p>'],
      );
      const line = await envoy.waitFor(
        () => envoy.accessLog().find((each) => each.path === path) ?? null,
        LOG_TIMEOUT_MS,
      );
      assert.equal(line.details, 'mixer_response_replaced{error-page}');
      assert.equal(line.status, 503);
    });
  }

  it('is reported with the status that the client got, and no VM has trapped', async () => {
    await envoy.waitFor(() => envoy.log().includes('"code":503'), LOG_TIMEOUT_MS);
    await assertAlive(envoy);
  });
});

describe('an upgrade', () => {
  let upstream: UpgradingServer;
  let envoy: RunningEnvoy;
  before(async () => {
    upstream = await startUpgrading();
    envoy = await startPatched({
      document: DOCUMENT,
      upstream: { host: HOST, port: upstream.port },
      patch: (bootstrap) => {
        httpConnections(bootstrap)['upgrade_configs'] = [{ upgrade_type: 'websocket' }];
      },
    });
  });
  after(async () => {
    await envoy.stop();
    upstream.stop();
  });

  it('is not replaced, although the rule applies to every response', async () => {
    const client = await RawConnection.open(envoy.url);
    const handshake = [
      'GET /ws HTTP/1.1',
      'host: open',
      'connection: upgrade',
      'upgrade: websocket',
      '',
      '',
    ];
    await client.exchange(handshake.join('\r\n'), '101 Switching Protocols');
    await client.exchange('hello', 'HELLO');
    client.close();
    await assertAlive(envoy);
  });
});

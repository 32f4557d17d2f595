// Envoy says of no request and of no document that it has ended, in what is rendered for requests: what a client and an
// operator see of it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { sampleValue } from '../../tools/envoy/exposition.ts';
import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { denying } from './support/documents.ts';
import { sendLoad } from './support/load.ts';
import { capabilitiesOf, httpConnections, mixerPlugin, startPatched } from './support/patched.ts';

const DENIED_COUNT = 5;
/** When counts are visible at the latest. */
const VISIBLE_MS = 2_000;
const HELD_COUNT = 40;
/** Six times what the table of streams has room for at first. */
const REQUEST_COUNT = 3_000;
const DELAYED = '/delay/2500';

const ECHOING = {
  handlers: [
    {
      name: 'metrics',
      adapter: 'prometheus',
      params: {
        metrics: [
          {
            name: 'answered_total',
            instanceName: 'answered',
            kind: 'COUNTER',
            labelNames: ['code'],
          },
        ],
      },
    },
  ],
  instances: [
    {
      name: 'answered',
      template: 'metric',
      params: { value: 1, dimensions: { code: 'response.code' } },
    },
  ],
  rules: [
    {
      name: 'r',
      actions: [{ handler: 'metrics', instances: ['answered'] }],
      responseHeaderOperations: [
        { name: 'x-path', operation: 'REPLACE', values: ['request.path'] },
      ],
    },
  ],
};

async function pathSeen(envoy: RunningEnvoy, path: string): Promise<string | undefined> {
  const { status, headers } = await request(envoy.url, { path });
  assert.equal(status, 200);
  return headers['x-path'];
}

describe('a document that another one follows', () => {
  it(`has all it counted in Envoy's metrics within ${VISIBLE_MS} ms`, async () => {
    const envoy = await startEnvoy({ document: denying('/'), reloadable: true });
    try {
      for (let at = 0; at < DENIED_COUNT; at++)
        assert.equal((await request(envoy.url)).status, 403);
      assert.equal(await envoy.updateDocument('{}'), 'applied');
      const counted = async (): Promise<boolean> =>
        sampleValue(await envoy.prometheus(), 'mixer_checks_total', {}) === DENIED_COUNT;
      assert.ok(await envoy.waitFor(counted, VISIBLE_MS));
    } finally {
      await envoy.stop();
    }
  });
});

describe('a request that Envoy has not ended', () => {
  it('keeps what later phases need, where log and end of all others are unseen', async () => {
    const envoy = await startPatched({
      document: ECHOING,
      patch: (bootstrap) => delete capabilitiesOf(mixerPlugin(bootstrap))['proxy_on_log'],
    });
    try {
      const paths = Array.from({ length: HELD_COUNT }, (_, at) => `${DELAYED}?${at}`);
      const held = Promise.all(paths.map((path) => pathSeen(envoy, path)));
      const next = (index: number): object | null => (index < REQUEST_COUNT ? {} : null);
      const { statuses } = await sendLoad(envoy.url, { connections: 8, next });
      assert.equal(statuses.get(200), REQUEST_COUNT);
      assert.deepEqual(await held, paths);
    } finally {
      await envoy.stop();
    }
  });

  it('is reported once, at its end, where Envoy logs requests under way as well', async () => {
    const envoy = await startPatched({
      document: ECHOING,
      patch: (bootstrap) => {
        httpConnections(bootstrap)['access_log_options'] = {
          flush_access_log_on_new_request: true,
          access_log_flush_interval: '1s',
        };
      },
    });
    try {
      assert.equal(await pathSeen(envoy, DELAYED), DELAYED);
      await envoy.waitFor(() => envoy.accessLog().length > 2);
      const answered = await envoy.waitFor(async () => {
        const samples = (await envoy.prometheus()).filter(
          ({ name }) => name === 'istio_answered_total',
        );
        return samples.length > 0 && samples;
      });
      assert.deepEqual(
        answered.map(({ labels, value }) => [labels['code'], value]),
        [['200', 1]],
      );
    } finally {
      await envoy.stop();
    }
  });
});

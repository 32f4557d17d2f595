// One quota over all worker threads, exact while many clients ask at the same time.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { startEnvoy } from '../../tools/envoy/start.ts';
import { sendLoad } from './support/load.ts';

const AMOUNT_MAX = 500;
const REQUEST_COUNT = 1_500;

describe('memquota under load', () => {
  it('allows exactly its amount with 2 workers and 16 connections', async () => {
    const envoy = await startEnvoy({
      concurrency: 2,
      document: {
        handlers: [
          {
            name: 'limits',
            adapter: 'memquota',
            params: { quotas: [{ name: 'all', maxAmount: AMOUNT_MAX, validDuration: '3600s' }] },
          },
        ],
        instances: [{ name: 'all', template: 'quota' }],
        rules: [{ name: 'r', actions: [{ handler: 'limits', instances: ['all'] }] }],
      },
    });
    try {
      const { statuses, lost } = await sendLoad(envoy.url, {
        connections: 16,
        next: (index) => (index < REQUEST_COUNT ? {} : null),
      });
      assert.equal(lost, 0);
      assert.deepEqual(
        [...statuses].sort(([left], [right]) => left - right),
        [
          [200, AMOUNT_MAX],
          [429, REQUEST_COUNT - AMOUNT_MAX],
        ],
      );
    } finally {
      await envoy.stop();
    }
  });
});

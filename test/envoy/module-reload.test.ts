// The filter itself is exchanged while traffic flows, as an upgrade does: what clients and an operator see.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { residentBytes } from '../bench/process-cost.ts';
import { sendLoad } from './support/load.ts';

const EXCHANGE_COUNT = 10;
/** Exchanges after which V8 and the allocator have what they keep. */
const WARM_COUNT = 4;
const GROWTH_MAX_BYTES = 8_000_000;
const AMOUNT = 200;
/** A custom section of no meaning: the same filter with another hash, hence another VM for Envoy. */
const OTHER_SECTION = [0, 2, 1, 120];

const DOCUMENT = {
  handlers: [
    {
      name: 'limits',
      adapter: 'memquota',
      params: { quotas: [{ name: 'all', maxAmount: AMOUNT, validDuration: '3600s' }] },
    },
  ],
  instances: [{ name: 'all', template: 'quota' }],
  rules: [{ name: 'r', actions: [{ handler: 'limits', instances: ['all'] }] }],
};

describe('an exchange of the filter', { skip: process.platform !== 'linux' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'mixer-modules-'));
  const wasm = 'dist/memquota.wasm';
  const other = join(folder, 'memquota.wasm');
  let envoy: RunningEnvoy;
  before(async () => {
    writeFileSync(other, Buffer.concat([readFileSync(wasm), Buffer.from(OTHER_SECTION)]));
    envoy = await startEnvoy({ document: DOCUMENT, wasm, reloadable: true, concurrency: 2 });
  });
  after(async () => {
    await envoy.stop();
    rmSync(folder, { recursive: true });
  });

  it(`loses no request, keeps quotas, and takes no memory for good, ${EXCHANGE_COUNT} times`, async () => {
    let isDone = false;
    const load = sendLoad(envoy.url, { connections: 8, next: () => (isDone ? null : {}) });
    const resident: number[] = [];
    try {
      for (let exchange = 1; exchange <= EXCHANGE_COUNT; exchange++) {
        const outcome = await envoy.updateDocument(
          JSON.stringify(DOCUMENT),
          exchange % 2 === 0 ? wasm : other,
        );
        assert.equal(outcome, 'applied');
        resident.push(residentBytes(envoy.pid));
      }
    } finally {
      isDone = true;
    }
    const { statuses, lost } = await load;
    assert.equal(lost, 0);
    assert.deepEqual([...statuses.keys()].sort(), [200, 429]);
    assert.equal(
      statuses.get(200),
      AMOUNT,
      'the new filter goes on counting where the old one was',
    );
    const grown = resident[EXCHANGE_COUNT - 1]! - Math.max(...resident.slice(0, WARM_COUNT));
    assert.ok(grown <= GROWTH_MAX_BYTES, `${grown} bytes more: ${resident.join(', ')}`);
  });
});

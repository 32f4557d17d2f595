// Memory does not grow with the number of requests. A short run: the long one belongs to the bench.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { startEnvoy } from '../../tools/envoy/start.ts';
import { sendLoad } from './support/load.ts';

const REQUEST_COUNT = 2_000;
const CLIENT_COUNT = 50;
/** About a kilobyte for each request; what an allocator keeps for itself is below. */
const GROWTH_MAX_BYTES = 2_097_152;

function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1_024;
}

describe('the memory of Envoy', { skip: process.platform !== 'linux' }, () => {
  it('is flat over checks, denials, quotas, metrics and log entries', async () => {
    const envoy = await startEnvoy({
      document: {
        handlers: [
          { name: 'closed', adapter: 'denier' },
          { name: 'metrics', adapter: 'prometheus' },
          { name: 'log', adapter: 'stdio' },
          {
            name: 'limits',
            adapter: 'memquota',
            params: { quotas: [{ name: 'q', maxAmount: 10, validDuration: '1s' }] },
          },
        ],
        instances: [
          { name: 'q', template: 'quota', params: { dimensions: { c: 'request.useragent | ""' } } },
        ],
        rules: [
          { name: 'r', match: 'request.url_path == "/closed"', actions: [{ handler: 'closed' }] },
          { name: 'q', actions: [{ handler: 'limits', instances: ['q'] }] },
          { name: 't', actions: [{ handler: 'metrics' }, { handler: 'log' }] },
        ],
      },
    });
    try {
      const send = async (): Promise<void> => {
        const { lost } = await sendLoad(envoy.url, {
          connections: 8,
          next: (index) =>
            index < REQUEST_COUNT
              ? {
                  path: index % 3 === 0 ? '/closed' : '/open',
                  headers: [['user-agent', `client ${index % CLIENT_COUNT}`]],
                }
              : null,
        });
        assert.equal(lost, 0);
      };
      await send();
      await send();
      const before = residentBytes(envoy.pid);
      await send();
      const growth = residentBytes(envoy.pid) - before;
      assert.ok(growth < GROWTH_MAX_BYTES, `${growth} bytes more after ${REQUEST_COUNT} requests`);
    } finally {
      await envoy.stop();
    }
  });
});

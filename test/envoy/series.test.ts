// Metrics whose labels a client chooses: bounded in the whole process, and spelt so that no value
// is taken for another.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { metricDocument } from '../telemetry/documents.ts';
import { sendLoad } from './support/load.ts';

const SERIES_COUNT_MAX = 1_000;
const DOCUMENT = metricDocument(1, { v: 'request.headers["x-value"] | ""' });

async function seen(envoy: RunningEnvoy): Promise<[value: string, count: number][]> {
  const stats = Object.entries(await envoy.stats('wasmcustom\\.seen\\.'));
  return stats.map(([name, count]) => [name.slice('wasmcustom.seen.'.length), Number(count)]);
}

describe('the series of a metric', () => {
  it('are at most a thousand over two workers and a reload, and lose no sample', async () => {
    const envoy = await startEnvoy({ document: DOCUMENT, concurrency: 2, reloadable: true });
    try {
      const count = SERIES_COUNT_MAX + 300;
      const send = async (prefix: string): Promise<void> => {
        const { statuses, lost } = await sendLoad(envoy.url, {
          connections: 8,
          next: (index) => (index < count ? { headers: [['x-value', `${prefix}${index}`]] } : null),
        });
        assert.deepEqual([...statuses, lost], [[200, count], 0]);
      };
      const total = (all: readonly [string, number][]): number =>
        all.reduce((sum, [, each]) => sum + each, 0);
      await send('a');
      const first = await envoy.waitFor(async () => {
        const all = await seen(envoy);
        return total(all) === count ? all : null;
      });
      assert.equal(first.length, SERIES_COUNT_MAX);
      const changed = metricDocument(1, { v: 'request.headers["x-value"] | "none"' });
      assert.equal(await envoy.updateDocument(JSON.stringify(changed)), 'applied');
      await send('b');
      const second = await envoy.waitFor(async () => {
        const all = await seen(envoy);
        return total(all) === 2 * count ? all : null;
      });
      assert.equal(second.length, SERIES_COUNT_MAX);
      const other = new Map(second).get('v=__other__;') ?? 0;
      assert.equal(other, 2 * count - (SERIES_COUNT_MAX - 1));
    } finally {
      await envoy.stop();
    }
  });

  it('keep hostile bytes apart and printable', async () => {
    const envoy = await startEnvoy({ document: DOCUMENT });
    try {
      const values = [
        'a=b',
        'a;b',
        'a%3Bb',
        '\x80',
        '\xff',
        '..',
        'a.b',
        'a b',
        '"',
        '\\',
        '{}',
        'é',
        '__other__',
      ];
      for (const value of values) await request(envoy.url, { headers: [['x-value', value]] });
      const all = await envoy.waitFor(async () => {
        const found = await seen(envoy);
        return found.length >= values.length ? found : null;
      });
      assert.equal(all.length, values.length);
      for (const [name, count] of all) {
        assert.equal(count, 1, name);
        assert.match(name, /^v=[ -:<>-~]*;$/);
      }
      const page = (await envoy.prometheus()).filter(({ name }) => name === 'seen');
      assert.equal(new Set(page.map(({ labels }) => labels['v'])).size, values.length);
    } finally {
      await envoy.stop();
    }
  });
});

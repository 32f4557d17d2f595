import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { serve } from '../rules/serve.ts';
import { dropped, metricDocument, numbers } from './documents.ts';

const BY_HEADER = { v: 'request.headers["x-value"] | ""' };
const SERIES_COUNT_MAX = 1000;

function withValue(value: string): Parameters<Awaited<ReturnType<typeof serve>>['request']>[0] {
  return { method: 'GET', path: '/', headers: [['x-value', value]] };
}

describe('the budget of series', () => {
  it('holds exactly over workers, and nothing is lost', async () => {
    const host = await serve(metricDocument(1, BY_HEADER), { workers: 3 });
    const count = SERIES_COUNT_MAX + 200;
    for (let index = 0; index < count; index++) host.request(withValue(`v${index}`), index % 3);
    for (let index = 0; index < count; index++)
      host.request(withValue(`v${index}`), (index + 1) % 3);
    const found = numbers(host, 'seen.');
    assert.equal(found.size, SERIES_COUNT_MAX);
    assert.equal(
      [...found.values()].reduce((sum, value) => sum + value, 0),
      2 * count,
    );
    const other = 2 * (count - SERIES_COUNT_MAX + 1);
    assert.equal(found.get('v=__other__;'), other);
    assert.equal(dropped(host, 'prometheus', 'series'), other);
    for (const [name, value] of found) if (!name.includes('other')) assert.equal(value, 2, name);
  });

  it("counts a client's own `__other__` apart from what is beyond it", async () => {
    const host = await serve(metricDocument(1, BY_HEADER));
    host.request(withValue('__other__'));
    for (let index = 0; index < SERIES_COUNT_MAX; index++) host.request(withValue(`v${index}`));
    host.request(withValue('__other__'));
    const found = numbers(host, 'seen.');
    assert.equal(found.size, SERIES_COUNT_MAX);
    assert.equal(found.get('v=%5F_other__;'), 2);
    assert.equal(found.get('v=__other__;'), 2);
    assert.equal(dropped(host, 'prometheus', 'series'), 2);
  });

  it('holds over reloads, with other labels too', async () => {
    const host = await serve(metricDocument(1, BY_HEADER));
    for (let index = 0; index < SERIES_COUNT_MAX + 5; index++) host.request(withValue(`v${index}`));
    assert.ok(host.reconfigure(JSON.stringify(metricDocument(2, BY_HEADER))));
    host.request(withValue('v0'));
    host.request(withValue('new'));
    assert.equal(numbers(host, 'seen.').get('v=v0;'), 3);
    assert.equal(numbers(host, 'seen.').get('v=__other__;'), 8);
    const dimensions = { w: 'request.headers["x-value"] | ""' };
    assert.ok(host.reconfigure(JSON.stringify(metricDocument(1, dimensions))));
    host.request(withValue('v0'));
    assert.equal(numbers(host, 'seen.').size, SERIES_COUNT_MAX);
    assert.equal(dropped(host, 'prometheus', 'series'), 6 + 1 + 1);
  });

  it('survives workers that claim at the same time', async () => {
    const host = await serve(metricDocument(1, BY_HEADER));
    const casMismatch = 8;
    for (let index = 0; index < SERIES_COUNT_MAX + 100; index++) {
      host.faults.fail('proxy_set_shared_data', casMismatch, { times: index % 3 });
      if (index % 3 === 0) host.faults.clear();
      host.request(withValue(`v${index}`));
    }
    host.faults.clear();
    assert.equal(numbers(host, 'seen.').size, SERIES_COUNT_MAX);
  });

  it('is not touched while shared data fails: samples go to `__other__` or are dropped', async () => {
    const host = await serve(metricDocument(1, BY_HEADER));
    host.request(withValue('first'));
    host.faults.fail('proxy_get_shared_data', 10);
    host.request(withValue('second'));
    host.faults.clear();
    host.request(withValue('third'));
    assert.deepEqual([...numbers(host, 'seen.')].sort(), [
      ['v=__other__;', 1],
      ['v=first;', 1],
      ['v=third;', 1],
    ]);
  });

  it('bounds the memory of a VM', async () => {
    const host = await serve(metricDocument(1, BY_HEADER));
    for (let index = 0; index < 2 * SERIES_COUNT_MAX; index++) {
      host.request(withValue(`${'x'.repeat(400)}${index}`));
    }
    const before = host.memorySizeBytes();
    for (let index = 0; index < 10 * SERIES_COUNT_MAX; index++) {
      host.request(withValue(`${'y'.repeat(400)}${index}`));
    }
    assert.equal(host.memorySizeBytes(), before);
  });

  it('ignores what other code left in shared data', async () => {
    const host = await serve(metricDocument(1, BY_HEADER));
    host.request(withValue('a'));
    for (const key of host.sharedData.keys())
      host.sharedData.set(key, Buffer.from([1, 255, 255, 255, 255, 1]));
    host.request(withValue('b'));
    host.request(withValue('c'));
    assert.equal(numbers(host, 'seen.').size, 3);
  });
});

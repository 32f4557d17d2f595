// In which steps a list is built: how much each does of what is the same in every run. Time is looked at in
// provider.test.ts; here nothing depends on the machine.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LIST_BUILD_TIME_MAX_MS, LIST_CHUNK_SIZE_BYTES } from '../../assembly/shared/limits.ts';
import { ProvidedList, listDocument } from '../cases/list-provider.ts';

const COUNT = 12_000;
/** Memory is compared in blocks of so many bytes, and where they differ in words. */
const BLOCK_SIZE_BYTES = 1_024;
const WORD_SIZE_BYTES = 4;
const ZEROS = new Uint8Array(BLOCK_SIZE_BYTES);
/** A chunk is handed over by the host, then copied. */
const STEP_SIZE_BYTES = LIST_CHUNK_SIZE_BYTES * 2;
/** What a tick writes beside its step: statics, statistics, and what the collector notes. */
const BESIDE_SIZE_BYTES = 16_384;
const TICK_COUNT_MAX = 2_000;

const address = (at: number): string => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;
const tenant = (at: number): string => `Tenant-${at}`;
const many = (entry: (at: number) => string, from: number): string[] =>
  Array.from({ length: COUNT }, (_, at) => entry(from + COUNT - at));

const FORMS = [
  {
    form: 'addresses',
    type: 'IP_ADDRESSES',
    entry: address,
    join: (all: string[]) => all.join('\n'),
  },
  {
    form: 'addresses in JSON, in one line',
    type: 'IP_ADDRESSES',
    entry: address,
    join: JSON.stringify,
  },
  {
    form: 'addresses in flow style, in one line',
    type: 'IP_ADDRESSES',
    entry: address,
    join: (all: string[]) => `whitelist: [${all.join(', ')}]`,
  },
  { form: 'strings', type: 'STRINGS', entry: tenant, join: (all: string[]) => all.join('\n') },
  {
    form: 'strings in any case',
    type: 'CASE_INSENSITIVE_STRINGS',
    entry: tenant,
    join: (all: string[]) => all.join('\n'),
  },
] as const;

/** How many bytes differ, by words; memory that is new was zero. */
function changedBytes(before: Uint8Array, after: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < after.length; at += BLOCK_SIZE_BYTES) {
    const old = at < before.length ? before.subarray(at, at + BLOCK_SIZE_BYTES) : ZEROS;
    const block = after.subarray(at, at + BLOCK_SIZE_BYTES);
    if (Buffer.compare(old, block) !== 0) count += changedWords(old, block) * WORD_SIZE_BYTES;
  }
  return count;
}

function changedWords(before: Uint8Array, after: Uint8Array): number {
  const old = new Uint32Array(before.buffer, before.byteOffset, before.length / WORD_SIZE_BYTES);
  const words = new Uint32Array(after.buffer, after.byteOffset, after.length / WORD_SIZE_BYTES);
  return words.reduce((count, word, at) => (word === old[at] ? count : count + 1), 0);
}

describe('a step of building a list', () => {
  for (const { form, type, entry, join } of FORMS) {
    it(`writes a fixed part of memory, however many ${form} there are`, async () => {
      const params = { entryType: type, refreshInterval: '1s', ttl: '1h' };
      const list = await ProvidedList.serve({ params }, join(many(entry, 0)));
      assert.equal(list.check(entry(1)), 200);
      // The third list is built where the first one stood: whatever is written differs from what is there.
      list.answer = { body: join(many(entry, COUNT)) };
      list.pass(3_000);
      assert.equal(list.check(entry(1)), 403);
      list.answer = { body: join(many(entry, COUNT * 2)) };
      list.host.clock.stepPerReadUs = 20_000;
      let most = 0;
      let tickCount = 0;
      let before = list.host.readBytes(0, list.host.memorySizeBytes());
      for (; tickCount < TICK_COUNT_MAX && list.check(entry(COUNT * 3)) !== 200; tickCount++) {
        list.pass(500);
        const after = list.host.readBytes(0, list.host.memorySizeBytes());
        most = Math.max(most, changedBytes(before, after));
        before = after;
      }
      assert.equal(list.check(entry(COUNT * 3)), 200);
      const limit = STEP_SIZE_BYTES + BESIDE_SIZE_BYTES;
      assert.ok(most <= limit, `${most} bytes in one of ${tickCount} ticks`);
    });
  }
});

describe('the time of a tick', () => {
  it('is one for all lists of a VM, also for those of another plugin', async () => {
    const list = await ProvidedList.load({ params: {} });
    const { host } = list;
    list.answer = { body: `${'a'.repeat(1_023)}\n`.repeat(4_096) };
    assert.ok(host.start());
    assert.ok(host.addPlugin({ pluginName: 'second', configuration: listDocument({}) }));
    // Each look at the clock takes a millisecond, and there is one behind each step.
    host.clock.stepPerReadUs = 1_000;
    host.trace.enable(100_000);
    let most = 0;
    for (let tick = 0; tick < 80; tick++) {
      host.trace.clear();
      list.pass(500);
      const reads = host.trace
        .entries()
        .filter(({ vm, name }) => vm === 'worker 0' && name === 'proxy_get_shared_data');
      most = Math.max(most, reads.length);
    }
    const headers: [string, string][] = [['x-value', 'a'.repeat(1_023)]];
    const statuses = [{ headers }, { headers, plugin: 'second' }].map(
      (input) => host.request(input).status,
    );
    assert.deepEqual(statuses, [200, 200]);
    // Both read their heads a few times; nearly all else is chunks of what is being built.
    assert.ok(most > LIST_BUILD_TIME_MAX_MS / 2, `${most} reads`);
    assert.ok(most < LIST_BUILD_TIME_MAX_MS * 1.5, `${most} reads`);
  });
});

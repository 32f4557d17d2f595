// A worker that alone charges a bucket stores without reading it first. Whoever else charges it, in whatever turn, no
// charge is lost and none is refused too early: random turns are held against a count. The seed is printed;
// MIXER_FUZZ_SEED repeats a run.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { ROOT } from '../../tools/build/root.ts';
import { Host } from '../../tools/host/index.ts';
import { Random, rounds, runSeed } from '../fuzz/random.ts';

const WASM = join(ROOT, 'dist', 'mixer.wasm');
const WORKER_COUNT = 3;
const MAX = 9;
/** Documents with other windows have other buckets. */
const WINDOWS = ['3600s', '7200s', '9000s'] as const;
const TURN_COUNT = 400;
const CHARGE_MAX = 12;

/** Two handlers, so that two ledgers charge in turn. */
function document(maxAmount: number, validDuration: string = WINDOWS[0]): string {
  const algorithms = ['ROLLING_WINDOW', 'FIXED_WINDOW', 'TOKEN_BUCKET'];
  const quotas = algorithms.map((algorithm) => ({
    name: algorithm.toLowerCase(),
    maxAmount,
    validDuration,
    algorithm,
  }));
  const names = quotas.map(({ name }) => name);
  return JSON.stringify({
    handlers: ['one', 'two'].map((name) => ({ name, adapter: 'memquota', params: { quotas } })),
    instances: names.map((name) => ({
      name,
      template: 'quota',
      params: { dimensions: { user: 'request.headers["x-user"] | "nobody"' } },
    })),
    rules: ['one', 'two'].flatMap((handler) =>
      names.map((name) => ({
        name: `${handler}-${name}`,
        match: `request.path == "/${handler}/${name}"`,
        actions: [{ handler, instances: [name] }],
      })),
    ),
  });
}

async function started(configuration: string): Promise<Host> {
  const host = await Host.load({ wasm: WASM, configuration, workers: WORKER_COUNT });
  assert.equal(host.start(), true);
  return host;
}

/** The calls on shared data that one request makes. */
function sharedCalls(host: Host, worker = 0): string[] {
  host.trace.enable();
  assert.equal(host.request({ path: '/one/rolling_window' }, worker).status, 200);
  const names = host.trace.entries().map(({ name }) => name);
  host.trace.disable();
  return names.filter((name) => name.includes('shared_data'));
}

const [GET, SET] = ['proxy_get_shared_data', 'proxy_set_shared_data'];

describe('a bucket that one worker charges', () => {
  it('is read until it is known that nobody else stores there, and then only stored', async () => {
    const host = await started(document(1_000));
    sharedCalls(host);
    for (let turn = 0; turn < 2; turn++) assert.deepEqual(sharedCalls(host), [GET, SET]);
    for (let turn = 0; turn < 2; turn++) assert.deepEqual(sharedCalls(host), [SET]);
  });

  it('is read again once somebody else has stored there, or has stored something else', async () => {
    const host = await started(document(1_000));
    for (let turn = 0; turn < 3; turn++) sharedCalls(host);
    sharedCalls(host, 1);
    assert.deepEqual(sharedCalls(host), [SET, GET, SET]);
    for (let turn = 0; turn < 2; turn++) sharedCalls(host);
    host.sharedData.set('something else', new Uint8Array(1));
    assert.deepEqual(sharedCalls(host), [SET]);
    assert.deepEqual(sharedCalls(host), [SET, GET, SET]);
  });

  it('is read by each document anew, wherever that lies in memory', async () => {
    const host = await started(document(1_000));
    for (let count = 1; count <= 12; count++) {
      for (let turn = 0; turn < 4; turn++) sharedCalls(host);
      for (let turn = 0; turn < count % 3; turn++) host.reconfigure(document(1_000));
      assert.equal(host.reconfigure(document(1_000, `${3_600 + count}s`)), true);
      assert.deepEqual(sharedCalls(host).slice(-2), [GET, SET]);
    }
  });

  it('refuses nobody by what was there before', async () => {
    const host = await started(document(3));
    for (let turn = 0; turn < 3; turn++) sharedCalls(host);
    const refused = { path: '/one/rolling_window' };
    assert.equal(host.request(refused).status, 429);
    host.trace.enable();
    assert.equal(host.request(refused).status, 429);
    assert.ok(host.trace.entries().some(({ name }) => name === GET));
  });
});

describe('random turns of three workers', () => {
  it('are granted as one count says, over quotas, keys and documents', async (t) => {
    const seed = runSeed();
    t.diagnostic(`seed ${seed}`);
    const random = new Random(seed);
    for (let round = 0; round < rounds(10); round++) {
      const host = await started(document(MAX));
      const used = new Map<string, number>();
      let window: string = WINDOWS[0];
      for (let turn = 0; turn < TURN_COUNT; turn++) {
        if (random.below(8) === 0) {
          window = random.pick(WINDOWS);
          assert.equal(host.reconfigure(document(MAX, window)), true);
          continue;
        }
        const handler = random.pick(['one', 'two']);
        const name = random.pick(['rolling_window', 'fixed_window', 'token_bucket']);
        const user = random.pick(['a', 'b']);
        const worker = random.below(WORKER_COUNT);
        for (let count = random.below(CHARGE_MAX); count >= 0; count--) {
          const key = `${window}/${handler}/${name}/${user}`;
          const before = used.get(key) ?? 0;
          const { status } = host.request(
            { path: `/${handler}/${name}`, headers: [['x-user', user]] },
            worker,
          );
          assert.equal(status, before < MAX ? 200 : 429, `turn ${turn} of round ${round}: ${key}`);
          used.set(key, Math.min(before + 1, MAX));
        }
      }
      assert.deepEqual(host.traps, []);
    }
  });
});

// Fixed windows and token buckets, step by step, with their limits at them and one past them.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Engine, Store } from './engine.ts';

const SECOND = 1_000_000_000n;
const NOW = 1_704_067_200n * SECOND;

async function start(quota: object, store = new Store()): Promise<Engine> {
  const engine = await Engine.start(store);
  const params = { quotas: [{ name: 'rate', maxAmount: 5, validDuration: '10s', ...quota }] };
  assert.equal(engine.configure({ params, instances: [{ name: 'rate' }] }), '');
  return engine;
}

const FIXED = { algorithm: 'FIXED_WINDOW' };
const TOKENS = { algorithm: 'TOKEN_BUCKET' };

it('keeps a fixed window to the nanosecond and says how long it lasts', async () => {
  const engine = await start(FIXED);
  assert.deepEqual(engine.charge({ amount: 3, nowNs: NOW }), {
    amount: 3,
    validNs: 10n * SECOND,
    failed: false,
    code: 0,
  });
  assert.equal(engine.charge({ amount: 2, nowNs: NOW + SECOND }).validNs, 9n * SECOND);
  assert.equal(engine.charge({ nowNs: NOW + 10n * SECOND - 1n }).amount, 0);
  assert.equal(engine.charge({ nowNs: NOW + 10n * SECOND }).amount, 1);
});

it('opens a fixed window with a charge that is denied, and not with one that gives back', async () => {
  const denied = await start(FIXED);
  assert.equal(denied.charge({ amount: 6, nowNs: NOW }).amount, 0);
  assert.equal(denied.charge({ nowNs: NOW + SECOND }).validNs, 9n * SECOND);
  const released = await start(FIXED);
  assert.equal(released.charge({ amount: -1, nowNs: NOW }).amount, 0);
  assert.equal(released.charge({ nowNs: NOW + SECOND }).validNs, 10n * SECOND);
});

it('gives back within a fixed window at most what is in use', async () => {
  const engine = await start(FIXED);
  engine.charge({ amount: 3, nowNs: NOW });
  assert.equal(engine.charge({ amount: -9, nowNs: NOW + SECOND }).amount, 3);
  assert.equal(engine.charge({ amount: 5, nowNs: NOW + 2n * SECOND }).validNs, 8n * SECOND);
});

it('grants the rest of a fixed window to best effort, and nothing validly when none is left', async () => {
  const engine = await start(FIXED);
  assert.equal(engine.charge({ amount: 9, bestEffort: true, nowNs: NOW }).amount, 5);
  const none = engine.charge({ amount: 9, bestEffort: true, nowNs: NOW });
  assert.deepEqual([none.amount, none.validNs], [0, 0n]);
});

it('moves a fixed window with a clock that is set back by more than two windows', async () => {
  const engine = await start(FIXED);
  engine.charge({ amount: 5, nowNs: NOW });
  assert.equal(engine.charge({ nowNs: NOW - 3600n * SECOND }).amount, 0);
  assert.equal(engine.charge({ nowNs: NOW - 3590n * SECOND }).amount, 1);
});

it('refills a token bucket to the nanosecond', async () => {
  const engine = await start(TOKENS);
  assert.equal(engine.charge({ amount: 5, nowNs: NOW }).amount, 5);
  assert.equal(engine.charge({ nowNs: NOW + 2n * SECOND - 1n }).amount, 0);
  assert.equal(engine.charge({ nowNs: NOW + 2n * SECOND }).amount, 1);
  assert.equal(engine.charge({ nowNs: NOW + 2n * SECOND }).amount, 0);
  assert.equal(engine.charge({ amount: 2, nowNs: NOW + 6n * SECOND - 1n }).amount, 0);
  assert.equal(engine.charge({ amount: 2, nowNs: NOW + 6n * SECOND }).amount, 2);
  assert.equal(engine.charge({ amount: 6, nowNs: NOW + 60n * SECOND }).amount, 0);
  assert.equal(engine.charge({ amount: 5, nowNs: NOW + 60n * SECOND }).amount, 5);
});

it('refills at a rate that divides no nanosecond without losing tokens', async () => {
  const engine = await start({ ...TOKENS, maxAmount: 3, validDuration: '1s' });
  assert.equal(engine.charge({ amount: 3, nowNs: NOW }).amount, 3);
  let granted = 0;
  for (let nowNs = NOW; nowNs < NOW + 100n * SECOND; nowNs += 7_000_001n)
    granted += engine.charge({ nowNs }).amount;
  assert.equal(granted, 299);
});

it('holds the largest token bucket in the longest window', async () => {
  const largest = 9_223_372_036_854_775_807n;
  const engine = await start({
    ...TOKENS,
    maxAmount: String(largest),
    validDuration: '8784h',
  });
  const half = 4392n * 3600n * SECOND;
  assert.equal(engine.charge({ amount: largest, nowNs: NOW }).amount, Number(largest));
  assert.equal(engine.charge({ amount: largest / 2n + 1n, nowNs: NOW + half }).amount, 0);
  assert.equal(engine.charge({ amount: largest / 2n, nowNs: NOW + half }).amount > 0, true);
});

it('fills a bucket again in one window whatever limit was in force before', async () => {
  const store = new Store();
  const large = await start({ ...TOKENS, maxAmount: 1000 }, store);
  assert.equal(large.charge({ amount: 1000, nowNs: NOW }).amount, 1000);
  const small = await start(TOKENS, store);
  assert.equal(small.charge({ nowNs: NOW }).amount, 0);
  assert.equal(small.charge({ amount: 5, nowNs: NOW + 10n * SECOND }).amount, 5);
});

it('gives tokens back, and waits no longer than a window for a clock that is set back', async () => {
  const engine = await start(TOKENS);
  engine.charge({ amount: 5, nowNs: NOW });
  assert.equal(engine.charge({ amount: -9, nowNs: NOW }).amount, 5);
  assert.equal(engine.charge({ amount: 5, nowNs: NOW }).amount, 5);
  assert.equal(engine.charge({ nowNs: NOW - 3600n * SECOND }).amount, 0);
  assert.equal(engine.charge({ amount: 5, nowNs: NOW - 3590n * SECOND }).amount, 5);
});

it('keeps quotas of another algorithm apart', async () => {
  const store = new Store();
  for (const quota of [{}, FIXED, TOKENS]) {
    const engine = await start(quota, store);
    assert.equal(engine.charge({ amount: 5, nowNs: NOW }).amount, 5);
    assert.equal(engine.charge({ nowNs: NOW }).amount, 0);
  }
});

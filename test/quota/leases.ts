// Leases: what they save, what they hold back, and when they end.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { QUOTA_LEASE_COUNT_MAX } from '../../assembly/shared/limits.ts';
import { Engine, Store } from './engine.ts';

const SECOND = 1_000_000_000n;
const MS = 1_000_000n;
const NOW = 1_704_067_200n * SECOND;
const ALGORITHMS = ['ROLLING_WINDOW', 'FIXED_WINDOW', 'TOKEN_BUCKET'];
const QUOTA = { name: 'rate', maxAmount: 1000, validDuration: '10s', leaseSize: 50 };

async function start(quota: object = {}, store = new Store()): Promise<Engine> {
  const engine = await Engine.start(store);
  const params = { quotas: [{ ...QUOTA, ...quota }] };
  const instances = [{ name: 'rate', dimensions: { caller: 'STRING' as const } }];
  assert.equal(engine.configure({ params, instances }), '');
  engine.setDimensions([{ type: 'STRING', value: 'a' }]);
  return engine;
}

function takeAll(engine: Engine, nowNs = NOW): number {
  let granted = 0;
  while (engine.charge({ nowNs }).amount === 1) granted++;
  return granted;
}

it('needs a twentieth of the writes and grants exactly the limit to one worker', async () => {
  for (const algorithm of ALGORITHMS) {
    const engine = await start({ algorithm });
    assert.equal(takeAll(engine), 1000);
    assert.ok(engine.store.sets <= 50, `${engine.store.sets} writes`);
  }
});

it('takes no lease for a key that is charged once', async () => {
  const engine = await start({ maxAmount: 20, leaseSize: 2 });
  const other = await start({ maxAmount: 20, leaseSize: 2 }, engine.store);
  assert.equal(engine.charge({ nowNs: NOW }).amount, 1);
  assert.equal(takeAll(other), 19);
});

it('holds back a lease until the tick after it was last used', async () => {
  for (const algorithm of ALGORITHMS) {
    const engine = await start({ algorithm });
    const other = await start({ algorithm }, engine.store);
    engine.charge({ nowNs: NOW });
    engine.charge({ nowNs: NOW });
    assert.equal(takeAll(other), 949);
    engine.tick(NOW);
    assert.equal(takeAll(other), 0);
    engine.tick(NOW);
    assert.equal(takeAll(other), 49);
  }
});

it('gives back what a lease left with the next charge after its slot', async () => {
  const engine = await start();
  engine.charge({ nowNs: NOW });
  engine.charge({ nowNs: NOW });
  engine.charge({ nowNs: NOW + 100n * MS });
  const other = await start({}, engine.store);
  assert.equal(takeAll(other, NOW + 100n * MS), 997);
});

it('returns no more than was taken, and grants that much again and no more', async () => {
  for (const algorithm of ALGORITHMS) {
    const engine = await start({ algorithm });
    engine.charge({ nowNs: NOW });
    engine.charge({ nowNs: NOW });
    const returned = engine.charge({ nowNs: NOW, amount: -1000 }).amount;
    assert.ok(returned >= 1 && returned <= 51, `${algorithm}: ${returned}`);
    assert.equal(takeAll(engine), 998 + returned, algorithm);
  }
});

it('gives everything back when the handler ends', async () => {
  const engine = await start({ algorithm: 'FIXED_WINDOW', validDuration: '8784h' });
  engine.charge({ nowNs: NOW });
  engine.charge({ nowNs: NOW });
  engine.store.nowNs = NOW;
  engine.close();
  const other = await start({ algorithm: 'FIXED_WINDOW', validDuration: '8784h' }, engine.store);
  assert.equal(takeAll(other), 998);
});

it('takes a tenth of the limit at most, and nothing ahead of a limit below 20', async () => {
  const small = await start({ maxAmount: 19, algorithm: 'TOKEN_BUCKET' });
  assert.equal(takeAll(small), 19);
  assert.equal(small.store.sets, 20);
  const twenty = await start({ maxAmount: 20 });
  assert.equal(takeAll(twenty), 20);
  assert.ok(twenty.store.sets < 20, `${twenty.store.sets} writes`);
});

it('charges SHADOW requests and other keys from leases of their own', async () => {
  const engine = await start();
  for (const shadow of [false, true]) {
    engine.charge({ shadow, nowNs: NOW });
    engine.charge({ shadow, nowNs: NOW });
  }
  engine.setDimensions([{ type: 'STRING', value: 'b' }]);
  assert.equal(takeAll(engine), 1000);
  engine.setDimensions([{ type: 'STRING', value: 'a' }]);
  let shadowed = 2;
  while (engine.charge({ shadow: true, nowNs: NOW }).amount === 1) shadowed++;
  assert.equal(shadowed, 1000);
  assert.equal(takeAll(engine), 998);
});

it('stays exact with more keys than leases, and with keys too long for one', async () => {
  const engine = await start({ maxAmount: 30, leaseSize: 3 });
  const callers = Array.from({ length: QUOTA_LEASE_COUNT_MAX * 2 }, (_, index) => `${index}`);
  for (const caller of [...callers, 'x'.repeat(200), 'x'.repeat(94), 'x'.repeat(95)]) {
    engine.setDimensions([{ type: 'STRING', value: caller }]);
    for (let charge = 0; charge < 5; charge++)
      assert.equal(engine.charge({ nowNs: NOW }).amount, 1);
  }
  for (const caller of callers) {
    engine.setDimensions([{ type: 'STRING', value: caller }]);
    assert.equal(takeAll(engine), 25, caller);
  }
});

it('keeps a lease while shared data fail, and gives it back when they work again', async () => {
  const engine = await start();
  const other = await start({}, engine.store);
  engine.charge({ nowNs: NOW });
  engine.charge({ nowNs: NOW });
  engine.store.failure = 10;
  assert.equal(engine.charge({ nowNs: NOW }).amount, 1);
  engine.tick(NOW + SECOND);
  engine.store.failure = null;
  engine.tick(NOW + SECOND);
  assert.equal(takeAll(other, NOW + SECOND), 997);
});

it('counts the tokens of a worker that was lost as used, and lets them come back', async () => {
  const quota = { algorithm: 'TOKEN_BUCKET', validDuration: '1s' };
  const lost = await start(quota);
  lost.charge({ nowNs: NOW });
  lost.charge({ nowNs: NOW });
  const other = await start(quota, lost.store);
  assert.equal(takeAll(other, NOW), 949);
  assert.equal(takeAll(other, NOW + 9n * SECOND), 951);
  assert.equal(takeAll(other, NOW + 21n * SECOND), 1000);
});

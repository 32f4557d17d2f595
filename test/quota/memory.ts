// What memquota keeps in shared data: bounded for any number of keys, harmless whatever stands there.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { QUOTA_BUCKET_COUNT, QUOTA_BUCKET_WAY_COUNT } from '../../assembly/shared/limits.ts';
import { Engine, Store, type EngineSetup } from './engine.ts';

const SECOND = 1_000_000_000n;
const NOW = 1_704_067_200n * SECOND;
const PLACE_COUNT = QUOTA_BUCKET_COUNT * QUOTA_BUCKET_WAY_COUNT;
const QUOTA: EngineSetup = {
  params: { quotas: [{ name: 'rate', maxAmount: 5, validDuration: '1s' }] },
  instances: [{ name: 'rate', dimensions: { caller: 'STRING' } }],
};

async function start(options = QUOTA, store = new Store()): Promise<Engine> {
  const engine = await Engine.start(store);
  assert.equal(engine.configure(options), '');
  return engine;
}

function take(engine: Engine, caller: string, nowNs = NOW, amount = 1): number {
  engine.setDimensions([{ type: 'STRING', value: caller }]);
  return engine.charge({ nowNs, amount }).amount;
}

it('lets keys share one entry while their bucket is full of live ones, and counts it', async () => {
  const engine = await start();
  const granted = Array.from({ length: PLACE_COUNT * 4 }, (_, index) =>
    take(engine, `caller ${index}`),
  );
  const total = granted.reduce((sum, one) => sum + one, 0);
  const [overflow = 0] = engine.drops();
  assert.ok(overflow >= PLACE_COUNT * 3 && overflow < PLACE_COUNT * 3.1, `${overflow} overflows`);
  assert.equal(total, PLACE_COUNT * 4 - overflow + 5);
  assert.ok(
    engine.store.values.size <= QUOTA_BUCKET_COUNT + 2,
    `${engine.store.values.size} keys in shared data`,
  );
});

it('forgets a key only when its window has refilled', async () => {
  const engine = await start();
  for (let index = 0; index < 5; index++) assert.equal(take(engine, 'first'), 1);
  for (let index = 0; index < PLACE_COUNT * 2; index++) take(engine, `caller ${index}`);
  assert.equal(take(engine, 'first'), 0);
  engine.drops();
  for (let index = 0; index < QUOTA_BUCKET_COUNT; index++)
    assert.equal(take(engine, `late ${index}`, NOW + SECOND), 1);
  assert.equal(engine.drops()[0], 0);
});

it('keeps a typical bucket below a kilobyte', async () => {
  const engine = await start();
  for (let step = 0; step < 30; step++) {
    const nowNs = NOW + BigInt(step) * 100_000_000n;
    for (let index = 0; index < QUOTA_BUCKET_COUNT * 2; index++)
      take(engine, `caller ${index}`, nowNs);
  }
  assert.ok(engine.store.sizeMaxBytes < 1024, `${engine.store.sizeMaxBytes} bytes`);
});

it('charges a key that is too long to the shared entry, and counts it', async () => {
  const engine = await start();
  const longest = 'x'.repeat(1021);
  for (let index = 0; index < 5; index++) assert.equal(take(engine, longest), 1);
  assert.equal(take(engine, longest), 0);
  assert.deepEqual(engine.drops().slice(0, 2), [0, 0]);
  for (let index = 0; index < 5; index++) assert.equal(take(engine, `${longest}${index}`), 1);
  assert.equal(take(engine, `${longest}5`), 0);
  assert.deepEqual(engine.drops().slice(0, 2), [0, 6]);
});

it('gives back what a key without a place has taken of an allocation quota', async () => {
  const quota = { name: 'rate', maxAmount: 5 };
  const engine = await start({ ...QUOTA, params: { quotas: [quota] } });
  const long = 'x'.repeat(2000);
  assert.equal(take(engine, long, NOW, 5), 5);
  assert.equal(take(engine, long), 0);
  assert.equal(take(engine, long, NOW, -9), 5);
  assert.equal(take(engine, long), 1);
});

it('takes values of another version, cut or senseless ones for absent', async () => {
  const engine = await start();
  for (let index = 0; index < 5; index++) take(engine, 'a');
  const [key, bytes] = engine.store.last();
  const put = (value: Uint8Array): void => engine.store.replace(key, value);
  assert.equal(take(engine, 'a'), 0);
  const broken = [
    [],
    [2, ...bytes.slice(1)],
    [...bytes.slice(0, -1)],
    [...bytes, 0],
    [1, 255],
    [1, 9],
  ].map((list) => new Uint8Array(list));
  for (const value of broken) {
    put(value);
    assert.equal(take(engine, 'a'), 1);
  }
});

it('survives any bytes in shared data', async () => {
  const engine = await start();
  take(engine, 'a');
  const [key, bytes] = engine.store.last();
  const seed = Number(process.env['MIXER_FUZZ_SEED'] ?? 20_240_101);
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let round = 0; round < 20_000; round++) {
    const value = Uint8Array.from(
      round % 2 === 0 ? bytes : Array.from({ length: random(40) }, () => random(256)),
    );
    if (value.length > 0) value[random(value.length)] = random(256);
    engine.store.replace(key, value);
    const granted = take(
      engine,
      random(2) === 0 ? 'a' : 'b',
      NOW + BigInt(random(3)) * SECOND,
      1 + random(6),
    );
    assert.ok(granted >= 0 && granted <= 5, `seed ${seed}, round ${round}: granted ${granted}`);
  }
});

it('puts all 600 slots of a window into its bucket and reads them back', async () => {
  const engine = await Engine.start();
  engine.storeBucket();
  engine.setTerms(2n ** 62n, 600);
  const amount = 2n ** 52n;
  for (let tick = 0; tick < 1200; tick++)
    assert.equal(engine.chargeBucket('k', amount, 1e10 + tick), Number(amount));
  assert.equal(engine.usedOfBucket, Number(600n * amount));
  assert.ok(engine.readBucket().length < 6_640, `${engine.readBucket().length} bytes`);
});

it('fills the eight entries of a bucket and no more', async () => {
  const engine = await Engine.start();
  engine.storeBucket();
  engine.setTerms(1, 10);
  for (let key = 0; key < 8; key++) assert.equal(engine.chargeBucket(`k${key}`, 1, 100 + key), 1);
  assert.equal(engine.chargeBucket('k8', 1, 107), -1);
  assert.equal(engine.chargeBucket('k0', 1, 107), 0);
  assert.equal(engine.chargeBucket('k8', 1, 110), 1);
  assert.equal(engine.chargeBucket('k1', 1, 110), 0);
});

// What memquota keeps in shared data: bounded for any number of keys, harmless whatever stands there.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  QUOTA_BUCKET_SIZE_MAX_BYTES,
  QUOTA_BUCKET_WAY_COUNT,
  QUOTA_KEY_SIZE_MAX_BYTES,
} from '../../assembly/shared/limits.ts';
import { Engine, Store, type EngineSetup } from './engine.ts';

const SECOND = 1_000_000_000n;
const NOW = 1_704_067_200n * SECOND;
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

/** Puts live entries of other keys into the bucket stored last, beside that of `kept`. */
function crowd(engine: Engine, count: number, kept?: string): void {
  const [key, bytes] = engine.store.last();
  const [entry, keyAt] = [bytes.slice(2), bytes[2]!];
  const others = Array.from({ length: count }, (_, index) => {
    const other = entry.slice();
    other[keyAt] = 0x80 + index;
    return other;
  });
  const entries = kept === undefined ? others : [entry, ...others];
  engine.store.replace(
    key,
    new Uint8Array([bytes[0]!, entries.length, ...entries.flatMap((one) => [...one])]),
  );
}

it('holds 100,000 live keys, each with a limit of its own', async () => {
  const engine = await start();
  for (let index = 0; index < 100_000; index++)
    assert.equal(take(engine, `caller ${index}`, NOW, 5), 5, `caller ${index}`);
  assert.deepEqual(engine.drops(), [0, 0, 0, 0]);
  for (let index = 0; index < 100_000; index++)
    assert.equal(take(engine, `caller ${index}`), 0, `caller ${index}`);
  const { sizeBytes } = engine.store;
  console.log(`100,000 keys: ${sizeBytes} bytes in ${engine.store.values.size} values`);
  assert.ok(sizeBytes < 10_000_000, `${sizeBytes} bytes`);
  assert.ok(engine.store.sizeMaxBytes < 1024, `${engine.store.sizeMaxBytes} bytes in a bucket`);
});

it('lets keys share one entry while their bucket is full of live ones, and counts it', async () => {
  const engine = await start();
  for (const caller of ['a', 'b']) {
    take(engine, caller);
    crowd(engine, QUOTA_BUCKET_WAY_COUNT);
  }
  const granted = ['a', 'b', 'a', 'b', 'a', 'b', 'a'].map((caller) => take(engine, caller));
  assert.deepEqual(granted, [1, 1, 1, 1, 1, 0, 0]);
  assert.equal(engine.drops()[0], 7);
  assert.equal(take(engine, 'a', NOW + SECOND), 1);
  assert.equal(engine.drops()[0], 0);
});

it('forgets a key only when its window has refilled', async () => {
  const engine = await start();
  assert.equal(take(engine, 'a', NOW, 5), 5);
  crowd(engine, QUOTA_BUCKET_WAY_COUNT - 1, 'a');
  for (const nowNs of [NOW, NOW + SECOND / 2n, NOW + SECOND - 1n])
    assert.equal(take(engine, 'a', nowNs), 0);
  assert.equal(take(engine, 'a', NOW + SECOND), 1);
  assert.equal(engine.store.last()[1][1], 1);
});

for (const [adapter, more] of [
  ['memquota', { algorithm: 'FIXED_WINDOW' }],
  ['memquota', { algorithm: 'ROLLING_WINDOW' }],
  ['memquota', { algorithm: 'TOKEN_BUCKET' }],
  ['redisquota', { rateLimitAlgorithm: 'FIXED_WINDOW' }],
  ['redisquota', { rateLimitAlgorithm: 'ROLLING_WINDOW', bucketDuration: '100ms' }],
] as const)
  it(`has no place for new keys until others have refilled: ${adapter}, ${Object.values(more)[0]}`, async () => {
    const quota = { name: 'rate', maxAmount: 5, validDuration: '1s', ...more };
    const engine = await start({ ...QUOTA, adapter, params: { quotas: [quota] } });
    for (const caller of ['a', 'b']) {
      assert.equal(take(engine, caller, NOW, 5), 5);
      crowd(engine, QUOTA_BUCKET_WAY_COUNT);
    }
    // What has no place shares one entry.
    assert.deepEqual([take(engine, 'a', NOW, 5), take(engine, 'b', NOW, 5)], [5, 0]);
    assert.equal(take(engine, 'a', NOW + SECOND - 1n, 5), 0);
    const refilled = ['a', 'b'].map((caller) => take(engine, caller, NOW + SECOND, 5));
    assert.deepEqual(refilled, [5, 5]);
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
    [1, 17],
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

it('fills the sixteen entries of a bucket and no more', async () => {
  const engine = await Engine.start();
  engine.storeBucket();
  engine.setTerms(1, 20);
  for (let key = 0; key < 16; key++) assert.equal(engine.chargeBucket(`k${key}`, 1, 100 + key), 1);
  assert.equal(engine.chargeBucket('k16', 1, 115), -1);
  assert.equal(engine.chargeBucket('k0', 1, 115), 0);
  assert.equal(engine.chargeBucket('k16', 1, 120), 1);
  assert.equal(engine.chargeBucket('k1', 1, 120), 0);
});

it('fills a bucket with long keys up to 4,096 bytes, and no further', async () => {
  const engine = await Engine.start();
  engine.storeBucket();
  engine.setTerms(1, 10);
  const longest = 'x'.repeat(QUOTA_KEY_SIZE_MAX_BYTES - 1);
  for (const key of ['a', 'b', 'c']) assert.equal(engine.chargeBucket(key + longest, 1, 100), 1);
  assert.equal(engine.chargeBucket(`d${longest}`, 1, 100), -1);
  const room = QUOTA_BUCKET_SIZE_MAX_BYTES - (engine.readBucket().length - 2) - 24;
  assert.equal(engine.chargeBucket('e'.repeat(room + 1), 1, 100), -1);
  assert.equal(engine.chargeBucket('e'.repeat(room), 1, 100), 1);
});

it('makes slots longer where windows do not fit their bucket, and returns nothing early', async () => {
  const engine = await Engine.start();
  engine.storeBucket();
  engine.setTerms(600, 600);
  const keys = Array.from({ length: 16 }, (_, index) => `k${index}`);
  for (let tick = 1000; tick < 1600; tick++)
    for (const key of keys) assert.equal(engine.chargeBucket(key, 1, tick), 1);
  const size = engine.readBucket().length;
  assert.ok(size <= QUOTA_BUCKET_SIZE_MAX_BYTES, `${size} bytes`);
  for (let tick = 1600; tick < 2200; tick++) {
    const most = tick - 1599;
    const granted = engine.chargeBucket('k3', 0, tick);
    assert.equal(granted, 0);
    const back = 600 - engine.usedOfBucket;
    assert.ok(back <= most, `${back} came back at slot ${tick}, at most ${most} may`);
  }
  assert.equal(engine.usedOfBucket, 0);
});

// What memquota grants, key by key: limits, overrides, shadow charges, several workers, and its memory in shared data.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Engine, Store, type EngineSetup, type Value } from './engine.ts';

const SECOND = 1_000_000_000n;
const NOW = 1_704_067_200n * SECOND;

function setup(overrides: readonly unknown[] = [], quota: object = {}): EngineSetup {
  return {
    params: { quotas: [{ name: 'rate', maxAmount: 5, validDuration: '1s', overrides, ...quota }] },
    instances: [{ name: 'rate', dimensions: { caller: 'STRING', size: 'INT64' } }],
  };
}

function text(value: string | Uint8Array): Value {
  return { type: 'STRING', value };
}

async function start(options: EngineSetup, store = new Store()): Promise<Engine> {
  const engine = await Engine.start(store);
  assert.equal(engine.configure(options), '');
  return engine;
}

function take(
  engine: Engine,
  caller: string | Uint8Array,
  more: Parameters<Engine['charge']>[0] = {},
): number {
  engine.setDimensions([text(caller), { type: 'INT64', value: 7n }]);
  return engine.charge({ nowNs: NOW, ...more }).amount;
}

function takeAll(
  engine: Engine,
  caller: string | Uint8Array,
  more: Parameters<Engine['charge']>[0] = {},
): number {
  let granted = 0;
  while (take(engine, caller, more) === 1) granted++;
  return granted;
}

it('grants the limit to each set of dimension values and returns it after the window', async () => {
  const engine = await start(setup());
  assert.equal(takeAll(engine, 'a'), 5);
  assert.equal(takeAll(engine, 'b'), 5);
  assert.equal(take(engine, 'a', { nowNs: NOW + 999_999_999n }), 0);
  assert.equal(takeAll(engine, 'a', { nowNs: NOW + SECOND }), 5);
});

it('tells values apart that only look alike', async () => {
  const engine = await start(setup());
  const invalid = new Uint8Array([0xff, 0]);
  for (const caller of ['', 'a', 'a\0', invalid, 'A', ' a'])
    assert.equal(takeAll(engine, caller), 5);
  engine.setDimensions([text('a'), { type: 'INT64', value: 8n }]);
  assert.equal(engine.charge({ nowNs: NOW }).amount, 1);
});

it('is exact for several workers that share the data', async () => {
  const store = new Store();
  const workers = await Promise.all([1, 2, 3].map(() => start(setup(), store)));
  const granted = Array.from({ length: 12 }, (_, index) => take(workers[index % 3]!, 'a'));
  assert.equal(
    granted.reduce((sum, one) => sum + one, 0),
    5,
  );
});

it('charges again when another worker was faster, and fails when that never ends', async () => {
  const store = new Store();
  const [engine, other] = [await start(setup(), store), await start(setup(), store)];
  assert.equal(take(other, 'a', { amount: 2 }), 2);
  let races = 3;
  store.beforeSet = () => {
    if (races-- <= 0) return;
    const before = store.beforeSet;
    store.beforeSet = null;
    take(other, 'b');
    store.beforeSet = before;
    for (const value of store.values.values()) value.version++;
  };
  assert.equal(take(engine, 'a', { amount: 4 }), 0);
  assert.equal(take(engine, 'a', { amount: 3 }), 3);
  assert.equal(races, -1);
  store.beforeSet = () => {
    for (const value of store.values.values()) value.version++;
  };
  assert.equal(engine.charge({ nowNs: NOW + SECOND }).failed, true);
  store.beforeSet = null;
  assert.equal(take(engine, 'a', { nowNs: NOW + SECOND }), 1);
});

it('fails when shared data cannot be read', async () => {
  const store = new Store();
  const engine = await start(setup(), store);
  store.failure = 10;
  engine.setDimensions([text('a'), { type: 'INT64', value: 7n }]);
  assert.equal(engine.charge({ nowNs: NOW }).failed, true);
});

it('costs one get and one set for a grant and one get for a denial', async () => {
  const store = new Store();
  const engine = await start(setup(), store);
  takeAll(engine, 'a', { amount: 1 });
  store.gets = store.sets = 0;
  assert.equal(take(engine, 'b'), 1);
  assert.deepEqual([store.gets, store.sets], [1, 1]);
  assert.equal(take(engine, 'a'), 0);
  assert.deepEqual([store.gets, store.sets], [2, 1]);
});

it('takes the first override whose dimensions all equal', async () => {
  const overrides = [
    { dimensions: { caller: 'a', size: '7' }, maxAmount: 1 },
    { dimensions: { caller: 'a' }, maxAmount: 2 },
    { dimensions: { caller: 'b' }, maxAmount: 3, validDuration: '60s' },
    { dimensions: { size: '9' }, maxAmount: 4 },
    { dimensions: { caller: 'b' }, maxAmount: 100 },
  ];
  const engine = await start(setup(overrides));
  assert.equal(takeAll(engine, 'a'), 1);
  assert.equal(takeAll(engine, 'b'), 3);
  assert.equal(takeAll(engine, 'b', { nowNs: NOW + 59n * SECOND }), 0);
  assert.equal(takeAll(engine, 'c'), 5);
  const size = (value: bigint, caller: string): number => {
    engine.setDimensions([text(caller), { type: 'INT64', value }]);
    let granted = 0;
    while (engine.charge({ nowNs: NOW }).amount === 1) granted++;
    return granted;
  };
  assert.equal(size(8n, 'a'), 2);
  assert.equal(size(9n, 'd'), 4);
});

it('takes an override without dimensions for every charge that no earlier one fits', async () => {
  const engine = await start(
    setup([{ dimensions: { caller: 'a' }, maxAmount: 1 }, { maxAmount: 2 }]),
  );
  assert.equal(takeAll(engine, 'a'), 1);
  assert.equal(takeAll(engine, 'b'), 2);
});

it('compares override texts by the type of the dimension', async () => {
  const rows: [Value, string, boolean][] = [
    [{ type: 'IP_ADDRESS', value: new Uint8Array([10, 1, 2, 3]) }, '::ffff:10.1.2.3', true],
    [{ type: 'IP_ADDRESS', value: new Uint8Array([10, 1, 2, 4]) }, '10.1.2.3', false],
    [{ type: 'DOUBLE', value: -0 }, '0', true],
    [{ type: 'DOUBLE', value: 0.5 }, '5e-1', true],
    [{ type: 'BOOL', value: 1n }, 'T', true],
    [{ type: 'DURATION', value: 90n * SECOND }, '1m30s', true],
    [
      { type: 'TIMESTAMP', value: [1_704_067_200n, 5] },
      '2024-01-01T01:00:00.000000005+01:00',
      true,
    ],
    [{ type: 'TIMESTAMP', value: [1_704_067_200n, 6] }, '2024-01-01T00:00:00.000000005Z', false],
    [
      {
        type: 'STRING_MAP',
        value: [
          ['b', '2'],
          ['a', '1'],
        ],
      },
      'a=1&b=2',
      true,
    ],
    [
      {
        type: 'STRING_MAP',
        value: [
          ['b', '1'],
          ['a', '2'],
        ],
      },
      'a=1&b=2',
      false,
    ],
    [text(''), '', true],
  ];
  for (const [value, written, isEqual] of rows) {
    const engine = await start({
      params: {
        quotas: [
          { name: 'q', maxAmount: 1, overrides: [{ dimensions: { d: written }, maxAmount: 2 }] },
        ],
      },
      instances: [{ name: 'q', dimensions: { d: value.type } }],
    });
    engine.setDimensions([value]);
    assert.equal(engine.charge({ amount: 2, nowNs: NOW }).amount, isEqual ? 2 : 0, written);
  }
});

it('finds one of thousands of overrides', async () => {
  const overrides = Array.from({ length: 5000 }, (_, index) => ({
    dimensions: { caller: `c${index}` },
    maxAmount: 1,
  }));
  const engine = await start(setup(overrides));
  assert.equal(takeAll(engine, 'c0'), 1);
  assert.equal(takeAll(engine, 'c4999'), 1);
  assert.equal(takeAll(engine, 'other'), 5);
});

it('charges in SHADOW mode without touching the enforced quota', async () => {
  const engine = await start(setup());
  assert.equal(takeAll(engine, 'a', { shadow: true }), 5);
  assert.equal(takeAll(engine, 'a'), 5);
});

it('grants nothing of a limit of 0 and everything of the largest limit', async () => {
  const none = await start(setup([], { maxAmount: 0 }));
  assert.equal(take(none, 'a'), 0);
  assert.equal(take(none, 'a', { bestEffort: true }), 0);
  const all = await start(setup([], { maxAmount: '9223372036854775807' }));
  assert.equal(
    take(all, 'a', { amount: 9_223_372_036_854_775_806n }),
    Number(9_223_372_036_854_775_806n),
  );
  assert.equal(take(all, 'a', { amount: 1 }), 1);
  assert.equal(take(all, 'a', { amount: 1 }), 0);
  assert.equal(
    take(all, 'a', { amount: -9_223_372_036_854_775_808n }),
    Number(9_223_372_036_854_775_807n),
  );
});

it('applies the limit of today to what was taken under yesterday’s', async () => {
  const store = new Store();
  assert.equal(takeAll(await start(setup(), store), 'a'), 5);
  const larger = await start(setup([], { maxAmount: 8 }), store);
  assert.equal(takeAll(larger, 'a'), 3);
  const smaller = await start(setup([], { maxAmount: 2 }), store);
  assert.equal(take(smaller, 'a'), 0);
  assert.equal(take(smaller, 'a', { bestEffort: true }), 0);
});

it('keeps plugins, handlers and windows of another length apart', async () => {
  const store = new Store();
  assert.equal(takeAll(await start(setup(), store), 'a'), 5);
  assert.equal(takeAll(await start({ ...setup(), plugin: 'other' }, store), 'a'), 5);
  assert.equal(takeAll(await start({ ...setup(), handler: 'other' }, store), 'a'), 5);
  assert.equal(takeAll(await start(setup([], { validDuration: '2s' }), store), 'a'), 5);
  assert.equal(takeAll(await start(setup(), store), 'a'), 0);
});

it('begins a slot of a long window every six-hundredth of it', async () => {
  const engine = await start(setup([], { validDuration: '600s' }));
  const aligned = (NOW / (600n * SECOND)) * 600n * SECOND;
  assert.equal(takeAll(engine, 'a', { nowNs: aligned + SECOND - 1n }), 5);
  assert.equal(take(engine, 'a', { nowNs: aligned + 600n * SECOND - 1n }), 0);
  assert.equal(take(engine, 'a', { nowNs: aligned + 600n * SECOND }), 1);
});

it('gives a client neither more nor less when the clock is set back', async () => {
  const engine = await start(setup());
  assert.equal(takeAll(engine, 'a'), 5);
  assert.equal(take(engine, 'a', { nowNs: NOW - SECOND / 2n }), 0);
  assert.equal(take(engine, 'a', { nowNs: NOW - 3600n * SECOND }), 0);
  assert.equal(takeAll(engine, 'a', { nowNs: NOW - 3599n * SECOND }), 5);
});

it('remembers a deduplication id for one to two periods', async () => {
  const engine = await start(setup([], { maxAmount: 3, validDuration: '3600s' }));
  assert.equal(take(engine, 'a', { amount: 2, id: 'x' }), 2);
  assert.equal(take(engine, 'a', { amount: 2, id: 'x' }), 2);
  assert.equal(take(engine, 'a', { amount: 2, id: 'y' }), 0);
  assert.equal(take(engine, 'a', { amount: 2, id: 'x', nowNs: NOW + SECOND }), 2);
  assert.equal(take(engine, 'a', { amount: 2, id: 'x', nowNs: NOW + 2n * SECOND }), 0);
  for (let index = 0; index < 1500; index++)
    take(engine, 'b', { id: `id ${index}`, nowNs: NOW + 2n * SECOND });
  assert.equal(engine.drops()[2]! > 0, true);
  engine.close();
});

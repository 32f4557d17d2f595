// Lists against a model: any mixture of addresses and ranges, and many strings.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { ROOT } from '../../tools/build/root.ts';
import { Host } from '../../tools/host/host.ts';
import { runListCases } from './list-tables.ts';

const WASM = join(ROOT, 'dist/mixer.wasm');

/** Whole numbers below a bound, the same in each run with one seed. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

async function serve(
  entryType: string,
  overrides: readonly string[],
): Promise<(value: string) => number> {
  const document = {
    handlers: [{ name: 'checker', adapter: 'list', params: { entryType, overrides } }],
    instances: [
      {
        name: 'value',
        template: 'listentry',
        params: { value: 'request.headers["x-value"] | ""' },
      },
    ],
    rules: [{ name: 'rule', actions: [{ handler: 'checker', instances: ['value'] }] }],
  };
  const host = await Host.load({ wasm: WASM, configuration: JSON.stringify(document) });
  assert.ok(host.start(), host.logs.map(({ text }) => text).join('\n'));
  return (value) => host.request({ headers: [['x-value', value]] }).status;
}

interface Range {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** Few different bits, so that ranges overlap, touch and nest. */
function randomAddress(random: (below: number) => number, family: 4 | 6): bigint {
  const bits = family === 4 ? 32n : 128n;
  let address = 0n;
  for (let bit = 0n; bit < bits; bit++)
    if (random(bits === 32n ? 3 : 9) === 0) address |= 1n << bit;
  return address;
}

function text(family: 4 | 6, address: bigint): string {
  const count = family === 4 ? 4 : 8;
  const bits = family === 4 ? 8n : 16n;
  const parts = Array.from({ length: count }, (_, index) => {
    const part = (address >> (BigInt(count - 1 - index) * bits)) & ((1n << bits) - 1n);
    return part.toString(family === 4 ? 10 : 16);
  });
  return parts.join(family === 4 ? '.' : ':');
}

/** A range and how it is written, mostly a small one. */
function randomRange(random: (below: number) => number): [range: Range, written: string] {
  const family = random(2) === 0 ? 4 : 6;
  const bits = family === 4 ? 32 : 128;
  const prefix = random(20) === 0 ? random(bits + 1) : bits - random(12);
  const hosts = (1n << BigInt(bits - prefix)) - 1n;
  const first = randomAddress(random, family) & ~hosts;
  return [{ family, first, last: first | hosts }, `${text(family, first)}/${prefix}`];
}

/** An address at an edge of a range, or just outside, or anywhere. */
function randomNear(random: (below: number) => number, { family, first, last }: Range): bigint {
  if (random(3) === 0) return randomAddress(random, family);
  const count = family === 4 ? 1n << 32n : 1n << 128n;
  return ((random(2) === 0 ? first : last) + BigInt(random(5) - 2) + count) % count;
}

it('finds an address exactly when some range holds it', async () => {
  const seed = Number(process.env['MIXER_FUZZ_SEED'] ?? 20_240_102);
  const random = seeded(seed);
  const rows = Array.from({ length: 400 }, () => randomRange(random));
  const ranges = rows.map(([range]) => range);
  const ask = await serve(
    'IP_ADDRESSES',
    rows.map(([, written]) => written),
  );
  for (let round = 0; round < 3000; round++) {
    const near = ranges[round % ranges.length];
    assert.ok(near);
    const { family } = near;
    const address = randomNear(random, near);
    if (family === 6 && address >> 32n === 0xffffn) continue;
    const isInside = ranges.some(
      (range) => range.family === family && range.first <= address && address <= range.last,
    );
    const expected = isInside ? 200 : 403;
    const value = text(family, address);
    assert.equal(ask(value), expected, `seed ${seed}: ${value}`);
    if (family === 4)
      assert.equal(ask(`::ffff:${value}`), expected, `seed ${seed}: ::ffff:${value}`);
  }
});

it('takes ranges of IPv6 addresses for such only', async () => {
  const ask = await serve('IP_ADDRESSES', ['::/0']);
  assert.deepEqual(
    ['::', '::1', 'ffff::', '::fffe:ffff:ffff', '::1:0:0:0'].map(ask),
    [200, 200, 200, 200, 200],
  );
  assert.deepEqual(['0.0.0.0', '255.255.255.255', '::ffff:1.2.3.4'].map(ask), [403, 403, 403]);
  const four = await serve('IP_ADDRESSES', ['::ffff:10.0.0.0/104']);
  assert.deepEqual(
    ['10.255.255.255', '::ffff:a01:1', '11.0.0.0', '::a00:1'].map(four),
    [200, 200, 403, 403],
  );
});

it('finds each of many strings and no others', async () => {
  const entries = Array.from({ length: 100_000 }, (_, index) => `entry-${index * 7}`);
  const ask = await serve('STRINGS', entries);
  for (let index = 0; index < 1000; index++) {
    assert.equal(ask(`entry-${index * 693}`), 200);
    assert.equal(ask(`entry-${index * 693 + 1}`), 403);
  }
});

it('answers as Mixer’s tables say', async () => {
  const results = await runListCases(
    process.env['MIXER_CONFORMANCE_DIR'] ?? join(ROOT, 'test/cases/tables'),
  );
  assert.ok(results.length > 0);
  assert.deepEqual(
    results.filter(({ passed, skipped }) => !passed && skipped === undefined),
    [],
  );
});

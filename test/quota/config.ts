// What memquota refuses when a document is loaded, and the instances it brings.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Engine, type TypeName } from './engine.ts';

async function problems(
  quotas: unknown,
  names: readonly string[] = ['rate'],
  more: object = {},
  dimensions: Record<string, TypeName> = { size: 'INT64' },
): Promise<string> {
  const engine = await Engine.start();
  return engine.configure({
    params: { quotas, ...more },
    instances: names.map((name) => ({ name, dimensions })),
  });
}

const RATE = { name: 'rate', maxAmount: 5, validDuration: '1s' };

it('accepts quotas that fit their instances', async () => {
  assert.equal(await problems([RATE]), '');
  assert.equal(await problems([{ name: 'rate', max_amount: '5', valid_duration: '1.5s' }]), '');
});

it('refuses a quota that no instance has and an instance that has no quota', async () => {
  assert.match(await problems([RATE, { ...RATE, name: 'lost' }]), /E0408 .*`lost`/);
  assert.match(await problems([RATE], ['rate', 'other']), /E0409 .*`other`/);
});

it('refuses a name that is given twice', async () => {
  assert.match(await problems([RATE, RATE]), /E0508 .*`rate`/);
});

it('refuses a quota without a name or an amount', async () => {
  assert.match(await problems([{ name: 'rate' }]), /E0202 .*maxAmount/);
  assert.match(await problems([{ maxAmount: 1 }], []), /E0202 .*name/);
});

it('refuses amounts and durations outside their range', async () => {
  assert.match(await problems([{ ...RATE, maxAmount: -1 }]), /E0204 .*-1/);
  assert.match(await problems([{ ...RATE, validDuration: '-1s' }]), /E0204 .*-1s/);
  assert.match(await problems([{ ...RATE, validDuration: '8785h' }]), /E0204 .*8785h/);
  assert.match(await problems([RATE], ['rate'], { minDeduplicationDuration: '0s' }), /E0204 .*0s/);
});

it('refuses overrides by dimensions that the instance does not have, or by values of another type', async () => {
  const override = (dimensions: object): object => ({
    ...RATE,
    overrides: [{ dimensions, maxAmount: 1 }],
  });
  assert.match(await problems([override({ colour: 'red' })]), /E0509 .*`colour`/);
  assert.match(await problems([override({ size: 'large' })]), /E0203 .*large/);
  assert.equal(await problems([override({ size: '-12' })]), '');
});

it('brings one instance without dimensions for each quota', async () => {
  const engine = await Engine.start();
  engine.configure({
    params: { quotas: [RATE, { ...RATE, name: 'other' }] },
    instances: [{ name: 'rate' }, { name: 'other' }],
  });
  assert.deepEqual(JSON.parse(engine.standardInstances()), [
    { name: 'rate', template: 'quota' },
    { name: 'other', template: 'quota' },
  ]);
});

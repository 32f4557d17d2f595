// Random charges at random times by several workers, held against models of the algorithms: exact without leases; with
// leases never over the limit, and never further below it than the leases of all workers.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Random } from '../fuzz/random.ts';
import { Engine, Store } from './engine.ts';
import { MODELS, type AlgorithmName, type Model, type Quota } from './models.ts';

const SECOND = 1_000_000_000n;
const START = 1_704_067_200n * SECOND;
const WORKER_COUNT = 3;
const SCENARIO_COUNT = 20;
const STEP_COUNT = 400;
const SEED = Number(process.env['MIXER_FUZZ_SEED'] ?? 20_261_125);
const WINDOWS = [SECOND / 2n, SECOND, 3n * SECOND, 7n * SECOND, 60n * SECOND, 90n * SECOND];

interface Scenario extends Quota {
  readonly algorithm: AlgorithmName;
  readonly leaseSize: number;
  readonly workers: readonly Engine[];
  readonly model: Model;
  readonly random: Random;
}

async function scenarioOf(
  algorithm: AlgorithmName,
  random: Random,
  hasLeases: boolean,
): Promise<Scenario> {
  const limit = BigInt(1 + random.below(hasLeases ? 400 : 60));
  const windowNs = WINDOWS[random.below(WINDOWS.length)]!;
  const leaseSize = hasLeases ? 2 + random.below(60) : 1;
  const store = new Store();
  const quota = { name: 'rate', maxAmount: Number(limit), validDuration: `${windowNs}ns` };
  const workers = await Promise.all(
    Array.from({ length: WORKER_COUNT }, async () => {
      const worker = await Engine.start(store);
      const params = { quotas: [{ ...quota, algorithm, leaseSize }] };
      assert.equal(worker.configure({ params, instances: [{ name: 'rate' }] }), '');
      return worker;
    }),
  );
  const model = new MODELS[algorithm]({ limit, windowNs });
  return { algorithm, limit, windowNs, leaseSize, workers, model, random };
}

/** Time passes: mostly little, now and then most of a window. */
function pause({ windowNs, random }: Scenario): bigint {
  const longest = [0n, 1_000_000n, 100_000_000n, windowNs / 10n, windowNs + windowNs / 4n];
  return (longest[random.below(longest.length)]! * BigInt(random.below(1001))) / 1000n;
}

function fail(scenario: Scenario, step: number, what: string): string {
  const { algorithm, limit, windowNs, leaseSize } = scenario;
  return `seed ${SEED}: ${algorithm}, ${limit} in ${windowNs} ns, leases of ${leaseSize}, step ${step}: ${what}`;
}

/** The model's answer to a charge, after which it has taken what it grants. */
function expected(model: Model, amount: bigint, bestEffort: boolean, nowNs: bigint): bigint {
  if (amount < 0n) return model.release(-amount, nowNs);
  const available = model.available(nowNs);
  const rest = bestEffort && available > 0n ? available : 0n;
  const granted = amount <= available ? amount : rest;
  if (granted > 0n) model.take(granted, nowNs);
  return granted;
}

function runExactly(scenario: Scenario): number {
  const { model, random, workers, limit } = scenario;
  let [nowNs, total] = [START, 0];
  for (let step = 0; step < STEP_COUNT; step++) {
    nowNs += pause(scenario);
    const sign = random.below(8) === 0 ? -1n : 1n;
    const amount = sign * BigInt(1 + random.below(Number(limit) + 2));
    const bestEffort = random.below(4) === 0;
    const { amount: granted } = workers[random.below(WORKER_COUNT)]!.charge({
      amount,
      bestEffort,
      nowNs,
    });
    const wanted = expected(model, amount, bestEffort, nowNs);
    assert.equal(BigInt(granted), wanted, fail(scenario, step, `charge of ${amount}`));
    total += granted;
  }
  return total;
}

/** A token bucket may refill a nanosecond later for each charge: it is asked at both times. */
function runTokens(scenario: Scenario): number {
  const { model, random, workers, limit } = scenario;
  let [nowNs, total] = [START, 0];
  for (let step = 0; step < STEP_COUNT; step++) {
    nowNs += pause(scenario);
    const amount = BigInt(1 + random.below(Number(limit) + 2));
    const granted = workers[random.below(WORKER_COUNT)]!.charge({ amount, nowNs }).amount;
    const early = model.available(nowNs - BigInt(STEP_COUNT));
    const late = model.available(nowNs);
    if (amount <= early) assert.equal(BigInt(granted), amount, fail(scenario, step, 'too little'));
    if (amount > late) assert.equal(granted, 0, fail(scenario, step, 'too much'));
    if (granted > 0) model.take(amount, nowNs);
    total += granted;
  }
  return total;
}

/** How much may be held back from a charge: the leases of all workers, and a token that is under way. */
function heldBack({ leaseSize, limit }: Scenario): bigint {
  const lease = Math.min(leaseSize, Number(limit / 10n));
  return lease < 2 ? 1n : BigInt(WORKER_COUNT * lease + 1);
}

function runWithLeases(scenario: Scenario): number {
  const { model, random, workers } = scenario;
  let [nowNs, total] = [START, 0];
  for (let step = 0; step < STEP_COUNT * 4; step++) {
    nowNs += random.below(3) === 0 ? pause(scenario) : BigInt(random.below(2_000_000));
    const worker = workers[random.below(WORKER_COUNT)]!;
    if (random.below(20) === 0) worker.tick(nowNs);
    const amount = random.below(4) === 0 ? BigInt(1 + random.below(6)) : 1n;
    const granted = worker.charge({ amount, nowNs }).amount;
    const available = model.available(nowNs);
    const why = fail(scenario, step, `${granted} of ${amount} granted, ${available} are left`);
    assert.ok(BigInt(granted) <= available || granted === 0, why);
    if (granted === 0) assert.ok(available < amount + heldBack(scenario), why);
    if (granted > 0) model.take(BigInt(granted), nowNs);
    total += granted;
  }
  return total;
}

async function runAll(hasLeases: boolean): Promise<string> {
  const totals: string[] = [];
  for (const algorithm of Object.keys(MODELS) as AlgorithmName[]) {
    const random = new Random(SEED);
    let total = 0;
    for (let count = 0; count < SCENARIO_COUNT; count++) {
      const scenario = await scenarioOf(algorithm, random, hasLeases);
      if (hasLeases) total += runWithLeases(scenario);
      else total += algorithm === 'TOKEN_BUCKET' ? runTokens(scenario) : runExactly(scenario);
    }
    assert.ok(total > SCENARIO_COUNT * 100, `${algorithm}: ${total} granted`);
    totals.push(`${algorithm} ${total}`);
  }
  return totals.join(', ');
}

it('grants what the models grant, whatever is charged when and by which worker', async () => {
  console.log(`seed ${SEED}; granted: ${await runAll(false)}`);
});

it('never exceeds a limit with leases, and holds back no more than the leases', async () => {
  console.log(`seed ${SEED}; granted with leases: ${await runAll(true)}`);
});

// Mixer's own tables for memquota, as data: rolling windows tick by tick, and charges of a whole handler with seconds
// and deduplication ids. Tables of other adapters in the same file are left alone.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Engine } from './engine.ts';

/** What came of one step. */
export interface CaseResult {
  readonly suite: string;
  readonly step: number;
  readonly passed: boolean;
  /** What was expected and what came, when they differ. */
  readonly difference: string;
}

export interface WindowStep {
  readonly alloc_amount?: number;
  readonly amount?: number;
  readonly alloc_tick?: number;
  readonly tick?: number;
  readonly release_amount?: number;
  readonly release_tick?: number;
  readonly expect_ok?: boolean;
  readonly expect_result?: boolean;
  readonly expect_released?: number;
  readonly expect_available?: number;
}

export interface ChargeStep {
  readonly quota?: string;
  readonly name?: string;
  readonly dedup_id?: string;
  readonly dedup?: string;
  readonly amount?: number;
  readonly alloc_amount?: number;
  readonly best_effort?: boolean;
  readonly at_seconds?: number;
  readonly seconds?: number;
  readonly release_amount?: number;
  readonly expect_amount?: number;
  readonly expect_valid_duration_s?: number;
  readonly expect_valid_duration_ns?: number;
  readonly expect_released?: number;
}

export interface QuotaLimit {
  readonly name: string;
  readonly max_amount: number;
  readonly valid_duration_ns?: number;
  readonly valid_duration_s?: number;
}

export interface Suite {
  readonly id: string;
  readonly adapter?: string;
  readonly limit?: number;
  readonly ticks_in_window?: number;
  readonly config?: {
    readonly quotas?: readonly QuotaLimit[];
    readonly min_deduplication_duration_s?: number;
  };
  readonly steps?: readonly (WindowStep & ChargeStep)[];
}

const NS_PER_SECOND = 1_000_000_000;
const START_NS = 1_704_067_200n * BigInt(NS_PER_SECOND);

/** Runs every memquota suite of the `*quota*.json` files in a folder. */
export async function runQuotaCases(folder: string): Promise<CaseResult[]> {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => /quota.*\.json$/.test(name));
  const results: CaseResult[] = [];
  for (const file of files.sort()) {
    const { suites = [] } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
      suites?: Suite[];
    };
    for (const suite of suites) results.push(...(await runSuite(suite)));
  }
  return results;
}

/** Runs one suite; nothing when it is none of memquota's. */
export async function runSuite(suite: Suite): Promise<CaseResult[]> {
  if ((suite.adapter ?? 'memquota') !== 'memquota' || suite.steps === undefined) return [];
  if (suite.ticks_in_window !== undefined) return runWindow(suite, await Engine.start());
  if (suite.config?.quotas !== undefined) return runCharges(suite, await Engine.start());
  return [];
}

function runWindow(suite: Suite, engine: Engine): CaseResult[] {
  const limit = suite.limit ?? 0;
  engine.storeBucket();
  engine.setTerms(limit, suite.ticks_in_window ?? 1);
  return (suite.steps ?? []).map((step, index) => {
    const amount = step.alloc_amount ?? step.amount ?? 0;
    const tick = step.alloc_tick ?? step.tick ?? 0;
    const granted = engine.chargeBucket('key', amount, tick);
    const release = step.release_amount ?? 0;
    const released =
      release === 0 ? 0 : engine.chargeBucket('key', -release, step.release_tick ?? tick);
    return compare(suite.id, index, [
      ['ok', step.expect_ok ?? step.expect_result, amount === 0 || granted === amount],
      ['released', step.expect_released, released],
      ['available', step.expect_available, limit - engine.usedOfBucket],
    ]);
  });
}

function runCharges(suite: Suite, engine: Engine): CaseResult[] {
  const quotas = suite.config?.quotas ?? [];
  const problems = engine.configure({
    params: {
      quotas: quotas.map(({ name, max_amount, valid_duration_ns, valid_duration_s = 0 }) => ({
        name,
        maxAmount: max_amount,
        validDuration: `${valid_duration_ns ?? valid_duration_s * NS_PER_SECOND}ns`,
      })),
      minDeduplicationDuration: `${suite.config?.min_deduplication_duration_s ?? 1}s`,
    },
    instances: quotas.map(({ name }) => ({ name })),
  });
  if (problems !== '') return [{ suite: suite.id, step: -1, passed: false, difference: problems }];
  const names = quotas.map(({ name }) => name);
  return (suite.steps ?? []).map((step, index) =>
    runCharge(suite.id, index, step, { engine, names }),
  );
}

function runCharge(
  suite: string,
  index: number,
  step: ChargeStep,
  { engine, names }: { engine: Engine; names: readonly string[] },
): CaseResult {
  const id = step.dedup_id ?? step.dedup ?? '';
  const common = {
    instance: Math.max(0, names.indexOf(step.quota ?? step.name ?? '')),
    nowNs: START_NS + BigInt(Math.round((step.at_seconds ?? step.seconds ?? 0) * NS_PER_SECOND)),
  };
  const amount = step.amount ?? step.alloc_amount ?? 0;
  const taken = engine.charge({
    ...common,
    amount,
    bestEffort: step.best_effort ?? false,
    id: id && `A${id}`,
  });
  const released = engine.charge({
    ...common,
    amount: -(step.release_amount ?? 0),
    id: id && `R${id}`,
  });
  const expectedNs =
    step.expect_valid_duration_ns ??
    (step.expect_valid_duration_s === undefined
      ? undefined
      : step.expect_valid_duration_s * NS_PER_SECOND);
  return compare(suite, index, [
    ['amount', step.expect_amount, taken.amount],
    ['validity', expectedNs, Number(taken.validNs)],
    ['released', step.expect_released, released.amount],
  ]);
}

function compare(
  suite: string,
  step: number,
  facts: readonly [
    name: string,
    expected: number | boolean | undefined,
    actual: number | boolean,
  ][],
): CaseResult {
  const wrong = facts.filter(
    ([, expected, actual]) => expected !== undefined && expected !== actual,
  );
  const difference = wrong
    .map(([name, expected, actual]) => `${name}: expected ${expected}, got ${actual}`)
    .join('; ');
  return { suite, step, passed: wrong.length === 0, difference };
}

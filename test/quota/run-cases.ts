// Mixer's own tables for memquota, as data: rolling windows tick by tick, and charges of a whole handler with seconds
// and deduplication ids. What it does not know (a field, a kind of suite) is a failure, what it cannot run is named as
// skipped with the reason: nothing counts as passed that was not looked at.

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
  /** Why it was not run; then it neither passed nor failed. */
  readonly skipped?: string;
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
  readonly cases?: readonly unknown[];
}

const SUITE_FIELDS = [
  'id',
  'source',
  'note',
  'notes',
  'adapter',
  'limit',
  'ticks_in_window',
  'config',
  'steps',
  'instance_dimensions',
];
const WINDOW_FIELDS = [
  'alloc_amount',
  'amount',
  'alloc_tick',
  'tick',
  'release_amount',
  'release_tick',
  'expect_ok',
  'expect_result',
  'expect_released',
  'expect_available',
];
const CHARGE_FIELDS = [
  'quota',
  'name',
  'dedup_id',
  'dedup',
  'amount',
  'alloc_amount',
  'best_effort',
  'at_seconds',
  'seconds',
  'release_amount',
  'expect_amount',
  'expect_valid_duration_s',
  'expect_valid_duration_ns',
  'expect_released',
];
const STEP_COMMENTS = ['note', 'comment', 'id'];

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

/** Runs one suite. A suite of another adapter is skipped by name, one of an unknown kind fails. */
export async function runSuite(suite: Suite): Promise<CaseResult[]> {
  const reason = reasonNotToRun(suite);
  if (reason !== null) return skipped(suite, reason);
  const unknown = unknownFields(suite, SUITE_FIELDS);
  if (unknown !== '') return [failed(suite, -1, unknown)];
  if (suite.steps === undefined) return [failed(suite, -1, 'a suite without steps')];
  if (suite.ticks_in_window !== undefined) return runWindow(suite, await Engine.start());
  if (suite.config?.quotas !== undefined) return runCharges(suite, await Engine.start());
  return [failed(suite, -1, 'neither `ticks_in_window` nor `config.quotas`')];
}

function reasonNotToRun({ id, adapter, steps }: Suite): string | null {
  const owner = adapter ?? (id.startsWith('redisquota') ? 'redisquota' : 'memquota');
  if (owner !== 'memquota') return `this runner drives memquota, not ${owner}`;
  if (steps === undefined && id.startsWith('prefetch'))
    return 'quota is granted in the proxy: there is no client that prefetches';
  return null;
}

function skipped(suite: Suite, reason: string): CaseResult[] {
  const count = suite.steps?.length ?? suite.cases?.length ?? 1;
  return Array.from({ length: Math.max(1, count) }, (_, step) => ({
    suite: suite.id,
    step,
    passed: false,
    difference: '',
    skipped: reason,
  }));
}

function failed({ id }: Suite, step: number, difference: string): CaseResult {
  return { suite: id, step, passed: false, difference };
}

function unknownFields(value: object, known: readonly string[]): string {
  const unknown = Object.keys(value).filter((name) => !known.includes(name));
  return unknown.length === 0 ? '' : `unknown field ${unknown.join(', ')}`;
}

function runWindow(suite: Suite, engine: Engine): CaseResult[] {
  const limit = suite.limit ?? 0;
  engine.storeBucket();
  engine.setTerms(limit, suite.ticks_in_window ?? 1);
  return (suite.steps ?? []).map((step, index) => {
    const unknown = unknownFields(step, [...WINDOW_FIELDS, ...STEP_COMMENTS]);
    if (unknown !== '') return failed(suite, index, unknown);
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
  return (suite.steps ?? []).map((step, index) => {
    const unknown = unknownFields(step, [...CHARGE_FIELDS, ...STEP_COMMENTS]);
    if (unknown !== '') return failed(suite, index, unknown);
    const name = step.quota ?? step.name ?? names[0];
    if (!names.includes(name ?? '')) return failed(suite, index, `no quota ${String(name)}`);
    return runCharge(suite.id, index, step, { engine, names });
  });
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

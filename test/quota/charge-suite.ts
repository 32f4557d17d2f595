// Suites of charges against whole handlers: quotas with overrides, seconds, dimensions, deduplication ids, and ends of
// their generations. A generation ends by time alone, so "reap" moves the clock of the suite by one period.

import { onlyFields, UnreadableTable } from '../conformance/fields.ts';
import { attempt, compare, STEP_COMMENTS, type CaseResult } from './case-result.ts';
import type { Engine } from './engine.ts';
import { redisParamsOf, redisQuotasOf } from './redis-terms.ts';
import {
  instancesOf,
  paramsOf,
  periodNsOf,
  quotasOf,
  valuesOf,
  type Dimensions,
} from './suite-terms.ts';

/** One charge, the release after it, or the end of a generation of ids. */
export interface ChargeStep {
  readonly op?: string;
  readonly reap?: boolean | number;
  readonly quota?: string;
  readonly name?: string;
  readonly dedup_id?: string;
  readonly dedup?: string;
  readonly amount?: number;
  readonly alloc_amount?: number;
  readonly best_effort?: boolean;
  readonly at_seconds?: number;
  readonly seconds?: number;
  readonly dimensions?: Dimensions;
  readonly instance_dimensions?: Dimensions;
  readonly release_amount?: number;
  readonly expect_amount?: number;
  readonly expect_valid_duration_s?: number;
  readonly expect_valid_duration_ns?: number;
  readonly expect_released?: number;
}

const FIELDS = [
  'op',
  'reap',
  'quota',
  'name',
  'dedup_id',
  'dedup',
  'amount',
  'alloc_amount',
  'best_effort',
  'at_seconds',
  'seconds',
  'dimensions',
  'instance_dimensions',
  'release_amount',
  'expect_amount',
  'expect_valid_duration_s',
  'expect_valid_duration_ns',
  'expect_released',
  ...STEP_COMMENTS,
];
const REAPS = ['reap', 'reap_dedup', 'reapDedup', 'tick'];
const CHARGES = ['alloc', 'charge', 'quota'];
const RELEASES = ['release', 'free'];
const NS_PER_SECOND = 1_000_000_000;
const START_NS = 1_704_067_200n * BigInt(NS_PER_SECOND);

/** Charges of one handler, in order. */
export interface ChargeSuite {
  readonly id: string;
  readonly adapter: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly dimensions: Dimensions;
  readonly steps: readonly ChargeStep[];
}

/** Runs the charges of one suite in order. */
export function runCharges(suite: ChargeSuite, engine: Engine): CaseResult[] {
  return new ChargeRun(suite, engine).results();
}

class ChargeRun {
  readonly #suite: ChargeSuite;
  readonly #engine: Engine;
  readonly #names: readonly string[];
  #reaped = 0n;

  constructor(suite: ChargeSuite, engine: Engine) {
    this.#suite = suite;
    this.#engine = engine;
    const { adapter, config } = suite;
    const isRedis = adapter === 'redisquota';
    const quotas = isRedis ? redisQuotasOf(config) : quotasOf(config);
    this.#names = quotas.map(({ name }) => String(name));
    const problems = engine.configure({
      adapter,
      params: isRedis ? redisParamsOf(config) : paramsOf(config),
      instances: instancesOf(this.#names, sampleDimensions(suite)),
    });
    if (problems !== '') throw new UnreadableTable(problems);
  }

  results(): CaseResult[] {
    const { id, steps } = this.#suite;
    return steps.flatMap((step, index) => attempt(id, index, () => this.#step(index, step)));
  }

  #step(index: number, step: ChargeStep): CaseResult[] {
    onlyFields(`step ${index}`, step, FIELDS);
    const reaps = reapCount(step);
    this.#reaped += BigInt(reaps);
    return reaps > 0 ? [] : this.#charge(index, step);
  }

  #charge(index: number, step: ChargeStep): CaseResult[] {
    const instance = this.#instance(step);
    const given = step.dimensions ?? step.instance_dimensions ?? this.#suite.dimensions;
    this.#engine.setDimensions(
      valuesOf(given).map(([, value]) => value),
      instance,
    );
    const common = { instance, nowNs: this.#nowNs(step.at_seconds ?? step.seconds ?? 0) };
    const id = step.dedup_id ?? step.dedup ?? '';
    const taken = this.#engine.charge({
      ...common,
      amount: amountOf(step),
      bestEffort: step.best_effort ?? false,
      id: id && `A${id}`,
    });
    const release = -(step.release_amount ?? 0);
    const released = this.#engine.charge({ ...common, amount: release, id: id && `R${id}` });
    return compare(this.#suite.id, index, [
      ['amount', step.expect_amount, taken.amount],
      ['validity', expectedNs(step), Number(taken.validNs)],
      ['released', step.expect_released, released.amount],
    ]);
  }

  #instance({ quota, name }: ChargeStep): number {
    const wanted = quota ?? name ?? this.#names[0] ?? '';
    const instance = this.#names.indexOf(wanted);
    if (instance < 0) throw new UnreadableTable(`no quota ${wanted}`);
    return instance;
  }

  #nowNs(seconds: number): bigint {
    const reaped = this.#reaped * periodNsOf(this.#suite.config);
    return START_NS + reaped + BigInt(Math.round(seconds * NS_PER_SECOND));
  }
}

/** Dimensions whose types those of all steps share. */
function sampleDimensions({ dimensions, steps }: ChargeSuite): Dimensions {
  const first = steps.find((step) => step.dimensions ?? step.instance_dimensions);
  return first?.dimensions ?? first?.instance_dimensions ?? dimensions;
}

function reapCount({ op, reap }: ChargeStep): number {
  if (reap !== undefined) return Number(reap);
  if (op === undefined || CHARGES.includes(op) || RELEASES.includes(op)) return 0;
  if (REAPS.includes(op)) return 1;
  throw new UnreadableTable(`unknown op ${op}`);
}

function amountOf({ op = '', amount, alloc_amount: alloc }: ChargeStep): number {
  const given = alloc ?? amount ?? 0;
  return RELEASES.includes(op) ? -given : given;
}

function expectedNs(step: ChargeStep): number | undefined {
  if (step.expect_valid_duration_ns !== undefined) return step.expect_valid_duration_ns;
  const seconds = step.expect_valid_duration_s;
  return seconds === undefined ? undefined : seconds * NS_PER_SECOND;
}

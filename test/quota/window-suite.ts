// Suites of one rolling window, tick by tick, without shared data.

import { onlyFields } from '../conformance/fields.ts';
import { attempt, compare, STEP_COMMENTS, type CaseResult } from './case-result.ts';
import type { Engine } from './engine.ts';

/** One step: what is taken, then what is given back. */
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

const FIELDS = [
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
  ...STEP_COMMENTS,
];

/** A window of `ticks` slots with a limit. */
export interface WindowSuite {
  readonly id: string;
  readonly limit: number;
  readonly ticks: number;
  readonly steps: readonly WindowStep[];
}

/** Runs the steps of one window in order. */
export function runWindow({ id, limit, ticks, steps }: WindowSuite, engine: Engine): CaseResult[] {
  engine.storeBucket();
  engine.setTerms(limit, ticks);
  const run = (step: WindowStep, index: number): CaseResult[] => {
    onlyFields(`step ${index}`, step, FIELDS);
    const amount = step.alloc_amount ?? step.amount ?? 0;
    const tick = step.alloc_tick ?? step.tick ?? 0;
    const granted = engine.chargeBucket('key', amount, tick);
    const release = step.release_amount ?? 0;
    const released =
      release === 0 ? 0 : engine.chargeBucket('key', -release, step.release_tick ?? tick);
    return compare(id, index, [
      ['ok', step.expect_ok ?? step.expect_result, amount === 0 || granted === amount],
      ['released', step.expect_released, released],
      ['available', step.expect_available, limit - engine.usedOfBucket],
    ]);
  };
  return steps.flatMap((step, index) => attempt(id, index, () => run(step, index)));
}

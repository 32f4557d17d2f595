// What came of one step of a table of quotas, whatever kind of suite it stands in.

import { UnreadableTable } from '../conformance/fields.ts';

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

type Fact = readonly [name: string, expected: unknown, actual: number | boolean];

/** Fields of a step that say something to people only. */
export const STEP_COMMENTS = ['note', 'comment', 'id', 'desc'];

/** A failure in the runner's words. */
export function failed(suite: string, step: number, difference: string): CaseResult {
  return { suite, step, passed: false, difference };
}

/** Runs a step; what the runner cannot read fails that step alone. */
export function attempt(suite: string, step: number, run: () => CaseResult[]): CaseResult[] {
  try {
    return run();
  } catch (error) {
    if (error instanceof UnreadableTable) return [failed(suite, step, error.message)];
    throw error;
  }
}

/** Compares what the table expects. A step that expects nothing only prepares the next ones: it gives no result. */
export function compare(suite: string, step: number, facts: readonly Fact[]): CaseResult[] {
  const expected = facts.filter(([, value]) => value !== undefined);
  if (expected.length === 0) return [];
  const difference = expected
    .filter(([, value, actual]) => value !== actual)
    .map(([name, value, actual]) => `${name}: expected ${String(value)}, got ${actual}`)
    .join('; ');
  return [{ suite, step, passed: difference === '', difference }];
}

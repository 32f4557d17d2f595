// What a step of the test command counts and says.

/** Counts of one step, and what failed in it. */
export interface StepResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** One entry for each failure: a name, then what went wrong. Shown again at the end. */
  readonly failures: readonly string[];
}

export const NOTHING: StepResult = { passed: 0, failed: 0, skipped: 0, failures: [] };

/** Adds results up. */
export function sum(results: readonly StepResult[]): StepResult {
  return results.reduce(
    (total, each) => ({
      passed: total.passed + each.passed,
      failed: total.failed + each.failed,
      skipped: total.skipped + each.skipped,
      failures: [...total.failures, ...each.failures],
    }),
    NOTHING,
  );
}

/** A step that is one check: passed, or failed with what it printed. */
export function check(name: string, isPassed: boolean, output: string): StepResult {
  if (isPassed) return { ...NOTHING, passed: 1 };
  return { ...NOTHING, failed: 1, failures: [`${name}\n${output.trim()}`] };
}

const SUMMARY = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/;

/** What a command counted on its last line, as describeCounts() writes it; without such a line it is one failure. */
export function countSummary(name: string, output: string, isOk: boolean): StepResult {
  const last = output.slice(output.trimEnd().lastIndexOf('\n') + 1).trim();
  const counts = SUMMARY.exec(last);
  if (counts === null) return check(name, false, output);
  const [passed = 0, failed = 0, skipped = 0] = counts.slice(1).filter(Boolean).map(Number);
  if (isOk && failed === 0) return { passed, failed, skipped, failures: [] };
  return { passed, failed: Math.max(failed, 1), skipped, failures: [`${name}\n${last}`] };
}

/** `N passed, N failed`, with the skipped ones where there are any. */
export function describeCounts({ passed, failed, skipped }: StepResult): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Something failed, or nothing ran at all. */
export function isFailure({ passed, failed }: StepResult): boolean {
  return failed > 0 || passed === 0;
}

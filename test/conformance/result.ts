// What one case of a table came to, whatever kind of table it is, and the report over all of them.

/** One case: passed, failed with what was expected and what came, or not run and why. */
export interface CaseOutcome {
  readonly suite: string;
  readonly id: string;
  readonly expression?: string;
  readonly failure?: { readonly expected: string; readonly actual: string };
  readonly skipped?: string;
}

/** How many cases came to what. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What a run came to; one that breaks off is one failure, and the other cases are still run. */
export async function guarded(
  suite: string,
  id: string,
  run: () => Promise<readonly CaseOutcome[]> | readonly CaseOutcome[],
): Promise<readonly CaseOutcome[]> {
  try {
    return await run();
  } catch (error) {
    return [{ suite, id, failure: { expected: 'a case that can be run', actual: String(error) } }];
  }
}

/** Counts outcomes. */
export function totalsOf(outcomes: readonly CaseOutcome[]): Totals {
  const skipped = outcomes.filter((each) => each.skipped !== undefined).length;
  const failed = outcomes.filter((each) => each.failure !== undefined).length;
  return { passed: outcomes.length - skipped - failed, failed, skipped };
}

/** The report: for each suite its count and every deviation; the last line is the sum. */
export function reportOf(outcomes: readonly CaseOutcome[]): string[] {
  const suites = new Map<string, CaseOutcome[]>();
  for (const each of outcomes) {
    const suite = suites.get(each.suite) ?? [];
    suites.set(each.suite, suite);
    suite.push(each);
  }
  const { passed, failed, skipped } = totalsOf(outcomes);
  return [
    ...[...suites].flatMap(([suite, cases]) => suiteLines(suite, cases)),
    `${passed} passed, ${failed} failed, ${skipped} skipped`,
  ];
}

function suiteLines(suite: string, cases: readonly CaseOutcome[]): string[] {
  const { passed, failed } = totalsOf(cases);
  const reasons = new Map<string, number>();
  for (const { skipped } of cases)
    if (skipped !== undefined) reasons.set(skipped, (reasons.get(skipped) ?? 0) + 1);
  return [
    ...(passed + failed > 0 ? [`${suite}: ${passed} of ${passed + failed}`] : []),
    ...cases.flatMap(failureLines),
    ...[...reasons].map(([reason, count]) => `${suite}: not run: ${reason} (${count} skipped)`),
  ];
}

function failureLines({ id, expression, failure }: CaseOutcome): string[] {
  if (failure === undefined) return [];
  const name = expression === undefined ? id : `${id}  ${expression}`;
  return [`  ${name}`, `    expected ${failure.expected}`, `    actual   ${failure.actual}`];
}

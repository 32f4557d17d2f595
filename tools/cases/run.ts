// Runs many cases: those that a host can take, on one or several lanes, each with a host of its own. Results come as
// they are known; a case that breaks the runner itself is a difference like any other.

import type { CaseHost, Outcome } from './host.ts';
import { runsOn, type LoadedCase } from './read.ts';
import type { HostName } from './types.ts';

export interface CaseResult {
  readonly each: LoadedCase;
  readonly host: HostName;
  readonly outcome: Outcome;
  readonly durationMs: number;
}

export interface RunOptions {
  readonly makeHost: () => CaseHost;
  /** How many hosts work side by side; 1 if left out. */
  readonly lanes?: number;
  readonly onResult?: (result: CaseResult) => void;
}

/** Runs the cases that can run on the host, and tells each result once. */
export async function runCases(
  cases: readonly LoadedCase[],
  host: HostName,
  { makeHost, lanes = 1, onResult }: RunOptions,
): Promise<CaseResult[]> {
  const waiting = cases.filter((each) => runsOn(each, host));
  const results: CaseResult[] = [];
  const work = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const runner = makeHost();
    try {
      for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) {
        const result = await runOne(each, runner);
        results.push(result);
        onResult?.(result);
      }
    } finally {
      await runner.close();
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
  return results;
}

/** One case; what is thrown becomes its difference, so that the others still run. */
export async function runOne(each: LoadedCase, runner: CaseHost): Promise<CaseResult> {
  const start = performance.now();
  const outcome = await runner.run(each).catch((error: unknown) => brokenOutcome(each, error));
  return { each, host: runner.name, outcome, durationMs: performance.now() - start };
}

function brokenOutcome(each: LoadedCase, error: unknown): Outcome {
  const got = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const difference = {
    pointer: `${each.pointer}/name`,
    what: 'the run',
    wanted: 'to the end',
    got,
  };
  return { differences: [difference], trace: '' };
}

// Runs suites with their documents and tells, sample by sample, what passed, what differed, and what no document says.

import { Documents, readerOf, type Sample } from './samples.ts';
import type { TextpbDifference } from './expectations.ts';
import { runTest } from './run.ts';

/** What became of one test. */
export interface TextpbOutcome {
  readonly sample: Sample;
  readonly test: string;
  readonly differences: readonly TextpbDifference[];
  /** Why it was not run. */
  readonly notRun?: string;
}

/** Runs every test of the suites. */
export async function runSamples(
  samples: readonly Sample[],
  documents: Documents,
  wasm: string,
): Promise<TextpbOutcome[]> {
  const outcomes: TextpbOutcome[] = [];
  for (const sample of samples) outcomes.push(...(await runSample(sample, documents, wasm)));
  return outcomes;
}

async function runSample(
  sample: Sample,
  documents: Documents,
  wasm: string,
): Promise<TextpbOutcome[]> {
  const { suite } = sample;
  const document = documents.documentFor(sample);
  const outcomes: TextpbOutcome[] = [];
  for (const test of suite.test) {
    const known = documents.reasonFor(sample, test.name);
    const reason = known === undefined ? undefined : `cannot be expressed: ${known}`;
    const notRun = 'reason' in document ? document.reason : reason;
    const name = test.name;
    if (notRun !== undefined || 'reason' in document) {
      outcomes.push({ sample, test: name, differences: [], notRun: notRun ?? '' });
      continue;
    }
    const run = { wasm, configuration: document.json, read: readerOf(sample) };
    outcomes.push({ sample, test: name, differences: await runTest(suite, test, run) });
  }
  return outcomes;
}

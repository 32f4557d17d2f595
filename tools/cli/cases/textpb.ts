// `mixer test --format textpb`: suites of Google's plugin tester, reported sample by sample.

import type { TextpbDifference } from '../../textpb/expectations.ts';
import { runSamples, type TextpbOutcome } from '../../textpb/report.ts';
import { Documents, samplesAt, type Sample } from '../../textpb/samples.ts';
import { SuiteProblem } from '../../textpb/tree.ts';
import { FilesWrong, WrongUsage } from '../errors.ts';
import { filterPath } from '../inspect.ts';
import { print, stdoutColors, type Colors } from '../output.ts';

export interface TextpbFlags {
  readonly documents?: string;
  readonly filter?: string;
  readonly wasm?: string;
}

/** Runs the suites at the paths and prints what became of them. */
export async function runTextpb(paths: readonly string[], flags: TextpbFlags): Promise<void> {
  const samples = samplesOf(paths, flags.filter ?? '');
  const documents = new Documents(flags.documents ?? null);
  const outcomes = await runSamples(samples, documents, filterPath(flags.wasm));
  const colors = stdoutColors();
  for (const sample of samples) {
    const own = outcomes.filter((each) => each.sample === sample);
    print(sampleText(sample, own, colors));
  }
  const run = outcomes.filter(({ notRun }) => notRun === undefined);
  const failed = run.filter(({ differences }) => differences.length > 0).length;
  print(`${run.length - failed} passed, ${failed} failed`);
  if (failed > 0 || run.length === 0) throw new FilesWrong('');
}

function samplesOf(paths: readonly string[], filter: string): Sample[] {
  try {
    const samples = paths
      .flatMap((path) => samplesAt(path))
      .filter(({ title }) => title.includes(filter));
    if (samples.length > 0) return samples;
  } catch (error) {
    if (error instanceof SuiteProblem) throw new FilesWrong(error.message);
    throw error;
  }
  throw new WrongUsage(`no suites in ${paths.join(' ')}: expected tests.textpb`);
}

/** `sample: 3 of 4`, each difference, and once for each reason what was not run. */
function sampleText({ title }: Sample, outcomes: readonly TextpbOutcome[], colors: Colors): string {
  const run = outcomes.filter(({ notRun }) => notRun === undefined);
  const failed = run.filter(({ differences }) => differences.length > 0);
  const count = `${run.length - failed.length} of ${run.length}`;
  const paint = failed.length > 0 ? colors.red : colors.green;
  const reasons = new Map<string, number>();
  for (const { notRun } of outcomes)
    if (notRun !== undefined) reasons.set(notRun, (reasons.get(notRun) ?? 0) + 1);
  return [
    ...(run.length > 0 ? [`${colors.bold(title)}: ${paint(count)}`] : []),
    ...failed.flatMap(({ test, differences }) => [
      `  ${colors.red('✗')} ${test}`,
      ...differences.flatMap((each) => differenceLines(each, colors)),
    ]),
    ...[...reasons].map(([reason, many]) => `${colors.bold(title)}: not run: ${reason} (${many})`),
  ].join('\n');
}

function differenceLines({ phase, what, wanted, got }: TextpbDifference, colors: Colors): string[] {
  const [first = '', ...rest] = got.split('\n');
  return [
    `    ${phase}: ${what}`,
    `      expected ${colors.green(wanted)}`,
    `      got      ${colors.red(first)}`,
    ...rest.map((line) => `               ${colors.red(line)}`),
  ];
}

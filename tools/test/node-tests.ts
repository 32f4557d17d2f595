// Runs files of node:test, each in a process of its own, and counts their tests.

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../build/root.ts';
import { programArguments, runNode } from './command.ts';
import { NOTHING, describeCounts, sum, type StepResult } from './result.ts';

export interface NodeTestOptions {
  /** Files that run side by side. Those that measure time or own ports want 1. */
  readonly concurrency: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
}

interface TestLine {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly error: string;
}

const RESULTS = 'build/test';
const FILE_TIMEOUT_MS = 600_000;
const FAILURE_LINES_MAX = 40;

/** Runs the files and adds up what they report. */
export async function runNodeTests(
  files: readonly string[],
  options: NodeTestOptions,
): Promise<StepResult> {
  mkdirSync(join(ROOT, RESULTS), { recursive: true });
  const waiting = [...files];
  const results: StepResult[] = [];
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      results.push(await runFile(file, options));
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, work));
  return sum(results);
}

async function runFile(file: string, { env, print }: NodeTestOptions): Promise<StepResult> {
  const destination = join(ROOT, RESULTS, `${file.replaceAll('/', '-')}.jsonl`);
  rmSync(destination, { force: true });
  const start = performance.now();
  const reporter = [
    '--test-reporter',
    './tools/test/reporter.js',
    '--test-reporter-destination',
    destination,
  ];
  const { isOk, output } = await runNode([...reporter, ...(await programArguments(file))], {
    timeoutMs: FILE_TIMEOUT_MS,
    ...(env && { env }),
  });
  const result = count(file, readLines(destination), isOk, output);
  print(
    `  ${file}: ${describeCounts(result)} (${((performance.now() - start) / 1000).toFixed(1)} s)`,
  );
  return result;
}

function readLines(destination: string): TestLine[] {
  if (!existsSync(destination)) return [];
  const lines = readFileSync(destination, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as TestLine);
}

/** Counts a file's lines. A file that fails without saying which test, or that has no test, is one failure. */
export function count(
  file: string,
  lines: readonly TestLine[],
  isOk: boolean,
  output: string,
): StepResult {
  const number = (wanted: TestLine['outcome']): number =>
    lines.filter(({ outcome }) => outcome === wanted).length;
  const failures = lines
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ name, error }) => `${file}: ${name}\n${shorten(error)}`);
  const counts = { passed: number('passed'), failed: number('failed'), skipped: number('skipped') };
  if (failures.length === 0 && (!isOk || lines.length === 0)) {
    const why = isOk ? 'the file has no tests' : shorten(output);
    return sum([
      { ...counts, failures: [] },
      { ...NOTHING, failed: 1, failures: [`${file}\n${why}`] },
    ]);
  }
  return { ...counts, failures };
}

function shorten(text: string): string {
  const lines = text.trim().split('\n');
  if (lines.length <= FAILURE_LINES_MAX) return lines.join('\n');
  return [
    ...lines.slice(0, FAILURE_LINES_MAX),
    `… ${lines.length - FAILURE_LINES_MAX} more lines`,
  ].join('\n');
}

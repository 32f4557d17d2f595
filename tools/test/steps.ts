// The steps of `npm test`, in order: what a change breaks first comes first.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../build/root.ts';
import { disagrees, forgetResults, keptRows, matrixText } from '../cli/cases/matrix.ts';
import { acquireEngine } from '../containers/engine.ts';
import { provideEnvoyImage } from '../containers/image.ts';
import { runAsPect } from './as-pect.ts';
import { programArguments, runNode } from './command.ts';
import { longestFirst, remainingTestFiles, specFiles, testFiles } from './files.ts';
import { runNodeTests } from './node-tests.ts';
import { awaitParts } from './parts.ts';
import { NOTHING, check, countSummary, sum, type StepResult } from './result.ts';

/** A part of the test command. */
export interface Step {
  readonly name: string;
  /** Its tests are part of other steps: it runs only when it is asked for by name. */
  readonly isPartOfOthers?: boolean;
  /** It runs beside the step before it, which alone would leave a processor idle; where it needs that one, it waits. */
  readonly isBeside?: boolean;
  /** Steps that must not have failed before. */
  readonly needs?: readonly string[];
  readonly run: (print: (line: string) => void) => Promise<StepResult>;
}

const TSC = 'node_modules/typescript/bin/tsc';
const ESLINT = 'node_modules/eslint/bin/eslint.js';
const PRETTIER = 'node_modules/prettier/bin/prettier.cjs';
const CONFORMANCE = 'test/conformance/run.ts';
const CACHED = ['--cache', '--cache-location', 'build/.cache/'];
const PRETTIER_CACHED = ['--cache', '--cache-location', 'build/.cache/prettier'];

type Command = readonly [name: string, ...args: string[]];

// The longest first.
const LINT: readonly Command[] = [['eslint', ESLINT, '.', ...CACHED]];
const TYPES: readonly Command[] = [
  ['tsc', TSC],
  ['tsc -p assembly', TSC, '-p', 'assembly'],
];
const FORMAT: readonly Command[] = [
  ['prettier', PRETTIER, '--check', '.', '--log-level', 'warn', ...PRETTIER_CACHED],
];

/** Tests of time and memory, which want the machine for themselves. */
const MEASURING = /\/(memory|module-reload|quota-rate)\.test\.ts$/;

/** What the test of failing backends leaves. */
const FAULT_MATRIX_FILE = join(ROOT, 'build', 'fault-matrix.txt');

/** What requests get: documents in the emulator, and the adapters' cases. */
const POLICY_TESTS = [
  'test/rules/policy.test.ts',
  'test/cases/emulator.test.ts',
  'test/build/hotpath.test.ts',
  'test/envoy/demo.test.ts',
];

/** Steps in their order, those that run side by side together: never one beside another that it needs. */
export function groupsOf(steps: readonly Step[]): Step[][] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const last = groups[groups.length - 1];
    const isFree = !last?.some(({ name }) => step.needs?.includes(name));
    if (step.isBeside === true && isFree && last !== undefined) last.push(step);
    else groups.push([step]);
  }
  return groups;
}

export const STEPS: readonly Step[] = [
  { name: 'tidy', run: (print) => runNodeTests(testFiles('tidy'), { concurrency: 2, print }) },
  { name: 'static', isBeside: true, run: () => checks([...LINT, ...TYPES, ...FORMAT], 2) },
  { name: 'types', isPartOfOthers: true, run: () => checks(TYPES) },
  { name: 'lint', isPartOfOthers: true, run: () => checks(LINT) },
  { name: 'format', isPartOfOthers: true, run: () => checks(FORMAT) },
  { name: 'build', isBeside: true, run: () => checks([['build', 'bin/mixer.js', 'build']]) },
  { name: 'units', isBeside: true, run: runUnits },
  { name: 'conformance', needs: ['build'], run: runConformance },
  {
    name: 'tests',
    isBeside: true,
    needs: ['build'],
    run: (print) => runNodeTests(longestFirst(remainingTestFiles()), { concurrency: 3, print }),
  },
  {
    name: 'policy',
    isPartOfOthers: true,
    needs: ['build'],
    run: (print) => runNodeTests(POLICY_TESTS, { concurrency: 2, print }),
  },
  { name: 'cases', needs: ['build'], run: runCases },
  {
    // Alone: it holds the time that hostile input takes against that of plain input.
    name: 'fuzz',
    needs: ['build'],
    run: (print) => runNodeTests(testFiles('fuzz'), { concurrency: 2, print }),
  },
  {
    name: 'envoy',
    needs: ['build'],
    run: async (print) => {
      await awaitParts(print);
      const files = testFiles('envoy');
      const measuring = files.filter((file) => MEASURING.test(file));
      const others = files.filter((file) => !MEASURING.test(file));
      const result = sum([
        await runNodeTests(longestFirst(others), { concurrency: 3, print }),
        await runNodeTests(measuring, { concurrency: 1, print }),
      ]);
      if (existsSync(FAULT_MATRIX_FILE))
        print(indented(readFileSync(FAULT_MATRIX_FILE, 'utf8').trimEnd()));
      return result;
    },
  },
  { name: 'container', isBeside: true, needs: ['build'], run: runContainerTests },
];

/** Runs node with each command's arguments, so many at once; each is one check. */
async function checks(commands: readonly Command[], concurrency = 1): Promise<StepResult> {
  const waiting = [...commands];
  const results: StepResult[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, ...args] = next;
      const { isOk, output } = await runNode(args);
      results.push(check(name, isOk, output));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return sum(results);
}

async function runUnits(): Promise<StepResult> {
  const specs = specFiles();
  return specs.length === 0 ? NOTHING : runAsPect(specs);
}

/** Tables of others, in the folders that $MIXER_CONFORMANCE_DIR names; the project's own are among the tests. */
async function runConformance(print: (line: string) => void): Promise<StepResult> {
  const folders = (process.env['MIXER_CONFORMANCE_DIR'] ?? '').split(':').filter(Boolean);
  if (folders.length === 0) return NOTHING;
  const named = folders.flatMap((folder) => ['--dir', folder]);
  const { isOk, output } = await runNode([...(await programArguments(CONFORMANCE)), ...named]);
  print(output.trimEnd());
  return countSummary('conformance', output, isOk);
}

/** The same cases on every host, side by side, because those of containers mostly wait for their engine; and a table of
 * what came of them. */
async function runCases(print: (line: string) => void): Promise<StepResult> {
  const files = testFiles('cases');
  const on = (host: string): string[] => files.filter((file) => file.endsWith(`/${host}.test.ts`));
  const [local, contained] = [on('envoy'), on('container')];
  const others = files.filter((file) => !local.includes(file) && !contained.includes(file));
  forgetResults();
  // The emulator's cases have a budget of processor time, which a busy machine would use up.
  const emulated = await runNodeTests(others, { concurrency: 2, print });
  const real = await Promise.all([
    runNodeTests(local, { concurrency: 1, print }),
    withEngine(contained, print),
  ]);
  const rows = keptRows();
  print(indented(matrixText(rows)));
  const apart = rows.filter(disagrees).map(({ title }) => check(title, false, 'hosts disagree'));
  return sum([emulated, ...real, ...apart]);
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}

function runContainerTests(print: (line: string) => void): Promise<StepResult> {
  return withEngine(testFiles('container'), print);
}

/** Runs tests that need an engine; without one they are skipped, and the output says why. */
async function withEngine(
  files: readonly string[],
  print: (line: string) => void,
): Promise<StepResult> {
  if (files.length === 0) return NOTHING;
  const engine = await acquireEngine(print);
  if (engine.kind === 'missing') {
    print(`  SKIPPED: ${files.length} files of container tests: ${engine.reason}`);
    return { ...NOTHING, skipped: files.length };
  }
  try {
    const env = { ...engine.env, ENVOY_IMAGE: provideEnvoyImage(engine.env, print) };
    return await runNodeTests(files, { concurrency: 1, env, print });
  } finally {
    await engine.close();
  }
}

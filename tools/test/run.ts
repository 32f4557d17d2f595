// `npm test`: every step in order, one line each; the last line of stdout is `N passed, N failed`, with the skipped
// ones where there are any. `--only units,tidy` runs these steps, `--skip container` all others.

import { parseArgs } from 'node:util';

import { staleModules, staleText } from '../build/stale.ts';
import { OWN } from '../build/workspace.ts';
import { readFlags } from './flags.ts';
import { beginParts } from './parts.ts';
import { NOTHING, check, describeCounts, isFailure, sum, type StepResult } from './result.ts';
import { STEPS, groupsOf, type Step } from './steps.ts';

const EXIT_FILES = 1;
const EXIT_USAGE = 2;
const USAGE = `Usage: npm test -- [--only STEP,…] [--skip STEP,…]

  --only …   these steps, by name, also those that are part of others
  --skip …   all others
  The steps: ${STEPS.map(({ name }) => name).join(', ')}

Examples:
  $ npm test                                everything
  $ npm test -- --only tidy,units           two steps
  $ npm test -- --skip envoy,container      all but these
`;

function chooseSteps(): Step[] {
  const list = { type: 'string', multiple: true, default: [] as string[] } as const;
  const { values } = readFlags(() => parseArgs({ options: { only: list, skip: list } }), USAGE);
  const [only, skip] = [values.only, values.skip].map((given) =>
    given.flatMap((names) => names.split(',')),
  );
  const known = STEPS.map(({ name }) => name);
  const unknown = [...only!, ...skip!].find((name) => !known.includes(name));
  if (unknown !== undefined) {
    process.stderr.write(`no step "${unknown}": expected ${known.join(', ')}\n`);
    process.exit(EXIT_USAGE);
  }
  return STEPS.filter(({ name, isPartOfOthers = false }) => {
    const isWanted = only!.length === 0 ? !isPartOfOthers : only!.includes(name);
    return isWanted && !skip!.includes(name);
  });
}

/** Modules that are older than their sources would be judged in the place of the sources. */
function assureFresh(steps: readonly Step[]): void {
  const isUsing = steps.some(({ needs }) => needs?.includes('build'));
  if (!isUsing || steps.some(({ name }) => name === 'build')) return;
  const stale = staleModules(OWN);
  if (stale.length === 0) return;
  process.stderr.write(`${staleText(stale, 'add the step `build`')}\n`);
  process.exit(EXIT_FILES);
}

async function runStep(step: Step, say: (line: string) => void): Promise<StepResult> {
  const missing = step.needs?.find((name) => failed.has(name));
  if (missing !== undefined) return check(step.name, false, `not run, because ${missing} failed`);
  try {
    return await step.run(say);
  } catch (error) {
    return check(
      step.name,
      false,
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs a step and says what came of it. */
async function runAndTell(step: Step, say: (line: string) => void): Promise<void> {
  say(`${step.name} …`);
  const start = performance.now();
  const result = await runStep(step, say);
  if (result.failed > 0) failed.add(step.name);
  results.push(result);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  say(`${step.name}: ${describeCounts(result)} (${seconds} s)`);
}

/** Those that run side by side are told one after the other, each when it has ended. */
async function runTogether(group: readonly Step[]): Promise<void> {
  await Promise.all(
    group.map(async (step) => {
      if (group.length === 1) return runAndTell(step, print);
      const lines: string[] = [];
      await runAndTell(step, (line) => lines.push(line));
      lines.forEach(print);
    }),
  );
}

const results: StepResult[] = [];
const failed = new Set<string>();
const steps = chooseSteps();
assureFresh(steps);
if (steps.some(({ name }) => name === 'envoy')) beginParts();
for (const group of groupsOf(steps)) {
  if (group.length > 1) print(`${group.map(({ name }) => name).join(', ')} side by side …`);
  await runTogether(group);
}

const total = sum([NOTHING, ...results]);
if (total.failures.length > 0) print(`\nFailures:\n\n${total.failures.join('\n\n')}\n`);
print(describeCounts(total));
process.exitCode = isFailure(total) ? 1 : 0;

// `npm run fuzz`: every parser of the filter with random and mutated input, 1 M executions by default. Progress on
// stderr, the counts on stdout; a failing input is made as small as it goes and written to a file.
//
//   npm run fuzz -- --seed 7 --count 100000 --only json,regexp

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../../tools/build/root.ts';
import { minimized } from './minimize.ts';
import { Random } from './random.ts';
import { TARGETS, type Target } from './targets.ts';
import { runMain } from '../support/run-main.ts';

const COUNT_DEFAULT = 1_000_000;
const PROGRESS_MS = 2_000;
const FOLDER = join(ROOT, 'build/fuzz');
const USAGE = `Usage: npm run fuzz -- [--count N] [--seed N] [--only NAME,…]

  --count N   executions in total, shared among the targets (default: ${COUNT_DEFAULT})
  --seed N    the same seed makes the same inputs (default: by the clock; it is printed)
  --only …    some of: ${TARGETS.map(({ name }) => name).join(', ')}

Examples:
  $ npm run fuzz -- --count 50000
  $ npm run fuzz -- --only json,regexp --seed 7      the inputs of that seed once more
`;

interface Failure {
  readonly target: string;
  readonly file: string;
  readonly message: string;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: String(COUNT_DEFAULT) },
      seed: { type: 'string', default: String(Date.now() % 4_294_967_296) },
      only: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const only = values.only?.split(',');
  const targets = TARGETS.filter(({ name }) => only?.includes(name) ?? true);
  const count = Number(values.count);
  const seed = Number(values.seed);
  if (values.help || targets.length === 0 || !(count > 0) || !(seed >= 0)) {
    process.stderr.write(USAGE);
    return values.help ? 0 : 2;
  }
  process.stdout.write(`seed ${seed}\n`);
  const failures: Failure[] = [];
  let done = 0;
  const weight = targets.reduce((sum, target) => sum + target.weight, 0);
  for (const target of targets) {
    const share = Math.ceil((count * target.weight) / weight);
    const result = await fuzz(target, share, seed);
    done += result.done;
    failures.push(...result.failures);
    process.stdout.write(
      `${target.name}: ${result.done} executions, ${result.failures.length} failed\n`,
    );
  }
  for (const { target, file, message } of failures)
    process.stdout.write(`${target}: ${message}\n  input in ${file}\n`);
  process.stdout.write(`${done} executions, ${failures.length} failed, seed ${seed}\n`);
  return failures.length === 0 ? 0 : 1;
}

/** Runs one target until its share is done; the first failure ends it. */
async function fuzz(
  target: Target,
  share: number,
  seed: number,
): Promise<{ done: number; failures: Failure[] }> {
  let run = await target.start();
  const random = new Random(seed);
  let told = Date.now();
  for (let done = 0; done < share; done++) {
    if (Date.now() - told > PROGRESS_MS) {
      told = Date.now();
      process.stderr.write(`${target.name}: ${done} of ${share}\n`);
    }
    const input = target.input(random);
    const message = messageOf(run, input);
    if (message === null) continue;
    // A trap leaves the module in an unknown state: each trial gets a new one.
    const trial = async (smaller: Buffer): Promise<boolean> => {
      run = await target.start();
      return messageOf(run, smaller) !== null;
    };
    const smallest = await minimized(input, trial);
    run = await target.start();
    return {
      done: done + 1,
      failures: [keep(target, smallest, messageOf(run, smallest) ?? message)],
    };
  }
  return { done: share, failures: [] };
}

function messageOf(run: (input: Buffer) => string | null, input: Buffer): string | null {
  try {
    return run(input);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function keep(target: Target, input: Buffer, message: string): Failure {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `${target.name}.input`);
  writeFileSync(file, input);
  return {
    target: target.name,
    file,
    message: `${message}: ${JSON.stringify(input.toString('latin1').slice(0, 200))}`,
  };
}

await runMain(main, USAGE);

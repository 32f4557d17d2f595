// Builds targets: generates entries, compiles what is stale, then checks budgets and the hot path.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { BuildError } from './build-error.ts';
import { Compiler } from './compile.ts';
import { finishModule } from './finish.ts';
import { linkedFlags } from './linked.ts';
import { COMPILER_COUNT_MAX } from './settings.ts';
import { Stamps } from './stamp.ts';
import { entryFile, entryText, namedFile, type Target } from './targets.ts';
import type { BuildOptions } from './options.ts';
import { HOTPATH_TEXT, checkBudgets, checkHotpathText } from './verify.ts';
import { workspaceFlags, type Workspace } from './workspace.ts';

/** One run of the compiler and what follows it. */
interface Job {
  readonly name: string;
  readonly entry: string;
  readonly flags: readonly string[];
  readonly out: string;
  /** Makes `out` of what the compiler wrote, and says what came out. */
  readonly finish: () => string;
}

/** Builds every target that changed and checks what came out. Throws a BuildError that holds all that is wrong. */
export async function build(options: BuildOptions): Promise<void> {
  await compileTargets(options);
  const problems = [...checkBudgets(options), ...checkHotpathText(options)];
  if (problems.length > 0) throw new BuildError(problems.join('\n'));
}

/** Compiles every target that changed. Throws a BuildError with what the compiler said. */
export async function compileTargets(options: BuildOptions): Promise<void> {
  const { root, targets, debug, hotpath, log } = options;
  const workspace = { root, prefix: options.prefix ?? '' };
  for (const target of targets) writeEntry(workspace, target);
  const common = workspaceFlags(workspace);
  const flagsOf = ({ adapters }: Target): string[] => [
    ...common,
    ...(workspace.prefix === '' ? linkedFlags(root, adapters) : []),
  ];
  const jobs = targets.map((target) => targetJob(target, options, flagsOf(target)));
  const [first] = targets;
  if (first && hotpath !== 'off' && !debug) jobs.splice(1, 0, hotpathJob(first, flagsOf(first)));
  await runAll(jobs, root, log);
}

function writeEntry({ root, prefix }: Workspace, target: Target): void {
  const file = join(root, entryFile(target));
  const text = entryText(target, prefix);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function targetJob(target: Target, { root, debug }: BuildOptions, common: readonly string[]): Job {
  const named = namedFile(target);
  const finish = (): string => {
    const module = finishModule(join(root, named), resolve(root, target.out), debug);
    return `${target.out} ${module.length.toLocaleString('en')} bytes`;
  };
  return {
    name: debug ? `debug/${target.name}` : target.name,
    entry: entryFile(target),
    flags: ['--target', debug ? 'debug' : 'release', '--outFile', named, '--sourceMap', ...common],
    out: target.out,
    finish,
  };
}

function hotpathJob(target: Target, common: readonly string[]): Job {
  const flags = ['--target', 'hotpath', '--textFile', HOTPATH_TEXT, ...common];
  return {
    name: 'hotpath',
    entry: entryFile(target),
    flags,
    out: HOTPATH_TEXT,
    finish: () => HOTPATH_TEXT,
  };
}

/** Compiles what is stale, a few modules side by side. Nothing more is begun once one has failed. */
async function runAll(jobs: readonly Job[], root: string, log: Logger): Promise<void> {
  const stamps = new Stamps(root);
  const stale = jobs.filter((job) => !stamps.isFresh(job.name, stampFlags(job), job.out));
  if (stale.length < jobs.length)
    log.info(`${jobs.length - stale.length} of ${jobs.length} modules are up to date`);
  const failures = new Set<string>();
  const work = async (): Promise<void> => {
    const compiler = new Compiler();
    try {
      for (let job = stale.shift(); job && failures.size === 0; job = stale.shift()) {
        const failure = await runJob(job, compiler, { root, stamps, log });
        for (const message of failure?.split('\n\n') ?? []) failures.add(message);
      }
    } finally {
      compiler.close();
    }
  };
  const count = Math.min(COMPILER_COUNT_MAX, availableParallelism(), stale.length);
  await Promise.all(Array.from({ length: count }, work));
  if (failures.size > 0) throw new BuildError([...failures].join('\n\n'));
}

/** What went wrong, or null. */
async function runJob(
  job: Job,
  compiler: Compiler,
  { root, stamps, log }: { root: string; stamps: Stamps; log: Logger },
): Promise<string | null> {
  const start = performance.now();
  const { ok, messages, inputs } = await compiler.compile({
    root,
    entry: job.entry,
    flags: job.flags,
  });
  if (!ok) return readableMessages(messages);
  const summary = job.finish();
  stamps.write(job.name, stampFlags(job), job.out, inputs);
  log.info(`${summary} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  return null;
}

function stampFlags({ entry, flags }: Job): string[] {
  return [entry, ...flags];
}

/** asc's messages with places as `file:line:column`, which terminals and editors open. */
export function readableMessages(messages: string): string {
  return messages
    .replace(/ in (\S+\.ts)\((\d+),(\d+)\)/g, ' $1:$2:$3')
    .replace(/^(Last converge was suboptimal\.|FAILURE .*)\n?/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

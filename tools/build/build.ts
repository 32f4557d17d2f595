// Builds targets: generates entries, compiles what is stale, then checks budgets and the hot path.

import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { authorProblems } from './author-rules.ts';
import { BuildError } from './build-error.ts';
import { Compiler } from './compile.ts';
import { flagsFor, hotpathJob, stampFlags, targetJob, together, type Job } from './jobs.ts';
import type { BuildOptions } from './options.ts';
import { COMPILER_COUNT_MAX } from './settings.ts';
import { hasEntry } from './stale.ts';
import { Stamps } from './stamp.ts';
import { entryFile, entryText, type Target } from './targets.ts';
import { checkBudgets, checkHotpathText } from './verify.ts';
import type { Workspace } from './workspace.ts';

/** Builds every target that changed and checks what came out. Throws a BuildError that holds all that is wrong. */
export async function build(options: BuildOptions): Promise<void> {
  await compileTargets(options);
  const problems = [...checkBudgets(options), ...checkHotpathText(options)];
  if (problems.length > 0) throw new BuildError(problems.join('\n'));
}

/** Compiles every target that changed. Throws a BuildError with what the compiler said. */
export async function compileTargets(options: BuildOptions): Promise<void> {
  const { targets, debug, hotpath } = options;
  const adapters = new Set(targets.flatMap((target) => target.adapters));
  const problems = await authorProblems(workspaceOf(options), [...adapters]);
  if (problems.length > 0) throw new BuildError(problems.join('\n\n'));
  for (const target of targets) writeEntry(workspaceOf(options), target);
  const flagsOf = flagsFor(workspaceOf(options));
  const jobs = targets.map((target) => targetJob(target, options, flagsOf(target)));
  const [first] = targets;
  if (first && hotpath !== 'off' && !debug) jobs.splice(1, 0, hotpathJob(first, flagsOf(first)));
  await runAll(jobs, options);
}

function workspaceOf({ root, prefix = '' }: BuildOptions): Workspace {
  return { root, prefix };
}

/** Writes the entry of a target, unless it stands there already. */
export function writeEntry(workspace: Workspace, target: Target): void {
  if (hasEntry(workspace, target)) return;
  const file = join(workspace.root, entryFile(target));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, entryText(target, workspace.prefix));
}

/** Compiles what is stale, a few modules side by side. Nothing more is begun once one has failed. */
async function runAll(jobs: readonly Job[], options: BuildOptions): Promise<void> {
  const { root, log, compiler: running } = options;
  const stamps = new Stamps(root);
  const old = jobs.filter((job) => !stamps.isFresh(job.name, stampFlags(job), job.out));
  if (old.length < jobs.length)
    log.info(`${jobs.length - old.length} of ${jobs.length} modules are up to date`);
  const stale = joined(old);
  const failures = new Set<string>();
  const work = async (): Promise<void> => {
    const compiler = running ?? new Compiler();
    try {
      for (let job = stale.shift(); job && failures.size === 0; job = stale.shift()) {
        const failure = await runJob(job, compiler, { root, stamps, log });
        for (const message of failure?.split('\n\n') ?? []) failures.add(message);
      }
    } finally {
      if (compiler !== running) compiler.close();
    }
  };
  const most = running ? 1 : Math.min(COMPILER_COUNT_MAX, availableParallelism());
  const count = Math.min(most, stale.length);
  await Promise.all(Array.from({ length: count }, work));
  if (failures.size > 0) throw new BuildError([...failures].join('\n\n'));
}

/** The same, a module and its text in one run where both are wanted. */
function joined(jobs: readonly Job[]): Job[] {
  const [first, second, ...others] = jobs;
  if (second?.text?.isAll !== true || first?.entry !== second.entry) return [...jobs];
  return [together(first, second), ...others];
}

/** What went wrong, or null. */
async function runJob(
  job: Job,
  compiler: Compiler,
  { root, stamps, log }: { root: string; stamps: Stamps; log: Logger },
): Promise<string | null> {
  const start = performance.now();
  const { entry, flags, text, beside } = job;
  const task = { root, entry, flags, ...(text && { text }) };
  const { ok, messages, inputs } = await compiler.compile(task);
  if (!ok) return readableMessages(messages);
  const summary = job.finish();
  for (const made of beside ? [job, beside] : [job])
    stamps.write(made.name, stampFlags(made), made.out, inputs);
  log.info(`${summary} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  return null;
}

/**
 * asc's messages with places as `file:line:column`, which terminals and editors open. Where there are errors they stand
 * alone: a good build tells no warnings either, and most of them are about sources that nobody can change there.
 */
export function readableMessages(messages: string): string {
  const all = messages
    .replace(/ in (\S+\.ts)\((\d+),(\d+)\)/g, ' $1:$2:$3')
    .replace(/^(Last converge was suboptimal\.|FAILURE .*)\n?/gm, '')
    .trim()
    .split(/\n{2,}/);
  const errors = all.filter((message) => !message.startsWith('WARNING '));
  return (errors.length > 0 ? errors : all).join('\n\n');
}

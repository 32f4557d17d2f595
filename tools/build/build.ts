// Builds targets: generates entries, compiles what is stale, then checks budgets and the hot path.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { BuildError } from './build-error.ts';
import { Compiler } from './compile.ts';
import { checkHotpath, type Exemption } from './hotpath/check.ts';
import { readCallGraph } from './hotpath/wat.ts';
import { COMPILER_COUNT_MAX, HOT_EXPORTS } from './settings.ts';
import { measure, overBudget, renderSizes } from './size.ts';
import { Stamps } from './stamp.ts';
import { entryFile, entryText, type Target } from './targets.ts';
import { keepFunctionNamesOnly } from './wasm.ts';

/** What to build and where to talk. */
export interface BuildOptions {
  /** The project's top folder. */
  readonly root: string;
  /** The first one is what the size table and the hot-path check are about. */
  readonly targets: readonly Target[];
  /** With assertions. */
  readonly debug: boolean;
  /** Whether to look for allocations behind per-request exports, and whether unused exemptions are errors too. */
  readonly hotpath: 'all' | 'allocations' | 'off';
  readonly log: Logger;
}

/** One run of the compiler and what follows it. */
interface Job {
  readonly name: string;
  readonly entry: string;
  readonly flags: readonly string[];
  readonly out: string;
  /** Works on the output, and says what came out. */
  readonly finish: (out: string) => string;
}

const HOTPATH_TEXT = 'build/hotpath.wat';
const HOTPATH_TRAPS = 'build/hotpath-traps.txt';
const ALLOWED = 'tools/build/hotpath/allowed.json';

/** Builds every target that changed. Throws a BuildError that holds all that is wrong. */
export async function build(options: BuildOptions): Promise<void> {
  const { root, targets, debug, hotpath, log } = options;
  for (const target of targets) writeEntry(root, target);
  const jobs = targets.map((target) => targetJob(target, debug));
  const [first] = targets;
  if (first && hotpath !== 'off') jobs.splice(1, 0, hotpathJob(first));
  await runAll(jobs, root, log);
  const problems = debug ? [] : checkBudgets(options);
  if (hotpath !== 'off') problems.push(...checkHotpathText(options));
  if (problems.length > 0) throw new BuildError(problems.join('\n'));
}

function writeEntry(root: string, target: Target): void {
  const file = join(root, entryFile(target));
  const text = entryText(target);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function targetJob(target: Target, debug: boolean): Job {
  const finish = (out: string): string => {
    const module = keepFunctionNamesOnly(readFileSync(out));
    writeFileSync(out, module);
    return `${target.out} ${module.length.toLocaleString('en')} bytes`;
  };
  const flags = ['--target', debug ? 'debug' : 'release', '--outFile', target.out];
  return {
    name: debug ? `debug/${target.name}` : target.name,
    entry: entryFile(target),
    flags,
    out: target.out,
    finish,
  };
}

function hotpathJob(target: Target): Job {
  const flags = ['--target', 'hotpath', '--textFile', HOTPATH_TEXT];
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
  const summary = job.finish(resolve(root, job.out));
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

function checkBudgets({ root, targets, log }: BuildOptions): string[] {
  return targets.flatMap(({ out, sizeMaxBytes }, index) => {
    const report = measure(readFileSync(resolve(root, out)));
    const problem = overBudget(out, report.totalBytes, sizeMaxBytes);
    if (problem !== null || index === 0) log.info(renderSizes(out, report));
    return problem ?? [];
  });
}

function checkHotpathText({ root, hotpath, log }: BuildOptions): readonly string[] {
  const allowed = join(root, ALLOWED);
  const exempt = existsSync(allowed)
    ? (JSON.parse(readFileSync(allowed, 'utf8')) as Exemption[])
    : [];
  const graph = readCallGraph(readFileSync(join(root, HOTPATH_TEXT), 'utf8'));
  const report = checkHotpath(graph, HOT_EXPORTS, exempt);
  const problems =
    hotpath === 'all' ? [...report.allocations, ...report.stale] : report.allocations;
  writeFileSync(join(root, HOTPATH_TRAPS), report.traps.map((path) => `${path}\n`).join(''));
  const { functionCount, exportCount, traps } = report;
  log.info(
    `hot path: ${functionCount} functions behind ${exportCount} exports: ${problems.length} problems, ` +
      `${traps.length} places with a check that could trap (${HOTPATH_TRAPS})`,
  );
  return problems;
}

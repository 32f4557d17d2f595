// `npm run bench`: measures, prints, writes build/bench.json, and says which targets are missed.
// Results go to stdout, progress to stderr. Exit codes: 0 held, 1 missed, 2 usage, 3 environment.

import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { ROOT } from '../../tools/build/root.ts';
import { HOTPATH_TEXT, checkHotpathText } from '../../tools/build/verify.ts';
import { createLog } from '../../tools/cli/output.ts';
import { EnvoyNotReady, MissingEnvironment } from '../../tools/envoy/errors.ts';
import { findEnvoy, type EnvoyFound } from '../../tools/envoy/find.ts';
import { requireLoadGenerator } from './load.ts';
import { NO_BACKENDS, startBackends } from './backends.ts';
import { growthBytes, measureMemory } from './memory-run.ts';
import { measureMicro, microTable } from './micro.ts';
import { BadUsage, USAGE, readOptions, type BenchOptions } from './options.ts';
import { needsBackend } from './remote-documents.ts';
import { targetTable, variantTable } from './report.ts';
import { measureRounds, type Samples } from './rounds.ts';
import { summarize } from './summary.ts';
import { judge, type Results } from './targets.ts';
import { BASELINE, allVariants, type Variant } from './variants.ts';

const ALWAYS: readonly string[] = [BASELINE, 'by-hand'];
const MEMORY_REQUESTS = 1_000_000;
const BYTES_OF_A_MEGABYTE = 1_000_000;
/** What resident memory may grow by in the long run; the allocator of Envoy moves by less. */
const SOAK_GROWTH_MAX_MB = 1;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  if (options.micro) return micro(options);
  requireLoadGenerator();
  const found = findEnvoy();
  progress(`Envoy: ${found.why}`);
  const backends = asksSomebody(options) ? await startBackends(progress) : NO_BACKENDS;
  try {
    const variants = await allVariants(modules(options), backends.addresses);
    if (options.soak !== null) return await soak(found, variants, options.soak, options);
    return await compare(found, chosen(variants, options.variants), options);
  } finally {
    await backends.stop();
  }
}

function asksSomebody({ soak, variants }: BenchOptions): boolean {
  return soak !== null || variants.length === 0 || variants.some(needsBackend);
}

/** Variants in interleaved rounds. */
async function compare(
  found: EnvoyFound,
  variants: readonly Variant[],
  options: BenchOptions,
): Promise<number> {
  const samples = new Map(variants.map((variant) => [variant, noSamples(variant)]));
  await measureRounds(found, samples, { ...options, progress });
  const w1 = variants.find(({ name }) => name === 'w1');
  const memory =
    options.memory && w1 !== undefined
      ? await measureMemory(found, w1, MEMORY_REQUESTS, progress)
      : null;
  const rows = summarize([...samples.values()]);
  const results: Results = {
    rows,
    memoryGrowthBytes: memory === null ? null : growthBytes(memory),
    allocationCount: allocationCount(),
  };
  const verdicts = judge(results);
  const targets = verdicts.map(({ target: { name, most, goal }, value, isMissed }) => ({
    name,
    most,
    goal,
    value,
    isMissed,
  }));
  write(options.json, { options, envoy: found.why, rows, memory, targets });
  process.stdout.write(`${variantTable(rows)}\n\n${targetTable(verdicts)}\n`);
  return verdicts.some(({ isMissed }) => isMissed) ? 1 : 0;
}

/** A long run through all policy adapters at once. */
async function soak(
  found: EnvoyFound,
  variants: readonly Variant[],
  requests: number,
  options: BenchOptions,
): Promise<number> {
  const policies = variants.find(({ name }) => name === 'all-policies');
  if (policies === undefined) throw new Error('no variant has all policy adapters');
  progress(policies.about);
  const memory = await measureMemory(found, policies, requests, progress);
  const grownMb = growthBytes(memory) / BYTES_OF_A_MEGABYTE;
  write(options.json, { options, envoy: found.why, memory });
  const most = `at most ${SOAK_GROWTH_MAX_MB.toFixed(2)} MB`;
  process.stdout.write(
    `${requests} requests: ${grownMb.toFixed(2)} MB over the last three quarters, ${most}\n`,
  );
  return grownMb > SOAK_GROWTH_MAX_MB ? 1 : 0;
}

function micro({ probe, json }: BenchOptions): number {
  const file = resolve(probe);
  if (!existsSync(file))
    throw new MissingEnvironment(`no probe at ${file}: build it (npm run build)`);
  const rows = measureMicro(file, progress);
  write(json, { micro: rows });
  process.stdout.write(`${microTable(rows)}\n`);
  return 0;
}

function modules(options: BenchOptions): Parameters<typeof allVariants>[0] {
  const found = (file: string): string => {
    const path = resolve(file);
    if (existsSync(path)) return path;
    throw new MissingEnvironment(`no filter at ${path}: build it (npm run build)`);
  };
  return {
    mixer: found(options.wasm),
    oneAdapter: found(options.oneAdapter),
    against: options.against === null ? null : found(options.against),
  };
}

function chosen(all: readonly Variant[], names: readonly string[]): Variant[] {
  const unknown = names.find((name) => !all.some((variant) => variant.name === name));
  if (unknown !== undefined)
    throw new BadUsage(
      `no variant ${unknown}: expected some of ${all.map(({ name }) => name).join(', ')}`,
    );
  if (names.length === 0) return [...all];
  return all.filter(({ name }) => {
    const plain = name.replace(/@against$/, '');
    return ALWAYS.includes(name) || names.includes(name) || names.includes(plain);
  });
}

function noSamples({ name, about, module }: Variant): Samples {
  return {
    name,
    about,
    moduleBytes: module === null ? null : statSync(module).size,
    nanosPerRequest: [],
    readyCpuNanos: [],
    idleBytes: [],
  };
}

// The build leaves the text of a module that was not optimized; without it nothing is claimed.
function allocationCount(): number | null {
  if (!existsSync(resolve(ROOT, HOTPATH_TEXT))) return null;
  const log = createLog();
  return checkHotpathText({ root: ROOT, hotpath: 'allocations', debug: false, log, targets: [] })
    .length;
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

function write(file: string, value: unknown): void {
  mkdirSync(dirname(resolve(file)), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof BadUsage) {
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
  } else if (error instanceof MissingEnvironment || error instanceof EnvoyNotReady) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 3;
  } else throw error;
}

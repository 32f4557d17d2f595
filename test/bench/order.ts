// Measures which functions a request runs, in which order, and which of their branches it takes. Writes the order in
// which release modules have functions: those that most of the benchmark's documents run stand first, as they are
// called; and the branches that nearly all requests take or nearly none. Runs in the emulator, so that the same sources
// give the same.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readBody, type Branch } from '../../tools/build/branches.ts';
import { writeEntry } from '../../tools/build/build.ts';
import { Compiler } from '../../tools/build/compile.ts';
import { EITHER, LIKELY, NO_BRANCHES, UNLIKELY } from '../../tools/build/hints.ts';
import { flagsFor } from '../../tools/build/jobs.ts';
import { allTargets, entryFile } from '../../tools/build/targets.ts';
import { readBodies, readFunctions, readSections } from '../../tools/build/wasm.ts';
import { adapterDocuments } from './adapter-documents.ts';
import { NO_BACKENDS } from './backends.ts';
import { NOT_TAKEN, TAKEN, counted } from './counted.ts';
import { runCounted, type Went } from './counted-run.ts';
import {
  demoDocument,
  policiesDocument,
  rulesDocument,
  standardMetricsDocument,
  w1Document,
} from './documents.ts';

const ROOT = join(import.meta.dirname, '../..');
const MODULE = 'build/order/mixer.wasm';
const ORDER = 'tools/build/order.txt';
const HINTS = 'tools/build/hints.txt';
/** So many functions behind the imports have numbers of one byte. */
const CALLED_COUNT = 96;

/** A document as meshes have them, with reports, counts as much as so many of one adapter. */
const WHOLE_WEIGHT = 4;
/** One of a quota in shared data, whose charge other workers may wait for. */
const QUOTA_WEIGHT = 2;
/** What counts at least as much as two of them stands in the order of the calls, whatever else it counts. */
const CORE_WEIGHT = 2 * WHOLE_WEIGHT;

/** Requests that pass are so many times as frequent as those that a policy denies. */
const PASSED_WEIGHT = 10;
/** A way that a branch goes is rare where the other one weighs so many times as much: no whole document's is. */
const RARE_TIMES = 8;

/** What only one adapter's document runs is left out, but for quotas: the module with all adapters has no room. */
const HINTED_WEIGHT_MIN = 2;

const ORDER_HEAD = [
  '# The order of functions in release modules, written by `npm run order`: those that most code calls, since low',
  '# numbers take one byte; then those that requests run, as they call them, and behind them what fewer kinds of',
  '# documents run. A stale name does no harm.',
];
const HINTS_HEAD = [
  '# What requests run, written by `npm run order`: a function, and for each `if` and `br_if` of it in the order of the',
  `# bytes ${UNLIKELY} where it was rarely taken, ${LIKELY} where nearly always, ${EITHER} where both or where it says nothing; ${NO_BRANCHES}: it has none.`,
  '# A line whose function is gone or has another number of branches does no harm but to speed.',
];

await compile();
const compiled = readFileSync(join(ROOT, MODULE));
/** All functions, those that most code calls first. */
const all = readFunctions(readSections(compiled)).map(({ name }) => name);
const counts = new Map<number, number>();
/** By function, and by place among its branches: what the requests weigh that went each way. */
const branches: { taken: number; notTaken: number }[][] = [];
const bodies = readBodies(compiled).map(readBody);
const module = counted(compiled);
for (const [json, weight] of documents()) {
  const run = await runCounted(module, json);
  for (const index of run.functions) counts.set(index, (counts.get(index) ?? 0) + weight);
  for (const went of run.passed) weigh(went, weight * PASSED_WEIGHT);
  for (const went of run.denied) weigh(went, weight);
}
// A Map keeps the order in which functions came: that of the first document that runs them.
const rank = (weight: number): number => Math.min(weight, CORE_WEIGHT);
const ran = [...counts].sort(([, m], [, n]) => rank(n) - rank(m)).map(([index]) => index);
writeOrder();
writeHints();

async function compile(): Promise<void> {
  const [target] = allTargets(ROOT, false);
  if (target === undefined) throw new Error('there is no module to compile');
  const workspace = { root: ROOT, prefix: '' };
  writeEntry(workspace, target);
  const flags = flagsFor(workspace)(target);
  const compiler = new Compiler();
  const { ok, messages } = await compiler.compile({
    root: ROOT,
    entry: entryFile(target),
    flags: ['--target', 'release', '--outFile', MODULE, ...flags],
    keepsOrder: true,
  });
  compiler.close();
  if (!ok) throw new Error(messages);
}

function weigh([index, number, went]: Went, weight: number): void {
  const branch = ((branches[index] ??= [])[number] ??= { taken: 0, notTaken: 0 });
  if ((went & TAKEN) !== 0) branch.taken += weight;
  if ((went & NOT_TAKEN) !== 0) branch.notTaken += weight;
}

/** Documents and how much each counts. */
function documents(): (readonly [json: string, weight: number])[] {
  const whole = [w1Document(), demoDocument(), standardMetricsDocument()];
  const parts = [rulesDocument(10), policiesDocument(10)];
  const adapters = adapterDocuments(NO_BACKENDS.addresses).map(
    ([name, json]) => [json, name.startsWith('memquota') ? QUOTA_WEIGHT : 1] as const,
  );
  return [
    ...whole.map((json) => [json, WHOLE_WEIGHT] as const),
    ...parts.map((json) => [json, 1] as const),
    ...adapters,
  ];
}

function writeOrder(): void {
  const called = all.slice(0, CALLED_COUNT);
  const names = ran.map(nameOf);
  const runs = new Set(names);
  const order = new Set([...called.filter((name) => !runs.has(name)), ...called, ...names]);
  writeFileSync(join(ROOT, ORDER), `${[...ORDER_HEAD, ...order].join('\n')}\n`);
  console.error(`${ran.length} functions run; ${order.size} in ${ORDER}`);
}

function writeHints(): void {
  const hinted = ran.filter((index) => (counts.get(index) ?? 0) >= HINTED_WEIGHT_MIN);
  const lines = hinted.map((index) => {
    const known = bodies[index]?.branches ?? [];
    const hints = known.map((branch, at) => hintOf(branch, branches[index]?.[at])).join('');
    return `${nameOf(index)} ${hints || NO_BRANCHES}`;
  });
  writeFileSync(join(ROOT, HINTS), `${[...HINTS_HEAD, ...lines].join('\n')}\n`);
  console.error(`${lines.length} functions in ${HINTS}`);
}

function nameOf(index: number): string {
  return all[index] ?? '';
}

/** An `if` that is likely and has no other side leaves nothing to move. */
function hintOf({ isOptional }: Branch, went = { taken: 0, notTaken: 0 }): string {
  const { taken, notTaken } = went;
  if (notTaken > 0 && taken * RARE_TIMES <= notTaken) return UNLIKELY;
  return taken > 0 && notTaken * RARE_TIMES <= taken && !isOptional ? LIKELY : EITHER;
}

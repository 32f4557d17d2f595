// Measures which functions a request runs, and in which order, and writes the order in which release modules have them:
// those that most of the benchmark's documents run stand first, as they are called. Runs in the emulator, so that the
// same sources give the same order.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { writeEntry } from '../../tools/build/build.ts';
import { Compiler } from '../../tools/build/compile.ts';
import { flagsFor } from '../../tools/build/jobs.ts';
import { allTargets, entryFile } from '../../tools/build/targets.ts';
import { Host } from '../../tools/host/index.ts';
import { adapterDocuments } from './adapter-documents.ts';
import { NO_BACKENDS } from './backends.ts';
import {
  demoDocument,
  policiesDocument,
  rulesDocument,
  standardMetricsDocument,
  w1Document,
} from './documents.ts';
import { HEADERS, PATH } from './load.ts';

const ROOT = join(import.meta.dirname, '../..');
const MODULE = 'build/order/mixer.wasm';
const ORDER = 'tools/build/order.txt';
const RAN = 'ran:';
/** So many functions behind the imports have numbers of one byte. */
const CALLED_COUNT = 96;

/** A document as meshes have them, with reports, counts as much as so many of one adapter. */
const WHOLE_WEIGHT = 4;
/** What counts at least as much as two of them stands in the order of the calls, whatever else it counts. */
const CORE_WEIGHT = 2 * WHOLE_WEIGHT;

/** The name of a function's global, and the global. */
type Note = readonly [string, WebAssembly.Global<'i32'>];

const HEAD = [
  '# The order of functions in release modules, written by `npm run order`: those that most code calls, since low',
  '# numbers take one byte; then those that requests run, as they call them, and behind them what fewer kinds of',
  '# documents run. A stale name does no harm.',
];
await compile();
const counts = new Map<string, number>();
/** All functions, those that most code calls first. */
let all: string[] = [];
for (const [json, weight] of documents()) {
  for (const name of await functionsRunBy(json)) counts.set(name, (counts.get(name) ?? 0) + weight);
}
// A Map keeps the order in which names came: that of the first document that runs them.
const rank = (weight: number): number => Math.min(weight, CORE_WEIGHT);
const ran = [...counts].sort(([, m], [, n]) => rank(n) - rank(m)).map(([name]) => name);
const called = all.slice(0, CALLED_COUNT);
const order = new Set([...called.filter((name) => !counts.has(name)), ...called, ...ran]);
writeFileSync(join(ROOT, ORDER), `${[...HEAD, ...order].join('\n')}\n`);
console.error(`${ran.length} functions run; ${order.size} in ${ORDER}`);

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
    notesCalls: true,
  });
  compiler.close();
  if (!ok) throw new Error(messages);
}

/** Documents and how much each counts. */
function documents(): (readonly [json: string, weight: number])[] {
  const whole = [w1Document(), demoDocument(), standardMetricsDocument()];
  const parts = [rulesDocument(10), policiesDocument(10)];
  const adapters = adapterDocuments(NO_BACKENDS.addresses).map(([, json]) => json);
  return [
    ...whole.map((json) => [json, WHOLE_WEIGHT] as const),
    ...[...parts, ...adapters].map((json) => [json, 1] as const),
  ];
}

/** In the order of their first calls. */
async function functionsRunBy(configuration: string): Promise<string[]> {
  const host = await Host.load({ wasm: join(ROOT, MODULE), configuration });
  const notes = await notesOf(() => host.start());
  // The first requests fill what later ones find.
  send(host);
  all = notes.map(([name]) => name.slice(RAN.length));
  for (const [, note] of notes) note.value = 0;
  send(host);
  return notes
    .filter(([, note]) => note.value > 0)
    .sort(([, a], [, b]) => a.value - b.value)
    .map(([name]) => name.slice(RAN.length));
}

/** One that passes, and one that a policy may deny. */
function send(host: Host): void {
  host.request({ path: PATH, headers: Object.entries(HEADERS), response: { status: 200 } });
  host.request({ path: '/closed', response: { status: 200 } });
}

/** The notes of the worker that starts meanwhile; the emulator shows no test the inside of its VMs. */
async function notesOf(start: () => unknown): Promise<Note[]> {
  const { Instance } = WebAssembly;
  let exported: WebAssembly.Exports = {};
  WebAssembly.Instance = class extends Instance {
    constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
      super(module, imports);
      ({ exports: exported } = this);
    }
  };
  await start();
  WebAssembly.Instance = Instance;
  return Object.entries(exported).filter(([name]) => name.startsWith(RAN)) as Note[];
}

// Sends requests through a module that counts (counted.ts), in the emulator, and tells what they ran. Counts none of
// what happens before a first pair of requests has been through, and tells requests that pass from those that a policy
// may deny.

import { Host } from '../../tools/host/index.ts';
import { BRANCH, ORDER, RAN } from './counted.ts';
import { HEADERS, PATH } from './load.ts';

/** Functions are told by their place among the module's own. */
export interface Counted {
  /** In the order of their first calls. */
  readonly functions: readonly number[];
  /** All of the module's branches, and the ways each went: a request that passes, one that may be denied. */
  readonly passed: readonly Went[];
  readonly denied: readonly Went[];
}

/** A branch by its function and its place in it, and the ways it went. */
export type Went = readonly [index: number, number: number, went: number];

/** The name of a counter's global, and the global. */
type Counter = readonly [string, WebAssembly.Global<'i32'>];

export async function runCounted(wasm: Uint8Array, configuration: string): Promise<Counted> {
  const host = await Host.load({ wasm, configuration });
  const counters = await countersOf(() => host.start());
  // The first requests fill what later ones find.
  pass(host);
  deny(host);
  for (const [, counter] of counters) counter.value = 0;
  pass(host);
  const passed = branchesOf(counters);
  for (const [name, counter] of counters) if (name.startsWith(BRANCH)) counter.value = 0;
  deny(host);
  return { functions: functionsOf(counters), passed, denied: branchesOf(counters) };
}

function pass(host: Host): void {
  host.request({ path: PATH, headers: Object.entries(HEADERS), response: { status: 200 } });
}

/** A request that a policy may deny. */
function deny(host: Host): void {
  host.request({ path: '/closed', response: { status: 200 } });
}

function functionsOf(counters: readonly Counter[]): number[] {
  return counters
    .filter(([name, { value }]) => name.startsWith(RAN) && value > 0)
    .sort(([, a], [, b]) => a.value - b.value)
    .map(([name]) => Number(name.slice(RAN.length)));
}

function branchesOf(counters: readonly Counter[]): Went[] {
  return counters
    .filter(([name]) => name.startsWith(BRANCH))
    .map(([name, { value }]) => {
      const [index = 0, number = 0] = name.slice(BRANCH.length).split(':').map(Number);
      return [index, number, value];
    });
}

/** The counters of the worker that starts meanwhile; the emulator shows no test the inside of its VMs. */
async function countersOf(start: () => unknown): Promise<Counter[]> {
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
  const isCounter = ([name]: [string, unknown]): boolean =>
    name === ORDER || name.startsWith(RAN) || name.startsWith(BRANCH);
  return Object.entries(exported).filter(isCounter) as Counter[];
}

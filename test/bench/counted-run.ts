// Sends requests through a module that counts (counted.ts), in the emulator, and tells what they ran. Counts none of
// what happens before a first pair of requests has been through.

import { Host } from '../../tools/host/index.ts';
import { BRANCH, ORDER, RAN } from './counted.ts';
import { HEADERS, PATH } from './load.ts';

/** Functions are told by their place among the module's own. */
export interface Counted {
  /** In the order of their first calls. */
  readonly functions: readonly number[];
  /** All of the module's branches, and the ways each went. */
  readonly branches: readonly (readonly [index: number, number: number, went: number])[];
}

/** The name of a counter's global, and the global. */
type Counter = readonly [string, WebAssembly.Global<'i32'>];

export async function runCounted(wasm: Uint8Array, configuration: string): Promise<Counted> {
  const host = await Host.load({ wasm, configuration });
  const counters = await countersOf(() => host.start());
  // The first requests fill what later ones find.
  send(host);
  for (const [, counter] of counters) counter.value = 0;
  send(host);
  return { functions: functionsOf(counters), branches: branchesOf(counters) };
}

/** One that passes, and one that a policy may deny. */
function send(host: Host): void {
  host.request({ path: PATH, headers: Object.entries(HEADERS), response: { status: 200 } });
  host.request({ path: '/closed', response: { status: 200 } });
}

function functionsOf(counters: readonly Counter[]): number[] {
  return counters
    .filter(([name, { value }]) => name.startsWith(RAN) && value > 0)
    .sort(([, a], [, b]) => a.value - b.value)
    .map(([name]) => Number(name.slice(RAN.length)));
}

function branchesOf(counters: readonly Counter[]): [number, number, number][] {
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

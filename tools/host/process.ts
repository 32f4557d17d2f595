// What all VMs of one Envoy process share: time, randomness, shared data, queues, metrics, logs, faults, the trace and
// the counts of host calls. Also the tasks that Envoy's event loop would run once no VM is on the stack.

import { Clock } from './clock.ts';
import { EnvoyCrash } from './errors.ts';
import type { Trap } from './errors.ts';
import { Faults } from './faults.ts';
import { Logs } from './logs.ts';
import type { LogLevel } from './abi.ts';
import { Metrics } from './metrics.ts';
import { Queues } from './queues.ts';
import { SeededRandom } from './random.ts';
import { SharedData } from './shared-data.ts';
import { Trace } from './trace.ts';
import type { CallHandler } from './types.ts';

/** 2024-01-01T00:00:00Z: a fixed moment, so that runs repeat. */
const DEFAULT_NOW_MS = 1_704_067_200_000;
const DEFAULT_SEED = 1;

export interface CallCounter {
  count: number;
}

/** Clusters behave as if known and healthy, except those named here. */
export class Clusters {
  readonly unknown = new Set<string>();
  readonly empty = new Set<string>();
}

export class EnvoyProcess {
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly logs: Logs;
  readonly metrics = new Metrics();
  readonly sharedData = new SharedData();
  readonly queues = new Queues((task) => this.post(task));
  readonly faults = new Faults();
  readonly trace = new Trace();
  readonly clusters = new Clusters();
  readonly traps: Trap[] = [];
  connectionCount = 0;
  onCall: CallHandler | null = null;
  /** How many VM entries are on the stack. */
  depth = 0;
  readonly #counters = new Map<string, CallCounter>();
  readonly #tasks: (() => void)[] = [];
  #isSettling = false;
  #crash: EnvoyCrash | null = null;

  constructor(options: {
    nowMs?: number | undefined;
    seed?: number | undefined;
    logLevel?: LogLevel | undefined;
  }) {
    this.clock = new Clock(options.nowMs ?? DEFAULT_NOW_MS);
    this.random = new SeededRandom(options.seed ?? DEFAULT_SEED);
    this.logs = new Logs(options.logLevel ?? 'info');
  }

  counter(name: string): CallCounter {
    let counter = this.#counters.get(name);
    if (counter === undefined) this.#counters.set(name, (counter = { count: 0 }));
    return counter;
  }

  callCounts(): Map<string, number> {
    const called = [...this.#counters].filter(([, { count }]) => count > 0);
    return new Map(called.map(([name, { count }]) => [name, count]));
  }

  resetCallCounts(): void {
    for (const counter of this.#counters.values()) counter.count = 0;
  }

  /** Runs the task when no VM is on the stack. */
  post(task: () => void): void {
    this.#tasks.push(task);
  }

  /** Runs what was posted, in order, also what those tasks post. */
  settle(): void {
    if (this.depth > 0 || this.#isSettling) return;
    this.#isSettling = true;
    try {
      for (let task = this.#tasks.shift(); task !== undefined; task = this.#tasks.shift()) task();
    } finally {
      this.#isSettling = false;
    }
  }

  /** Ends the process: everything done with it afterwards fails with the same reason. */
  crash(reason: string): never {
    this.#crash ??= new EnvoyCrash(`Envoy would have crashed: ${reason}`);
    throw this.#crash;
  }

  assertAlive(): void {
    if (this.#crash !== null) throw this.#crash;
  }
}

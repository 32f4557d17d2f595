// One VM: an instance with its memory, its contexts and ids, and what is on its stack. Every entry into the guest goes
// through `enter`; a trap there ends the VM for good. What the proxy does only after a callback waits in `defer`.

import { EnvoyCrash, OutOfMemoryBounds } from './errors.ts';
import { StreamContext, VmContext } from './contexts.ts';
import type { Context, RootContext } from './contexts.ts';
import { linkImports } from './imports.ts';
import type { HostCall } from './imports.ts';
import { GuestMemory } from './memory.ts';
import { MEMORY_MAX_PAGES, withPlacesOfFile } from './memory-limit.ts';
import { MetricIds } from './metrics.ts';
import type { CheckedModule } from './module.ts';
import type { EnvoyProcess } from './process.ts';
import { Callouts } from './callouts.ts';
import type { NodeOptions, Thread } from './types.ts';

/** What a VM is made of, the same for canary, main thread and workers. */
export interface VmFacts {
  readonly module: CheckedModule;
  readonly vmId: string;
  readonly vmConfiguration: Uint8Array;
  readonly node: NodeOptions;
  readonly environment: Readonly<Record<string, string>>;
  /** null: everything is allowed. */
  readonly allowedCapabilities: ReadonlySet<string> | null;
  /** Imports of `env` as another host than Envoy answers them. */
  readonly calls?: Readonly<Record<string, HostCall>>;
}

export type Export = (...args: (number | bigint)[]) => number | bigint | undefined;
/** Which imports may be called now; Envoy narrows them while the guest starts or allocates. */
export type Gate = 'instantiating' | 'open' | 'starting' | 'allocating';

export class Vm {
  readonly process: EnvoyProcess;
  readonly facts: VmFacts;
  readonly thread: Thread | 'canary';
  readonly name: string;
  readonly memory: GuestMemory;
  readonly metricIds = new MetricIds();
  readonly callouts: Callouts;
  readonly contexts = new Map<number, Context>();
  readonly loadedNs: bigint;
  current: Context;
  effective: Context | null = null;
  gate: Gate = 'instantiating';
  #failed = false;
  #trapReason = '';
  #nextContextId = 1;
  readonly #exports: Record<string, unknown>;
  readonly #malloc: (size: number) => number;
  readonly #deferred: (() => void)[] = [];

  constructor(process: EnvoyProcess, facts: VmFacts, thread: Thread | 'canary') {
    this.process = process;
    this.facts = facts;
    this.thread = thread;
    this.name = typeof thread === 'number' ? `worker ${thread}` : thread;
    this.loadedNs = process.clock.monotonicNs;
    this.callouts = new Callouts(this);
    const vmContext = new VmContext();
    this.current = vmContext;
    this.contexts.set(0, vmContext);
    const imported = importedMemory(facts.module);
    const instance = new WebAssembly.Instance(facts.module.compiled, linkImports(this, imported));
    this.#exports = instance.exports;
    this.memory = new GuestMemory(imported ?? exportedMemory(instance.exports));
    // Envoy looks for malloc first, whatever the specification prefers.
    const { malloc, proxy_on_memory_allocate: allocate } = this.#exports;
    this.#malloc = (malloc ?? allocate) as (size: number) => number;
    this.#initialize();
  }

  /** After a trap, or its end. A method, because every entry can change it. */
  isFailed(): boolean {
    return this.#failed;
  }

  newContextId(): number {
    return this.#nextContextId++;
  }

  /** The context that host calls act on. */
  get context(): Context {
    const { effective } = this;
    return effective !== null && this.contexts.has(effective.id) ? effective : this.current;
  }

  get root(): RootContext | null {
    return this.context.root ?? this.current.root;
  }

  hasExport(name: string): boolean {
    return this.#exported(name) !== undefined;
  }

  /** Calls a callback; undefined when it is absent, denied, trapped, or the VM is dead. */
  enter(context: Context, name: string, ...args: number[]): number | bigint | undefined {
    const callback = this.#exported(name);
    if (callback === undefined || this.isFailed()) return undefined;
    const { process } = this;
    process.depth++;
    try {
      const result = this.#run(context, name, callback, args);
      this.runDeferred();
      return result;
    } finally {
      process.depth--;
    }
  }

  /** Calls any export, as tools do that know the module; traps become an error of the caller. */
  callExport(context: Context, name: string, args: readonly number[]): number | bigint | undefined {
    const exported = this.#exports[name];
    if (typeof exported !== 'function') throw new TypeError(`the module has no export ${name}`);
    const result = this.#run(context, name, exported as Export, args);
    this.runDeferred();
    if (this.isFailed()) throw new Error(`the module trapped in ${name}: ${this.#trapReason}`);
    return result;
  }

  /** Queues what the proxy does only after the callback has returned. */
  defer(action: () => void): void {
    this.#deferred.push(action);
  }

  runDeferred(): void {
    for (;;) {
      const action = this.#deferred.shift();
      if (action === undefined) return;
      action();
    }
  }

  /** Guest memory for a result; 0 when the guest has none. */
  allocate(size: number): number {
    const gate = this.gate;
    this.gate = 'allocating';
    try {
      return this.#malloc(size) >>> 0;
    } finally {
      this.gate = gate;
    }
  }

  end(): void {
    this.#failed = true;
    this.callouts.cancelAll();
  }

  #exported(name: string): Export | undefined {
    const { allowedCapabilities } = this.facts;
    if (allowedCapabilities !== null && name.startsWith('proxy_') && !allowedCapabilities.has(name))
      return undefined;
    const exported = this.#exports[name];
    return typeof exported === 'function' ? (exported as Export) : undefined;
  }

  #run(
    context: Context,
    name: string,
    callback: Export,
    args: readonly number[],
  ): number | bigint | undefined {
    const { current, effective, process } = this;
    this.current = context;
    this.effective = null;
    try {
      const result = callback(...args);
      if (process.trace.enabled)
        this.#record({ context, name, args, result }, `= ${result ?? 'none'}`);
      return result;
    } catch (error) {
      this.#trapped(name, error);
      if (process.trace.enabled)
        this.#record({ context, name, args, result: undefined }, `trapped: ${this.#trapReason}`);
      return undefined;
    } finally {
      this.current = current;
      this.effective = effective;
    }
  }

  #record({ context, name, args, result }: Ended, end: string): void {
    const { depth, trace } = this.process;
    const text = `${name}(${args.join(', ')}) ${end}`;
    const entry = { vm: this.name, context: context.id, name, args, result, depth };
    trace.add({ ...entry, kind: 'callback', text, attribute: null });
  }

  #trapped(name: string, error: unknown): void {
    if (!isTrap(error)) throw error;
    this.#failed = true;
    this.#trapReason = error.message;
    const stack = withPlacesOfFile(error.stack ?? '', this.facts.module.movedBytes);
    this.process.traps.push({ vm: this.name, callback: name, reason: error.message, stack });
    this.process.logs.host('error', this.name, `Function: ${name} failed: ${error.message}`);
    for (const context of this.contexts.values())
      if (context instanceof StreamContext) context.exchange.trapped = true;
      else if (context.kind === 'connection') context.facts.trapped = true;
  }

  #initialize(): void {
    this.gate = 'starting';
    const start = this.#exported('_initialize') === undefined ? '_start' : '_initialize';
    const callback = this.#exported(start);
    if (callback !== undefined) this.#run(this.current, start, callback, []);
    this.gate = 'open';
  }
}

/** A callback that has returned or trapped. */
interface Ended {
  readonly context: Context;
  readonly name: string;
  readonly args: readonly number[];
  readonly result: number | bigint | undefined;
}

/** A trap of the guest, a full stack, or a host call that Envoy restricts; anything else is an error of the host. */
function isTrap(error: unknown): error is Error {
  if (error instanceof EnvoyCrash || error instanceof OutOfMemoryBounds) return false;
  if (error instanceof WebAssembly.RuntimeError) return true;
  return error instanceof RangeError && error.message.includes('call stack');
}

function importedMemory({ importedMemory: limits }: CheckedModule): WebAssembly.Memory | null {
  if (limits === null) return null;
  const { initial, maximum = MEMORY_MAX_PAGES } = limits;
  return new WebAssembly.Memory({ initial, maximum });
}

function exportedMemory(exports: WebAssembly.Exports): WebAssembly.Memory {
  const memory = Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
  if (memory === undefined) throw new TypeError('the module exports no memory');
  return memory;
}

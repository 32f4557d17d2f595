// One thread of Envoy: a worker, or the main thread. It owns a VM and the plugins in it, fires their timers, and
// makes a fresh VM after a trap where the failure policy says so.

import { PluginHandle } from './plugin.ts';
import type { VmOwner } from './plugin.ts';
import type { PluginFacts, RootContext } from './contexts.ts';
import type { Call } from './callouts.ts';
import { msToNs } from './clock.ts';
import type { EnvoyProcess } from './process.ts';
import type { FailurePolicy, Thread } from './types.ts';
import { Vm } from './vm.ts';
import type { VmFacts } from './vm.ts';

export interface ThreadPolicy {
  readonly failurePolicy: FailurePolicy;
  readonly reloadBackoffMs: number;
  readonly allowOnHeadersStopIteration: boolean;
}

/** Something that happens by itself at a moment of the monotonic clock: the timer of a root, or a call's deadline. */
export interface Due {
  readonly atNs: bigint;
  readonly thread: VmThread;
  readonly what: RootContext | Call;
}

export class VmThread implements VmOwner {
  readonly name: Thread;
  readonly #process: EnvoyProcess;
  readonly #facts: VmFacts;
  readonly #policy: ThreadPolicy;
  readonly #plugins = new Map<string, PluginHandle>();
  #vm: Vm;
  reloadCount = 0;

  constructor(process: EnvoyProcess, facts: VmFacts, name: Thread, policy: ThreadPolicy) {
    this.#process = process;
    this.#facts = facts;
    this.#policy = policy;
    this.name = name;
    this.#vm = new Vm(process, facts, name);
  }

  get vm(): Vm {
    return this.#vm;
  }

  get skipsWhenFailed(): boolean {
    return this.#policy.failurePolicy === 'FAIL_OPEN';
  }

  get allowOnHeadersStopIteration(): boolean {
    return this.#policy.allowOnHeadersStopIteration;
  }

  plugin(name: string): PluginHandle | undefined {
    return this.#plugins.get(name);
  }

  /** Starts a root for the plugin; one of the same name is retired. False when the guest refused. */
  install(facts: PluginFacts): boolean {
    const old = this.#plugins.get(facts.name);
    const handle = new PluginHandle(this, facts);
    const accepted = handle.start();
    if (!accepted)
      this.#process.logs.host(
        'error',
        this.#vm.name,
        'Failed to configure thread-local Wasm plugin',
      );
    this.#plugins.set(facts.name, handle);
    old?.retire();
    return accepted;
  }

  /** After a trap; the back-off counts from the last load. */
  recover(): void {
    const { failurePolicy, reloadBackoffMs } = this.#policy;
    const age = this.#process.clock.monotonicNs - this.#vm.loadedNs;
    if (failurePolicy !== 'FAIL_RELOAD' || age < msToNs(reloadBackoffMs)) return;
    this.reloadCount++;
    this.#vm.end();
    this.#vm = new Vm(this.#process, this.#facts, this.name);
    for (const handle of this.#plugins.values()) handle.start();
  }

  roots(): RootContext[] {
    const contexts = [...this.#vm.contexts.values()];
    return contexts.filter((context): context is RootContext => context.kind === 'root');
  }

  /** on_tick of every root that has set a timer, or of all. */
  tick(all: boolean): void {
    for (const root of this.roots()) if (all || root.tickPeriodMs > 0) this.#tickRoot(root);
  }

  /** The next timer or call deadline of this thread, or `before` where that is first. Days may pass in such steps. */
  nextDue(before: Due | null): Due | null {
    let first = before;
    for (const what of this.#vm.contexts.values()) {
      if (what.kind !== 'root') continue;
      const atNs = what.nextTickNs;
      if (atNs !== null && (first === null || atNs < first.atNs))
        first = { atNs, thread: this, what };
    }
    for (const what of this.#vm.callouts.calls()) {
      const atNs = what.deadlineNs;
      if (atNs !== null && (first === null || atNs < first.atNs))
        first = { atNs, thread: this, what };
    }
    return first;
  }

  fire(what: RootContext | Call): void {
    if (what.kind === 'root') this.#tickRoot(what);
    else this.#vm.callouts.expire(what);
  }

  /** The timer is armed again only after the callback: the period is a gap. */
  #tickRoot(root: RootContext): void {
    root.nextTickNs = null;
    this.#vm.enter(root, 'proxy_on_tick', root.id);
    if (root.tickPeriodMs > 0 && this.#vm.contexts.has(root.id)) {
      root.nextTickNs = this.#process.clock.monotonicNs + msToNs(root.tickPeriodMs);
    }
  }
}

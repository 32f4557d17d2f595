// One plugin on one thread: its root context, the streams that still use it, and what becomes of new streams when the
// root was refused or its VM has trapped. Starting is always context_create → vm_start → configure.

import { RootContext } from './contexts.ts';
import type { PluginFacts } from './contexts.ts';
import type { Vm } from './vm.ts';

/** Runs the start sequence. The root, or null when the guest refused or trapped. */
export function startRoot(vm: Vm, plugin: PluginFacts): RootContext | null {
  if (vm.isFailed()) return null;
  const root = new RootContext(vm.newContextId(), plugin, vm.facts);
  vm.contexts.set(root.id, root);
  root.configuring = true;
  vm.enter(root, 'proxy_on_context_create', root.id, 0);
  root.configuring = false;
  const started = vm.enter(root, 'proxy_on_vm_start', root.id, vm.facts.vmConfiguration.length);
  if (started === 0 || vm.isFailed()) return null;
  root.configuring = true;
  const configured = vm.enter(root, 'proxy_on_configure', root.id, plugin.configuration.length);
  root.configuring = false;
  return configured === 0 || vm.isFailed() ? null : root;
}

export interface ServingRoot {
  readonly vm: Vm;
  readonly root: RootContext;
  readonly allowOnHeadersStopIteration: boolean;
}

/** Who owns the VM and may replace it after a trap. */
export interface VmOwner {
  readonly vm: Vm;
  readonly skipsWhenFailed: boolean;
  readonly allowOnHeadersStopIteration: boolean;
  /** FAIL_RELOAD: a fresh VM if the back-off allows it. */
  recover(): void;
}

export class PluginHandle {
  readonly facts: PluginFacts;
  readonly #owner: VmOwner;
  #root: RootContext | null = null;
  /** Streams by the root that serves them; old roots stay until their last stream is over. */
  readonly #streams = new Map<RootContext, number>();
  readonly #retired = new Set<RootContext>();

  constructor(owner: VmOwner, facts: PluginFacts) {
    this.#owner = owner;
    this.facts = facts;
  }

  get root(): RootContext | null {
    return this.#root;
  }

  /** False when the guest refused: then the plugin is silently absent on this thread. */
  start(): boolean {
    this.#streams.clear();
    this.#retired.clear();
    this.#root = startRoot(this.#owner.vm, this.facts);
    return this.#root !== null;
  }

  fateOfNewStream(): 'served' | 'skipped' | 'failed' {
    if (this.#root === null) return 'skipped';
    if (this.#owner.vm.isFailed()) this.#owner.recover();
    if (!this.#owner.vm.isFailed()) return 'served';
    return this.#owner.skipsWhenFailed ? 'skipped' : 'failed';
  }

  forNewStream(): ServingRoot {
    const { vm, allowOnHeadersStopIteration } = this.#owner;
    if (this.#root === null) throw new TypeError('no root serves this stream');
    return { vm, root: this.#root, allowOnHeadersStopIteration };
  }

  streamOpened(): void {
    const root = this.#root;
    if (root !== null) this.#streams.set(root, (this.#streams.get(root) ?? 0) + 1);
  }

  streamClosed(root: RootContext): void {
    const left = (this.#streams.get(root) ?? 1) - 1;
    if (left > 0) {
      this.#streams.set(root, left);
      return;
    }
    this.#streams.delete(root);
    if (this.#retired.delete(root)) this.#end(root);
  }

  /** A new configuration has taken over: the root ends with its last stream. */
  retire(): void {
    const root = this.#root;
    if (root === null) return;
    if (this.#streams.has(root)) this.#retired.add(root);
    else this.#end(root);
  }

  /** on_done; 0 lets the root live until it calls `proxy_done`. */
  #end(root: RootContext): void {
    const { vm } = this.#owner;
    root.nextTickNs = null;
    if (vm.enter(root, 'proxy_on_done', root.id) === 0) {
      root.pendingDone = true;
      return;
    }
    vm.enter(root, 'proxy_on_delete', root.id);
    vm.contexts.delete(root.id);
    vm.callouts.cancelOf(root);
  }
}

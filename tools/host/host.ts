// The proxy-wasm host: an Envoy process with one module in it, without sockets and without waiting. It behaves as Envoy
// 1.40 was seen to do, not as the specification says. Everything happens synchronously and repeats exactly.

import { toBytes } from './bytes.ts';
import type { Call } from './callouts.ts';
import { msToNs } from './clock.ts';
import type { Clock } from './clock.ts';
import { Connection } from './connection.ts';
import type { PluginFacts, RootContext } from './contexts.ts';
import { WrongUse } from './errors.ts';
import type { Trap } from './errors.ts';
import type { Faults } from './faults.ts';
import type { LogLine } from './logs.ts';
import type { HistogramSample } from './metrics.ts';
import { factsOf, pluginOf, policyOf } from './host-options.ts';
import { loadModule } from './module.ts';
import type { CheckedModule } from './module.ts';
import { startRoot } from './plugin.ts';
import { EnvoyProcess } from './process.ts';
import type { Clusters } from './process.ts';
import { SharedDataView } from './shared-data.ts';
import { Stream } from './stream.ts';
import { VmThread } from './thread.ts';
import type { Due } from './thread.ts';
import type { Trace } from './trace.ts';
import type {
  Bytes,
  CallAnswer,
  CallFailure,
  CallHandler,
  ConnectionInput,
  HostOptions,
  Outcome,
  PendingCall,
  PluginOptions,
} from './types.ts';
import type { RequestInput, Thread } from './types.ts';
import { Vm } from './vm.ts';
import type { VmFacts } from './vm.ts';

export type { LogLevel } from './abi.ts';
export { EnvoyCrash, ModuleRefused, WrongUse } from './errors.ts';
export type { Trap } from './errors.ts';
export type { LogLine } from './logs.ts';
export type { HistogramSample } from './metrics.ts';
export type { Connection } from './connection.ts';
export type { Stream } from './stream.ts';
export type * from './types.ts';

export class Host {
  readonly logs: LogLine[];
  readonly sharedData: SharedDataView;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly clock: Clock;
  readonly clusters: Clusters;
  readonly traps: readonly Trap[];
  readonly #process: EnvoyProcess;
  readonly #options: HostOptions;
  readonly #facts: VmFacts;
  readonly #first: PluginFacts;
  #threads: VmThread[] = [];
  /** A thread refused what the canary took: Envoy then takes no further configuration for this code. */
  #isPoisoned = false;

  private constructor(options: HostOptions, module: CheckedModule) {
    this.#options = options;
    this.#process =
      options.beside === undefined ? new EnvoyProcess(options) : options.beside.#process;
    this.#facts = factsOf(options, module);
    this.#first = pluginOf(options);
    this.logs = this.#process.logs.lines;
    this.faults = this.#process.faults;
    this.trace = this.#process.trace;
    this.clock = this.#process.clock;
    this.clusters = this.#process.clusters;
    this.traps = this.#process.traps;
    this.sharedData = new SharedDataView(this.#process.sharedData, this.#facts.vmId);
  }

  /** Compiles and checks the module, once per path and time of change; runs nothing of it. */
  static async load(options: HostOptions): Promise<Host> {
    return new Host(options, await loadModule(options.wasm));
  }

  /** Canary, main thread, workers. False when the configuration was refused: Envoy would not start. */
  start(): boolean {
    if (!this.#canaryAccepts(this.#first)) return false;
    const policy = policyOf(this.#options);
    const workers = Array.from({ length: this.#options.workers ?? 1 }, (_, index) => index);
    this.#threads = (['main', ...workers] as Thread[]).map(
      (name) => new VmThread(this.#process, this.#facts, name, policy),
    );
    this.#install(this.#first);
    return true;
  }

  /** A further plugin in the same VMs, with a root of its own. */
  addPlugin(options: PluginOptions): boolean {
    const plugin = pluginOf(options);
    if (this.#isPoisoned || !this.#canaryAccepts(plugin)) return false;
    this.#install(plugin);
    return true;
  }

  /** A new root beside the old one, which goes on until its last stream is over. False: refused, the old one stays. */
  reconfigure(configuration: Bytes, pluginName?: string, rootId?: string): boolean {
    const name = pluginName ?? this.#first.name;
    const known = this.#thread('main').plugin(name)?.facts;
    if (known === undefined) throw new WrongUse(`no plugin ${name} has been started`);
    const plugin = {
      ...known,
      rootId: rootId ?? known.rootId,
      configuration: toBytes(configuration),
    };
    if (Buffer.compare(plugin.configuration, known.configuration) === 0) return true;
    if (this.#isPoisoned || !this.#canaryAccepts(plugin)) return false;
    this.#install(plugin);
    return true;
  }

  /** The whole life of one request. One that stays paused ends as if its client had gone away. */
  request(input: RequestInput, worker = 0): Outcome {
    return this.open(input, worker).run().close();
  }

  /** One request, step by step. */
  open(input: RequestInput, worker = 0): Stream {
    this.#process.assertAlive();
    const handle = this.#thread(worker).plugin(input.plugin ?? this.#first.name);
    if (handle === undefined)
      throw new WrongUse(`no plugin ${input.plugin ?? ''} has been started`);
    return new Stream(this.#process, input, handle);
  }

  /** One TCP connection, with the plugin as a network filter; not opened yet. */
  connect(input: ConnectionInput = {}, worker = 0): Connection {
    this.#process.assertAlive();
    const handle = this.#thread(worker).plugin(input.plugin ?? this.#first.name);
    if (handle === undefined)
      throw new WrongUse(`no plugin ${input.plugin ?? ''} has been started`);
    return new Connection(this.#process, input, handle);
  }

  /** on_tick of every root that has set a timer, in every VM. */
  tick(): void {
    for (const thread of this.#threads) thread.tick(false);
    this.#settle();
  }

  /** Moves both clocks; timers and the deadlines of calls fire on the way, each at its time. */
  advance(ms: number): void {
    const { clock } = this;
    const untilNs = clock.monotonicNs + msToNs(ms);
    for (let due = this.#nextDue(); due !== null && due.atNs <= untilNs; due = this.#nextDue()) {
      if (due.atNs > clock.monotonicNs) clock.advanceNs(due.atNs - clock.monotonicNs);
      due.thread.fire(due.what);
      this.#settle();
    }
    if (untilNs > clock.monotonicNs) clock.advanceNs(untilNs - clock.monotonicNs);
  }

  /** Answers HTTP calls by themselves, once no VM is on the stack; null leaves them to the test. */
  answerCalls(handler: CallHandler | null): void {
    this.#process.onCall = handler;
  }

  /** Calls that have not ended, of all VMs. */
  get calls(): readonly PendingCall[] {
    return this.#threads.flatMap(({ vm }) => vm.callouts.pending);
  }

  answerHttpCall(token: number, answer: CallAnswer = {}, worker?: Thread): void {
    const { vm, call } = this.#call(token, worker);
    vm.callouts.answer(call, answer);
    this.#settle();
  }

  /** `reset` is the only failure that the guest can tell from an answer. */
  failHttpCall(token: number, reason: CallFailure = 'timeout', worker?: Thread): void {
    const { vm, call } = this.#call(token, worker);
    vm.callouts.fail(call, reason);
    this.#settle();
  }

  /** The answer of a unary call, or one message of a stream. */
  answerGrpcCall(token: number, message: Bytes, worker?: Thread): void {
    const { vm, call } = this.#call(token, worker);
    vm.callouts.grpcMessage(call, message);
    this.#settle();
  }

  grpcMetadata(
    token: number,
    which: 'initial' | 'trailing',
    metadata: [Bytes, Bytes][],
    worker?: Thread,
  ): void {
    const { vm, call } = this.#call(token, worker);
    vm.callouts.grpcMetadata(call, which, metadata);
    this.#settle();
  }

  /** Ends a stream (status 0) or fails a call. */
  closeGrpcCall(token: number, status: number, message = '', worker?: Thread): void {
    const { vm, call } = this.#call(token, worker);
    vm.callouts.grpcClose(call, status, message);
    this.#settle();
  }

  /** By stat name, without the prefix `wasmcustom.`. */
  metrics(): Map<string, number | HistogramSample[]> {
    return this.#process.metrics.values();
  }

  callCounts(): Map<string, number> {
    return this.#process.callCounts();
  }

  resetCallCounts(): void {
    this.#process.resetCallCounts();
  }

  setLogLevel(level: LogLine['level']): void {
    this.#process.logs.level = level;
  }

  /** Calls an export in the VM of a worker, on the root of the first plugin. */
  callExport(name: string, ...args: number[]): number | bigint | undefined {
    const { vm, root } = this.#firstWorker();
    const result = vm.callExport(root, name, args);
    this.#process.settle();
    return result;
  }

  /** Guest memory of the same VM. */
  readBytes(at: number, size: number): Uint8Array {
    return this.#firstWorker().vm.memory.read(at, size);
  }

  /** Writes to guest memory of the same VM. */
  writeBytes(at: number, bytes: Uint8Array): void {
    this.#firstWorker().vm.memory.write(at, bytes);
  }

  memorySizeBytes(worker: Thread = 0): number {
    return this.#thread(worker).vm.memory.sizeBytes;
  }

  #firstWorker(): { vm: Vm; root: RootContext } {
    const thread = this.#threads[1] ?? this.#thread('main');
    const root = thread.plugin(this.#first.name)?.root ?? null;
    if (root === null) throw new WrongUse('the plugin is not running');
    return { vm: thread.vm, root };
  }

  #canaryAccepts(plugin: PluginFacts): boolean {
    this.#process.assertAlive();
    const canary = new Vm(this.#process, this.#facts, 'canary');
    const root = startRoot(canary, plugin);
    // It goes without on_done and on_delete; what it wrote to shared data and metrics stays.
    canary.end();
    if (root === null)
      this.#process.logs.host('error', 'canary', `Unable to create Wasm plugin ${plugin.name}`);
    return root !== null;
  }

  #install(plugin: PluginFacts): void {
    for (const thread of this.#threads) if (!thread.install(plugin)) this.#isPoisoned = true;
    this.#settle();
  }

  #thread(name: Thread): VmThread {
    const thread = this.#threads.find((candidate) => candidate.name === name);
    if (thread === undefined)
      throw new WrongUse(`there is no worker ${name}; has the host been started?`);
    return thread;
  }

  #call(token: number, worker: Thread | undefined): { vm: Vm; call: Call } {
    for (const { name, vm } of this.#threads) {
      const call = worker === undefined || worker === name ? vm.callouts.get(token) : undefined;
      if (call !== undefined) return { vm, call };
    }
    throw new WrongUse(
      `no call ${token} is pending; pending: ${this.calls.map((call) => call.token).join(', ')}`,
    );
  }

  #nextDue(): Due | null {
    let first: Due | null = null;
    for (const thread of this.#threads) first = thread.nextDue(first);
    return first;
  }

  #settle(): void {
    this.#process.settle();
  }
}

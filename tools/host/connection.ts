// One TCP connection with the plugin as a network filter in front of a TCP proxy, step by step as a test drives it:
// what the filter holds, what passes, who closes, and the end in Envoy's order: close, on_done, on_log, on_delete.
// While on_new_connection holds, the TCP proxy has not begun and Envoy reads nothing from the client: what was sent
// meanwhile comes as data once the connection goes on. The server's bytes are never held.

import { BodyBuffer } from './bodies.ts';
import { EMPTY, toBytes, toText } from './bytes.ts';
import { ConnectionContext } from './connection-context.ts';
import type { ConnectionControl, ConnectionFacts, ConnectionPhase } from './connection-context.ts';
import type { PluginHandle } from './plugin.ts';
import type { EnvoyProcess } from './process.ts';
import type { Bytes, ConnectionInput, ConnectionOutcome } from './types.ts';

/** Who ended a connection, as the close callbacks name it. */
const CloseType = { UNKNOWN: 0, LOCAL: 1, REMOTE: 2 } as const;
const STOP = 1;

export class Connection implements ConnectionControl {
  readonly #process: EnvoyProcess;
  readonly #handle: PluginHandle | null;
  /** null where the plugin does not run: everything passes. */
  readonly #context: ConnectionContext | null;
  readonly #facts: ConnectionFacts;
  readonly #toUpstream: Uint8Array[] = [];
  readonly #toClient: Uint8Array[] = [];
  #held: 'no' | 'new' | 'data' = 'no';
  #waiting = new BodyBuffer(EMPTY);
  #waitingUp = new BodyBuffer(EMPTY);
  #isEndWaiting = false;
  #isClosed = false;
  #isOver = false;
  readonly #isRefused: boolean;

  constructor(process: EnvoyProcess, input: ConnectionInput, handle: PluginHandle) {
    const fate = handle.fateOfNewStream();
    this.#process = process;
    this.#isRefused = fate === 'failed';
    this.#facts = {
      id: process.connectionCount++,
      startNs: process.clock.nowNs,
      receivedBytes: 0,
      sentBytes: 0,
      isUpstreamOpen: false,
      hasData: false,
      trapped: this.#isRefused,
    };
    this.#handle = fate === 'served' ? handle : null;
    this.#context = fate === 'served' ? this.#newContext(handle, input) : null;
  }

  /** The id under which the guest knows the connection. */
  get contextId(): number {
    return this.#context?.id ?? 0;
  }

  get paused(): boolean {
    return !this.#isClosed && this.#held !== 'no';
  }

  get outcome(): ConnectionOutcome {
    const state = this.#context?.filterState ?? new Map<string, { value: Uint8Array }>();
    return {
      closed: this.#isClosed,
      upstreamOpened: this.#facts.isUpstreamOpen,
      upstreamData: Buffer.concat(this.#toUpstream).toString('utf8'),
      downstreamData: Buffer.concat(this.#toClient).toString('utf8'),
      filterState: new Map([...state].map(([key, { value }]) => [toText(key), value])),
      paused: this.paused,
      trapped: this.#facts.trapped,
    };
  }

  /** on_context_create and on_new_connection; unless the filter stops it, the upstream connection opens. */
  open(): this {
    if (this.#isRefused) this.#isClosed = true;
    const context = this.#context;
    if (context !== null) {
      this.#vm?.enter(context, 'proxy_on_context_create', context.id, context.root.id);
    }
    const verdict = this.#call('newConnection', 'proxy_on_new_connection');
    if (this.#isClosed) return this.#settled();
    if (verdict === STOP) this.#held = 'new';
    else this.#facts.isUpstreamOpen = true;
    return this.#settled();
  }

  /** Bytes from the client; `end`: it sends no more. What the filter holds is shown again with what follows. */
  downstreamData(data: Bytes, end = false): this {
    if (this.#isClosed) return this;
    const bytes = toBytes(data);
    this.#waiting.append(bytes);
    if (this.#held === 'new') {
      this.#isEndWaiting ||= end;
      return this;
    }
    this.#facts.receivedBytes += bytes.length;
    this.#showWaiting(end);
    return this.#settled();
  }

  #showWaiting(end: boolean): void {
    this.#facts.hasData = true;
    if (this.#context !== null) this.#context.downstream = this.#waiting;
    const args = [this.#waiting.size, end ? 1 : 0];
    const verdict = this.#call('downstreamData', 'proxy_on_downstream_data', ...args);
    if (this.#context !== null) this.#context.downstream = null;
    this.#held = verdict === STOP ? 'data' : 'no';
    if (this.#held === 'no') this.#passDown();
  }

  /** Bytes from the upstream; `end`: it sends no more, which is all that the filter sees of its close. */
  upstreamData(data: Bytes, end = false): this {
    if (this.#isClosed) return this;
    this.#waitingUp.append(toBytes(data));
    if (this.#context !== null) this.#context.upstream = this.#waitingUp;
    const args = [this.#waitingUp.size, end ? 1 : 0];
    const verdict = this.#call('upstreamData', 'proxy_on_upstream_data', ...args);
    if (this.#context !== null) this.#context.upstream = null;
    if (end) this.#call('close', 'proxy_on_upstream_connection_close', CloseType.UNKNOWN);
    if (verdict !== STOP && !this.#closedNow()) {
      const passed = this.#waitingUp.drain();
      this.#facts.sentBytes += passed.length;
      this.#toClient.push(passed);
    }
    return this.#settled();
  }

  /** The client goes away. */
  abort(): this {
    this.#end(CloseType.REMOTE);
    return this.#settled();
  }

  /** Envoy closes the connection, as it does when both sides have ended. */
  close(): ConnectionOutcome {
    const { paused } = this;
    this.#end(CloseType.LOCAL);
    this.#settled();
    return { ...this.outcome, paused };
  }

  /** `continue_stream(2)`. */
  resume(): void {
    if (this.#isClosed || this.#held === 'no') return;
    const wasNew = this.#held === 'new';
    this.#held = 'no';
    this.#facts.isUpstreamOpen = true;
    if (wasNew) this.#process.post(() => this.#readOn());
    else this.#passDown();
  }

  /** The upstream is there: what the client has sent meanwhile is read now. */
  #readOn(): void {
    const { size } = this.#waiting;
    if (this.#closedNow() || (size === 0 && !this.#isEndWaiting)) return;
    this.#facts.receivedBytes += size;
    this.#showWaiting(this.#isEndWaiting);
  }

  /** `close_stream(2)` and `close_stream(3)`: both close the client's connection. */
  closeByFilter(): void {
    this.#end(CloseType.LOCAL);
  }

  get #vm(): ReturnType<PluginHandle['forNewStream']>['vm'] | undefined {
    return this.#serving?.vm;
  }

  #serving: ReturnType<PluginHandle['forNewStream']> | null = null;

  #newContext(handle: PluginHandle, input: ConnectionInput): ConnectionContext {
    const serving = handle.forNewStream();
    this.#serving = serving;
    const { vm, root } = serving;
    const context = new ConnectionContext(vm.newContextId(), root, input, this.#facts, this);
    vm.contexts.set(context.id, context);
    handle.streamOpened();
    return context;
  }

  /** A callback; a trap in it closes the connection. */
  #call(phase: ConnectionPhase, name: string, ...args: number[]): number {
    const context = this.#context;
    const vm = this.#vm;
    if (context === null || vm === undefined) return 0;
    this.#process.assertAlive();
    context.phase = phase;
    const result = Number(vm.enter(context, name, context.id, ...args) ?? 0);
    context.phase = 'idle';
    if (!vm.isFailed()) return result;
    this.#facts.trapped = true;
    this.#end(CloseType.LOCAL);
    return STOP;
  }

  #passDown(): void {
    if (!this.#closedNow()) this.#toUpstream.push(this.#waiting.drain());
  }

  /** A method, because callbacks close behind the compiler's back. */
  #closedNow(): boolean {
    return this.#isClosed;
  }

  #end(type: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#isClosed = true;
    const context = this.#context;
    if (context === null) return;
    this.#call('close', 'proxy_on_downstream_connection_close', type);
    this.#call('done', 'proxy_on_done');
    this.#call('log', 'proxy_on_log');
    this.#call('delete', 'proxy_on_delete');
    this.#vm?.contexts.delete(context.id);
    this.#handle?.streamClosed(context.root);
  }

  #settled(): this {
    this.#process.settle();
    return this;
  }
}

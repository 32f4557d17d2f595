// Drives a filter as Google's plugin tester does (service-extensions, plugins/test): root, one stream, the phases that
// a test asks for, each with nothing but its own map or body. It is not Envoy: the emulator in `tools/host` is.

import type { LogLevel } from '../host/abi.ts';
import { BodyBuffer } from '../host/bodies.ts';
import { binaryToBytes, toBinary } from '../host/bytes.ts';
import { StreamContext } from '../host/contexts.ts';
import type { Phase, RootContext, StreamControl } from '../host/contexts.ts';
import { Exchange } from '../host/exchange.ts';
import { loadModule, type CheckedModule } from '../host/module.ts';
import { startRoot } from '../host/plugin.ts';
import { EnvoyProcess } from '../host/process.ts';
import type { LocalReply } from '../host/replies.ts';
import { Vm } from '../host/vm.ts';
import { testerCalls } from './tester-calls.ts';
import { TesterHeaders } from './tester-headers.ts';

/** Status of a phase after a local reply: nothing goes on. */
const STOPPED = 4;
/** One millisecond: nothing that could be mistaken for "no time". */
const EPOCH_MS = 1;

/** What came of one phase. */
export interface PhaseResult {
  readonly headers: TesterHeaders;
  readonly body: string;
  readonly status: number;
  /** 0: no local reply. */
  readonly httpCode: number;
  readonly grpcCode: number;
  readonly details: string;
  readonly log: readonly string[];
}

export interface TesterOptions {
  readonly wasm: string;
  readonly configuration: string;
  readonly properties: ReadonlyMap<string, string>;
  readonly logLevel: LogLevel;
  readonly timeSecs?: number;
}

/** A VM that one test has for itself. */
export class Tester {
  readonly #process: EnvoyProcess;
  readonly #vm: Vm;
  readonly #configuration: Uint8Array;
  #root: RootContext | null = null;
  #stream: StreamContext | null = null;
  readonly #control = new Control();

  private constructor(module: CheckedModule, options: TesterOptions) {
    const { timeSecs = 0, configuration, properties } = options;
    this.#process = new EnvoyProcess({
      nowMs: timeSecs === 0 ? EPOCH_MS : timeSecs * 1000,
      logLevel: options.logLevel,
    });
    this.#configuration = Buffer.from(configuration, 'utf8');
    this.#vm = new Vm(
      this.#process,
      {
        module,
        vmId: '',
        vmConfiguration: new Uint8Array(0),
        node: {},
        environment: {},
        allowedCapabilities: null,
        calls: testerCalls(properties),
      },
      0,
    );
  }

  static async load(options: TesterOptions): Promise<Tester> {
    return new Tester(await loadModule(options.wasm), options);
  }

  /** Starts and configures the plugin; false: it refused. */
  start(): boolean {
    const plugin = { name: 'test', rootId: '', configuration: this.#configuration };
    this.#root = startRoot(this.#vm, plugin);
    return this.#root !== null;
  }

  open(): void {
    if (this.#root === null) throw new TypeError('open before start');
    const id = this.#vm.newContextId();
    const stream = new StreamContext(
      id,
      this.#root,
      new Exchange(this.#process, {}),
      this.#control,
    );
    this.#stream = stream;
    this.#vm.contexts.set(id, stream);
    this.#vm.enter(stream, 'proxy_on_context_create', id, this.#root.id);
  }

  requestHeaders(headers: TesterHeaders): PhaseResult {
    return this.#phase('requestHeaders', (stream) => {
      stream.requestHeaders = headers;
      const status = this.#call('proxy_on_request_headers', headers.count, 0);
      stream.requestHeaders = null;
      return { headers, status };
    });
  }

  responseHeaders(headers: TesterHeaders): PhaseResult {
    return this.#phase('responseHeaders', (stream) => {
      stream.responseHeaders = headers;
      const status = this.#call('proxy_on_response_headers', headers.count, 0);
      stream.responseHeaders = null;
      return { headers, status };
    });
  }

  requestBody(chunk: string, isEnd: boolean): PhaseResult {
    return this.#phase('requestBody', (stream) => {
      const body = new BodyBuffer(binaryToBytes(chunk));
      stream.requestBody = body;
      this.#call('proxy_on_request_body', body.size, isEnd ? 1 : 0);
      stream.requestBody = null;
      return { body: toBinary(body.bytes) };
    });
  }

  responseBody(chunk: string, isEnd: boolean): PhaseResult {
    return this.#phase('responseBody', (stream) => {
      const body = new BodyBuffer(binaryToBytes(chunk));
      stream.responseBody = body;
      this.#call('proxy_on_response_body', body.size, isEnd ? 1 : 0);
      stream.responseBody = null;
      return { body: toBinary(body.bytes) };
    });
  }

  /** on_done, on_delete; there is no on_log. */
  destroy(): void {
    this.clearLog();
    this.#call('proxy_on_done');
    this.#call('proxy_on_delete');
  }

  /** What the stream, or before it the root, has logged since the phase began. */
  log(): string[] {
    const id = (this.#stream ?? this.#root)?.id;
    const lines = this.#process.logs.lines.filter(({ context }) =>
      id === undefined ? context >= 0 : context === id,
    );
    return lines.map(({ text }) => text);
  }

  clearLog(): void {
    this.#process.logs.lines.length = 0;
  }

  /** Why the VM is dead; null while it lives. */
  trap(): string | null {
    const trap = this.#process.traps[0];
    return trap === undefined ? null : `${trap.callback} trapped: ${trap.reason}`;
  }

  /** After a local reply, phases are not run: they come to nothing. */
  #phase(phase: Phase, run: (stream: StreamContext) => Partial<PhaseResult>): PhaseResult {
    const stream = this.#stream;
    if (stream === null) throw new TypeError(`${phase} before open`);
    this.clearLog();
    const control = this.#control;
    if (control.hasReplied) return nothing();
    stream.phase = phase;
    const result = run(stream);
    stream.phase = 'idle';
    const reply = control.take();
    const log = this.log();
    return reply === null ? { ...nothing(), ...result, log } : { ...replied(reply), log };
  }

  #call(name: string, ...args: number[]): number {
    const stream = this.#stream;
    if (stream === null) return 0;
    return Number(this.#vm.enter(stream, name, stream.id, ...args) ?? 0);
  }
}

function nothing(): PhaseResult {
  const headers = new TesterHeaders();
  return { headers, body: '', status: 0, httpCode: 0, grpcCode: 0, details: '', log: [] };
}

function replied({ status, details, body, headers, grpcStatus }: LocalReply): PhaseResult {
  const map = new TesterHeaders();
  for (const [name, value] of headers) map.replace(name, value);
  return {
    ...nothing(),
    headers: map,
    body,
    status: STOPPED,
    httpCode: status,
    grpcCode: grpcStatus,
    details,
  };
}

/** Notes the local reply; everything else that a stream can be asked for is not there. */
class Control implements StreamControl {
  readonly responseBegun = false;
  readonly responseHeld = false;
  #reply: LocalReply | null = null;
  hasReplied = false;

  sendLocalReply(reply: LocalReply): void {
    this.#reply = reply;
    this.hasReplied = true;
  }

  take(): LocalReply | null {
    const reply = this.#reply;
    this.#reply = null;
    return reply;
  }

  continueRequest(): void {
    // Not implemented there.
  }

  continueResponse(): void {
    // Not implemented there.
  }

  resetStream(): void {
    // Not implemented there.
  }
}

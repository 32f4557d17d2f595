// The calls of one VM that have not ended: tokens, deadlines, and how an answer reaches the guest. Answers always run
// on the root that made the call, never while a VM is on the stack.

import { Status } from './abi.ts';
import { toBinary, toBytes, toText } from './bytes.ts';
import type { RootContext } from './contexts.ts';
import { HeaderMap } from './headers.ts';
import type { Entry } from './headers.ts';
import type { Bytes, CallAnswer, CallFailure, PendingCall, Thread } from './types.ts';
import type { Vm } from './vm.ts';

/** What is readable while the answer's callback runs. */
export interface CallInProgress {
  readonly headers: HeaderMap | null;
  readonly trailers: HeaderMap | null;
  readonly body: Uint8Array | null;
  readonly initialMetadata: HeaderMap | null;
  readonly trailingMetadata: HeaderMap | null;
  readonly message: Uint8Array | null;
}

const NOTHING: CallInProgress = {
  headers: null,
  trailers: null,
  body: null,
  initialMetadata: null,
  trailingMetadata: null,
  message: null,
};

export interface CallRequest {
  readonly kind: PendingCall['kind'];
  readonly cluster: string;
  readonly headers: readonly Entry[];
  readonly body: Uint8Array;
  readonly trailers: readonly Entry[];
  readonly timeoutMs: number;
  readonly service: string;
  readonly method: string;
}

export class Call implements PendingCall {
  readonly token: number;
  readonly worker: Thread | 'canary';
  readonly root: RootContext;
  readonly deadlineNs: bigint | null;
  readonly messages: Uint8Array[] = [];
  halfClosed = false;
  readonly #request: CallRequest;

  constructor(token: number, vm: Vm, root: RootContext, request: CallRequest) {
    this.token = token;
    this.worker = vm.thread;
    this.root = root;
    this.#request = request;
    const { timeoutMs } = request;
    this.deadlineNs =
      timeoutMs === 0 ? null : vm.process.clock.monotonicNs + BigInt(timeoutMs) * 1_000_000n;
  }

  get kind(): PendingCall['kind'] {
    return this.#request.kind;
  }
  get cluster(): string {
    return this.#request.cluster;
  }
  get headers(): [string, string][] {
    return texts(this.#request.headers);
  }
  get trailers(): [string, string][] {
    return texts(this.#request.trailers);
  }
  get body(): Uint8Array {
    return this.#request.body;
  }
  get timeoutMs(): number {
    return this.#request.timeoutMs;
  }
  get service(): string {
    return this.#request.service;
  }
  get method(): string {
    return this.#request.method;
  }
}

const FIRST_TOKEN = { http: 4, grpc: 5, grpcStream: 6 } as const;
const GRPC_UNAVAILABLE = 14;

/** Envoy's router answers in the backend's place; the guest cannot tell. */
const SYNTHETIC = {
  timeout: { status: 504, body: 'upstream request timeout' },
  refused: {
    status: 503,
    body: 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure',
  },
} as const;

export class Callouts {
  readonly #vm: Vm;
  readonly #calls = new Map<number, Call>();
  readonly #next: Record<PendingCall['kind'], number> = { ...FIRST_TOKEN };

  constructor(vm: Vm) {
    this.#vm = vm;
  }

  get pending(): Call[] {
    return [...this.#calls.values()];
  }

  /** The same without a copy: nothing may end a call meanwhile. */
  calls(): Iterable<Call> {
    return this.#calls.values();
  }

  get(token: number): Call | undefined {
    return this.#calls.get(token);
  }

  newToken(kind: PendingCall['kind']): number {
    const token = this.#next[kind];
    this.#next[kind] = token + 4;
    return token;
  }

  start(root: RootContext, request: CallRequest): number {
    const token = this.newToken(request.kind);
    const call = new Call(token, this.#vm, root, request);
    this.#calls.set(token, call);
    if (this.#vm.process.onCall !== null && call.kind === 'http')
      this.#vm.process.post(() => this.#handle(call));
    return token;
  }

  /** No callback follows. */
  cancel(token: number): void {
    this.#calls.delete(token);
  }

  cancelOf(root: RootContext): void {
    for (const call of this.pending) if (call.root === root) this.cancel(call.token);
  }

  cancelAll(): void {
    this.#calls.clear();
  }

  answer(call: Call, answer: CallAnswer): void {
    this.cancel(call.token);
    const headers = answerHeaders(answer);
    const trailers =
      answer.trailers === undefined ? null : new HeaderMap('plain', entries(answer.trailers));
    const body = toBytes(answer.body);
    const { root, token } = call;
    this.#deliver(root, { ...NOTHING, headers, trailers, body }, () => {
      const sizes = [headers.count, body.length, trailers?.count ?? 0];
      this.#vm.enter(root, 'proxy_on_http_call_response', root.id, token, ...sizes);
    });
  }

  /** What a call sees of a failure; only a reset after the headers looks like none of the answers. */
  fail(call: Call, reason: CallFailure): void {
    if (reason !== 'reset') {
      this.answer(call, SYNTHETIC[reason]);
      return;
    }
    this.cancel(call.token);
    const { root, token } = call;
    root.status = { code: Status.BROKEN_CONNECTION, message: 'reset' };
    this.#deliver(root, NOTHING, () => {
      this.#vm.enter(root, 'proxy_on_http_call_response', root.id, token, 0, 0, 0);
    });
    root.status.message = '';
  }

  grpcMessage(call: Call, message: Bytes): void {
    if (call.kind === 'grpc') this.cancel(call.token);
    const bytes = toBytes(message);
    const { root, token } = call;
    this.#deliver(root, { ...NOTHING, message: bytes }, () => {
      this.#vm.enter(root, 'proxy_on_grpc_receive', root.id, token, bytes.length);
    });
  }

  grpcMetadata(call: Call, which: 'initial' | 'trailing', metadata: [Bytes, Bytes][]): void {
    const map = new HeaderMap('plain', entries(metadata));
    const { root, token } = call;
    const shown = which === 'initial' ? { initialMetadata: map } : { trailingMetadata: map };
    this.#deliver(root, { ...NOTHING, ...shown }, () => {
      this.#vm.enter(root, `proxy_on_grpc_receive_${which}_metadata`, root.id, token, map.count);
    });
  }

  grpcClose(call: Call, status: number, message: string): void {
    this.cancel(call.token);
    this.closeUnknown(call.root, call.token, { status, message });
  }

  /** Also for a token that the guest never saw, as Envoy does after a failure in the call itself. */
  closeUnknown(
    root: RootContext,
    token: number,
    end = { status: GRPC_UNAVAILABLE, message: '' },
  ): void {
    root.status = { code: end.status, message: toBinary(end.message) };
    this.#deliver(root, NOTHING, () => {
      this.#vm.enter(root, 'proxy_on_grpc_close', root.id, token, end.status);
    });
    root.status.message = '';
  }

  expire(call: Call): void {
    if (call.kind === 'http') this.fail(call, 'timeout');
    else this.grpcClose(call, GRPC_UNAVAILABLE, 'upstream request timeout{response_timeout}');
  }

  #handle(call: Call): void {
    const answer = this.#vm.process.onCall?.(call);
    if (answer === undefined || !this.#calls.has(call.token)) return;
    if (typeof answer === 'string') this.fail(call, answer);
    else this.answer(call, answer);
  }

  #deliver(root: RootContext, call: CallInProgress, enter: () => void): void {
    root.call = call;
    enter();
    root.call = null;
  }
}

function answerHeaders({ status, headers = [] }: CallAnswer): HeaderMap {
  const map = new HeaderMap('plain', entries(headers));
  if (map.get(':status') === undefined) map.add(':status', String(status ?? 200));
  return map;
}

function entries(pairs: readonly [Bytes, Bytes][] = []): Entry[] {
  return pairs.map(([name, value]): Entry => [toBinary(name), toBinary(value)]);
}

function texts(pairs: readonly Entry[]): [string, string][] {
  return pairs.map(([name, value]): [string, string] => [toText(name), toText(value)]);
}

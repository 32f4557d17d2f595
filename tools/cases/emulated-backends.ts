// The backends of a case on the emulator: they record the calls that the filter makes and answer them when their time
// has come on the emulator's clock. A call that never gets an answer runs into its own deadline.

import type { CallAnswer, Host, PendingCall } from '../host/host.ts';
import { Answers } from './answers.ts';
import { lines } from './script.ts';
import type { Callout, CalloutAnswer, Pair, SeenCall } from './types.ts';

interface Waiting {
  readonly call: PendingCall;
  readonly answer: CalloutAnswer;
  readonly dueNs: bigint;
}

const NS_PER_MS = 1_000_000n;
/** A stream that waits longer than this hangs. */
const WAIT_MAX_MS = 120_000;
const STEP_MS = 10;

export class EmulatedBackends {
  readonly calls = new Map<string, SeenCall[]>();
  readonly #host: Host;
  readonly #callouts: readonly Callout[];
  readonly #answers: ReadonlyMap<Callout, Answers>;
  /** By thread and token. */
  readonly #waiting = new Map<string, Waiting>();

  constructor(host: Host, callouts: readonly Callout[]) {
    this.#host = host;
    this.#callouts = callouts;
    this.#answers = new Map(callouts.map((callout) => [callout, new Answers(callout)]));
  }

  /** Moves time on; calls that are made meanwhile are answered on the way. */
  advance(ms: number): void {
    let leftMs = ms;
    while (leftMs > 0) {
      const stepMs = this.#host.calls.length > 0 ? Math.min(STEP_MS, leftMs) : leftMs;
      this.#host.advance(stepMs);
      leftMs -= stepMs;
      this.#answerDue();
    }
    this.serve(() => this.#host.calls.every((call) => this.#answerTo(call).fails === 'timeout'));
  }

  /** Answers calls until nothing waits any more. Time stands still while answers are there at once. */
  serve(isDone: () => boolean): void {
    for (let waitedMs = 0; waitedMs <= WAIT_MAX_MS;) {
      if (this.#answerDue()) continue;
      if (isDone() || this.#host.calls.length === 0) return;
      this.#host.advance(STEP_MS);
      waitedMs += STEP_MS;
    }
  }

  /** Whether any call was answered. */
  #answerDue(): boolean {
    const { calls, clock } = this.#host;
    for (const call of calls) this.#answerTo(call);
    const due = [...this.#waiting.values()].find(
      ({ answer, dueNs }) => answer.fails !== 'timeout' && dueNs <= clock.monotonicNs,
    );
    if (due === undefined) return false;
    this.#waiting.delete(keyOf(due.call));
    if (calls.some((call) => keyOf(call) === keyOf(due.call))) this.#give(due);
    return true;
  }

  /** What the call will be answered; it is recorded when it is seen first. */
  #answerTo(call: PendingCall): CalloutAnswer {
    const known = this.#waiting.get(keyOf(call));
    if (known !== undefined) return known.answer;
    const callout = this.#callouts.find(({ cluster }) => isSameCluster(cluster, call.cluster));
    const name = callout?.cluster ?? call.cluster;
    this.calls.set(name, [...(this.calls.get(name) ?? []), seenCall(call)]);
    const { afterMs, ...answer } =
      callout === undefined
        ? { fails: 'refused' as const, afterMs: 0 }
        : (this.#answers.get(callout) ?? new Answers({})).take();
    const dueNs = this.#host.clock.monotonicNs + BigInt(Math.round(afterMs)) * NS_PER_MS;
    this.#waiting.set(keyOf(call), { call, answer, dueNs });
    return answer;
  }

  #give({ call, answer }: Waiting): void {
    const { token, worker, kind } = call;
    if (worker === 'canary') return;
    if (kind === 'http') {
      if (answer.fails === undefined) this.#host.answerHttpCall(token, httpAnswer(answer), worker);
      else this.#host.failHttpCall(token, answer.fails, worker);
      return;
    }
    const { grpcStatus = 0, grpcMessage = '', message, fails } = answer;
    if (fails !== undefined) this.#host.closeGrpcCall(token, GRPC_UNAVAILABLE, fails, worker);
    else if (grpcStatus !== 0) this.#host.closeGrpcCall(token, grpcStatus, grpcMessage, worker);
    else this.#host.answerGrpcCall(token, Buffer.from(message ?? '', 'base64'), worker);
  }
}

const GRPC_UNAVAILABLE = 14;

/** A cluster by its name, or one that `mixer render` makes of an address and names after it. */
export function isSameCluster(wanted: string, cluster: string): boolean {
  const plain = (text: string): string => text.replace(/[^a-zA-Z0-9]+/g, '_');
  return wanted === cluster || plain(cluster).endsWith(plain(wanted));
}

function httpAnswer({ status = 200, headers, body }: CalloutAnswer): CallAnswer {
  return {
    headers: [
      [':status', String(status)],
      ...lines(headers).map(([n, v]): [string, string] => [n, v]),
    ],
    ...(body === undefined ? {} : { body }),
  };
}

function seenCall(call: PendingCall): SeenCall {
  const named = (name: string): string => call.headers.find(([key]) => key === name)?.[1] ?? '';
  const isGrpc = call.kind !== 'http';
  return {
    method: isGrpc ? 'POST' : named(':method'),
    path: isGrpc ? `/${call.service}/${call.method}` : named(':path'),
    headers: call.headers.map(([name, value]): Pair => [name, value]),
    body: call.body,
  };
}

function keyOf({ worker, token }: PendingCall): string {
  return `${worker} ${token}`;
}

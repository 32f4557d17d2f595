// Runs cases on the emulator: nothing waits, time moves only where a case says so, and whatever would end Envoy ends
// the case with its reason.

import {
  Host,
  EnvoyCrash,
  type Outcome as StreamOutcome,
  type RequestInput,
} from '../host/host.ts';
import { FILTER_NAME } from '../render/filter.ts';
import { rootIdOf } from '../render/root-id.ts';
import { Status } from '../host/abi.ts';
import { reportedValues } from './attribute-report.ts';
import { nestedText } from '../host/trace-nesting.ts';
import { trapText } from '../host/trap-text.ts';
import { answerDifferences, statusDifferences, traceDifferences } from './compare.ts';
import { connectionDifferences } from './compare-connection.ts';
import { durationMs } from './durations.ts';
import { EmulatedBackends } from './emulated-backends.ts';
import { emulatedConnection } from './emulated-connection.ts';
import type { CaseHost, Outcome } from './host.ts';
import { loadHost, type Described } from './loaded-host.ts';
import { documentJson, type LoadedCase } from './read.ts';
import { peerAddress } from './peer.ts';
import { refusalDifferences } from './compare-reload.ts';
import { scriptedAnswer, scriptedRequest } from './script.ts';
import { seriesOfStats } from './series.ts';
import type { CaseConnection, CaseRequest, Difference, SeenAnswer, SeenRecord } from './types.ts';

/** What the filter batches is handed over on its timer; several of them pass. */
const FLUSH_MS = 1_000;
const TRACE_COUNT_MAX = 400;

export class Emulator implements CaseHost {
  readonly name = 'emulator';
  readonly #described: Described = new Map();
  readonly #wasm: string;
  readonly #traces: boolean;

  constructor(wasm: string, { trace = false }: { trace?: boolean } = {}) {
    this.#wasm = wasm;
    this.#traces = trace;
  }

  async run(each: LoadedCase): Promise<Outcome> {
    const run = await EmulatedCase.load(each, this.#wasm, this.#traces, this.#described);
    return { differences: run.differences(), trace: this.#traces ? run.trace() : '' };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class EmulatedCase {
  readonly #each: LoadedCase;
  readonly #host: Host;
  readonly #backends: EmulatedBackends;
  readonly #found: Difference[] = [];
  #sentCount = 0;
  /** The host calls of the first request that differed: what comes later would push them out of sight. */
  #traceThere: string | null = null;

  private constructor(each: LoadedCase, host: Host) {
    this.#each = each;
    this.#host = host;
    this.#backends = new EmulatedBackends(host, each.callouts ?? []);
  }

  static async load(
    each: LoadedCase,
    wasm: string,
    traces: boolean,
    described: Described,
  ): Promise<EmulatedCase> {
    const host = await loadHost(each, wasm, described);
    const readsMatter = each.requests?.some(({ expect }) => expect?.reads !== undefined) ?? false;
    if (traces || readsMatter) host.trace.enable(TRACE_COUNT_MAX);
    return new EmulatedCase(each, host);
  }

  trace(): string {
    return this.#traceThere ?? nestedText(this.#host.trace.entries());
  }

  /** Differences of a request or connection: the trace that matters began with it. */
  #differ(found: readonly Difference[]): void {
    this.#found.push(...found);
    if (found.length === 0) return;
    const entries = this.#host.trace.entries();
    const start = entries.findLastIndex(({ kind }) => kind === 'note');
    this.#traceThere ??= nestedText(entries.slice(Math.max(start, 0)));
  }

  differences(): Difference[] {
    try {
      this.#run();
    } catch (error) {
      if (!(error instanceof EnvoyCrash)) throw error;
      this.#found.push(this.#broken('Envoy survives', error.message));
    }
    return this.#found;
  }

  #run(): void {
    const host = this.#host;
    const isRefused = !host.start();
    if (!isRefused) {
      for (const { call, status = 'INTERNAL_FAILURE', times } of this.#each.faults ?? [])
        host.faults.fail(call, statusOf(status), times === undefined ? {} : { times });
      for (const [index, request] of (this.#each.requests ?? []).entries())
        this.#send(request, index);
      for (const [index, connection] of (this.#each.connections ?? []).entries())
        this.#connect(connection, index);
      this.#backends.advance(FLUSH_MS);
    }
    for (const trap of host.traps) this.#found.push(this.#broken('no trap', trapText(trap)));
    const seen = {
      isRefused,
      series: seriesOfStats(host.metrics()),
      log: host.logs.map(({ text }) => text),
      calls: this.#backends.calls,
    };
    this.#found.push(...traceDifferences(this.#each, seen));
  }

  #send(request: CaseRequest, index: number): void {
    const pointer = `${this.#each.pointer}/requests/${index}`;
    this.#backends.advance(durationMs(request.after));
    this.#reload(request, pointer);
    const { times = 1, concurrent = 1, expect = {} } = request;
    const answers: SeenAnswer[] = [];
    this.#host.trace.note(`request ${index + 1}`);
    while (answers.length < times)
      answers.push(...this.#batch(request, Math.min(concurrent, times - answers.length)));
    for (const [time, answer] of answers.entries()) {
      const which = `request ${index + 1}${times > 1 ? `, time ${time + 1} of ${times}` : ''}`;
      const found = answerDifferences(expect, answer, `${pointer}/expect`, which);
      this.#differ(found);
      // One of a thousand equal requests says as much as all.
      if (found.length > 0) break;
    }
    this.#differ(statusDifferences(expect, answers, `${pointer}/expect`));
  }

  #connect(connection: CaseConnection, index: number): void {
    const pointer = `${this.#each.pointer}/connections/${index}/expect`;
    this.#backends.advance(durationMs(connection.after));
    const { workers = 1 } = this.#each;
    for (let time = 0; time < (connection.times ?? 1); time++) {
      const worker = this.#sentCount++ % workers;
      const which = `connection ${index + 1}`;
      this.#host.trace.note(which);
      const seen = emulatedConnection(this.#host, this.#backends, connection, worker);
      const found = connectionDifferences(connection.expect ?? {}, seen, pointer, which);
      this.#differ(found);
      if (found.length > 0) break;
    }
  }

  #reload({ reload }: CaseRequest, pointer: string): void {
    if (reload === undefined) return;
    const before = this.#host.logs.length;
    const json = documentJson(reload.document, this.#each.file.source.name);
    const isRefused = !this.#host.reconfigure(json, FILTER_NAME, rootIdOf(FILTER_NAME, json));
    const log = this.#host.logs.slice(before).map(({ text }) => text);
    this.#found.push(...refusalDifferences(reload, { isRefused, log }, `${pointer}/reload`));
  }

  /** Requests that are under way at once. */
  #batch(request: CaseRequest, count: number): SeenAnswer[] {
    const host = this.#host;
    const input = requestInput(request);
    const callsBefore = totalOf(host.callCounts());
    const logsBefore = host.logs.length;
    if (request.expect?.reads !== undefined) host.trace.clear();
    const streams = Array.from({ length: count }, () =>
      host.open(input, this.#sentCount++ % (this.#each.workers ?? 1)).run(),
    );
    this.#backends.serve(() => streams.every(({ paused }) => !paused));
    const outcomes = streams.map((stream) => stream.close());
    const cost = {
      hostCalls: totalOf(host.callCounts()) - callsBefore,
      reads: host.trace.entries().flatMap(({ attribute }) => attribute ?? []),
    };
    return outcomes.map((outcome) => ({
      ...answerOf(outcome),
      attributes: reportedValues(host.logs.slice(logsBefore).map(({ text }) => text)),
      ...(count === 1 ? cost : {}),
    }));
  }

  #broken(wanted: string, got: string): Difference {
    return { pointer: `${this.#each.pointer}/name`, what: 'the filter', wanted, got };
  }
}

/** A request of a case as the emulator takes it. */
export function requestInput(request: CaseRequest): RequestInput {
  const scripted = scriptedRequest(request);
  const answer = scriptedAnswer(request.upstream ?? {}, scripted.protocol);
  const address = peerAddress(scripted.headers);
  return {
    method: scripted.method,
    path: scripted.path,
    authority: scripted.authority,
    headers: scripted.headers.map(([name, value]) => [name, trimmed(value)]),
    body: [...scripted.body],
    protocol: scripted.protocol === 'http1' ? 'HTTP/1.1' : 'HTTP/2',
    properties: {
      ...(address === null ? {} : { 'source.address': address }),
      ...request.properties,
    },
    ...(scripted.trailers.length === 0
      ? {}
      : { trailers: scripted.trailers.map(([name, value]) => [name, value]) }),
    response: {
      status: answer.status,
      headers: answer.headers.map(([name, value]) => [name, value]),
      body: [...answer.body],
      delayMs: answer.afterMs,
      ...(answer.trailers.length === 0
        ? {}
        : { trailers: answer.trailers.map(([name, value]) => [name, value]) }),
    },
  };
}

/** The codec takes blanks around a value for none of it. */
function trimmed(value: string): string {
  return value.replace(/^[ \t]+|[ \t]+$/g, '');
}

function answerOf(outcome: StreamOutcome): SeenAnswer {
  const { upstreamHeaders } = outcome;
  const named = (name: string): string => upstreamHeaders?.find(([key]) => key === name)?.[1] ?? '';
  return {
    status: outcome.status,
    headers: outcome.headers,
    trailers: outcome.trailers,
    body: outcome.body,
    upstream:
      upstreamHeaders === null
        ? null
        : {
            method: named(':method'),
            path: named(':path'),
            headers: upstreamHeaders,
            body: outcome.upstreamBody,
          },
    record: recordOf(outcome),
  };
}

/** What the rendered access log would show. */
function recordOf({ details, filterState }: StreamOutcome): SeenRecord {
  const state = (name: string): string =>
    Buffer.from(filterState.get(`wasm.mixer_${name}`) ?? []).toString('utf8');
  return { details, rule: state('rule'), verdict: state('verdict'), reason: state('reason') };
}

function statusOf(name: string): number {
  return (Status as Readonly<Record<string, number>>)[name] ?? Status.INTERNAL_FAILURE;
}

function totalOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

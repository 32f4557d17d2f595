// Runs cases on a real Envoy, a process or a container. Cases share an Envoy as long as they need the same of it; time
// is the machine's, so that waiting is real and what comes late is waited for.

import { setTimeout as sleep } from 'node:timers/promises';
import type { EnvoyFound } from '../envoy/find.ts';
import { filterEntries } from '../envoy/filter-log.ts';
import { poll } from '../envoy/poll.ts';
import { trapsInLog } from '../envoy/trap-log.ts';
import { describeDocument } from '../render/describe.ts';
import { isReported, reportedValues } from './attribute-report.ts';
import { answerDifferences, statusDifferences, traceDifferences } from './compare.ts';
import { refusalDifferences } from './compare-reload.ts';
import { durationMs } from './durations.ts';
import { callsOf, startBackends, stopBackends, type Backends } from './envoy-backends.ts';
import { RECORD_TIMEOUT_MS, quietRecords, recordOf, runConnection } from './envoy-connection.ts';
import { EnvoySession, type SessionFacts } from './envoy-session.ts';
import type { CaseHost, Outcome } from './host.ts';
import { documentJson, kindOf, type LoadedCase } from './read.ts';
import { scriptedAnswer, scriptedRequest } from './script.ts';
import { seriesOfPage } from './series.ts';
import type { CaseRequest, Difference, SeenAnswer, SeenCall, SeenTraces } from './types.ts';

/** How long metrics and log lines may take to come out. */
const SETTLE_TIMEOUT_MS = 4_000;
const SETTLE_INTERVAL_MS = 60;
/** How long the lines of a trap may take to come out, where a case has failed. */
const TRAP_TIMEOUT_MS = 1_500;
/** Longer than Envoy needs to merge distributions. */
const QUIET_INTERVAL_MS = 250;

/** Expectations for which Envoy's access log is waited for. */
const RECORDED = ['details', 'rule', 'verdict', 'reason', 'attributes'];

export class EnvoyCases implements CaseHost {
  readonly name: 'envoy' | 'container';
  readonly #found: EnvoyFound;
  readonly #wasm: string;
  /** The Envoy that most cases share, and how many requests it got. */
  #shared: { readonly key: string; readonly session: EnvoySession } | null = null;
  #vmCount = 0;

  constructor(name: 'envoy' | 'container', found: EnvoyFound, wasm: string) {
    this.name = name;
    this.#found = found;
    this.#wasm = wasm;
  }

  async run(each: LoadedCase): Promise<Outcome> {
    const vmId = `case-${this.#vmCount++}`;
    const { callouts } = each;
    if (callouts === undefined) {
      const session = await this.#sessionFor(await this.#facts(each, null));
      return new EnvoyCase(each, session, vmId, new Map()).run();
    }
    const servers = await startBackends(callouts);
    try {
      const session = await EnvoySession.start(await this.#facts(each, servers));
      try {
        return await new EnvoyCase(each, session, vmId, servers).run();
      } finally {
        await session.close();
      }
    } finally {
      await stopBackends(servers);
    }
  }

  async close(): Promise<void> {
    await this.#shared?.session.close();
    this.#shared = null;
  }

  async #facts(each: LoadedCase, servers: Backends | null): Promise<SessionFacts> {
    const { workers = 1, environment = {}, nodeMetadata = {} } = each;
    const described = await describeDocument(each.documentJson, this.#wasm, environment);
    return {
      found: this.#found,
      kind: kindOf(each),
      wasm: this.#wasm,
      workers,
      environment,
      nodeMetadata,
      labels: described.labels,
      backends: servers === null ? null : { described, servers },
    };
  }

  /** The Envoy of the case before where it fits: its labels must be known since its start. */
  async #sessionFor(facts: SessionFacts): Promise<EnvoySession> {
    const { kind, workers, environment, nodeMetadata, labels } = facts;
    const key = JSON.stringify({ kind, workers, environment, nodeMetadata });
    const known = this.#labels;
    const isKnown = labels.every((label) => known.has(label));
    if (this.#shared?.key === key && isKnown) return this.#shared.session;
    await this.close();
    for (const label of labels) known.add(label);
    const session = await EnvoySession.start({ ...facts, labels: [...known] });
    this.#shared = { key, session };
    return session;
  }

  readonly #labels = new Set<string>();
}

class EnvoyCase {
  readonly #each: LoadedCase;
  readonly #session: EnvoySession;
  readonly #vmId: string;
  readonly #backends: Backends;
  readonly #found: Difference[] = [];

  constructor(each: LoadedCase, session: EnvoySession, vmId: string, backends: Backends) {
    this.#each = each;
    this.#session = session;
    this.#vmId = vmId;
    this.#backends = backends;
  }

  async run(): Promise<Outcome> {
    const { envoy } = this.#session;
    const { requests = [], connections = [], documentJson: json } = this.#each;
    const logStart = envoy.log().length;
    const isRefused = (await this.#session.update(json, this.#vmId)) === 'refused';
    const pageBefore = await this.#quietPage();
    if (!isRefused) {
      for (const [index, request] of requests.entries()) await this.#send(request, index);
      for (const [index, connection] of connections.entries()) {
        const pointer = `${this.#each.pointer}/connections/${index}/expect`;
        const which = `connection ${index + 1}`;
        this.#found.push(...(await runConnection(this.#session, connection, pointer, which)));
      }
    }
    let last: Difference[] = [];
    await poll(
      async () => {
        last = traceDifferences(
          this.#each,
          await this.#traces({ isRefused, logStart, pageBefore }),
        );
        return last.length === 0;
      },
      SETTLE_TIMEOUT_MS,
      SETTLE_INTERVAL_MS,
    );
    this.#found.push(...last);
    return { differences: [...this.#found, ...(await this.#traps(logStart))], trace: '' };
  }

  /** Traps of the filter. Where something differs already a trap may be why, and its lines are waited for. */
  async #traps(logStart: number): Promise<Difference[]> {
    const { envoy } = this.#session;
    const traps = (): string[] => trapsInLog(envoy.log().slice(logStart));
    if (this.#found.length > 0)
      await poll(() => traps().length > 0, TRAP_TIMEOUT_MS, SETTLE_INTERVAL_MS);
    const pointer = `${this.#each.pointer}/name`;
    return traps().map((got) => ({ pointer, what: 'the filter', wanted: 'no trap', got }));
  }

  /** The metrics before the first request, once what the case before still had to hand over has come out. */
  async #quietPage(): Promise<string> {
    if (this.#each.expect?.metrics === undefined) return '';
    const { admin } = this.#session.envoy;
    let page = '';
    await poll(
      async () => {
        const now = await admin.text('/stats/prometheus?filter=^wasmcustom');
        const isQuiet = now === page;
        page = now;
        return isQuiet;
      },
      SETTLE_TIMEOUT_MS,
      QUIET_INTERVAL_MS,
    );
    return page;
  }

  async #traces(since: {
    isRefused: boolean;
    logStart: number;
    pageBefore: string;
  }): Promise<SeenTraces> {
    const { envoy } = this.#session;
    const needsPage = this.#each.expect?.metrics !== undefined;
    const page = needsPage ? await envoy.admin.text('/stats/prometheus?filter=^wasmcustom') : '';
    return {
      isRefused: since.isRefused,
      series: seriesOfPage(page, since.pageBefore),
      log: filterEntries(envoy.log().slice(since.logStart)),
      calls: callsOf(this.#backends),
    };
  }

  async #send(request: CaseRequest, index: number): Promise<void> {
    const pointer = `${this.#each.pointer}/requests/${index}`;
    const waitMs = durationMs(request.after);
    if (waitMs > 0) await sleep(waitMs);
    await this.#reload(request, pointer);
    const { times = 1, concurrent = 1, expect = {} } = request;
    const answers: SeenAnswer[] = [];
    while (answers.length < times)
      answers.push(...(await this.#batch(request, Math.min(concurrent, times - answers.length))));
    for (const [time, answer] of answers.entries()) {
      const which = `request ${index + 1}${times > 1 ? `, time ${time + 1} of ${times}` : ''}`;
      const found = answerDifferences(expect, answer, `${pointer}/expect`, which);
      this.#found.push(...found);
      if (found.length > 0) break;
    }
    this.#found.push(...statusDifferences(expect, answers, `${pointer}/expect`));
  }

  async #reload({ reload }: CaseRequest, pointer: string): Promise<void> {
    if (reload === undefined) return;
    const { envoy } = this.#session;
    const before = envoy.log().length;
    const json = documentJson(reload.document, this.#each.file.source.name);
    const isRefused = (await this.#session.update(json, this.#vmId)) === 'refused';
    let last: Difference[] = [];
    // The log of a container comes a little later than Envoy's answer.
    await poll(() => {
      const log = filterEntries(envoy.log().slice(before));
      last = refusalDifferences(reload, { isRefused, log }, `${pointer}/reload`);
      return last.length === 0;
    }, RECORD_TIMEOUT_MS);
    this.#found.push(...last);
  }

  /** Requests that are under way at once. */
  async #batch(request: CaseRequest, count: number): Promise<SeenAnswer[]> {
    const { client, upstream, envoy } = this.#session;
    const scripted = scriptedRequest(request);
    this.#session.answerWith(scriptedAnswer(request.upstream ?? {}, scripted.protocol));
    const reached = upstream.seen.length;
    const needsRecord = RECORDED.some(
      (field) => request.expect !== undefined && field in request.expect,
    );
    const logged = envoy.log().length;
    const recorded = needsRecord ? await quietRecords(envoy) : 0;
    const answers = await Promise.all(Array.from({ length: count }, () => client.send(scripted)));
    const record = needsRecord
      ? await envoy.waitFor(() => envoy.accessLog()[recorded], RECORD_TIMEOUT_MS)
      : null;
    const report = (): string => envoy.log().slice(logged);
    // The log of a container comes a little later than the record.
    if (request.expect?.attributes !== undefined)
      await envoy.waitFor(() => isReported(report()), RECORD_TIMEOUT_MS);
    return answers.map((answer, index) => ({
      ...answer,
      upstream: upstreamOf(upstream.seen[reached + index]),
      record: record === null ? null : recordOf(record),
      attributes: record === null ? null : reportedValues(report().split('\n')),
    }));
  }
}

function upstreamOf(seen: SeenCall | undefined): SeenAnswer['upstream'] {
  return seen === undefined ? null : { ...seen, body: Buffer.from(seen.body).toString('utf8') };
}

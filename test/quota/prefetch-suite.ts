// Suites of Mixer's prefetch: how far what clients let pass is from what a rate limit server would, over ten windows
// with answers that take a while; and single charges of one pool. The pools are the filter's, clock and server are of
// the table.

import { onlyFields, UnreadableTable } from '../conformance/fields.ts';
import { attempt, compare, failed, STEP_COMMENTS, type CaseResult } from './case-result.ts';
import type { Engine, PoolAnswer, PoolTaken } from './engine.ts';

/** How far the traffic of one case may be off. */
export interface MarginCase {
  readonly name?: string;
  readonly clients: number;
  readonly server: string;
  readonly window: string;
  readonly max_margin_traffic: Readonly<Record<string, number>>;
}

const MARGIN_FIELDS = ['clients', 'server', 'window', 'max_margin_traffic', 'name'];
const NS_PER_MS = 1_000_000n;
const WINDOW_COUNT = 10;
const ANSWER_DELAY_NS = 200n * NS_PER_MS;
const WINDOW = /rate (\d+)\/(\d+)s, delta (\d+)/;
/** A moment far from 0, at which pools begin. */
const START_NS = 1_704_067_200_000n * NS_PER_MS;

interface RateServer {
  take(amount: number, nowNs: bigint): PoolAnswer;
}

/** All of an amount comes back when a window is over; the next one begins with a request. */
export class WindowServer implements RateServer {
  #left = 0;
  #endNs: bigint;
  readonly #rate: number;
  readonly #windowNs: bigint;

  constructor(rate: number, windowNs: bigint, nowNs: bigint) {
    this.#rate = rate;
    this.#windowNs = windowNs;
    this.#endNs = nowNs;
  }

  take(amount: number, nowNs: bigint): PoolAnswer {
    if (nowNs >= this.#endNs) {
      this.#left = this.#rate;
      this.#endNs = nowNs + this.#windowNs;
    }
    const granted = Math.min(amount, this.#left);
    this.#left -= granted;
    return { amount: granted, validNs: this.#endNs - nowNs };
  }
}

/** Amounts come back as time passes, whole ones, counted between two requests. */
class TimeServer implements RateServer {
  #left: number;
  #lastNs: bigint;
  readonly #rate: number;
  readonly #windowNs: bigint;

  constructor(rate: number, windowNs: bigint, nowNs: bigint) {
    this.#rate = rate;
    this.#left = rate;
    this.#windowNs = windowNs;
    this.#lastNs = nowNs;
  }

  take(amount: number, nowNs: bigint): PoolAnswer {
    const passedMs = (nowNs - this.#lastNs) / NS_PER_MS;
    const back = (passedMs * BigInt(this.#rate)) / (this.#windowNs / NS_PER_MS);
    this.#left = Math.min(this.#rate, this.#left + Number(back));
    this.#lastNs = nowNs;
    const granted = Math.min(amount, this.#left);
    this.#left -= granted;
    return { amount: granted, validNs: this.#windowNs };
  }
}

/** Clients with a pool each in front of one server. */
class Clients {
  readonly #engine: Engine;
  readonly #server: RateServer;
  readonly #delayNs: bigint;
  readonly #answers: { atNs: bigint; deliver: (nowNs: bigint) => void }[] = [];

  constructor(engine: Engine, server: RateServer, delayNs: bigint) {
    this.#engine = engine;
    this.#server = server;
    this.#delayNs = delayNs;
    engine.beginPools();
  }

  check(client: number, amount: number, nowNs: bigint): boolean {
    this.#engine.setPoolClock(nowNs);
    const taken = this.#engine.takeFromPool(client, amount);
    if (taken.asked > 0) this.#ask(client, taken, nowNs);
    return taken.isGranted;
  }

  /** Delivers the answers that are due. */
  hear(nowNs: bigint): void {
    while (this.#answers[0] !== undefined && this.#answers[0].atNs <= nowNs)
      this.#answers.shift()?.deliver(nowNs);
  }

  #ask(client: number, taken: PoolTaken, nowNs: bigint): void {
    const answer = this.#server.take(taken.asked, nowNs);
    const deliver = (atNs: bigint): void => {
      this.#engine.setPoolClock(atNs);
      this.#engine.settlePool(client, taken, answer);
    };
    this.#answers.push({ atNs: nowNs + this.#delayNs, deliver });
  }
}

/** Traffic of ten windows, one after another; each kind begins where the one before has ended. */
export function runMargins(
  suite: string,
  index: number,
  row: MarginCase,
  engine: Engine,
): CaseResult[] {
  return attempt(suite, index, () => {
    onlyFields(`case ${index}`, row, MARGIN_FIELDS);
    const [, rate = 0, seconds = 0, delta = 0] = (WINDOW.exec(row.window) ?? []).map(Number);
    if (!(rate > 0)) throw new UnreadableTable(`a window of no known kind: ${row.window}`);
    const windowNs = BigInt(seconds) * 1000n * NS_PER_MS;
    const server = row.server.startsWith('token')
      ? new TimeServer(rate, windowNs, START_NS)
      : new WindowServer(rate, windowNs, START_NS);
    const clients = new Clients(engine, server, ANSWER_DELAY_NS);
    const traffic: Readonly<Record<string, number>> = {
      'rate-delta': rate - delta,
      rate,
      'rate+delta': rate + delta,
      'rate/2': Math.floor(rate / 2),
      'rate*10': rate * 10,
    };
    const differences: string[] = [];
    let startNs = START_NS;
    for (const [name, most] of Object.entries(row.max_margin_traffic)) {
      const perWindow = traffic[name];
      if (perWindow === undefined) throw new UnreadableTable(`unknown traffic ${name}`);
      const count = perWindow * WINDOW_COUNT;
      const passed = send(clients, row.clients, count, windowNs * BigInt(WINDOW_COUNT), startNs);
      const expected = Math.min(rate * WINDOW_COUNT, count);
      const margin = Math.abs(passed - expected) / expected;
      if (Math.fround(margin) > Math.fround(most))
        differences.push(`${name}: ${margin} over ${most}`);
      startNs += windowNs * BigInt(WINDOW_COUNT);
    }
    if (differences.length > 0) return [failed(suite, index, differences.join('; '))];
    return [{ suite, step: index, passed: true, difference: '' }];
  });
}

/** Requests at even distances; of two clients one has three quarters. */
function send(
  clients: Clients,
  clientCount: number,
  count: number,
  durationNs: bigint,
  startNs: bigint,
): number {
  const shares = clientCount === 1 ? [count] : [Math.floor((count * 3) / 4), Math.floor(count / 4)];
  const total = shares.reduce((sum, share) => sum + share, 0);
  const distanceNs = (durationNs / NS_PER_MS / BigInt(total)) * NS_PER_MS;
  const sent = shares.map(() => 0);
  let passed = 0;
  for (let index = 0; index < total; index++) {
    const nowNs = startNs + BigInt(index) * distanceNs;
    const progress = sent.map((each, client) => each / shares[client]!);
    const client = progress.length > 1 && progress[0]! > progress[1]! ? 1 : 0;
    if (clients.check(client, 1, nowNs)) passed++;
    sent[client]!++;
    clients.hear(nowNs);
  }
  return passed;
}

/** A charge of one pool. */
export interface PoolStep {
  readonly op?: string;
  readonly amount?: number;
  readonly at_ms?: number;
  readonly t_ms?: number;
  readonly time_ms?: number;
  readonly advance_ms?: number;
  readonly expect?: boolean;
  readonly expect_check?: boolean;
  readonly expect_granted?: boolean;
  readonly expect_ok?: boolean;
  readonly expect_result?: boolean;
  readonly expect_accept?: boolean;
  readonly expect_passed?: boolean;
}

const STEP_FIELDS = [
  ...['op', 'amount', 'at_ms', 't_ms', 'time_ms', 'advance_ms', 'name'],
  ...[
    'expect',
    'expect_check',
    'expect_granted',
    'expect_ok',
    'expect_result',
    'expect_accept',
    'expect_passed',
  ],
  ...STEP_COMMENTS,
];

/** Charges one pool step by step; answers come at the end of each step. */
export function runPool(
  id: string,
  terms: { readonly rate: number; readonly windowMs: number },
  steps: readonly PoolStep[],
  engine: Engine,
): CaseResult[] {
  const server = new WindowServer(terms.rate, BigInt(terms.windowMs) * NS_PER_MS, START_NS);
  const clients = new Clients(engine, server, 0n);
  let lastMs = 0;
  return steps.flatMap((step, index) =>
    attempt(id, index, () => {
      onlyFields(`step ${index}`, step, STEP_FIELDS);
      lastMs = step.at_ms ?? step.t_ms ?? step.time_ms ?? lastMs + (step.advance_ms ?? 0);
      const nowNs = START_NS + BigInt(lastMs) * NS_PER_MS;
      const isCharge = step.amount !== undefined;
      const passed = isCharge && clients.check(0, step.amount, nowNs);
      clients.hear(nowNs);
      const expected =
        step.expect ??
        step.expect_check ??
        step.expect_granted ??
        step.expect_ok ??
        step.expect_result ??
        step.expect_accept ??
        step.expect_passed;
      return compare(id, index, [['passed', expected, passed]]);
    }),
  );
}

// Mixer's own tables of what becomes of a fetched list: what its provider serves, step by step, and what a check sees.
// Texts of the tables are read, not guessed: one that nobody understands fails.

import type { CallAnswer, CallFailure } from '../../tools/host/types.ts';
import { ProvidedList } from './list-provider.ts';

export interface LifecycleStep {
  readonly server?: string;
  readonly value?: string;
  readonly expect?: string;
}

export interface LifecycleCase {
  readonly id: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly value?: string;
  readonly provider_body?: string;
  readonly steps?: readonly LifecycleStep[];
  readonly expect?: string;
}

/** Ours is Mixer's least interval; Mixer's own tests go below it. */
const REFRESH_MIN_MS = 1_000;
const MS_PER_SECOND = 1_000;
/** After a failure the provider is asked again sooner; a list is in force two ticks after its answer. */
const AGAIN_MS = 2_500;
/** Longer than the wait between two attempts after the few failures that a table has. */
const BACKOFF_MS = 20_000;
const STATUS = /^([1-5]\d\d)\b/;
const OK = 200;
/** What a policy answers; anything else from 500 on is an error. */
const ERROR_MIN = 500;

interface Timing {
  readonly refreshMs: number;
  readonly ttlMs: number;
}

/** What differs from the table; "" when nothing does. */
export async function lifecycleDifference(row: LifecycleCase): Promise<string> {
  const timing = timingOf(row.config);
  const list = await ProvidedList.load({ params: paramsOf(row.config, timing) });
  if (row.expect === 'validation error') return list.host.start() ? 'expected a refusal' : '';
  list.answer = firstAnswer(row);
  if (!list.host.start()) return `expected that the document is accepted: ${list.logText}`;
  list.pass(AGAIN_MS);
  const whole =
    row.expect === undefined ? [] : [{ value: row.value ?? 'JUNK', expect: row.expect }];
  for (const step of [...(row.steps ?? []), ...whole]) {
    const difference = stepDifference(list, step, timing);
    if (difference !== '') return difference;
  }
  return '';
}

function stepDifference(list: ProvidedList, step: LifecycleStep, timing: Timing): string {
  const { server, value = 'JUNK', expect = '' } = step;
  const failures = list.failures;
  if (server !== undefined) {
    list.answer = answerOf(server);
    list.pass(Math.min(timing.refreshMs, BACKOFF_MS) + AGAIN_MS);
  }
  if (expect.includes('ttl')) list.pass(timing.ttlMs + AGAIN_MS);
  const seen = list.check(value);
  const problems = [
    understands(expect) ? '' : `nobody understands "${expect}"`,
    /\bOK\b/.test(expect) && seen !== OK ? `expected OK, got ${seen}` : '',
    /check returns|purged/.test(expect) && seen < ERROR_MIN ? `expected an error, got ${seen}` : '',
    /fetch error/.test(expect) && !hasFailed(list, server === undefined ? 0 : failures)
      ? 'expected a failed fetch'
      : '',
  ];
  return problems.filter((text) => text !== '').join('; ');
}

function understands(expect: string): boolean {
  return /\bOK\b|check returns|purged|fetch error|build succeeds/.test(expect);
}

function hasFailed(list: ProvidedList, before: number): boolean {
  return list.failures > before;
}

function firstAnswer({ provider_body: body, steps }: LifecycleCase): CallAnswer | CallFailure {
  if (body !== undefined) return { body };
  const first = steps?.[0]?.server;
  return first === undefined ? 'refused' : answerOf(first);
}

function answerOf(server: string): CallAnswer | CallFailure {
  if (server.includes('unreadable')) return 'reset';
  const status = STATUS.exec(server)?.[1];
  return status === undefined ? { body: server } : { status: Number(status) };
}

function timingOf(config: Readonly<Record<string, unknown>>): Timing {
  const ms = (name: string, fallback: number): number => {
    const seconds = config[`${name}_s`];
    const millis = config[`${name}_ms`];
    if (seconds !== undefined) return Number(seconds) * MS_PER_SECOND;
    return millis === undefined ? fallback : Number(millis);
  };
  const refreshMs = ms('refresh', 60 * MS_PER_SECOND);
  const ttlMs = ms('ttl', 300 * MS_PER_SECOND);
  const scale = Math.max(1, REFRESH_MIN_MS / refreshMs);
  return { refreshMs: refreshMs * scale, ttlMs: ttlMs * scale };
}

/** The URL may carry a remark behind it, or be a placeholder. */
function paramsOf(
  config: Readonly<Record<string, unknown>>,
  timing: Timing,
): Readonly<Record<string, unknown>> {
  const url = config['provider_url'];
  const given = typeof url === 'string' ? url.replace(/ .*/, '') : '';
  const rest = Object.entries(config).filter(
    ([name]) => !/^(provider_url|(refresh|ttl)_m?s)$/.test(name),
  );
  return {
    ...(given.includes('://') && { providerUrl: given }),
    refreshInterval: `${timing.refreshMs}ms`,
    ttl: `${timing.ttlMs}ms`,
    ...Object.fromEntries(rest),
  };
}

// Compares what a client and an operator saw with what a case expects. Every difference names its place in the file.
// It knows no host.

import { isDeepStrictEqual } from 'node:util';
import { parsePrometheus } from '../envoy/exposition.ts';
import { callDifferences } from './compare-calls.ts';
import { Differences } from './differences.ts';
import type {
  Difference,
  ExpectedAnswer,
  ExpectedTraces,
  ExpectedUpstream,
  MetricValue,
  SeenAnswer,
  SeenTraces,
  Series,
} from './types.ts';
import type { LoadedCase } from './read.ts';

/** What differs in one answer; `which` names the request in sentences. */
export function answerDifferences(
  expected: ExpectedAnswer,
  seen: SeenAnswer,
  pointer: string,
  which: string,
): Difference[] {
  const found = new Differences(pointer, ` of ${which}`);
  if (expected.status !== undefined && expected.status !== seen.status)
    found.add(
      'status',
      expected.status,
      `${seen.status}${seen.body === '' ? '' : `, ${seen.body}`}`,
    );
  if (expected.grpcStatus !== undefined)
    found.same('grpcStatus', expected.grpcStatus, grpcOf(seen));
  if (expected.body !== undefined) found.same('body', expected.body, seen.body);
  if (expected.json !== undefined && !isDeepStrictEqual(expected.json, parsed(seen.body)))
    found.add('json', JSON.stringify(expected.json), seen.body);
  if (expected.bodyMatches !== undefined && !new RegExp(expected.bodyMatches).test(seen.body))
    found.add('bodyMatches', `a match of /${expected.bodyMatches}/`, seen.body);
  found.headers(expected, seen.headers);
  const { record } = seen;
  if (record !== null)
    for (const field of ['details', 'rule', 'verdict', 'reason'] as const)
      if (expected[field] !== undefined) found.same(field, expected[field], record[field]);
  compareAttributes(found, expected, seen);
  if (expected.upstream !== undefined) compareUpstream(found, expected.upstream, seen);
  compareCost(found, expected, seen);
  return found.all;
}

function compareAttributes(
  found: Differences,
  { attributes = {} }: ExpectedAnswer,
  { attributes: seen }: SeenAnswer,
): void {
  if (seen === undefined || seen === null) return;
  for (const [name, wanted] of Object.entries(attributes)) {
    const got = seen[name] ?? null;
    if (got === wanted) continue;
    const shown = (value: unknown): string => (value === null ? 'absent' : JSON.stringify(value));
    const text = { text: shown(got), what: `attribute ${name}` };
    found.add(`attributes/${name}`, shown(wanted), text);
  }
}

/** How often each status was seen, where the case counts them. */
export function statusDifferences(
  { statuses }: ExpectedAnswer,
  seen: readonly SeenAnswer[],
  pointer: string,
): Difference[] {
  if (statuses === undefined) return [];
  const counts: Record<string, number> = {};
  for (const { status } of seen) counts[status] = (counts[status] ?? 0) + 1;
  const wanted = Object.fromEntries(Object.entries(statuses).filter(([, count]) => count > 0));
  if (isDeepStrictEqual(wanted, counts)) return [];
  const found = new Differences(pointer, '');
  found.add('statuses', JSON.stringify(wanted), JSON.stringify(counts));
  return found.all;
}

/** What differs in what stayed behind. */
export function traceDifferences(each: LoadedCase, seen: SeenTraces): Difference[] {
  const expected = each.expect ?? {};
  const found = new Differences(`${each.pointer}/expect`, '');
  if (seen.isRefused !== (expected.refused !== undefined))
    return [
      {
        pointer: expected.refused === undefined ? `${each.pointer}/document` : found.at('refused'),
        what: 'the document',
        wanted: seen.isRefused ? 'accepted' : 'refused',
        got: `${seen.isRefused ? 'refused' : 'accepted'}\n${seen.log.join('\n')}`.trimEnd(),
      },
    ];
  compareMetrics(found, expected, seen.series);
  comparePatterns(found, expected, seen.log);
  const calls = (each.callouts ?? []).flatMap(({ cluster, expect }, index) =>
    expect === undefined
      ? []
      : callDifferences(
          expect,
          seen.calls.get(cluster) ?? [],
          `${each.pointer}/callouts/${index}/expect`,
        ),
  );
  return [...found.all, ...calls];
}

function comparePatterns(
  found: Differences,
  expected: ExpectedTraces,
  log: readonly string[],
): void {
  for (const field of ['log', 'refused'] as const)
    for (const [index, pattern] of (expected[field] ?? []).entries())
      if (!log.some((line) => new RegExp(pattern).test(line)))
        found.add(`${field}/${index}`, `a line that matches /${pattern}/`, log.join('\n'));
  for (const [index, pattern] of (expected.logAbsent ?? []).entries()) {
    const line = log.find((each) => new RegExp(pattern).test(each));
    if (line !== undefined)
      found.add(`logAbsent/${index}`, `no line that matches /${pattern}/`, line);
  }
}

function compareMetrics(
  found: Differences,
  { metrics = {} }: ExpectedTraces,
  series: readonly Series[],
): void {
  for (const [key, wanted] of Object.entries(metrics)) {
    const [sample] = parsePrometheus(`${key} 1`);
    if (sample === undefined) continue;
    const { name, labels } = sample;
    const matching = series.filter(
      (each) =>
        each.name === name &&
        Object.entries(labels).every(([label, value]) => each.labels[label] === value),
    );
    const got = matching.reduce((sum, { value }) => sum + value, 0);
    if (isRight(wanted, got)) continue;
    const others = series.filter((each) => each.name === name).map(seriesText);
    const shown = others.length === 0 ? 'no such metric' : others.join('\n');
    found.add(`metrics/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, valueText(wanted), {
      text: matching.length === 1 ? String(got) : `${got}\n${shown}`,
      what: key,
    });
  }
}

function isRight(wanted: MetricValue, got: number): boolean {
  if (typeof wanted === 'number') return wanted === got;
  const { count, atLeast } = wanted;
  return (count === undefined || count === got) && (atLeast === undefined || got >= atLeast);
}

function valueText(wanted: MetricValue): string {
  if (typeof wanted === 'number') return String(wanted);
  return wanted.atLeast === undefined ? String(wanted.count) : `at least ${wanted.atLeast}`;
}

function seriesText({ name, labels, value }: Series): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
}

function compareUpstream(
  found: Differences,
  { reached = true, ...expected }: ExpectedUpstream,
  { upstream, status, body }: SeenAnswer,
): void {
  const at = found.below('upstream', 'upstream’s ');
  if (reached !== (upstream !== null)) {
    const answer = upstream === null ? `not reached: ${status} ${body}`.trimEnd() : 'reached';
    at.add('reached', reached ? 'reached' : 'not reached', answer);
    return;
  }
  if (upstream === null) return;
  for (const field of ['method', 'path', 'body'] as const)
    if (expected[field] !== undefined) at.same(field, expected[field], upstream[field]);
  at.headers(expected, upstream.headers);
}

function compareCost(
  found: Differences,
  { hostCalls, reads }: ExpectedAnswer,
  seen: SeenAnswer,
): void {
  if (hostCalls !== undefined && seen.hostCalls !== undefined && seen.hostCalls > hostCalls)
    found.add('hostCalls', `at most ${hostCalls}`, seen.hostCalls);
  const others = (seen.reads ?? []).filter((name) => reads?.includes(name) === false);
  if (others.length > 0)
    found.add('reads', `only ${reads?.join(', ') || 'none'}`, others.join(', '));
}

function grpcOf({ trailers, headers }: SeenAnswer): number | undefined {
  const all = [...trailers, ...headers];
  const text = all.find(([name]) => name === 'grpc-status')?.[1];
  return text === undefined ? undefined : Number(text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

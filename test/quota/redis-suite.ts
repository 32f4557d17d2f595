// Suites of whole requests to redisquota: dimensions by Mixer's expressions over a request's attributes, each case with
// a store of its own, once for each algorithm unless it names one. Codes are compared; words are not: the message of an
// exhausted quota is the rule's, and Redis itself is not spoken to.

import { onlyFields, UnreadableTable } from '../conformance/fields.ts';
import { PROBE_FILE, Probe } from '../conformance/probe-module.ts';
import { attempt, compare, STEP_COMMENTS, type CaseResult } from './case-result.ts';
import { Engine } from './engine.ts';
import { redisParamsOf, redisQuotasOf } from './redis-terms.ts';
import type { QuotaTerms } from './suite-terms.ts';

/** One request. */
export interface RequestCase {
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly amount?: number;
  readonly best_effort?: boolean;
  readonly redis?: string;
  readonly algorithm?: string;
  readonly expect_amount?: number;
  readonly expect_valid_duration_ns?: number;
  readonly expect_valid_duration_s?: number;
  readonly expect_status?: { readonly code?: number; readonly message?: string };
}

const FIELDS = [
  ...['attrs', 'amount', 'best_effort', 'redis', 'algorithm'],
  ...['expect_amount', 'expect_valid_duration_ns', 'expect_valid_duration_s', 'expect_status'],
  ...STEP_COMMENTS,
  'name',
];
const ALGORITHMS = ['FIXED_WINDOW', 'ROLLING_WINDOW'];
const RESOURCE_EXHAUSTED = 8;
const NS_PER_SECOND = 1_000_000_000;
const NOW_NS = 1_704_067_200n * BigInt(NS_PER_SECOND);
/** What a host call answers when the other side has failed. */
const INTERNAL_FAILURE = 10;

/** Runs every case once for each algorithm. */
export async function runRequests(
  id: string,
  config: QuotaTerms,
  cases: readonly RequestCase[],
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const [index, row] of cases.entries()) {
    const algorithms = row.algorithm === undefined ? ALGORITHMS : [row.algorithm];
    const runs: CaseResult[] = [];
    for (const algorithm of algorithms) {
      const engine = await Engine.start();
      runs.push(
        ...attempt(id, index, () => runOne(id, index, { ...config, algorithm }, row, engine)),
      );
    }
    results.push(...runs.filter(({ passed }) => !passed).slice(0, 1));
    if (runs.every(({ passed }) => passed)) results.push(...runs.slice(0, 1));
  }
  return results;
}

function runOne(
  id: string,
  index: number,
  config: QuotaTerms,
  row: RequestCase,
  engine: Engine,
): CaseResult[] {
  onlyFields(`case ${index}`, row, FIELDS);
  const { instance_dimensions_expr: expressions = {}, ...terms } = config;
  const values = evaluateAll(expressions as Readonly<Record<string, string>>, row.attrs ?? {});
  const types = Object.fromEntries(values.map(([name]) => [name, 'STRING' as const]));
  const [quota] = redisQuotasOf(terms);
  const problems = engine.configure({
    adapter: 'redisquota',
    params: redisParamsOf(terms),
    instances: [{ name: String(quota?.['name'] ?? quota?.['quota']), dimensions: types }],
  });
  if (problems !== '') throw new UnreadableTable(problems);
  engine.setDimensions(values.map(([, value]) => ({ type: 'STRING' as const, value })));
  if (row.redis === 'down') engine.store.failure = INTERNAL_FAILURE;
  const { amount = 1, best_effort: bestEffort = false } = row;
  const granted = engine.charge({ amount, bestEffort, nowNs: NOW_NS });
  const denied = granted.amount > 0 ? 0 : RESOURCE_EXHAUSTED;
  return compare(id, index, [
    ['amount', row.expect_amount, granted.amount],
    ['validity', validityOf(row), Number(granted.validNs)],
    ['code', codeOf(row), granted.failed ? granted.code : denied],
  ]);
}

function codeOf({ expect_status: status }: RequestCase): number | undefined {
  return status === undefined ? undefined : (status.code ?? 0);
}

function validityOf(row: RequestCase): number | undefined {
  if (row.expect_valid_duration_ns !== undefined) return row.expect_valid_duration_ns;
  const seconds = row.expect_valid_duration_s;
  return seconds === undefined ? undefined : seconds * NS_PER_SECOND;
}

/** The dimensions of a request, names ascending, by the filter's own evaluator. */
function evaluateAll(
  expressions: Readonly<Record<string, string>>,
  attributes: Readonly<Record<string, unknown>>,
): [name: string, value: string][] {
  const probe = Probe.load(PROBE_FILE);
  const names = new Set(
    Object.values(expressions).flatMap((text) => text.match(/[a-z]+(\.[a-z_]+)+/g) ?? []),
  );
  for (const name of names) probe.declare(name, name.endsWith('.labels') ? 'STRING_MAP' : 'STRING');
  return Object.keys(expressions)
    .sort()
    .map((name) => {
      const compiled = probe.compile(expressions[name] ?? '');
      if ('error' in compiled) throw new UnreadableTable(compiled.error);
      probe.begin();
      for (const [attribute, value] of Object.entries(attributes)) {
        const isMap = typeof value === 'object';
        probe.set(attribute, { type: isMap ? 'STRING_MAP' : 'STRING', value });
      }
      const result = probe.evaluate();
      if ('error' in result) throw new UnreadableTable(result.error);
      return [name, String(result.value.value)];
    });
}

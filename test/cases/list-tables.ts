// Mixer's own tables for lists, as data: look-ups, validation of parameters, and whole checks, run on the emulator.
// What a provider serves comes to the filter as the answer to its call.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { onlyFields } from '../conformance/fields.ts';
import { ROOT } from '../../tools/build/root.ts';
import { Host } from '../../tools/host/host.ts';
import { lifecycleDifference } from './list-lifecycle.ts';
import type { LifecycleCase } from './list-lifecycle.ts';
import { ProvidedList } from './list-provider.ts';

/** What came of one case. */
export interface ListResult {
  readonly suite: string;
  readonly step: number;
  readonly passed: boolean;
  /** What was expected and what came, when they differ. */
  readonly difference: string;
  /** Why it was not run; then it neither passed nor failed. */
  readonly skipped?: string;
}

interface LookupSuite {
  readonly id: string;
  readonly entry_type: string;
  readonly blacklist?: boolean;
  readonly overrides?: readonly string[];
  /** Left out or null: there is no provider. */
  readonly provider_body?: string | null;
  /** What is served afterwards, and what becomes of it. */
  readonly then?: readonly { provider_body: string; expect: string }[];
  readonly cases: readonly { value: string; status_by_code: string }[];
}

interface ValidationCase {
  readonly config: Readonly<Record<string, unknown>>;
  readonly invalid_field: string | null;
}

interface IntegrationCase {
  readonly id: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly instance_value_expr: string;
  readonly calls: readonly { attrs: Attributes; status: number; message?: string }[];
}

interface Attributes {
  readonly 'source.name'?: string;
  readonly 'source.ip'?: string;
  readonly 'request.headers'?: Readonly<Record<string, string>>;
}

interface Tables {
  readonly lifecycle?: readonly LifecycleCase[];
  readonly lookup_suites?: readonly LookupSuite[];
  readonly validation?: readonly ValidationCase[];
  readonly integration?: readonly IntegrationCase[];
}

const TABLE_FIELDS = ['lookup_suites', 'validation', 'lifecycle', 'integration'];
const ROW_FIELDS = [
  'id',
  'note',
  'entry_type',
  'blacklist',
  'overrides',
  'provider_body',
  'then',
  'cases',
  'config',
  'durations',
  'invalid_field',
  'expect',
  'value',
  'steps',
  'instance_value_expr',
  'calls',
];
const CASE_FIELDS = [
  'value',
  'status_by_code',
  'status_in_test_table',
  'handler_error',
  'attrs',
  'status',
  'message',
  'valid_duration_ns',
  'valid_use_count',
  'note',
];
const COMMENT_FIELDS = ['origin', 'source', 'notes', 'note', 'count'];
/** Longer than the interval, a tick that asks, and one that builds. */
const REFETCH_MS = 3_000;
const WASM = join(ROOT, 'dist/mixer.wasm');
const HTTP_STATUS: Readonly<Record<string, number>> = {
  OK: 200,
  PERMISSION_DENIED: 403,
  INVALID_ARGUMENT: 400,
};
const HTTP_STATUS_BY_NUMBER: Readonly<Record<number, number>> = { 0: 200, 3: 400, 7: 403 };

/** Runs the tables of the `*list*.json` files in a folder. */
export async function runListCases(folder: string): Promise<ListResult[]> {
  if (!existsSync(folder)) return [];
  const results: ListResult[] = [];
  for (const file of readdirSync(folder).filter((name) => /list.*\.json$/.test(name))) {
    results.push(...(await runListTables(JSON.parse(readFileSync(join(folder, file), 'utf8')))));
  }
  return results;
}

/** Runs the tables of one file; a table of an unknown kind, and a field that nobody reads, fail. */
export async function runListTables(content: unknown): Promise<ListResult[]> {
  const tables = content as Tables;
  const results: ListResult[] = Object.keys(tables)
    .filter((name) => !TABLE_FIELDS.includes(name) && !COMMENT_FIELDS.includes(name))
    .map((name) => ({ suite: name, step: -1, passed: false, difference: 'an unknown table' }));
  const run = async (
    [suite, step]: readonly [string, number],
    row: object,
    steps: () => Promise<ListResult[]>,
  ): Promise<void> => {
    results.push(...(await readable(suite, step, row, steps)));
  };
  for (const suite of tables.lookup_suites ?? [])
    await run([suite.id, -1], suite, () => runLookups(suite));
  for (const [step, each] of (tables.validation ?? []).entries())
    await run(['validation', step], each, async () => [await runValidation(each, step)]);
  for (const each of tables.lifecycle ?? [])
    await run(['lifecycle', 0], each, async () => [await runLifecycle(each)]);
  for (const each of tables.integration ?? [])
    await run([each.id, -1], each, () => runIntegration(each));
  return results;
}

/** Results of a row whose fields are all known, down to its cases; else one failure. */
async function readable(
  suite: string,
  step: number,
  row: object,
  steps: () => Promise<ListResult[]>,
): Promise<ListResult[]> {
  try {
    onlyFields(suite, row, ROW_FIELDS);
    const { cases = [], calls = [] } = row as Partial<Record<'cases' | 'calls', object[]>>;
    for (const each of [...cases, ...calls]) onlyFields(`a case of ${suite}`, each, CASE_FIELDS);
    return await steps();
  } catch (error) {
    return [{ suite, step, passed: false, difference: String(error) }];
  }
}

async function runLifecycle(row: LifecycleCase): Promise<ListResult> {
  const difference = await lifecycleDifference(row);
  const passed = difference === '';
  return {
    suite: 'lifecycle',
    step: 0,
    passed,
    difference: passed ? '' : `${row.id}: ${difference}`,
  };
}

async function start(params: object, value: string): Promise<Host> {
  const document = {
    handlers: [{ name: 'checker', adapter: 'list', params }],
    instances: [{ name: 'value', template: 'listentry', params: { value } }],
    rules: [{ name: 'rule', actions: [{ handler: 'checker', instances: ['value'] }] }],
  };
  return Host.load({ wasm: WASM, configuration: JSON.stringify(document) });
}

async function runLookups(suite: LookupSuite): Promise<ListResult[]> {
  const { entry_type: entryType, blacklist = false, overrides = [], then = [] } = suite;
  const params = { entryType, blacklist, overrides, refreshInterval: '1s' };
  if (suite.provider_body === undefined || suite.provider_body === null) {
    const host = await start(params, 'request.headers["x-value"] | ""');
    if (!host.start()) return [refused(suite.id, host)];
    const check = (value: string): number => host.request({ headers: [['x-value', value]] }).status;
    return lookUp(suite, check);
  }
  const list = await ProvidedList.serve({ params }, suite.provider_body);
  const results = lookUp(suite, (value) => list.check(value));
  for (const { provider_body: body, expect } of then) {
    const failures = list.failures;
    list.answer = { body };
    list.pass(REFETCH_MS);
    const hasFailed = list.failures > failures;
    const isRight = hasFailed === expect.includes('error');
    const difference = isRight ? '' : `${expect}: ${hasFailed ? 'it failed' : 'it did not fail'}`;
    results.push({ suite: suite.id, step: -1, passed: isRight, difference });
    if (expect.includes('previous list kept'))
      results.push(...lookUp(suite, (value) => list.check(value)));
  }
  return results;
}

function lookUp({ id, cases }: LookupSuite, check: (value: string) => number): ListResult[] {
  return cases.map(({ value, status_by_code: status }, step) =>
    compare({ suite: id, step, expected: HTTP_STATUS[status], seen: check(value) }),
  );
}

async function runValidation(
  { config, invalid_field: field }: ValidationCase,
  step: number,
): Promise<ListResult> {
  const host = await start(paramsOf(config), '"value"');
  const isAccepted = host.start();
  const text = logText(host);
  const isRight = field === null ? isAccepted : !isAccepted && text.includes(`/params/${field}`);
  const difference = `expected ${field ?? 'no'} problem, got ${isAccepted ? 'none' : text}`;
  return { suite: 'validation', step, passed: isRight, difference: isRight ? '' : difference };
}

/** Fields have Go's names there, and durations are nanoseconds. */
function paramsOf(config: Readonly<Record<string, unknown>>): object {
  const fields = Object.entries(config).map(([name, value]) => {
    const isDuration = /^(RefreshInterval|Ttl|CachingInterval)$/.test(name);
    return [
      name.charAt(0).toLowerCase() + name.slice(1),
      isDuration ? `${String(value)}ns` : value,
    ];
  });
  return Object.fromEntries(fields) as object;
}

async function runIntegration(suite: IntegrationCase): Promise<ListResult[]> {
  const value = suite.instance_value_expr.replace(
    'source.name',
    'request.headers["x-source-name"]',
  );
  const host = await start(suite.config, value);
  if (!host.start()) return [refused(suite.id, host)];
  return suite.calls.map(({ attrs, status, message }, step) => {
    const headers = Object.entries(attrs['request.headers'] ?? {});
    if (attrs['source.name'] !== undefined) headers.push(['x-source-name', attrs['source.name']]);
    const ip = attrs['source.ip'];
    const seen = host.request({
      headers,
      ...(ip !== undefined && { properties: { 'source.address': `${ip}:40000` } }),
    });
    const expected = HTTP_STATUS_BY_NUMBER[status];
    const text = message?.slice(message.indexOf(':') + 1) ?? '';
    const isSaid = message === undefined || seen.body.endsWith(`:checker:${text}`);
    return compare({ suite: suite.id, step, expected, seen: isSaid ? seen.status : seen.body });
  });
}

function compare(facts: {
  suite: string;
  step: number;
  expected: unknown;
  seen: unknown;
}): ListResult {
  const { suite, step, expected, seen } = facts;
  const passed = expected === seen;
  return {
    suite,
    step,
    passed,
    difference: passed ? '' : `expected ${String(expected)}, got ${String(seen)}`,
  };
}

function refused(suite: string, host: Host): ListResult {
  return { suite, step: -1, passed: false, difference: logText(host) };
}

function logText(host: Host): string {
  return host.logs.map(({ text }) => text).join('\n');
}

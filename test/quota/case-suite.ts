// Suites whose cases each have a configuration of their own: which one is refused, and which limit is in force for some
// values of the dimensions.

import { onlyFields, UnreadableTable } from '../conformance/fields.ts';
import { compare, failed, STEP_COMMENTS, type CaseResult } from './case-result.ts';
import { Engine } from './engine.ts';
import { redisParamsOf, redisQuotasOf } from './redis-terms.ts';
import { instancesOf, paramsOf, quotasOf, valuesOf, type Dimensions } from './suite-terms.ts';

/** A configuration and what is expected of it. */
export interface QuotaCase {
  readonly name?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly quotas?: readonly Readonly<Record<string, unknown>>[];
  readonly min_deduplication_duration_s?: number;
  readonly min_deduplication_duration_ns?: number;
  readonly redis_server_url?: string;
  readonly connection_pool_size?: number | null;
  readonly quota_instances?: readonly string[];
  readonly expect_error?: boolean;
  readonly expect_errors?: readonly string[];
  readonly expect_limit?: number;
  readonly instance_dimensions?: Dimensions;
  readonly dimensions?: Dimensions;
}

const CONFIG_FIELDS = [
  'quotas',
  'min_deduplication_duration_s',
  'min_deduplication_duration_ns',
  'redis_server_url',
  'connection_pool_size',
];
const FIELDS = [
  'name',
  'config',
  ...CONFIG_FIELDS,
  'quota_instances',
  'expect_error',
  'expect_errors',
  'expect_limit',
  'instance_dimensions',
  'dimensions',
  ...STEP_COMMENTS,
];

/** Mixer dialled Redis while it read a configuration; the filter does not speak to it. */
const DIALLED = /^redisquota: could not /;

/** Whether a row carries a configuration of its own. */
export function isQuotaCase(row: object): boolean {
  return 'expect_error' in row || 'expect_errors' in row || 'expect_limit' in row;
}

/** Runs one case in an engine of its own. */
export async function runQuotaCase(
  suite: string,
  index: number,
  row: QuotaCase,
  adapter: string,
): Promise<CaseResult[]> {
  onlyFields(`case ${index}`, row, FIELDS);
  if (!isQuotaCase(row)) return [failed(suite, index, 'the case expects nothing')];
  const config = row.config ?? configOf(row);
  const isRedis = adapter === 'redisquota';
  const quotas = isRedis ? redisQuotasOf(config) : quotasOf(config);
  const names = row.quota_instances ?? quotas.map(({ name }) => String(name));
  const given = row.instance_dimensions ?? row.dimensions ?? {};
  const engine = await Engine.start();
  const problems = engine.configure({
    adapter,
    params: isRedis ? redisParamsOf(config) : paramsOf(config),
    instances: instancesOf(names, given),
  });
  if (row.expect_limit === undefined) return [refusal(suite, index, row, problems)];
  if (problems !== '') return [failed(suite, index, problems)];
  engine.setDimensions(valuesOf(given).map(([, value]) => value));
  const everything = { amount: 2n ** 63n - 1n, bestEffort: true };
  return compare(suite, index, [['limit', row.expect_limit, engine.charge(everything).amount]]);
}

function configOf(row: QuotaCase): Readonly<Record<string, unknown>> {
  const own = Object.entries(row).filter(([name]) => CONFIG_FIELDS.includes(name));
  if (own.length === 0) throw new UnreadableTable('a case without a configuration');
  return Object.fromEntries(own);
}

/** A refusal counts only for the field that the table names: one for something else would hide that it is accepted. */
function refusal(suite: string, index: number, row: QuotaCase, problems: string): CaseResult {
  const { expect_errors: texts } = row;
  const isExpected = row.expect_error ?? (texts ?? []).length > 0;
  const missing = (texts ?? [])
    .filter((text) => !DIALLED.test(text))
    .map(fieldOf)
    .filter((field) => !problems.includes(field));
  const passed = (problems !== '') === isExpected && missing.length === 0;
  const wanted = isExpected ? `a refusal ${missing.join(', ')}`.trimEnd() : 'no problem';
  return passed
    ? { suite, step: index, passed, difference: '' }
    : failed(suite, index, `expected ${wanted}, got ${problems || 'none'}`);
}

/** Tables write `field_name: what is wrong`; diagnostics point at `/fieldName`. */
function fieldOf(text: string): string {
  const field = /^([a-z_]+):/.exec(text)?.[1] ?? '';
  return field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

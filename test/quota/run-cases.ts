// Mixer's own tables for quotas, as data: rolling windows tick by tick, charges of a whole handler of memquota or
// redisquota, whole requests, prefetch, and configurations that are refused or limit something. What it does not know
// (a field, a kind of suite) is a failure, what it cannot run is named as skipped with the reason: nothing counts as
// passed that was not looked at.

import { onlyFields, UnreadableTable } from '../conformance/fields.ts';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { failed, type CaseResult } from './case-result.ts';
import { isQuotaCase, runQuotaCase, type QuotaCase } from './case-suite.ts';
import { runCharges, type ChargeStep } from './charge-suite.ts';
import { Engine } from './engine.ts';
import { type Dimensions } from './suite-terms.ts';
import { runMargins, runPool, type MarginCase, type PoolStep } from './prefetch-suite.ts';
import { runRequests, type RequestCase } from './redis-suite.ts';
import { runWindow, type WindowStep } from './window-suite.ts';

export type { CaseResult } from './case-result.ts';

/** A step or case: which fields it has depends on the suite. */
type Row = WindowStep & ChargeStep & QuotaCase & RequestCase & PoolStep & MarginCase;

export interface Suite {
  readonly id: string;
  readonly adapter?: string;
  readonly limit?: number;
  readonly ticks_in_window?: number;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly quotas?: readonly Readonly<Record<string, unknown>>[];
  readonly instance_dimensions?: Dimensions;
  readonly dimensions?: Dimensions;
  readonly rate?: number;
  readonly window_ms?: number;
  readonly window_s?: number;
  readonly window?: string;
  readonly server?: string;
  readonly steps?: readonly Row[];
  readonly cases?: readonly Row[];
}

const SUITE_FIELDS = [
  'id',
  'source',
  'note',
  'notes',
  'adapter',
  'limit',
  'ticks_in_window',
  'config',
  'quotas',
  'min_deduplication_duration_s',
  'min_deduplication_duration_ns',
  'steps',
  'cases',
  'instance_dimensions',
  'dimensions',
  'rate',
  'window_ms',
  'window_s',
  'window',
  'server',
];
/** How tables write a server's limit: `rate 5/1s`. */
const RATE = /(\d+)\/(\d+)s/;
const ADAPTERS = ['memquota', 'redisquota'];
const CONFIG_FIELDS = ['quotas', 'min_deduplication_duration_s', 'min_deduplication_duration_ns'];

/** Runs every suite of the `*quota*.json` files in a folder. */
export async function runQuotaCases(folder: string): Promise<CaseResult[]> {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => /quota.*\.json$/.test(name));
  const results: CaseResult[] = [];
  for (const file of files.sort()) {
    const { suites = [] } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
      suites?: Suite[];
    };
    for (const suite of suites) results.push(...(await runSuite(suite)));
  }
  return results;
}

/** Runs one suite. A suite of an unknown adapter is skipped by name, one of an unknown kind fails. */
export async function runSuite(suite: Suite): Promise<CaseResult[]> {
  const reason = reasonNotToRun(suite);
  if (reason !== null) return skipped(suite, reason);
  try {
    onlyFields('the suite', suite, SUITE_FIELDS);
    const results = await runKnown(suite);
    return results.length > 0 ? results : [failed(suite.id, -1, 'nothing was compared')];
  } catch (error) {
    if (!(error instanceof UnreadableTable)) throw error;
    return [failed(suite.id, -1, error.message)];
  }
}

async function runKnown(suite: Suite): Promise<CaseResult[]> {
  const { id, limit, ticks_in_window: ticks } = suite;
  const rows = suite.steps ?? suite.cases;
  if (rows === undefined) throw new UnreadableTable('a suite without steps and cases');
  if (id.startsWith('prefetch')) return runPrefetch(suite, rows);
  if (ticks !== undefined) {
    if (limit === undefined) throw new UnreadableTable('a window without a limit');
    return runWindow({ id, limit, ticks, steps: rows }, await Engine.start());
  }
  const adapter = adapterOf(suite);
  if (rows.some(isQuotaCase)) {
    const results: CaseResult[] = [];
    for (const [index, row] of rows.entries())
      results.push(...(await runOne(id, index, row, adapter)));
    return results;
  }
  if (suite.config !== undefined && 'instance_dimensions_expr' in suite.config)
    return runRequests(id, suite.config, rows);
  const config = suite.config ?? configOf(suite);
  const dimensions = suite.instance_dimensions ?? suite.dimensions ?? dimensionsOf(config);
  return runCharges({ id, adapter, config, dimensions, steps: rows }, await Engine.start());
}

async function runPrefetch(suite: Suite, rows: readonly Row[]): Promise<CaseResult[]> {
  const { id } = suite;
  const engine = await Engine.start();
  if (rows.some((row) => 'max_margin_traffic' in row))
    return rows.flatMap((row, index) => runMargins(id, index, row, engine));
  const terms = { ...suite.config, ...suite };
  const [, rate = 5, seconds = 1] = (RATE.exec(terms.window ?? '') ?? []).map(Number);
  const windowMs = terms.window_ms ?? (terms.window_s ?? seconds) * 1000;
  return runPool(id, { rate: terms.rate ?? rate, windowMs }, rows, engine);
}

async function runOne(
  id: string,
  index: number,
  row: QuotaCase,
  adapter: string,
): Promise<CaseResult[]> {
  try {
    return await runQuotaCase(id, index, row, adapter);
  } catch (error) {
    if (error instanceof UnreadableTable) return [failed(id, index, error.message)];
    throw error;
  }
}

function configOf(suite: Suite): Readonly<Record<string, unknown>> {
  const own = Object.entries(suite).filter(([name]) => CONFIG_FIELDS.includes(name));
  if (own.length > 0) return Object.fromEntries(own);
  throw new UnreadableTable('neither `ticks_in_window` nor a configuration');
}

function dimensionsOf(config: Readonly<Record<string, unknown>>): Dimensions {
  return (config['instance_dimensions'] ?? {}) as Dimensions;
}

function adapterOf({ id, adapter }: Suite): string {
  return adapter ?? (id.startsWith('redisquota') ? 'redisquota' : 'memquota');
}

function reasonNotToRun(suite: Suite): string | null {
  const owner = adapterOf(suite);
  return ADAPTERS.includes(owner)
    ? null
    : `this runner drives ${ADAPTERS.join(' and ')}, not ${owner}`;
}

function skipped(suite: Suite, reason: string): CaseResult[] {
  const count = suite.steps?.length ?? suite.cases?.length ?? 1;
  return Array.from({ length: Math.max(1, count) }, (_, step) => ({
    suite: suite.id,
    step,
    passed: false,
    difference: '',
    skipped: reason,
  }));
}

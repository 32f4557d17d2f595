// Mixer's own tables for memquota, as data: rolling windows tick by tick, charges of a whole handler, and
// configurations that are refused or limit something. What it does not know (a field, a kind of suite) is a failure,
// what it cannot run is named as skipped with the reason: nothing counts as passed that was not looked at.

import { onlyFields, UnreadableTable } from '../conformance/fields.ts';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { failed, type CaseResult } from './case-result.ts';
import { isQuotaCase, runQuotaCase, type QuotaCase } from './case-suite.ts';
import { runCharges, type ChargeStep } from './charge-suite.ts';
import { Engine } from './engine.ts';
import { type Dimensions } from './suite-terms.ts';
import { runWindow, type WindowStep } from './window-suite.ts';

export type { CaseResult } from './case-result.ts';

export interface Suite {
  readonly id: string;
  readonly adapter?: string;
  readonly limit?: number;
  readonly ticks_in_window?: number;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly quotas?: readonly Readonly<Record<string, unknown>>[];
  readonly instance_dimensions?: Dimensions;
  readonly dimensions?: Dimensions;
  readonly steps?: readonly (WindowStep & ChargeStep)[];
  readonly cases?: readonly (QuotaCase & WindowStep & ChargeStep)[];
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
];
const CONFIG_FIELDS = ['quotas', 'min_deduplication_duration_s', 'min_deduplication_duration_ns'];

/** Runs every memquota suite of the `*quota*.json` files in a folder. */
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

/** Runs one suite. A suite of another adapter is skipped by name, one of an unknown kind fails. */
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
  if (ticks !== undefined) {
    if (limit === undefined) throw new UnreadableTable('a window without a limit');
    return runWindow({ id, limit, ticks, steps: rows }, await Engine.start());
  }
  if (rows.some(isQuotaCase)) {
    const results: CaseResult[] = [];
    for (const [index, row] of rows.entries()) results.push(...(await runOne(id, index, row)));
    return results;
  }
  const config = suite.config ?? configOf(suite);
  const dimensions = suite.instance_dimensions ?? suite.dimensions ?? dimensionsOf(config);
  return runCharges({ id, config, dimensions, steps: rows }, await Engine.start());
}

async function runOne(id: string, index: number, row: QuotaCase): Promise<CaseResult[]> {
  try {
    return await runQuotaCase(id, index, row);
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

function reasonNotToRun({ id, adapter }: Suite): string | null {
  const owner = adapter ?? (id.startsWith('redisquota') ? 'redisquota' : 'memquota');
  if (owner !== 'memquota') return `this runner drives memquota, not ${owner}`;
  if (id.startsWith('prefetch'))
    return 'quota is granted in the proxy: there is no client that prefetches';
  return null;
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

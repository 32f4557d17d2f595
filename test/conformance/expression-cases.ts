// Mixer's expression tables: reads a file, runs each case through the probe, says what deviates.

import { readFileSync } from 'node:fs';
import { nanosecondsOf } from './durations.ts';
import { extractEqualities } from './extract.ts';
import type { Compiled, Evaluated, Probe, TypedValue } from './probe-module.ts';

interface ExtraFunction {
  readonly name: string;
  readonly instance: boolean;
  readonly TargetType?: string;
  readonly ReturnType: string;
  readonly args: readonly string[];
}

/** One case of the tables; which fields it has depends on the suite. */
export interface ExpressionCase {
  readonly id: string;
  readonly suite: string;
  readonly expr: string;
  readonly type?: string;
  readonly manifest?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly bag?: Readonly<Record<string, TypedValue>>;
  readonly result?: TypedValue;
  readonly error_prefix?: string;
  readonly error_any?: boolean;
  readonly compile_error?: string;
  readonly compile_error_contains?: string;
  readonly referenced?: readonly string[];
  readonly postfix?: string;
  readonly parse_error_contains?: string;
  readonly extra_functions?: true | readonly ExtraFunction[];
  readonly helper?: string;
  readonly input?: string;
  readonly local?: string;
  readonly domain?: string;
  readonly extracted?: Readonly<Record<string, unknown>>;
}

/** A file of cases with the attribute names they may use. */
export interface ExpressionTable {
  readonly manifests: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly cases: readonly ExpressionCase[];
}

/** What should have been, and what was. */
export interface Deviation {
  readonly expected: string;
  readonly actual: string;
}

/** Reads a table from its file. */
export function readExpressionTable(file: string): ExpressionTable {
  return parseExpressionTable(readFileSync(file, 'utf8'));
}

/** Reads a table. Integers that a double cannot hold stay strings of digits. */
export function parseExpressionTable(text: string): ExpressionTable {
  const exact = text.replace(/(:\s*)(-?\d{16,})(?=\s*[,}\]])/g, '$1"$2"');
  return JSON.parse(exact) as ExpressionTable;
}

/** Suites whose cases are compared here. */
const SUITES = ['eval', 'extern', 'typecheck', 'parse', 'compile_only', 'eq_extract', 'cel'];

/** Fields that are compared or set, and those that only say where a case is from. */
const FIELDS = [
  ...[
    'id',
    'source',
    'suite',
    'name',
    'note',
    'notes',
    'cel_result',
    'cel_referenced',
    'cel_error',
  ],
  ...['expr', 'type', 'manifest', 'attributes', 'bag', 'extra_functions'],
  ...['result', 'error_prefix', 'error_any', 'compile_error', 'compile_error_contains'],
  ...['referenced', 'postfix', 'parse_error_contains', 'extracted'],
];

/** Runs one case; null when it is as it should be. */
export function runExpressionCase(
  probe: Probe,
  table: ExpressionTable,
  row: ExpressionCase,
): Deviation | null {
  probe.reset();
  if (row.helper !== undefined) return runEmailParts(probe, row);
  const stranger = strangerIn(row);
  if (stranger !== null) return stranger;
  const names = row.attributes ?? table.manifests[row.manifest ?? ''] ?? {};
  for (const [name, type] of Object.entries(names)) probe.declare(name, type);
  addFunctions(probe, row);
  if (row.suite === 'parse') return runParse(probe, row);
  if (row.suite === 'eq_extract') return runExtract(probe, row);
  if (row.suite === 'typecheck') return runCheck(probe, row);
  if (row.suite === 'cel') return runCel(probe, row);
  return runEvaluation(probe, row);
}

// What nobody compares must not count as passed.
function strangerIn(row: ExpressionCase): Deviation | null {
  if (!SUITES.includes(row.suite)) return { expected: 'a known suite', actual: row.suite };
  const unknown = Object.keys(row).filter((name) => !FIELDS.includes(name));
  return unknown.length === 0 ? null : { expected: 'known fields', actual: unknown.join(', ') };
}

function runEvaluation(probe: Probe, row: ExpressionCase): Deviation | null {
  const compiled = probe.compile(row.expr);
  const deviation = compareCompiled(row, compiled);
  if (deviation !== null || 'error' in compiled || row.suite === 'compile_only') return deviation;
  probe.begin();
  for (const [name, value] of Object.entries(row.bag ?? {})) probe.set(name, value);
  const evaluated = probe.evaluate(row.referenced !== undefined);
  return compareEvaluated(row, evaluated) ?? compareReferences(row, probe);
}

// Types are gradual in CEL: the value has one, the program need not.
function runCel(probe: Probe, row: ExpressionCase): Deviation | null {
  probe.speakCel();
  const { type: _, ...untyped } = row;
  return runEvaluation(probe, untyped);
}

function addFunctions(probe: Probe, { extra_functions: extra, expr }: ExpressionCase): void {
  if (extra === true) probe.addReverse(expr);
  if (!Array.isArray(extra)) return;
  for (const {
    name,
    instance,
    TargetType,
    args,
    ReturnType,
  } of extra as readonly ExtraFunction[]) {
    probe.declareFunction(
      name,
      instance ? (TargetType ?? 'VALUE_TYPE_UNSPECIFIED') : null,
      args,
      ReturnType,
    );
  }
}

function runEmailParts(
  probe: Probe,
  { helper, input = '', local, domain }: ExpressionCase,
): Deviation | null {
  if (helper !== 'getEmailParts') return { expected: 'a known helper', actual: String(helper) };
  return compare(JSON.stringify({ local, domain }), JSON.stringify(probe.emailParts(input)));
}

function runParse(probe: Probe, row: ExpressionCase): Deviation | null {
  const parsed = probe.parse(row.expr);
  const text = 'tree' in parsed ? parsed.tree : `error ${parsed.error}`;
  if (row.postfix !== undefined) return compare(row.postfix, text);
  return compareError(row.parse_error_contains ?? '', 'tree' in parsed ? null : parsed.error, text);
}

// What must hold for a conjunction to be true: attribute to constant, as the printed tree shows it.
function runExtract(probe: Probe, row: ExpressionCase): Deviation | null {
  const parsed = probe.parse(row.expr);
  if ('error' in parsed) return { expected: 'a tree', actual: `error ${parsed.error}` };
  const actual = sorted(extractEqualities(parsed.tree));
  return compare(sorted(Object.entries(row.extracted ?? {})), actual);
}

function sorted(pairs: readonly (readonly [string, unknown])[]): string {
  return JSON.stringify(
    pairs.map(([name, value]) => `${name}=${String(value)}`).sort((a, b) => (a < b ? -1 : 1)),
  );
}

// Mixer's type checker puts a sentence of its own in front of what its parser says.
function runCheck(probe: Probe, row: ExpressionCase): Deviation | null {
  const parsed = probe.parse(row.expr);
  const checked: Compiled =
    'error' in parsed
      ? { error: `failed to parse expression '${row.expr}': ${parsed.error}` }
      : probe.check(row.expr);
  return compareCompiled(row, checked);
}

function compareCompiled(row: ExpressionCase, compiled: Compiled): Deviation | null {
  const actual = 'error' in compiled ? `error ${compiled.error}` : compiled.type;
  const error = 'error' in compiled ? compiled.error : null;
  if (row.compile_error !== undefined) return compare(`error ${row.compile_error}`, actual);
  if (row.compile_error_contains !== undefined)
    return compareError(row.compile_error_contains, error, actual);
  // What always fails may be refused before it is evaluated, if it is refused in the same words.
  if (error !== null && row.error_prefix !== undefined && error.startsWith(row.error_prefix))
    return null;
  if (error !== null) return { expected: row.type ?? 'a program', actual };
  return row.type === undefined ? null : compare(row.type, actual);
}

function compareEvaluated(row: ExpressionCase, evaluated: Evaluated): Deviation | null {
  const actual = 'error' in evaluated ? `error ${evaluated.error}` : show(evaluated.value);
  if (row.error_any) return 'error' in evaluated ? null : { expected: 'an error', actual };
  if (row.error_prefix !== undefined) {
    const isExpected = 'error' in evaluated && evaluated.error.startsWith(row.error_prefix);
    return isExpected ? null : { expected: `error ${row.error_prefix}`, actual };
  }
  if (row.result === undefined) return null;
  return compare(showExpected(row.result), actual);
}

function compareReferences(row: ExpressionCase, probe: Probe): Deviation | null {
  if (row.referenced === undefined) return null;
  const actual = JSON.stringify(probe.references());
  const deviation = compare(JSON.stringify([...row.referenced].sort()), actual);
  return (
    deviation && { expected: `read ${deviation.expected}`, actual: `read ${deviation.actual}` }
  );
}

function show({ type, value, hex }: { type: string; value: unknown; hex?: string }): string {
  return `${type} ${hex ?? String(value)}`;
}

function showExpected({ type, value, bytes_hex: hex }: TypedValue): string {
  if (type === 'DOUBLE') return `${type} ${Number(value)}`;
  if (type === 'STRING_MAP') return `${type} ${mapText(value as Readonly<Record<string, string>>)}`;
  if (type === 'DURATION') return `${type} ${nanosecondsOf(value)}`;
  return `${type} ${hex ?? String(value)}`;
}

function mapText(map: Readonly<Record<string, string>>): string {
  const entries = Object.entries(map).sort(([left], [right]) => (left < right ? -1 : 1));
  return `map[${entries.map(([key, value]) => `${key}:${value}`).join(' ')}]`;
}

function compareError(part: string, error: string | null, actual: string): Deviation | null {
  return error?.includes(part)
    ? null
    : { expected: `an error with ${JSON.stringify(part)}`, actual };
}

function compare(expected: string, actual: string): Deviation | null {
  return expected === actual ? null : { expected, actual };
}

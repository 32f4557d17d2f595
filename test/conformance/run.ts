// `npm run conformance -- --dir FOLDER`: runs tables in the formats of Mixer's own and reports, per suite, what passes
// and what deviates. Results go to stdout; the last line is `N passed, N failed`.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  readExpressionTable,
  runExpressionCase,
  type Deviation,
  type ExpressionTable,
} from './expression-cases.ts';
import { PROBE_FILE, Probe } from './probe-module.ts';

const OWN_TABLES = fileURLToPath(new URL('.', import.meta.url));

interface Failure extends Deviation {
  readonly id: string;
  readonly expression: string;
}

interface Count {
  passed: number;
  readonly failures: Failure[];
}

/** Runs every table of a folder; counts by suite. */
export function runFolder(folder: string, wasm: string = PROBE_FILE): Map<string, Count> {
  const counts = new Map<string, Count>();
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  for (const file of files) runFile(join(folder, file), wasm, counts);
  return counts;
}

function runFile(file: string, wasm: string, counts: Map<string, Count>): void {
  const table = readExpressionTable(file);
  if (!hasExpressions(table)) return;
  const probe = Probe.load(wasm);
  for (const row of table.cases) {
    const count = counts.get(row.suite) ?? { passed: 0, failures: [] };
    counts.set(row.suite, count);
    const deviation = runExpressionCase(probe, table, row);
    if (deviation === null) count.passed++;
    else count.failures.push({ id: row.id, expression: row.expr, ...deviation });
  }
}

/** Whether a file is of this kind; other tables lie in the same folder. */
function hasExpressions({ cases }: ExpressionTable): boolean {
  return Array.isArray(cases) && cases.every((row: object) => 'expr' in row || 'helper' in row);
}

/** The report as lines; the last one is the sum. */
export function reportOf(counts: ReadonlyMap<string, Count>): string[] {
  const lines = [...counts].flatMap(([suite, { passed, failures }]) => [
    `${suite}: ${passed} of ${passed + failures.length}`,
    ...failures.map(
      ({ id, expression, expected, actual }) =>
        `  ${id}  ${expression}\n    expected ${expected}\n    actual   ${actual}`,
    ),
  ]);
  const all = [...counts.values()];
  const passed = all.reduce((sum, count) => sum + count.passed, 0);
  const failed = all.reduce((sum, count) => sum + count.failures.length, 0);
  return [...lines, `${passed} passed, ${failed} failed`];
}

function main(): void {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string', multiple: true },
      wasm: { type: 'string', default: PROBE_FILE },
    },
  });
  const named = values.dir ?? (process.env['MIXER_CONFORMANCE_DIR']?.split(':') || [OWN_TABLES]);
  if (!existsSync(values.wasm)) {
    process.stderr.write(`${values.wasm} is not there: run \`npm run build\` first\n`);
    process.exitCode = 3;
    return;
  }
  const counts = new Map<string, Count>();
  for (const folder of named) {
    for (const [suite, count] of runFolder(folder, values.wasm)) add(counts, suite, count);
  }
  const lines = reportOf(counts);
  process.stdout.write(`${lines.join('\n')}\n`);
  const failed = [...counts.values()].some(({ failures }) => failures.length > 0);
  process.exitCode = failed || counts.size === 0 ? 1 : 0;
}

function add(counts: Map<string, Count>, suite: string, more: Count): void {
  const count = counts.get(suite) ?? { passed: 0, failures: [] };
  count.passed += more.passed;
  count.failures.push(...more.failures);
  counts.set(suite, count);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();

// Every kind of table that a folder may hold, told apart by content, never by name. A file, a suite or a field that
// nobody here knows is named in the report: as a failure where something should have been compared, as "not run" where
// the thing itself is not built.

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ROOT } from '../../tools/build/root.ts';
import { runSamples } from '../../tools/textpb/report.ts';
import { Documents, samplesOfJson } from '../../tools/textpb/samples.ts';
import { runListTables } from '../cases/list-tables.ts';
import { runSuite, type Suite } from '../quota/run-cases.ts';
import { parseExpressionTable, runExpressionCase } from './expression-cases.ts';
import { PROBE_FILE, Probe } from './probe-module.ts';
import { hasGoldens, runGoldens } from './istio-authz.ts';
import { guarded, type CaseOutcome } from './result.ts';

const GOOGLE_DOCUMENTS = join(ROOT, 'test', 'google');
const FILTER = join(ROOT, 'dist', 'mixer.wasm');

/** Runs everything in a folder. An empty or missing one is one failure: nothing was proved. */
export async function runFolder(
  folder: string,
  wasm: string = PROBE_FILE,
): Promise<readonly CaseOutcome[]> {
  if (!existsSync(folder)) return [nothing(folder, 'no such folder')];
  const outcomes: CaseOutcome[] = [];
  if (hasGoldens(folder)) outcomes.push(...(await runGoldens(basename(folder), folder, FILTER)));
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) outcomes.push(...(await goldensIn(name, path)));
    else if (name.endsWith('.json')) outcomes.push(...(await runFile(name, path, wasm)));
  }
  return outcomes.length > 0 ? outcomes : [nothing(folder, 'no tables')];
}

function nothing(folder: string, actual: string): CaseOutcome {
  return { suite: folder, id: folder, failure: { expected: 'tables', actual } };
}

async function runFile(name: string, path: string, wasm: string): Promise<readonly CaseOutcome[]> {
  const text = readFileSync(path, 'utf8');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return [{ suite: name, id: name, failure: { expected: 'JSON', actual: String(error) } }];
  }
  if (typeof content !== 'object' || content === null) return [unknownFile(name)];
  if ('suites' in content && Array.isArray(content.suites))
    return runQuotaSuites(content.suites as Suite[]);
  if ('lookup_suites' in content || 'validation' in content || 'integration' in content)
    return runLists(content);
  if (isExpressionTable(content)) return runExpressions(text, wasm);
  if (Object.keys(content).some((key) => key.endsWith('tests.textpb')))
    return runGoogleSamples(content, dirname(path));
  return [unknownFile(name)];
}

function unknownFile(name: string): CaseOutcome {
  return { suite: name, id: name, skipped: 'a table of a kind that this runner does not know' };
}

function isExpressionTable(content: object): boolean {
  if (!('cases' in content) || !Array.isArray(content.cases)) return false;
  return content.cases.every(
    (row: unknown) => typeof row === 'object' && row !== null && ('expr' in row || 'helper' in row),
  );
}

async function runExpressions(text: string, wasm: string): Promise<CaseOutcome[]> {
  const table = parseExpressionTable(text);
  const probe = Probe.load(wasm);
  const outcomes: CaseOutcome[] = [];
  for (const row of table.cases) {
    const { suite, id, expr: expression } = row;
    const run = (): CaseOutcome[] => {
      const failure = runExpressionCase(probe, table, row);
      return [failure === null ? { suite, id, expression } : { suite, id, expression, failure }];
    };
    outcomes.push(...(await guarded(suite, id, run)));
  }
  return outcomes;
}

async function runQuotaSuites(suites: readonly Suite[]): Promise<CaseOutcome[]> {
  const outcomes: CaseOutcome[] = [];
  for (const suite of suites) {
    const run = async (): Promise<CaseOutcome[]> => (await runSuite(suite)).map(stepOutcome);
    outcomes.push(...(await guarded(suite.id, suite.id, run)));
  }
  return outcomes;
}

async function runLists(content: object): Promise<CaseOutcome[]> {
  return (await runListTables(content)).map(stepOutcome);
}

function stepOutcome(result: {
  readonly suite: string;
  readonly step: number;
  readonly passed: boolean;
  readonly difference: string;
  readonly skipped?: string;
}): CaseOutcome {
  const { suite, step, passed, difference, skipped } = result;
  const id = step < 0 ? suite : `${suite} step ${step}`;
  if (skipped !== undefined) return { suite, id, skipped };
  if (passed) return { suite, id };
  return { suite, id, failure: { expected: 'as the table says', actual: difference } };
}

/** Samples of Google's plugins, each with the project's document for it. */
async function runGoogleSamples(content: object, folder: string): Promise<CaseOutcome[]> {
  const outcomes: CaseOutcome[] = [];
  for (const [title, suite] of Object.entries(content) as [string, unknown][]) {
    // Beside suites stand configurations of plugins: what holds no tests is none.
    if (!holdsTests(suite)) continue;
    const run = (): Promise<CaseOutcome[]> => runGoogleSample({ [title]: suite }, folder);
    outcomes.push(...(await guarded(title, title, run)));
  }
  return outcomes;
}

function holdsTests(suite: unknown): boolean {
  return typeof suite !== 'object' || suite === null || 'test' in suite;
}

async function runGoogleSample(content: object, folder: string): Promise<CaseOutcome[]> {
  const samples = samplesOfJson(content, folder);
  const outcomes = await runSamples(samples, new Documents(GOOGLE_DOCUMENTS), FILTER);
  return outcomes.map(({ sample: { title: suite }, test: id, differences, notRun }) => {
    if (notRun !== undefined) return { suite, id, skipped: notRun };
    if (differences.length === 0) return { suite, id };
    const side = (key: 'wanted' | 'got'): string =>
      differences.map((each) => `${each.phase} ${each.what}: ${each[key]}`).join('; ');
    return { suite, id, failure: { expected: side('wanted'), actual: side('got') } };
  });
}

/** Goldens of authorization policies; other folders are none of ours. */
async function goldensIn(name: string, path: string): Promise<CaseOutcome[]> {
  return hasGoldens(path) ? runGoldens(name, path, FILTER) : [];
}

// The table of cases by hosts: what passed, failed, was skipped and why, and where hosts disagree.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../build/root.ts';
import type { LoadedCase } from '../../cases/read.ts';
import { HOSTS, type HostName } from '../../cases/types.ts';
import { titleOf } from './report.ts';

/** `passed`, `failed`, or why it did not run. */
export type Cell = 'passed' | 'failed' | 'skipped' | 'not for it';

const MARKS: Readonly<Record<Cell, string>> = {
  passed: 'ok',
  failed: 'FAILED',
  skipped: 'skipped',
  'not for it': '-',
};
const RESULTS_FOLDER = join(ROOT, 'build', 'test');
const NAME_WIDTH_MAX = 84;
const CELL_WIDTH = 11;

export interface MatrixRow {
  readonly title: string;
  readonly cells: Readonly<Partial<Record<HostName, Cell>>>;
}

/** Where a test run keeps what came of the cases on a host: title to cell. */
export function resultsPath(host: HostName): string {
  return join(RESULTS_FOLDER, `cases-${host}.json`);
}

/** A host that does not run this time has no results of an earlier run. */
export function forgetResults(): void {
  for (const host of HOSTS) rmSync(resultsPath(host), { force: true });
}

/** The rows of the last test run on all hosts, in the order of the first that ran a case. */
export function keptRows(): MatrixRow[] {
  const rows = new Map<string, Partial<Record<HostName, Cell>>>();
  for (const host of HOSTS) {
    if (!existsSync(resultsPath(host))) continue;
    const kept = JSON.parse(readFileSync(resultsPath(host), 'utf8')) as Record<string, Cell>;
    for (const [title, cell] of Object.entries(kept))
      rows.set(title, { ...rows.get(title), [host]: cell });
  }
  return [...rows].map(([title, cells]) => ({ title, cells }));
}

/** One row for each case; hosts that did not run at all have no cell. */
export function matrixRow(
  each: LoadedCase,
  cells: Readonly<Partial<Record<HostName, Cell>>>,
): MatrixRow {
  return { title: titleOf(each), cells };
}

/** Hosts that ran a case and did not end alike. */
export function disagrees({ cells }: MatrixRow): boolean {
  const ends = new Set(
    Object.values(cells).filter((cell) => cell === 'passed' || cell === 'failed'),
  );
  return ends.size > 1;
}

export function matrixText(rows: readonly MatrixRow[]): string {
  const hosts = HOSTS.filter((host) => rows.some(({ cells }) => cells[host] !== undefined));
  const width = Math.min(NAME_WIDTH_MAX, Math.max(4, ...rows.map(({ title }) => title.length)));
  const line = (title: string, cells: readonly string[]): string =>
    `${cut(title, width).padEnd(width)}  ${cells.map((cell) => cell.padEnd(CELL_WIDTH)).join('')}`.trimEnd();
  return [
    line('case', hosts),
    ...rows.map(
      (row) =>
        line(
          row.title,
          hosts.map((host) => MARKS[row.cells[host] ?? 'not for it']),
        ) + (disagrees(row) ? '  hosts disagree' : ''),
    ),
  ].join('\n');
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

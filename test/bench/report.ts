// The measured numbers as text for a terminal: a table of variants, a table of targets.

import type { Row } from './summary.ts';
import type { Verdict } from './targets.ts';

const MEBIBYTE = 1_048_576;

/** The variants, one line each. */
export function variantTable(rows: readonly Row[]): string {
  const byHand = rows.find(({ name }) => name === 'by-hand')?.quietDeltaUs ?? null;
  const head = [
    'variant',
    'what it is',
    'µs/request',
    'quiet',
    'Δ median',
    'Δ quiet',
    '× by hand',
    'ready ms',
    'RSS MiB',
    '.wasm',
  ];
  const lines = rows.map((row) => [
    row.name,
    row.about,
    fixed(row.medianUs),
    fixed(row.quietUs),
    fixed(row.medianDeltaUs, '+'),
    fixed(row.quietDeltaUs, '+'),
    row.quietDeltaUs === null || byHand === null ? '' : fixed(row.quietDeltaUs / byHand),
    row.readyCpuMs.toFixed(0),
    (row.idleBytes / MEBIBYTE).toFixed(1),
    row.moduleBytes === null ? '' : String(row.moduleBytes),
  ]);
  return table([head, ...lines], 2);
}

/** The targets, one line each. */
export function targetTable(verdicts: readonly Verdict[]): string {
  const head = ['target', 'what', 'measured', 'at most', 'goal', ''];
  const lines = verdicts.map(({ target, value, isMissed }) => [
    target.name,
    target.about,
    value === null ? '–' : `${fixed(value)} ${target.unit}`.trim(),
    `${target.most} ${target.unit}`.trim(),
    target.goal === null ? '' : `${target.goal}`,
    value === null ? 'not measured' : isMissed ? 'MISSED' : 'held',
  ]);
  return table([head, ...lines], 2);
}

function fixed(value: number | null, sign = ''): string {
  if (value === null) return '';
  return (value >= 0 ? sign : '') + value.toFixed(2);
}

/** Columns of one width; the first `textCount` stand left, numbers right. */
export function table(lines: readonly (readonly string[])[], textCount: number): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const rendered = lines.map((line) =>
    line
      .map((cell, column) =>
        column < textCount ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return rendered.join('\n');
}

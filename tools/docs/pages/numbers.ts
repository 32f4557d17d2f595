// The reference pages of limits, the runtime's own statistics, and instructions.

import type { NumberEntry, StatisticEntry } from '../tables/rows.ts';
import { code, generated, page, table } from '../markdown.ts';

const UNITS: readonly (readonly [suffix: string, unit: string])[] = [
  ['_BYTES', 'bytes'],
  ['_MS', 'ms'],
  ['_HOURS', 'hours'],
  ['_SECONDS', 's'],
];

/** Every bound, with its unit. */
export function limitsPage(limits: readonly NumberEntry[]): string {
  return page(
    '# Limits',
    generated('assembly/shared/limits.ts'),
    'Every bound of the filter has a name and a unit. What is beyond one is refused when the document is loaded, or ' +
      'cut, dropped and counted while requests flow; it never stops traffic by itself.',
    table(
      ['name', 'value', 'unit', 'meaning'],
      limits.map(({ name, value, doc }) => [
        code(name),
        value.toLocaleString('en'),
        UNITS.find(([suffix]) => name.endsWith(suffix))?.[1] ?? '',
        doc.text,
      ]),
    ),
  );
}

/** The runtime's own metrics, as they are named in Envoy. */
export function statisticsPage(statistics: readonly StatisticEntry[], prose: string): string {
  return page(
    '# Own statistics',
    generated('assembly/shared/statistics.ts'),
    prose,
    table(
      ['metric', 'meaning'],
      statistics.map(({ name, doc }) => [code(name), doc.text]),
    ),
  );
}

/** What compiled expressions are made of. */
export function instructionsPage(instructions: readonly NumberEntry[]): string {
  return page(
    '# Instructions of compiled expressions',
    generated('assembly/shared/opcodes.ts'),
    'An expression is compiled, when the document is loaded, to instructions of eight bytes whose jumps go forward ' +
      'only: a program ends after as many steps as it has instructions.',
    table(
      ['number', 'name', 'meaning'],
      instructions.map(({ name, value, doc }) => [String(value), code(name), doc.text]),
    ),
  );
}

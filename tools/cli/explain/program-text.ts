// What an expression is and costs, as text: type, tree, program, attributes, host calls.

import { EVALUATION_STEPS_MAX } from '../../../assembly/shared/limits.ts';
import type { Colors } from '../output.ts';
import { showTree } from './expression-text.ts';
import type { AttributeRecord, ExpressionRecord } from './records.ts';
import { callsOf } from './session.ts';

/** A call that hands bytes to the guest, whatever their size, and an instruction; measured on Envoy 1.40. */
const CALL_COST_US = 0.6;
const STEP_COST_US = 0.01;

/** The whole explanation, ending in a line end. */
export function programText(record: ExpressionRecord, colors: Colors): string {
  const { text, type = '', tree, program = '', attributes = [] } = record;
  const sections = [
    `${colors.bold(type)}  ${text.trim()}`,
    section('parts', tree === undefined ? '' : showTree(tree, text, false), colors),
    section('program', program.trimEnd(), colors),
    section('attributes', attributeTable(attributes), colors),
    section('host calls', callText(attributes), colors),
    section('cost', costText(record), colors),
  ];
  return `${sections.filter(Boolean).join('\n')}\n`;
}

function section(name: string, body: string, colors: Colors): string {
  if (body === '') return '';
  return `${colors.dim(name)}\n${body.replace(/^(?=.)/gm, '  ')}`;
}

function attributeTable(attributes: readonly AttributeRecord[]): string {
  const rows = attributes.map((each) => [
    each.name,
    each.type,
    each.source,
    each.phases.length === 0 ? 'nowhere' : each.phases.join(', '),
    presenceText(each),
  ]);
  if (rows.length === 0) return '';
  const all = [['name', 'type', 'from', 'readable in', ''], ...rows];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...all.map((row) => (row[column] ?? '').length)),
  );
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function presenceText({ required, fallback }: AttributeRecord): string {
  if (fallback !== '') return `${fallback} where it is absent`;
  return required ? 'must be there' : '';
}

function callText(attributes: readonly AttributeRecord[]): string {
  return [...callsOf(attributes)]
    .map(([call, names]) => `${call}: ${names.join(', ')}${names.length > 1 ? ' (one call)' : ''}`)
    .join('\n');
}

function costText({ steps = 0, stack = 0, indexed, attributes = [] }: ExpressionRecord): string {
  const calls = callsOf(attributes).size;
  const micros = (calls * CALL_COST_US + steps * STEP_COST_US).toFixed(2);
  const count = `${calls} host call${calls === 1 ? '' : 's'}`;
  const lines = [
    `at most ${steps} steps of ${EVALUATION_STEPS_MAX} for a request, ${stack} values deep`,
    `${count}, about ${micros} µs the first time; what other expressions read already is free`,
  ];
  if (indexed === true)
    lines.push('indexed: evaluated only where the compared attribute has one of its literals');
  return lines.join('\n');
}

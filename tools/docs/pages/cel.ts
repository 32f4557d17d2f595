// The reference page of CEL: its operators, functions and methods with their overloads. Examples are run by a test.

import type { Row } from '../source.ts';
import { block, code, generated, page } from '../markdown.ts';

/** What the letters of the table stand for. */
const TYPES: Readonly<Record<string, string>> = {
  i: 'int',
  u: 'uint',
  d: 'double',
  s: 'string',
  y: 'bytes',
  b: 'bool',
  l: 'list',
  m: 'map',
  r: 'duration',
  t: 'timestamp',
  T: 'type',
  p: 'IP address',
  h: 'DNS name',
  e: 'e-mail address',
  w: 'URI',
  '*': 'any',
};

/** Operators, then functions and methods, in the order of the table. */
export function celPage(rows: readonly Row[], prose: string): string {
  const isOperator = ({ text }: Row): boolean => text.split('|')[1] === 'o';
  return page(
    '# CEL',
    generated('assembly/shared/cel-functions.ts'),
    prose,
    '## Operators',
    ...rows.filter(isOperator).flatMap(section),
    '## Functions and methods',
    ...rows.filter((row) => !isOperator(row)).flatMap(section),
  );
}

function section({ text, doc }: Row): string[] {
  const [name = '', , overloads = ''] = text.split('|');
  return [
    `### ${name.replaceAll('_', '')}`,
    `${doc.text.replace(/\.$/, '')}.`,
    overloads.split(',').map(signature).map(code).join(' · '),
    doc.examples.length === 0 ? '' : block('text', doc.examples.join('\n')),
  ];
}

/** `string, int → bool`. */
function signature(overload: string): string {
  const types = Array.from(overload, (letter) => {
    const type = TYPES[letter];
    if (type === undefined) throw new Error(`no type of CEL has the letter ${letter}`);
    return type;
  });
  return `${types.slice(0, -1).join(', ')} → ${types.slice(-1).join('')}`;
}

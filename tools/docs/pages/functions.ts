// The reference page of functions and operators; its examples are run by a test.

import type { FunctionEntry } from '../tables/rows.ts';
import { block, code, generated, page } from '../markdown.ts';

/** Operators, then functions, in the order of the table; functions that are not part of the language are left out. */
export function functionsPage(functions: readonly FunctionEntry[], prose: string): string {
  const shown = functions.filter(({ flags }) => !flags.includes('x'));
  const isOperator = ({ flags }: FunctionEntry): boolean => flags.includes('o');
  return page(
    '# Expressions',
    generated('assembly/shared/functions.ts'),
    prose,
    '## Operators',
    ...shown.filter(isOperator).flatMap(section),
    '## Functions and methods',
    ...shown.filter((entry) => !isOperator(entry)).flatMap(section),
  );
}

function section(entry: FunctionEntry): string[] {
  const { name, doc, flags, types, cost } = entry;
  const facts = [
    signature(entry),
    ...(types.length > 0 ? [`T is one of ${types.join(', ')}`] : []),
    ...(flags.includes('l') ? ['evaluates only the operands that it needs'] : []),
    ...(flags.includes('f') ? ['can fail'] : []),
    `costs ${cost} ${cost === '1' ? 'step' : 'steps'}`,
  ];
  return [
    `### ${name}`,
    doc.text,
    `${facts.join('; ')}.`,
    doc.examples.length === 0 ? '' : block('text', doc.examples.join('\n')),
  ];
}

function signature({ name, receiver, parameters, result, flags }: FunctionEntry): string {
  const types = parameters.join(', ');
  if (flags.includes('o')) return code(`${name}(${types}) → ${result}`);
  return code(`${receiver === '' ? '' : `${receiver}.`}${name}(${types}) → ${result}`);
}

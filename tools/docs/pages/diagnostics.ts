// The reference page of diagnostics: what each code means, with a wrong and a right example. The examples are run by a
// test against the filter itself.

import type { DiagnosticExample } from '../tables/examples.ts';
import type { DiagnosticEntry } from '../tables/rows.ts';
import { block, generated, page, table } from '../markdown.ts';

const BLOCKS: readonly (readonly [from: number, title: string])[] = [
  [100, 'Syntax'],
  [200, 'Fields and names'],
  [300, 'Expressions'],
  [400, 'Rules, handlers, instances, attributes'],
  [500, 'Parameters of adapters'],
  [900, 'Warnings'],
];
const BLOCK_SIZE = 100;

/** An overview, then a section for each code: the place where an error message sends its reader. */
export function diagnosticsPage(
  entries: readonly DiagnosticEntry[],
  examples: ReadonlyMap<number, DiagnosticExample>,
): string {
  const nameOf = ({ code, number }: DiagnosticEntry): string => examples.get(number)?.code ?? code;
  return page(
    '# Diagnostics',
    generated('assembly/shared/diagnostics.ts and tools/docs/prose/diagnostic-examples.yaml'),
    'Everything that can be wrong with a document has a code that never changes its meaning. `E` refuses the ' +
      'document as a whole, `W` is a warning. `mixer check FILE` shows them with line and caret; so does ' +
      "Envoy's log. In messages, `%` stands for what was found.",
    table(
      ['code', 'message'],
      entries.map((entry) => [
        `[${nameOf(entry)}](#${nameOf(entry).toLowerCase()})`,
        entry.message,
      ]),
    ),
    ...BLOCKS.flatMap(([from, title]) => {
      const own = entries.filter(({ number }) => number >= from && number < from + BLOCK_SIZE);
      const sections = own.flatMap((entry) => section(entry, nameOf(entry), examples));
      return own.length === 0 ? [] : [`## ${title}`, ...sections];
    }),
  );
}

function section(
  { number, message, doc }: DiagnosticEntry,
  name: string,
  examples: ReadonlyMap<number, DiagnosticExample>,
): string[] {
  const example = examples.get(number);
  const head = [`### ${name}`, `*${message}*`, doc.text];
  if (example?.wrong === undefined) return [...head, example?.why ?? ''];
  const { language, wrong, right = '', isPending } = example;
  const pending = isPending ? 'This version does not give it yet.' : '';
  return [...head, pending, 'Wrong:', block(language, wrong), 'Right:', block(language, right)];
}

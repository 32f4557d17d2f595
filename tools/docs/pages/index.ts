// The entrance of the reference: its pages, the schema, the adapters.

import type { AdapterEntry } from '../tables/adapters.ts';
import { generated, page, table } from '../markdown.ts';

/** Links to every page, by its first line. */
export function indexPage(
  pages: Readonly<Record<string, string>>,
  adapters: readonly AdapterEntry[],
): string {
  const links = Object.entries(pages).map(
    ([name, text]) => `- [${text.split('\n')[0]!.replace('# ', '')}](${name}.md)`,
  );
  return page(
    '# Reference',
    generated('the tables of assembly/shared and the adapters'),
    links.join('\n'),
    '- [JSON Schema of the document](mixer.schema.json), for editors and pipelines\n' +
      '- [The SDK](../sdk.md), for authors',
    '## Adapters',
    table(
      ['adapter', 'takes', 'does'],
      adapters.map(({ name, templates, text }) => [
        `[${name}](../../adapters/${name}/README.md)`,
        templates.join(', '),
        text,
      ]),
    ),
  );
}

// The reference page of templates: their fields, and the adapters that take each.

import type { AdapterEntry } from '../tables/adapters.ts';
import { instanceParams, type DocumentObject } from '../tables/document.ts';
import type { TemplateEntry } from '../tables/rows.ts';
import { code, generated, page } from '../markdown.ts';
import { fieldTable } from './fields.ts';

/** What a link needs to reach the adapters' own pages from docs/reference. */
const ADAPTERS = '../../adapters';

/** One section for each template. */
export function templatesPage(
  templates: readonly TemplateEntry[],
  objects: readonly DocumentObject[],
  adapters: readonly AdapterEntry[],
): string {
  return page(
    '# Templates',
    generated('assembly/shared/templates.ts and document.ts'),
    'A template says what an adapter consumes. Its variety says when: a **check** allows or denies, a **quota** is ' +
      'charged after all checks have passed, a **report** is made when the request is over.',
    ...templates.flatMap(({ name, variety, doc }) => {
      const fields = instanceParams(objects, name)?.fields ?? [];
      const takers = adapters.filter((adapter) => adapter.templates.includes(name));
      const links = takers.map((each) => `[${each.name}](${ADAPTERS}/${each.name}/README.md)`);
      return [
        `## ${name}`,
        `${doc.text} Variety: ${variety}. Taken by ${links.join(', ') || 'no adapter yet'}.`,
        fields.length === 0
          ? `It has no fields: ${code('params')} is left out.`
          : fieldTable(fields),
      ];
    }),
  );
}

// The reference page of the configuration document, field by field.

import type { DocumentObject } from '../tables/document.ts';
import { generated, page } from '../markdown.ts';
import { fieldTable } from './fields.ts';

/** One section for each object; parameters of instances are on the page of templates. */
export function documentPage(objects: readonly DocumentObject[], prose: string): string {
  const shown = objects.filter(({ name }) => !name.startsWith('params.'));
  return page(
    '# The configuration document',
    generated('assembly/shared/document.ts'),
    prose,
    ...shown.flatMap(({ name, text, fields }) => [`## ${name}`, text, fieldTable(fields)]),
  );
}

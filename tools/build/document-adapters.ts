// Which adapters a document names, and whether it needs CEL. Reads only that; whether the document is right,
// `mixer check` says.

import { parseDocument } from 'yaml';

import { adapterOf, fieldOf, fieldsOf, handlersOf } from '../document/fields.ts';
import { BuildError } from './build-error.ts';

/** The adapter names of a YAML or JSON document: of its handlers, and of handlers written inside actions. */
export function adaptersOfDocument(text: string, file: string): string[] {
  const parsed = parseDocument(text);
  const [error] = parsed.errors;
  if (error) throw new BuildError(`${file}: ${error.message}`);
  const names = handlersOf(parsed.toJS()).map(adapterOf);
  return [...new Set(names)].filter((name) => name !== '').sort();
}

/** Whether the document has expressions in CEL. */
export function usesCel(text: string): boolean {
  return hasCel(parseDocument(text).toJS() as unknown);
}

function hasCel(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasCel);
  const fields = fieldsOf(value);
  return (
    fields !== null && (fieldOf(fields, 'language') === 'CEL' || Object.values(fields).some(hasCel))
  );
}

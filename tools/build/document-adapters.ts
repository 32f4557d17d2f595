// Which adapters a document names, and whether it needs CEL. Reads only that; whether the document is right,
// `mixer check` says.

import { parseDocument } from 'yaml';
import { BuildError } from './build-error.ts';

/** The adapter names of a YAML or JSON document: of its handlers, and of handlers written inside actions. */
export function adaptersOfDocument(text: string, file: string): string[] {
  const parsed = parseDocument(text);
  const [error] = parsed.errors;
  if (error) throw new BuildError(`${file}: ${error.message}`);
  const document = parsed.toJS() as unknown;
  const inline = list(document, 'rules')
    .flatMap((rule) => list(rule, 'actions'))
    .map((action) => field(action, 'handler'));
  const names = [...list(document, 'handlers'), ...inline]
    .map((handler) => field(handler, 'adapter') ?? field(handler, 'compiledAdapter'))
    .filter((name) => typeof name === 'string')
    .map((name) => (name === 'listchecker' ? 'list' : name));
  return [...new Set(names)].sort();
}

/** Whether the document has expressions in CEL. */
export function usesCel(text: string): boolean {
  return hasCel(parseDocument(text).toJS() as unknown);
}

function hasCel(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasCel);
  return Object.entries(value).some(
    ([key, inner]) => (key === 'language' && inner === 'CEL') || hasCel(inner),
  );
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function list(value: unknown, name: string): unknown[] {
  const items = field(value, name);
  return Array.isArray(items) ? (items as unknown[]) : [];
}

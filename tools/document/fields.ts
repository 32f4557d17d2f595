// Fields of a parsed document by the names that the filter reads: camelCase, snake_case, and Mixer's; and what an
// object is, of recorded requests too. Reads only that; whether the document is right, the filter says.

import { MIXERS_COMPILED, MIXERS_LIST } from '../../assembly/shared/mixers-names.ts';

/** An object of a document. */
export type Fields = Readonly<Record<string, unknown>>;

const COMPILED = new RegExp(`^${MIXERS_COMPILED}_?`);
const COMPILED_FIELDS: ReadonlySet<string> = new Set(['adapter', 'template']);

/** Whether a value is an object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object; null where it is none. */
export function fieldsOf(value: unknown): Fields | null {
  return isFields(value) ? value : null;
}

/** The field `name` (camelCase) of an object, however its name is spelled; undefined without it. */
export function fieldOf(value: unknown, name: string): unknown {
  const found = Object.entries(fieldsOf(value) ?? {}).find(([key]) => isFieldName(key, name));
  return found?.[1];
}

/** The objects of a list that is a field; none where there is no such list. */
export function listOf(value: unknown, name: string): Fields[] {
  const list = fieldOf(value, name);
  return Array.isArray(list) ? list.filter(isFields) : [];
}

/** The handlers of a document: those of its list, and those that are written in actions. */
export function handlersOf(document: unknown): Fields[] {
  const actions = listOf(document, 'rules').flatMap((rule) => listOf(rule, 'actions'));
  const inline = actions.map((action) => fieldOf(action, 'handler')).filter(isFields);
  return [...listOf(document, 'handlers'), ...inline];
}

/** The adapter of a handler, by the name that it has here; '' where it names none. */
export function adapterOf(handler: unknown): string {
  const name = fieldOf(handler, 'adapter');
  return typeof name === 'string' ? adapterNamed(name) : '';
}

/** The name that an adapter of Mixer has here, or the same name. */
export function adapterNamed(name: string): string {
  return name === MIXERS_LIST ? 'list' : name;
}

function isFieldName(key: string, name: string): boolean {
  const plain = COMPILED_FIELDS.has(name) ? key.replace(COMPILED, '') : key;
  const camel = plain.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return camel.charAt(0).toLowerCase() + camel.slice(1) === name;
}

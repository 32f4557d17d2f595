// The table of the document's fields as objects with fields, and the little language of their types. Knows neither
// schema nor page.

import { DOCUMENT_OBJECT, INSTANCE_PARAMS_PREFIX } from '../../../assembly/shared/document.ts';
import type { SharedTables } from './rows.ts';

/** A type: its word, and what stands in its brackets. */
export type FieldType =
  | { readonly kind: 'string' | 'name' | 'bool' | 'header' | 'json' | 'params' | 'not-yet' }
  | { readonly kind: 'expression' | 'condition' | 'template'; readonly result: string }
  | { readonly kind: 'int' | 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'duration'; readonly range: string }
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | { readonly kind: 'object'; readonly name: string }
  | { readonly kind: 'list' | 'map'; readonly of: FieldType }
  | { readonly kind: 'either'; readonly types: readonly FieldType[] };

export interface DocumentField {
  readonly name: string;
  readonly type: FieldType;
  readonly isRequired: boolean;
  /** As a person writes it; empty where leaving it out means nothing. */
  readonly fallback: string;
  readonly text: string;
}

export interface DocumentObject {
  readonly name: string;
  readonly text: string;
  readonly fields: readonly DocumentField[];
}

/** The objects of the document, in the order of the table. */
export function documentObjects(tables: SharedTables): DocumentObject[] {
  const words = {
    TYPES: tables.attributeTypes(),
    TEMPLATES: tables.templates().map(({ name }) => name),
  };
  const objects = new Map<string, { name: string; text: string; fields: DocumentField[] }>();
  for (const { text, doc } of tables.document()) {
    const [object = '', name = '', type = '', fallback = ''] = text.split('|');
    if (name === '') {
      objects.set(object, { name: object, text: doc.text, fields: [] });
      continue;
    }
    const fields = objects.get(object)?.fields;
    if (fields === undefined)
      throw new Error(`document.ts: ${text} stands before the row of its object`);
    fields.push({
      name,
      type: parseType(type, words),
      isRequired: fallback === '!',
      fallback: fallback === '!' || fallback === '-' ? '' : fallback,
      text: doc.text,
    });
  }
  return [...objects.values()];
}

/** The object of this name; there always is one for what a row names. */
export function objectNamed(objects: readonly DocumentObject[], name: string): DocumentObject {
  const found = objects.find((object) => object.name === name);
  if (found === undefined) throw new Error(`document.ts: no object ${name}`);
  return found;
}

/** The object of an instance's params; templates without fields have none. */
export function instanceParams(
  objects: readonly DocumentObject[],
  template: string,
): DocumentObject | undefined {
  return objects.find(({ name }) => name === INSTANCE_PARAMS_PREFIX + template);
}

/** The name of the whole document's object. */
export const ROOT_OBJECT = DOCUMENT_OBJECT;

type Words = Readonly<Record<string, readonly string[]>>;

function parseType(text: string, words: Words): FieldType {
  const parts = splitOutside(text, '/');
  if (parts.length > 1)
    return { kind: 'either', types: parts.map((part) => parseType(part, words)) };
  const match = /^([a-z-]+)(?:\((.*)\))?$/.exec(text);
  const [, kind = '', inner = ''] = match ?? [];
  switch (kind) {
    case 'list':
    case 'map':
      return { kind, of: parseType(inner, words) };
    case 'object':
      return { kind, name: inner };
    case 'word':
      return { kind, words: words[inner] ?? inner.split(',') };
    case 'duration':
      return { kind, range: inner.replace(',', ' to ') };
    case 'int':
    case 'number': {
      const [min = 0, max = 0] = inner.split(',').map(Number);
      return { kind, min, max };
    }
    case 'expression':
    case 'template':
    case 'condition':
      return { kind, result: kind === 'condition' ? 'BOOL' : inner };
    case 'string':
    case 'name':
    case 'bool':
    case 'header':
    case 'json':
    case 'params':
    case 'not-yet':
      return { kind };
    default:
      throw new Error(`document.ts: unknown type ${text}`);
  }
}

function splitOutside(text: string, separator: string): string[] {
  let depth = 0;
  const parts = [''];
  for (const letter of text) {
    if (letter === '(') depth++;
    if (letter === ')') depth--;
    if (letter === separator && depth === 0) parts.push('');
    else parts.push((parts.pop() ?? '') + letter);
  }
  return parts;
}

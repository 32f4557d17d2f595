// Tables of fields, for the pages that show objects of the document.

import type { DocumentField, FieldType } from '../tables/document.ts';
import { anchor, code, table } from '../markdown.ts';

/** Fields that can be given, then the refused ones in one sentence. */
export function fieldTable(fields: readonly DocumentField[]): string {
  const shown = fields.filter(({ type }) => type.kind !== 'not-yet');
  const refused = fields.filter(({ type }) => type.kind === 'not-yet');
  const rows = shown.map(({ name, type, isRequired, fallback, text }) => [
    code(name),
    typeText(type),
    isRequired ? '**required**' : fallbackText(fallback),
    text,
  ]);
  const names = refused.map(({ name }) => code(name)).join(', ');
  const sentence = `Designed and refused by name until it is built: ${names}.`;
  return [
    table(['field', 'type', 'default', 'meaning'], rows),
    ...(refused.length === 0 ? [] : [sentence]),
  ].join('\n\n');
}

/** Values as code, sentences as they are. */
function fallbackText(fallback: string): string {
  return fallback === '' || fallback.includes(' ') || fallback.includes("'")
    ? fallback
    : code(fallback);
}

function typeText(type: FieldType): string {
  switch (type.kind) {
    case 'word':
      return type.words.map(code).join(', ');
    case 'int':
      return `integer, ${type.min} to ${type.max}`;
    case 'number':
      return `number, ${type.min} to ${type.max}`;
    case 'duration':
      return `duration, ${type.range}`;
    case 'expression':
      return type.result === '' ? 'expression' : `expression, ${type.result}`;
    case 'condition':
      return 'expression, BOOL';
    case 'object':
      return `[${type.name}](document.md#${anchor(type.name)})`;
    case 'list':
      return `list of ${typeText(type.of)}`;
    case 'map':
      return `map to ${typeText(type.of)}`;
    case 'either':
      return type.types.map(typeText).join(' or ');
    case 'header':
      return 'header name';
    case 'json':
      return 'JSON, strings are expressions';
    case 'params':
      return 'object';
    default:
      return type.kind;
  }
}

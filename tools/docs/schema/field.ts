// Types of the document's fields as JSON Schema. Expressions and templates are marked with keywords of our own, which
// validators ignore and editors may use.

import type { DocumentField, FieldType } from '../tables/document.ts';
import type { Schema } from './object.ts';

const NAME_PATTERN = '^[A-Za-z0-9._-]{1,63}$';
const HEADER_PATTERN = "^:?[!#$%&'*+.^_`|~0-9A-Za-z-]{1,255}$";
/** Durations as Go writes them. */
export const DURATION_PATTERN =
  '^[+-]?(0|(([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$';
/** Integers may be decimal strings, as in protobuf's JSON form. */
export const DIGITS_PATTERN = '^[+-]?[0-9]+$';
const DEFAULTS: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  '{}': {},
  '[]': [],
};

/** A field's schema with its description. Where an action names things, the things may stand too. */
export function fieldSchema(field: DocumentField, isInAction: boolean): Schema {
  if (field.type.kind === 'not-yet')
    return { description: `Not yet supported: refused. ${field.text}`, not: {} };
  return {
    description: `${describe(field.type)}${field.text}`,
    ...defaultOf(field),
    ...typeSchema(field.type, isInAction),
  };
}

function describe(type: FieldType): string {
  if (type.kind === 'condition') return 'A condition, an expression of type BOOL. ';
  if (type.kind === 'expression')
    return type.result === '' ? 'An expression. ' : `An expression of type ${type.result}. `;
  return type.kind === 'template' ? 'A template: text with `${expression}` in it. ' : '';
}

function defaultOf({ type, fallback }: DocumentField): Schema {
  if (fallback === '') return {};
  if (fallback in DEFAULTS) return { default: DEFAULTS[fallback] };
  if (type.kind === 'int' && /^-?\d+$/.test(fallback)) return { default: Number(fallback) };
  const isWord = type.kind === 'word' ? type.words.includes(fallback) : type.kind === 'either';
  return isWord && /^[A-Z]/.test(fallback) ? { default: fallback } : {};
}

function typeSchema(type: FieldType, isInAction: boolean): Schema {
  switch (type.kind) {
    case 'string':
      return { type: 'string' };
    case 'name':
      return { type: 'string', pattern: NAME_PATTERN };
    case 'header':
      return { type: 'string', pattern: HEADER_PATTERN };
    case 'bool':
      return { type: 'boolean' };
    case 'int':
      return integer(type.min, type.max);
    case 'number':
      return { type: 'number', minimum: type.min, maximum: type.max };
    case 'duration':
      return { type: 'string', pattern: DURATION_PATTERN };
    case 'word':
      return words(type.words);
    case 'expression':
    case 'condition':
      return expression(type.result);
    case 'template':
      return { type: 'string', 'x-template': true };
    case 'json':
      return { 'x-expression-leaves': true };
    case 'params':
      return { type: 'object' };
    case 'object':
      return { $ref: reference(type.name, isInAction) };
    case 'list':
      return { type: 'array', items: typeSchema(type.of, isInAction) };
    case 'map':
      return { type: 'object', additionalProperties: typeSchema(type.of, isInAction) };
    case 'either':
      return { anyOf: type.types.map((each) => typeSchema(each, isInAction)) };
    case 'not-yet':
      return { not: {} };
  }
}

/** Numbers and booleans stand for themselves in an expression. */
function expression(result: string): Schema {
  return { type: ['string', 'number', 'boolean'], 'x-expression': result === '' ? 'any' : result };
}

/** An integer, or its digits in a string. Bounds that JSON numbers cannot hold are left to the filter. */
export function integer(min: number, max: number): Schema {
  const bounds = {
    ...(Number.isFinite(min) && { minimum: min }),
    ...(Number.isFinite(max) && { maximum: max }),
  };
  return {
    anyOf: [
      { type: 'integer', ...bounds },
      { type: 'string', pattern: DIGITS_PATTERN },
    ],
  };
}

/** One of a few words, or the number that stands for it. */
export function words(list: readonly string[]): Schema {
  return { enum: [...list] };
}

function reference(name: string, isInAction: boolean): string {
  const isInline = isInAction && (name === 'handler' || name === 'instance');
  return `#/$defs/${isInline ? `inline${name[0]!.toUpperCase()}${name.slice(1)}` : name}`;
}

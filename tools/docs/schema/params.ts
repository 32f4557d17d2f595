// An adapter's parameters as JSON Schema, from their declaration.

import { CODE_NAMES } from '../../../assembly/shared/abi.ts';
import { durationText } from '../duration.ts';
import type { Param, ParamGroup } from '../tables/params.ts';
import { DURATION_PATTERN, integer, words } from './field.ts';
import { snakeName, strictObject, type Schema } from './object.ts';

/** The schema of one object of parameters. */
export function paramsSchema(group: ParamGroup): Schema {
  const fields = group.params.map((param) => ({
    name: param.name,
    isRequired: param.isRequired,
    schema: { ...(param.text !== '' && { description: param.text }), ...paramSchema(param) },
  }));
  const refused = group.notYet.map((name) => ({
    name,
    isRequired: false,
    schema: { description: 'Not yet supported: refused.', not: {} },
  }));
  const object = strictObject(group.text, [...fields, ...refused]);
  const rules = [
    ...((object['allOf'] as Schema[] | undefined) ?? []),
    ...group.oneOf.flatMap(atMostOne),
  ];
  return { ...object, ...(rules.length > 0 && { allOf: rules }) };
}

/** No two of the fields, in whatever spelling. */
function atMostOne(names: readonly string[]): Schema[] {
  const given = (name: string): Schema =>
    snakeName(name) === name
      ? { required: [name] }
      : { anyOf: [{ required: [name] }, { required: [snakeName(name)] }] };
  return names.flatMap((first, index) =>
    names.slice(index + 1).map((second) => ({ not: { allOf: [given(first), given(second)] } })),
  );
}

function paramSchema(param: Param): Schema {
  const fallback = defaultOf(param);
  return { ...(fallback !== undefined && { default: fallback }), ...typeOf(param) };
}

function typeOf({
  kind,
  min = -Infinity,
  max = Infinity,
  words: list = [],
  nested,
  isSecret,
}: Param): Schema {
  switch (kind) {
    case 'bool':
      return { type: 'boolean' };
    case 'int':
      return integer(min, max);
    case 'double':
      return number(min, max);
    case 'duration':
      return { type: 'string', pattern: DURATION_PATTERN };
    case 'text':
      return { type: 'string', ...(isSecret && { writeOnly: true }) };
    case 'choice':
      return { anyOf: [words(list), { type: 'integer' }] };
    case 'status':
      return STATUS;
    case 'textList':
      return { type: 'array', items: { type: 'string' } };
    case 'textMap':
      return { type: 'object', additionalProperties: { type: 'string' } };
    case 'doubleList':
      return { type: 'array', items: number(min, max) };
    case 'object':
      return paramsSchema(nested!);
    case 'objectList':
      return { type: 'array', items: paramsSchema(nested!) };
    case 'objectMap':
      return { type: 'object', additionalProperties: paramsSchema(nested!) };
    case 'other':
      return {};
  }
}

/** A number, or one in a string. */
function number(min: number, max: number): Schema {
  const bounds = {
    ...(Number.isFinite(min) && { minimum: min }),
    ...(Number.isFinite(max) && { maximum: max }),
  };
  return {
    anyOf: [
      { type: 'number', ...bounds },
      { type: 'string', pattern: '^[+-]?[0-9.]+([eE][+-]?[0-9]+)?$' },
    ],
  };
}

function defaultOf({ kind, fallback, isRequired }: Param): unknown {
  if (isRequired || fallback === undefined || kind === 'status') return undefined;
  return kind === 'duration' ? durationText(Number(fallback)) : fallback;
}

const STATUS: Schema = strictObject('', [
  {
    name: 'code',
    isRequired: false,
    schema: {
      description: 'A code of google.rpc.Code by name or number.',
      anyOf: [words(CODE_NAMES), integer(-(2 ** 31), 2 ** 31 - 1)],
    },
  },
  {
    name: 'message',
    isRequired: false,
    schema: { description: 'What the caller is told.', type: 'string' },
  },
]);

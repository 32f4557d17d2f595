// Holds a file of cases against its schema, and turns what the validator found into sentences with a place: what stood
// there, what was expected, the nearest name. What a schema cannot say is in rules.ts.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { distance } from 'fastest-levenshtein';

/** Something that is wrong in a file of cases. */
export interface CasesProblem {
  readonly pointer: string;
  /** It is about the key, not its value. */
  readonly isKey: boolean;
  readonly message: string;
  readonly expected: string;
  readonly suggestion: string;
}

interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

const SCHEMA = new URL('./cases.schema.json', import.meta.url);
/** A name that is farther away was meant to be something else. */
const DISTANCE_MAX = 3;

/** Compiled when it is first asked for: that and its library take half a second, which most commands can do without. */
let validator: ValidateFunction | null = null;

function compileSchema(): ValidateFunction {
  const { Ajv } = createRequire(import.meta.url)('ajv') as typeof import('ajv');
  const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true });
  ajv.addFormat('regex', { type: 'string', validate: isRegularExpression });
  return ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);
}

/** Every place where the content is not what the schema says. */
export function schemaProblems(content: unknown): CasesProblem[] {
  const validate = (validator ??= compileSchema());
  if (validate(content)) return [];
  return (validate.errors ?? []).flatMap((error) => {
    const problem = problemOf(error);
    return problem === null ? [] : [problem];
  });
}

/** The name of some that is nearest, or nothing. */
export function nearest(name: string, known: readonly string[]): string {
  const [best] = known
    .map((candidate) => ({ candidate, far: distance(name, candidate) }))
    .sort((left, right) => left.far - right.far);
  return best !== undefined && best.far <= Math.min(DISTANCE_MAX, name.length / 2)
    ? best.candidate
    : '';
}

export function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

function problemOf(error: ErrorObject): CasesProblem | null {
  const at = { pointer: error.instancePath, isKey: false, suggestion: '' };
  const schema = (error.parentSchema ?? {}) as SchemaNode;
  const expected = schema.description ?? '';
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField(error, Object.keys(schema.properties ?? {}));
    case 'required': {
      const { missingProperty } = error.params as { missingProperty: string };
      const isFile = error.instancePath === '';
      const message = `\`${missingProperty}\` is missing`;
      return { ...at, message, expected: isFile ? 'a file of cases (docs/testing.md)' : expected };
    }
    case 'enum': {
      const allowed = (error.params as { allowedValues: readonly string[] }).allowedValues;
      const message = `unknown value ${shown(error.data)}`;
      return { ...at, message, expected, suggestion: nearest(String(error.data), allowed) };
    }
    case 'propertyNames':
      return null;
    default:
      return { ...at, message: `${shown(error.data)} ${error.message ?? 'is wrong'}`, expected };
  }
}

function unknownField(error: ErrorObject, known: readonly string[]): CasesProblem {
  const { additionalProperty: name } = error.params as { additionalProperty: string };
  return {
    pointer: `${error.instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    isKey: true,
    message: `unknown field \`${name}\``,
    expected: `one of ${known.join(', ')}`,
    suggestion: nearest(name, known),
  };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

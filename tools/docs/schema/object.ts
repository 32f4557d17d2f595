// An object of the document as JSON Schema: strict, with both spellings of each field, of which one may be given. Knows
// no field.

export type Schema = Readonly<Record<string, unknown>>;

export interface SchemaField {
  readonly name: string;
  readonly isRequired: boolean;
  readonly schema: Schema;
}

/** The snake_case form of a camelCase name. */
export function snakeName(name: string): string {
  return name.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

/** Fields by both spellings; unknown ones, missing ones and double ones do not fit. */
export function strictObject(description: string, fields: readonly SchemaField[]): Schema {
  const properties = Object.fromEntries(fields.flatMap((field) => spellings(field)));
  const required = fields.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  const plain = required.filter((name) => snakeName(name) === name);
  const either = required
    .filter((name) => snakeName(name) !== name)
    .map((name) => ({ oneOf: [{ required: [name] }, { required: [snakeName(name)] }] }));
  const double = fields
    .filter(({ name, isRequired }) => !isRequired && snakeName(name) !== name)
    .map(({ name }) => ({ not: { required: [name, snakeName(name)] } }));
  const rules = [...either, ...double];
  return {
    ...(description !== '' && { description }),
    type: 'object',
    properties,
    additionalProperties: false,
    ...(plain.length > 0 && { required: plain }),
    ...(rules.length > 0 && { allOf: rules }),
  };
}

/** A schema that takes null as well: as good as leaving the field out. */
export function optional(schema: Schema): Schema {
  const { description, default: fallback, ...rest } = schema;
  return {
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
    anyOf: [rest, { type: 'null' }],
  };
}

function spellings({ name, isRequired, schema }: SchemaField): [string, Schema][] {
  const shown = isRequired || 'not' in schema ? schema : optional(schema);
  const snake = snakeName(name);
  return snake === name
    ? [[name, shown]]
    : [
        [name, shown],
        [snake, shown],
      ];
}

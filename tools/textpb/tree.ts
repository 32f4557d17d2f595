// What a suite is before anybody knows its fields: named values in written order, each with its place. Text format,
// YAML and JSON all become this.

/** A place in a file, both counted from 1; line 0: nobody knows. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A text, a number or a word, as it was written. */
export interface Scalar {
  readonly kind: 'scalar';
  readonly bytes: Uint8Array;
  /** Written in quotes: never a number, a bool or a word. */
  readonly isQuoted: boolean;
}

export interface Message {
  readonly kind: 'message';
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly value: Scalar | Message;
  readonly place: Place;
}

/** A file cannot be read as a suite; the message begins with file, line and column. */
export class SuiteProblem extends Error {
  override readonly name = 'SuiteProblem';
}

/** The problem at a place of a file. */
export function problemAt(file: string, { line, column }: Place, message: string): SuiteProblem {
  return new SuiteProblem(
    line === 0 ? `${file}: ${message}` : `${file}:${line}:${column}: ${message}`,
  );
}

/** A value as `JSON.parse` or YAML gives it. Lists repeat their field, as protobuf's JSON does. */
export function treeOf(value: object): Message {
  const fields = Object.entries(value).flatMap(([name, content]: [string, unknown]): Field[] =>
    (Array.isArray(content) ? (content as unknown[]) : [content])
      .filter((item) => item !== null && item !== undefined)
      .map((item) => ({ name, value: leafOrTree(item), place: NOWHERE })),
  );
  return { kind: 'message', fields };
}

const NOWHERE: Place = { line: 0, column: 0 };

function leafOrTree(value: unknown): Scalar | Message {
  if (typeof value === 'object' && value !== null) return treeOf(value);
  // YAML and JSON quote numbers and bools freely, so that quotes say nothing here.
  return { kind: 'scalar', bytes: Buffer.from(String(value), 'utf8'), isQuoted: false };
}

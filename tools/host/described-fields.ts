// The JSON of a module's `mixer_describe`, read field by field: what has another form is the module's fault.

/** The export that tells. */
export const EXPORT = 'mixer_describe';

/** The module is broken, not the document: it trapped, or described itself in a form nobody knows. */
export class DescribeFailed extends Error {
  override readonly name = 'DescribeFailed';
}

/** The fields of one object. */
export class Fields {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #at: string;

  constructor(value: unknown, at: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new DescribeFailed(`${EXPORT}: ${at === '' ? 'the text' : at} is no object`);
    }
    this.#object = value as Record<string, unknown>;
    this.#at = at === '' ? '' : `${at}.`;
  }

  string(name: string): string {
    const value = this.#object[name];
    if (typeof value !== 'string') throw this.wrong(name, 'a string');
    return value;
  }

  boolean(name: string): boolean {
    const value = this.#object[name];
    if (typeof value !== 'boolean') throw this.wrong(name, 'a boolean');
    return value;
  }

  /** Whatever it is; null where it is missing. */
  any(name: string): unknown {
    return this.#object[name] ?? null;
  }

  /** A boolean that may be missing. */
  flag(name: string): boolean {
    return this.#object[name] === undefined ? false : this.boolean(name);
  }

  /** An object that has these fields, each a text that may be missing; null where the object is. */
  texts<K extends string>(name: string, keys: readonly K[]): Partial<Record<K, string>> | null {
    const value = this.#object[name];
    if (value === undefined) return null;
    const fields = new Fields(value, `${this.#at}${name}`);
    const given = keys.filter((key) => fields.any(key) !== null);
    return Object.fromEntries(given.map((key) => [key, fields.string(key)])) as Partial<
      Record<K, string>
    >;
  }

  integer(name: string): number {
    const value = this.#object[name];
    if (!Number.isSafeInteger(value)) throw this.wrong(name, 'an integer');
    return value as number;
  }

  list(name: string): readonly unknown[] {
    const value = this.#object[name];
    if (!Array.isArray(value)) throw this.wrong(name, 'a list');
    return value;
  }

  optionalList(name: string): readonly unknown[] {
    return this.#object[name] === undefined ? [] : this.list(name);
  }

  strings(name: string): readonly string[] {
    const values = this.list(name);
    if (!values.every((value) => typeof value === 'string'))
      throw this.wrong(name, 'a list of strings');
    return values;
  }

  optionalStrings(name: string): readonly string[] {
    return this.#object[name] === undefined ? [] : this.strings(name);
  }

  wrong(name: string, expected: string): DescribeFailed {
    const value = this.#object[name];
    const found = value === undefined ? 'nothing' : JSON.stringify(value);
    return new DescribeFailed(
      `${EXPORT}: ${this.#at}${name} is ${found.slice(0, 64)}, expected ${expected}`,
    );
  }
}

// Collects differences below one pointer of a file of cases, with the comparisons that answers, upstreams and callouts
// have in common.

import type { Difference, Lines, Pair } from './types.ts';

interface ExpectedHeaders {
  readonly headers?: Lines;
  readonly absent?: readonly string[];
}

export class Differences {
  readonly all: Difference[];
  readonly #pointer: string;
  readonly #before: string;
  readonly #after: string;

  constructor(pointer: string, after: string, before = '', all: Difference[] = []) {
    this.#pointer = pointer;
    this.#after = after;
    this.#before = before;
    this.all = all;
  }

  /** The same list, one field deeper. */
  below(field: string, before: string): Differences {
    return new Differences(this.at(field), this.#after, before, this.all);
  }

  at(field: string): string {
    return `${this.#pointer}/${field}`;
  }

  add(
    field: string,
    wanted: string | number,
    got: string | number | { text: string; what: string },
  ): void {
    const { text, what } =
      typeof got === 'object' ? got : { text: String(got), what: field.split('/')[0] ?? field };
    this.all.push({
      pointer: this.at(field),
      what: `${this.#before}${what}${this.#after}`,
      wanted: String(wanted),
      got: text,
    });
  }

  same(field: string, wanted: string | number, got: string | number | undefined): void {
    if (wanted !== got) this.add(field, wanted, got ?? 'none');
  }

  /** Headers with exactly these lines, and those that must not be there. */
  headers({ headers = {}, absent = [] }: ExpectedHeaders, seen: readonly Pair[]): void {
    for (const [name, value] of Object.entries(headers)) {
      const wanted = (typeof value === 'string' ? [value] : value).join('\n');
      const got = valuesOf(name, seen);
      if (got.join('\n') === wanted) continue;
      const text = got.length === 0 ? 'none' : got.join('\n');
      this.add(`headers/${name.replaceAll('/', '~1')}`, wanted, { text, what: `header ${name}` });
    }
    for (const [index, name] of absent.entries()) {
      const got = valuesOf(name, seen);
      if (got.length > 0)
        this.add(`absent/${index}`, 'none', { text: got.join('\n'), what: `header ${name}` });
    }
  }
}

function valuesOf(name: string, seen: readonly Pair[]): string[] {
  const wanted = name.toLowerCase();
  return seen.filter(([key]) => key.toLowerCase() === wanted).map(([, value]) => value);
}

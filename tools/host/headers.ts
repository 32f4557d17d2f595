// A header map as Envoy keeps it: entries in order, pseudo headers first, names in lower case, and certain headers
// ("inline" ones) held once, their values joined. Names and values are binary strings. Phases are not its business.

import { PLAIN_INLINE, REQUEST_INLINE, RESPONSE_INLINE, TRAILER_INLINE } from './inline-headers.ts';

/** [name, value] in binary strings. */
export type Entry = [string, string];
export type MapKind = 'request' | 'response' | 'trailers' | 'plain';

const INLINE: Readonly<Record<MapKind, ReadonlySet<string>>> = {
  request: REQUEST_INLINE,
  response: RESPONSE_INLINE,
  trailers: TRAILER_INLINE,
  plain: PLAIN_INLINE,
};

export class HeaderMap {
  readonly #inline: ReadonlySet<string>;
  readonly #kind: MapKind;
  #entries: Entry[] = [];

  constructor(kind: MapKind, entries: readonly Entry[] = []) {
    this.#kind = kind;
    this.#inline = INLINE[kind];
    for (const [name, value] of entries) this.add(name, value);
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get count(): number {
    return this.#entries.length;
  }

  /** Names and values, without any framing: what `proxy_get_header_map_size` answers. */
  get sizeBytes(): number {
    let size = 0;
    for (const [name, value] of this.#entries) size += name.length + value.length;
    return size;
  }

  copy(): HeaderMap {
    const copy = new HeaderMap(this.#kind);
    copy.#entries = this.#entries.map(([name, value]): Entry => [name, value]);
    return copy;
  }

  /** The first value of the name. */
  get(name: string): string | undefined {
    const wanted = this.#folded(name);
    for (const entry of this.#entries) if (entry[0] === wanted) return entry[1];
    return undefined;
  }

  /** All values of the name, joined by commas: what properties show. */
  joined(name: string): string | undefined {
    const wanted = this.#folded(name);
    let joined: string | undefined;
    for (const entry of this.#entries) {
      if (entry[0] === wanted) joined = joined === undefined ? entry[1] : `${joined},${entry[1]}`;
    }
    return joined;
  }

  add(name: string, value: string): void {
    const folded = this.#folded(name);
    const present = this.#inline.has(folded)
      ? this.#entries.find((entry) => entry[0] === folded)
      : undefined;
    if (present !== undefined) present[1] = present[1] === '' ? value : `${present[1]},${value}`;
    else if (folded.startsWith(':')) this.#entries.splice(this.#pseudoCount(), 0, [folded, value]);
    else this.#entries.push([folded, value]);
  }

  replace(name: string, value: string): void {
    const folded = this.#folded(name);
    const at = this.#entries.findIndex((entry) => entry[0] === folded);
    if (at < 0) {
      this.add(folded, value);
      return;
    }
    this.#entries = this.#entries.filter((entry, index) => entry[0] !== folded || index === at);
    this.#entries[at] = [folded, value];
  }

  remove(name: string): void {
    const folded = this.#folded(name);
    if (this.#entries.some((entry) => entry[0] === folded)) {
      this.#entries = this.#entries.filter((entry) => entry[0] !== folded);
    }
  }

  clear(): void {
    this.#entries = [];
  }

  #pseudoCount(): number {
    let count = 0;
    while (this.#entries[count]?.[0].startsWith(':') === true) count++;
    return count;
  }

  #folded(name: string): string {
    const folded = foldedAscii(name);
    return folded === 'host' && this.#kind === 'request' ? ':authority' : folded;
  }
}

/** ASCII only: `toLowerCase` would also change the letters of Latin-1, which here are mere bytes. */
export function foldedAscii(name: string): string {
  return UPPER.test(name) ? name.replace(UPPER_ALL, (letter) => letter.toLowerCase()) : name;
}

const UPPER = /[A-Z]/;
const UPPER_ALL = /[A-Z]+/g;

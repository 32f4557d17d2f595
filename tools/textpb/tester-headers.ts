// The header map of Google's tester: sorted, without regard to case, one entry for each name; what is added to a name
// that is there already is joined to it. The guest sees names in lower case, as Envoy hands them over.

import { foldedAscii, HeaderMap, type Entry } from '../host/headers.ts';

export class TesterHeaders extends HeaderMap {
  readonly #byName = new Map<string, Entry>();

  constructor(entries: readonly Entry[] = []) {
    super('plain');
    for (const [name, value] of entries) this.add(name, value);
  }

  /** As the guest sees them. */
  override get entries(): readonly Entry[] {
    return this.written.map(([name, value]): Entry => [foldedAscii(name), value]);
  }

  /** In order, each name as it was written first. */
  get written(): readonly Entry[] {
    const sorted = [...this.#byName].sort(([left], [right]) => (left < right ? -1 : 1));
    return sorted.map(([, entry]) => entry);
  }

  override get count(): number {
    return this.#byName.size;
  }

  /** The tester counts entries where Envoy counts bytes. */
  override get sizeBytes(): number {
    return this.count;
  }

  override get(name: string): string | undefined {
    return this.#byName.get(foldedAscii(name))?.[1];
  }

  override joined(name: string): string | undefined {
    return this.get(name);
  }

  override add(name: string, value: string): void {
    const before = this.get(name) ?? '';
    this.replace(name, before === '' ? value : `${before}, ${value}`);
  }

  override replace(name: string, value: string): void {
    const key = foldedAscii(name);
    this.#byName.set(key, [this.#byName.get(key)?.[0] ?? name, value]);
  }

  override remove(name: string): void {
    this.#byName.delete(foldedAscii(name));
  }

  override copy(): TesterHeaders {
    return new TesterHeaders(this.written);
  }

  override clear(): void {
    this.#byName.clear();
  }
}

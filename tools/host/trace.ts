// A record of the last host calls and callbacks, off by default. Tests print it when they fail.

export interface TraceEntry {
  /** A callback is recorded when it ends, after the calls that it made; a note is the test's own. */
  readonly kind: 'call' | 'callback' | 'note';
  /** How many callbacks are on the stack, this one among them. */
  readonly depth: number;
  readonly vm: string;
  readonly context: number;
  readonly name: string;
  /** As the guest passed them: addresses and sizes. */
  readonly args: readonly (number | bigint)[];
  readonly result: number | bigint | undefined;
  /** The same as a person reads it; of a callback its name. */
  readonly text: string;
  /** The attribute, by Envoy's name, that a host call read. */
  readonly attribute: string | null;
}

export class Trace {
  enabled = false;
  readonly #entries: TraceEntry[] = [];
  #capacity = 0;
  #at = 0;

  /** Keeps the last `capacity` entries. */
  enable(capacity = 1000): void {
    this.enabled = true;
    this.#capacity = capacity;
    this.clear();
  }

  disable(): void {
    this.enabled = false;
  }

  clear(): void {
    this.#entries.length = 0;
    this.#at = 0;
  }

  add(entry: TraceEntry): void {
    this.#entries[this.#at] = entry;
    this.#at = (this.#at + 1) % this.#capacity;
  }

  /** A line of the test's own, such as which request comes now. */
  note(text: string): void {
    if (!this.enabled) return;
    const nothing = { vm: '', context: 0, name: '', args: [], result: undefined, attribute: null };
    this.add({ ...nothing, kind: 'note', depth: 0, text });
  }

  /** Oldest first. */
  entries(): TraceEntry[] {
    if (this.#entries.length < this.#capacity) return [...this.#entries];
    return [...this.#entries.slice(this.#at), ...this.#entries.slice(0, this.#at)];
  }

  /** One line for each entry. */
  toString(): string {
    return this.entries()
      .map(({ vm, context, text }) => `${vm} ${context} ${text}`)
      .join('\n');
  }
}

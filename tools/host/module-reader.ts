// Reads the bytes of a module, for the emulator and for the build: numbers, texts and limits, one after another. Knows
// no section. Throws on what is cut.

export interface MemoryLimits {
  readonly initial: number;
  readonly maximum: number | undefined;
}

/** Reads forward; whoever wants to skip sets `at`. */
export class ModuleReader {
  readonly #bytes: Uint8Array;
  /** The byte that is read next. */
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  magic(): void {
    for (const expected of [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) {
      if (this.byte() !== expected) throw new RangeError('no wasm module');
    }
  }

  byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw new RangeError('truncated');
    return byte;
  }

  /** An unsigned LEB128 number of at most 32 bits. */
  number(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('number too long');
  }

  /** Passes over a number of any size. */
  skipNumber(): void {
    while (this.byte() >= 0x80);
  }

  /** The next bytes; no copy. */
  take(sizeBytes: number): Uint8Array {
    const start = this.at;
    this.at += sizeBytes;
    if (this.at > this.#bytes.length) throw new RangeError('truncated');
    return this.#bytes.subarray(start, this.at);
  }

  text(): string {
    return Buffer.from(this.take(this.number())).toString('utf8');
  }

  limits(): MemoryLimits {
    const flags = this.byte();
    const initial = this.number();
    return { initial, maximum: (flags & 1) === 1 ? this.number() : undefined };
  }

  repeat(read: () => unknown): void {
    for (let left = this.number(); left > 0; left--) read();
  }
}

// Reads the bytes of a module: numbers, texts and limits, one after another. Knows no section. Throws on what is cut.

export interface MemoryLimits {
  readonly initial: number;
  readonly maximum: number | undefined;
}

/** Reads forward; whoever wants to skip sets `at`. */
export class ModuleReader {
  /** The byte that is read next. */
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
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

  text(): string {
    const size = this.number();
    const start = this.at;
    this.at += size;
    if (this.at > this.#bytes.length) throw new RangeError('truncated');
    return Buffer.from(this.#bytes.subarray(start, this.at)).toString('utf8');
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

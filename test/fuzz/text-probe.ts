// assembly/text for tests: compiles the probe, puts bytes into its memory and reads answers back.

import { readFileSync } from 'node:fs';
import { compileProbe } from '../support/compile-probe.ts';

type Call = (...args: number[]) => number;

const SECOND_OFFSET = 1_048_576;

/** A loaded probe. One text at a time, or two side by side. */
export class TextProbe {
  readonly #exports: Record<string, unknown>;
  readonly #memory: WebAssembly.Memory;

  private constructor(exports: Record<string, unknown>) {
    this.#exports = exports;
    this.#memory = exports['memory'] as WebAssembly.Memory;
  }

  /** Compiles the probe if need be and starts it without a host: what it would tell one is dropped. */
  static async load(): Promise<TextProbe> {
    const module = new WebAssembly.Module(
      readFileSync(await compileProbe('test/fuzz/fixtures/text-probe.ts')),
    );
    const imports: WebAssembly.Imports = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      (imports[from] ??= {})[name] = () => 0;
    }
    const { exports } = new WebAssembly.Instance(module, imports);
    const start = (exports as Record<string, unknown>)['_initialize'];
    if (typeof start === 'function') (start as () => void)();
    return new TextProbe(exports);
  }

  /** Calls an export with one text, or two, and further numbers. */
  call(name: string, texts: readonly (string | Uint8Array)[], ...numbers: number[]): number {
    const places = texts.flatMap((text, index) => this.#put(text, index * SECOND_OFFSET));
    return (this.#exports[name] as Call)(...places, ...numbers);
  }

  /** Calls an export that answers with a text; null when there is none. */
  text(name: string, texts: readonly (string | Uint8Array)[], ...numbers: number[]): string | null {
    return this.bytes(name, texts, ...numbers)?.toString() ?? null;
  }

  /** The same for bytes; a copy. */
  bytes(
    name: string,
    texts: readonly (string | Uint8Array)[],
    ...numbers: number[]
  ): Buffer | null {
    const size = this.call(name, texts, ...numbers);
    if (size < 0) return null;
    const start = (this.#exports['answerStart'] as Call)();
    return Buffer.from(Buffer.from(this.#memory.buffer, start, size));
  }

  /** The cell in which numbers are exchanged. */
  get cell(): DataView {
    return new DataView(this.#memory.buffer, (this.#exports['cellStart'] as Call)(), 64);
  }

  #put(text: string | Uint8Array, offset: number): [number, number] {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    const at = (this.#exports['areaStart'] as Call)() + offset;
    new Uint8Array(this.#memory.buffer).set(bytes, at);
    return [at, bytes.length];
  }
}

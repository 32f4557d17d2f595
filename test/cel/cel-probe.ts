// CEL in the compiled probe: expressions in, values or errors out.

import { ValueType } from '../../assembly/shared/types.ts';
import { PROBE_FILE, startProbe } from '../conformance/probe-module.ts';
import { readCell, writeCell, type CelValue } from './value.ts';

const CEL = 1;
const UNCHECKED_CEL = 2;
const ERROR_STATE = 255;

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly inputAt: () => number;
  readonly outputAt: () => number;
  readonly reset: () => void;
  readonly setLanguage: (language: number) => void;
  readonly declare: (size: number, type: number) => number;
  readonly compile: (size: number) => number;
  readonly begin: () => void;
  readonly run: (isRecording: boolean) => number;
  readonly cellFor: (index: number) => number;
  readonly memoryFor: (size: number) => number;
  readonly resultAt: () => number;
  readonly resultText: () => number;
  readonly valueText: () => number;
  readonly programText: () => number;
  readonly diagnosticsText: () => number;
}

/** What came of an expression. */
export type CelOutcome =
  | { readonly kind: 'value'; readonly value: CelValue }
  | { readonly kind: 'error'; readonly message: string }
  /** It was not compiled. */
  | { readonly kind: 'refused'; readonly message: string };

/** A variable: its value, or null for one that is declared and absent. */
export type Bindings = ReadonlyMap<string, CelValue | null>;

/** One instance of the probe that speaks CEL. */
export class CelProbe {
  readonly #exports: Exports;

  private constructor(exports: Exports) {
    this.#exports = exports;
  }

  /** Loads the compiled module. Host calls answer "not found". */
  static load(file: string = PROBE_FILE): CelProbe {
    const exports = startProbe(file) as Exports;
    return new CelProbe(exports);
  }

  /** Compiles an expression and evaluates it with these variables. */
  evaluate(expression: string, bindings: Bindings = new Map(), isChecked = true): CelOutcome {
    const exports = this.#exports;
    exports.reset();
    exports.setLanguage(isChecked ? CEL : UNCHECKED_CEL);
    const indexes = [...bindings].map(
      ([name]) => [name, exports.declare(this.#write(name), ValueType.Dynamic)] as const,
    );
    if (exports.compile(this.#write(expression)) === 0)
      return { kind: 'refused', message: this.#read(exports.resultText()) };
    exports.begin();
    const target = { memory: exports.memory, take: exports.memoryFor };
    for (const [name, index] of indexes) {
      const value = bindings.get(name);
      if (value) writeCell(target, exports.cellFor(index), value);
    }
    if (exports.run(false) === ERROR_STATE)
      return { kind: 'error', message: this.#read(exports.valueText()) };
    return { kind: 'value', value: readCell(exports.memory, exports.resultAt()) };
  }

  /** The text form of the last value, as templates have it. */
  text(): string {
    return this.#read(this.#exports.valueText());
  }

  /** The program of the last expression. */
  programText(): string {
    return this.#read(this.#exports.programText());
  }

  /** Every diagnostic of the last expression. */
  diagnosticsText(): string {
    return this.#read(this.#exports.diagnosticsText());
  }

  #write(text: string): number {
    const bytes = Buffer.from(text);
    new Uint8Array(this.#exports.memory.buffer).set(bytes, this.#exports.inputAt());
    return bytes.length;
  }

  #read(size: number): string {
    return Buffer.from(this.#exports.memory.buffer, this.#exports.outputAt(), size).toString();
  }
}

// The compiled probe behind an interface of strings and typed values.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nanosecondsOf } from './durations.ts';

/** The probe: where the build puts it, or $MIXER_PROBE. */
export const PROBE_FILE =
  process.env['MIXER_PROBE'] ?? fileURLToPath(new URL('../../dist/probe.wasm', import.meta.url));

/** Value types by their printed name, as assembly/shared/types.ts numbers them. */
export const TYPE_NUMBERS: Readonly<Record<string, number>> = {
  STRING: 1,
  INT64: 2,
  DOUBLE: 3,
  BOOL: 4,
  TIMESTAMP: 5,
  IP_ADDRESS: 6,
  EMAIL_ADDRESS: 7,
  URI: 8,
  DNS_NAME: 9,
  DURATION: 10,
  STRING_MAP: 11,
};

const ERROR_STATE = 255;
/** The language's number in assembly/expression/language.ts. */
const CEL = 1;

/** A value as Mixer's tables write it. */
export interface TypedValue {
  readonly type: string;
  readonly value?: unknown;
  readonly bytes_hex?: string;
}

/** What an evaluation gave. */
export type Evaluated =
  | { readonly error: string }
  | { readonly value: Required<Omit<TypedValue, 'bytes_hex'>> & { hex?: string } };

/** What a compilation gave. */
export type Compiled = { readonly error: string } | { readonly type: string };

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly inputAt: () => number;
  readonly outputAt: () => number;
  readonly reset: () => void;
  readonly setLanguage: (language: number) => void;
  readonly declare: (size: number, type: number) => number;
  readonly declareFunction: (size: number, isMethod: boolean) => void;
  readonly addReverse: (isMethod: boolean) => void;
  readonly parse: (size: number) => number;
  readonly check: (size: number) => number;
  readonly compile: (size: number) => number;
  readonly compileMatch: (size: number) => number;
  readonly compileText: (size: number) => number;
  readonly programText: () => number;
  readonly programCount: () => number;
  readonly guardText: () => number;
  readonly diagnosticsText: () => number;
  readonly verifyChanged: (at: number) => number;
  readonly begin: () => void;
  readonly setWhole: (index: number, type: number, value: bigint) => void;
  readonly setNumber: (index: number, value: number) => void;
  readonly setTime: (index: number, seconds: bigint, nanos: number) => void;
  readonly setBytes: (index: number, type: number, size: number) => void;
  readonly setMap: (index: number, count: number, flags: number) => void;
  readonly run: (isRecording: boolean) => number;
  readonly runOften: (count: number) => void;
  readonly render: (isJson: boolean) => number;
  readonly valueText: () => number;
  readonly valueBytes: () => number;
  readonly valueWhole: () => bigint;
  readonly valueNumber: () => number;
  readonly referencesText: () => number;
  readonly resultText: () => number;
  readonly emailPart: (size: number, isDomain: boolean) => number;
}

/** The exports of a started module whose host calls answer "not found"; the caller knows their types. */
export function startProbe(file: string): object {
  const module = new WebAssembly.Module(readFileSync(file));
  const imports: Record<string, Record<string, () => number>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = () => 1;
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  (exports['_initialize'] as () => void)();
  return exports;
}

/** One instance of the probe; `reset` gives it an empty schema again. */
export class Probe {
  readonly #exports: Exports;
  readonly #indexes = new Map<string, number>();

  private constructor(exports: Exports) {
    this.#exports = exports;
  }

  /** Loads the compiled module. Host calls answer "not found". */
  static load(file: string = PROBE_FILE): Probe {
    const exports = startProbe(file) as Exports;
    return new Probe(exports);
  }

  reset(): void {
    this.#exports.reset();
    this.#indexes.clear();
  }

  /** What is compiled from now on is CEL, until `reset`. */
  speakCel(): void {
    this.#exports.setLanguage(CEL);
  }

  declare(name: string, type: string): void {
    const number = TYPE_NUMBERS[type];
    if (number === undefined) throw new Error(`no value type ${type}`);
    this.#indexes.set(name, this.#exports.declare(this.#write(name), number));
  }

  /** Adds a function for checking only; `VALUE_TYPE_UNSPECIFIED` is any one type. */
  declareFunction(
    name: string,
    receiver: string | null,
    parameters: readonly string[],
    result: string,
  ): void {
    const row = [name, receiver ?? '', parameters.join(','), result].join('|');
    this.#exports.declareFunction(this.#write(row), receiver !== null);
  }

  /** Adds the function of Mixer's own tests, in the form in which the expression calls it. */
  addReverse(expression: string): void {
    const parsed = this.parse(expression);
    this.#exports.addReverse('tree' in parsed && parsed.tree.includes(':reverse('));
  }

  /** The tree as Mixer prints it, or the error. */
  parse(expression: string): { readonly tree: string } | { readonly error: string } {
    const isTree = this.#exports.parse(this.#write(expression)) !== 0;
    const text = this.#read(this.#exports.resultText());
    return isTree ? { tree: text } : { error: text };
  }

  check(expression: string): Compiled {
    return this.#compiled(this.#exports.check(this.#write(expression)));
  }

  compile(expression: string | Uint8Array): Compiled {
    return this.#compiled(this.#exports.compile(this.#write(expression)));
  }

  /** Whether a condition compiles. */
  compileMatch(expression: string): boolean {
    return this.#exports.compileMatch(this.#write(expression)) !== 0;
  }

  /** Whether a template compiles. */
  compileText(template: string): boolean {
    return this.#exports.compileText(this.#write(template)) !== 0;
  }

  programText(): string {
    return this.#read(this.#exports.programText());
  }

  get programCount(): number {
    return this.#exports.programCount();
  }

  guardText(): string {
    return this.#read(this.#exports.guardText());
  }

  diagnosticsText(): string {
    return this.#read(this.#exports.diagnosticsText());
  }

  /** What the verifier says of the program when one instruction is another; "" when it still may run. */
  verifyChanged(at: number, instruction: bigint): string {
    new DataView(this.#exports.memory.buffer).setBigUint64(
      this.#exports.inputAt(),
      instruction,
      true,
    );
    return this.#read(this.#exports.verifyChanged(at));
  }

  /** Starts a request in which every attribute is absent. */
  begin(): void {
    this.#exports.begin();
  }

  /** Gives an attribute a value. Names that are not declared are nobody's and are ignored. */
  set(name: string, given: TypedValue): void {
    const index = this.#indexes.get(name);
    if (index === undefined) return;
    const { type, value } = given;
    if (type === 'STRING_MAP') this.#setMap(index, value as Readonly<Record<string, string>>);
    else if (type === 'DOUBLE') this.#exports.setNumber(index, Number(value));
    else if (type === 'BOOL') this.#exports.setWhole(index, 4, value === true ? 1n : 0n);
    else if (type === 'INT64') this.#exports.setWhole(index, 2, BigInt(String(value)));
    else if (type === 'GO_UNTYPED_INT') this.#exports.setWhole(index, 13, BigInt(String(value)));
    else if (type === 'DURATION') this.#exports.setWhole(index, 10, nanosecondsOf(value));
    else if (type === 'TIMESTAMP') this.#setTime(index, String(value));
    else this.#setBytes(index, given);
  }

  /** Evaluates the compiled program. */
  evaluate(isRecording = false): Evaluated {
    const exports = this.#exports;
    const type = exports.run(isRecording);
    const text = this.#read(exports.valueText());
    if (type === ERROR_STATE) return { error: text };
    const name = typeNameOf(type);
    if (name === 'BOOL') return { value: { type: name, value: exports.valueWhole() !== 0n } };
    if (name === 'INT64' || name === 'DURATION')
      return { value: { type: name, value: exports.valueWhole() } };
    if (name === 'DOUBLE') return { value: { type: name, value: exports.valueNumber() } };
    if (name !== 'IP_ADDRESS') return { value: { type: name, value: text } };
    const size = exports.valueBytes();
    const hex = Buffer.from(exports.memory.buffer, exports.outputAt(), size).toString('hex');
    return { value: { type: name, value: text, hex } };
  }

  /** Evaluates `count` times, for measuring. */
  evaluateOften(count: number): void {
    this.#exports.runOften(count);
  }

  /** The compiled template with the values of this request. */
  render(isJson = false): string {
    return this.#read(this.#exports.render(isJson));
  }

  /** What the last recorded evaluation read, sorted: `a`, `-a` (absent), `m[key]`. */
  references(): string[] {
    return this.#read(this.#exports.referencesText()).split('\n').filter(Boolean).sort();
  }

  emailParts(address: string): { readonly local: string; readonly domain: string } {
    const local = this.#read(this.#exports.emailPart(this.#write(address), false));
    const domain = this.#read(this.#exports.emailPart(this.#write(address), true));
    return { local, domain };
  }

  #compiled(type: number): Compiled {
    const error = this.#read(this.#exports.resultText());
    return type === 0 ? { error } : { type: typeNameOf(type) };
  }

  #setMap(index: number, map: Readonly<Record<string, string>>): void {
    const entries = Object.entries(map);
    const parts = entries.flatMap(([key, value]) => {
      const [keyBytes, valueBytes] = [Buffer.from(key), Buffer.from(value)];
      const sizes = Buffer.alloc(8);
      sizes.writeUInt32LE(keyBytes.length, 0);
      sizes.writeUInt32LE(valueBytes.length, 4);
      return [sizes, keyBytes, valueBytes];
    });
    this.#write(Buffer.concat(parts));
    this.#exports.setMap(index, entries.length, 0);
  }

  #setTime(index: number, text: string): void {
    const [, fraction = ''] = /\.(\d+)/.exec(text) ?? [];
    const seconds = Math.floor(Date.parse(text.replace(/\.\d+/, '')) / 1000);
    this.#exports.setTime(index, BigInt(seconds), Number(fraction.padEnd(9, '0').slice(0, 9)));
  }

  #setBytes(index: number, { type, value, bytes_hex: hex }: TypedValue): void {
    const number = TYPE_NUMBERS[type];
    if (number === undefined) throw new Error(`no value type ${type}`);
    const bytes =
      type === 'IP_ADDRESS' ? Buffer.from(hex ?? '', 'hex') : Buffer.from(String(value));
    this.#exports.setBytes(index, number, this.#write(bytes));
  }

  #write(text: string | Uint8Array): number {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    new Uint8Array(this.#exports.memory.buffer).set(bytes, this.#exports.inputAt());
    return bytes.length;
  }

  #read(size: number): string {
    return Buffer.from(this.#exports.memory.buffer, this.#exports.outputAt(), size).toString();
  }
}

function typeNameOf(number: number): string {
  return (
    Object.entries(TYPE_NUMBERS).find(([, value]) => value === number)?.[0] ?? `type ${number}`
  );
}

// Reads documents with the filter's own readers, compiled once, without a proxy: bytes in,
// diagnostics or values out. A trap is an error with the place in the AssemblyScript source.

import { readFile } from 'node:fs/promises';

import { compileProbe } from '../support/compile-probe.ts';

const ENTRY = 'test/config/fixtures/config-probe.ts';
// No configuration file: the probe keeps the runtime's own abort, which says where it happened.
const FLAGS = [
  '--config',
  'none',
  '--runtime',
  'minimal',
  '--exportStart',
  '_initialize',
  '--optimizeLevel',
  '1',
];
/** Garbage is collected when this many documents have been read. */
const COLLECT_EVERY = 50;
const VIEWS = { json: 0, texts: 1, values: 2 } as const;

/** Who reads the document, as the probe numbers them. */
export const READERS = {
  tree: 0,
  fields: 1,
  list: 2,
  memquota: 3,
  prometheus: 4,
  denier: 5,
} as const;
export type ReaderName = keyof typeof READERS;

/** One record of what the filter hands to the tools. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly owner: string;
  readonly pointer: string;
  readonly key: boolean;
  readonly offset: number;
  readonly size: number;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  readonly expected: string;
  readonly suggestion: string;
  readonly related?: string;
}

interface Probe {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  input(size: number): number;
  read(size: number, reader: number, view: number): void;
  answerAt(): number;
  answerSize(): number;
  collect(): void;
}

let compiled: Promise<WebAssembly.Module> | null = null;

/** The readers in one instance. */
export class DocumentReader {
  readonly #probe: Probe;
  #readCount = 0;

  private constructor(probe: Probe) {
    this.#probe = probe;
  }

  static async start(): Promise<DocumentReader> {
    const module = await (compiled ??= loadProbe());
    const holder: { memory?: WebAssembly.Memory } = {};
    const abort = (message: number, file: number, line: number, column: number): never => {
      const text = (at: number): string => managedText(holder.memory!, at);
      throw new Error(`trap: ${text(message)} at ${text(file)}:${line}:${column}`);
    };
    const instance = await WebAssembly.instantiate(module, { env: { abort } });
    const probe = instance.exports as unknown as Probe;
    holder.memory = probe.memory;
    probe._initialize();
    return new DocumentReader(probe);
  }

  /** What is wrong with the document. */
  diagnostics(document: string | Uint8Array, reader: ReaderName = 'tree'): Diagnostic[] {
    return JSON.parse(this.#read(document, reader, 'json')) as Diagnostic[];
  }

  /** The codes of what is wrong, in the order of the document. */
  codes(document: string | Uint8Array, reader: ReaderName = 'tree'): string[] {
    return this.diagnostics(document, reader).map(({ code }) => code);
  }

  /** The same as text for people; an empty line between two. */
  texts(document: string | Uint8Array, reader: ReaderName = 'tree'): string {
    return this.#read(document, reader, 'texts');
  }

  /** What was read: for `tree` the document as JSON, or "null" when it cannot be trusted. */
  values(document: string | Uint8Array, reader: ReaderName = 'tree'): string {
    return this.#read(document, reader, 'values');
  }

  /** How much memory the instance has taken, in bytes. */
  get memorySizeBytes(): number {
    return this.#probe.memory.buffer.byteLength;
  }

  #read(document: string | Uint8Array, reader: ReaderName, view: keyof typeof VIEWS): string {
    const bytes = typeof document === 'string' ? new TextEncoder().encode(document) : document;
    const probe = this.#probe;
    const at = probe.input(bytes.length);
    new Uint8Array(probe.memory.buffer).set(bytes, at);
    probe.read(bytes.length, READERS[reader], VIEWS[view]);
    const answer = new Uint8Array(probe.memory.buffer, probe.answerAt(), probe.answerSize());
    const text = new TextDecoder('utf-8', { fatal: true }).decode(answer);
    if (++this.#readCount % COLLECT_EVERY === 0 || bytes.length > 65_536) probe.collect();
    return text;
  }
}

async function loadProbe(): Promise<WebAssembly.Module> {
  const file = await compileProbe(ENTRY, FLAGS);
  return WebAssembly.compile(new Uint8Array(await readFile(file)));
}

// A string of AssemblyScript: UTF-16, its size in the four bytes before it.
function managedText(memory: WebAssembly.Memory, at: number): string {
  if (at === 0) return '';
  const size = new DataView(memory.buffer).getUint32(at - 4, true);
  return new TextDecoder('utf-16le').decode(new Uint8Array(memory.buffer, at, size));
}

// Reads the types of a module's imports and function exports from its bytes, because `WebAssembly.Module.imports` does
// not tell them. Reads no code. Throws on a truncated module.

import { ModuleReader, type MemoryLimits } from './module-reader.ts';

export interface Signatures {
  readonly imports: readonly { module: string; name: string; type: string }[];
  /** Function exports only, in the order of the module. */
  readonly exports: readonly { name: string; type: string }[];
  readonly hasMemory: boolean;
  readonly importedMemory: MemoryLimits | null;
}

const LETTERS: Readonly<Record<number, string>> = { 0x7f: 'i', 0x7e: 'I', 0x7d: 'f', 0x7c: 'F' };
const KIND = { FUNCTION: 0, TABLE: 1, MEMORY: 2, GLOBAL: 3 } as const;

export function readSignatures(bytes: Uint8Array): Signatures {
  const reader = new ModuleReader(bytes);
  reader.magic();
  const found = new Found();
  while (!reader.isAtEnd) {
    const id = reader.byte();
    const until = reader.number() + reader.at;
    found.section(id, reader);
    reader.at = until;
  }
  return found;
}

class Found implements Signatures {
  readonly imports: { module: string; name: string; type: string }[] = [];
  readonly exports: { name: string; type: string }[] = [];
  hasMemory = false;
  importedMemory: MemoryLimits | null = null;
  readonly #types: string[] = [];
  readonly #functions: number[] = [];

  section(id: number, reader: ModuleReader): void {
    if (id === 1) reader.repeat(() => this.#types.push(functionType(reader)));
    if (id === 2) reader.repeat(() => this.#import(reader));
    if (id === 3) reader.repeat(() => this.#functions.push(reader.number()));
    if (id === 5) this.hasMemory ||= reader.number() > 0;
    if (id === 7) reader.repeat(() => this.#export(reader));
  }

  #import(reader: ModuleReader): void {
    const module = reader.text();
    const name = reader.text();
    const kind = reader.byte();
    if (kind === KIND.FUNCTION) {
      const type = reader.number();
      this.#functions.push(type);
      this.imports.push({ module, name, type: this.#types[type] ?? '?' });
    } else if (kind === KIND.MEMORY) {
      this.importedMemory = reader.limits();
      this.hasMemory = true;
    } else if (kind === KIND.TABLE) {
      reader.byte();
      reader.limits();
    } else {
      // Envoy has no globals to give: the name is reported as a missing import.
      reader.at += 2;
      this.imports.push({ module, name, type: 'global' });
    }
  }

  #export(reader: ModuleReader): void {
    const name = reader.text();
    const kind = reader.byte();
    const index = reader.number();
    if (kind !== KIND.FUNCTION) return;
    this.exports.push({ name, type: this.#types[this.#functions[index] ?? -1] ?? '?' });
  }
}

function functionType(reader: ModuleReader): string {
  reader.byte();
  const letters = (): string => {
    let text = '';
    reader.repeat(() => (text += LETTERS[reader.byte()] ?? '?'));
    return text;
  };
  const parameters = letters();
  return `${parameters}>${letters()}`;
}

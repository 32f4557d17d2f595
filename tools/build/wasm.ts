// Reads the sections of a WebAssembly module: sizes of functions, their names, exports. Knows no instructions.

import { ModuleReader } from '../host/module-reader.ts';
import { concatenate, encodeNumber, encodeSection, encodeText } from './wasm-encode.ts';

/** One section, with its bytes. */
export interface Section {
  readonly id: number;
  /** Of a custom section; empty for the others. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Where the bytes begin in the module. */
  readonly at: number;
}

/** A function of the module's own. */
export interface WasmFunction {
  readonly name: string;
  readonly sizeBytes: number;
  /** Where it begins in the module, with the size of its body: what a map of the compiler counts from. */
  readonly at: number;
}

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  memory: 5,
  global: 6,
  export: 7,
  code: 10,
  data: 11,
  dataCount: 12,
} as const;
export const HEADER_SIZE_BYTES = 8;
const FUNCTION_NAMES = 1;

/** The sections of a module, in order. */
export function readSections(module: Uint8Array): Section[] {
  const reader = new ModuleReader(module, HEADER_SIZE_BYTES);
  const sections: Section[] = [];
  while (!reader.isAtEnd) {
    const id = reader.byte();
    const sizeBytes = reader.number();
    const { at } = reader;
    const bytes = reader.take(sizeBytes);
    const name = id === SECTION.custom ? new ModuleReader(bytes).text() : '';
    sections.push({ id, name, bytes, at });
  }
  return sections;
}

/** The module's own functions with the sizes of their bodies. */
export function readFunctions(sections: readonly Section[]): WasmFunction[] {
  const code = sections.find(({ id }) => id === SECTION.code);
  if (!code) return [];
  const section = sections.find(({ name }) => name === 'name');
  const names = new Map(section ? namesOf(section) : []);
  const first = countImportedFunctions(sections);
  const reader = new ModuleReader(code.bytes);
  return Array.from({ length: reader.number() }, (_, index) => {
    const start = reader.at;
    reader.take(reader.number());
    const name = names.get(first + index) ?? `#${first + index}`;
    return { name, sizeBytes: reader.at - start, at: code.at + start };
  });
}

function* namesOf(section: Section): Generator<[index: number, name: string]> {
  for (const { id, bytes } of subsections(section)) {
    if (id !== FUNCTION_NAMES) continue;
    const reader = new ModuleReader(bytes);
    for (let left = reader.number(); left > 0; left--) yield [reader.number(), reader.text()];
  }
}

function* subsections(section: Section): Generator<{ id: number; bytes: Uint8Array }> {
  const reader = new ModuleReader(section.bytes);
  reader.text();
  while (!reader.isAtEnd) {
    const id = reader.byte();
    yield { id, bytes: reader.take(reader.number()) };
  }
}

/** How many functions the module imports: the index of its own first one. */
export function countImportedFunctions(sections: readonly Section[]): number {
  const section = sections.find(({ id }) => id === SECTION.import);
  if (!section) return 0;
  const reader = new ModuleReader(section.bytes);
  let count = 0;
  for (let left = reader.number(); left > 0; left--) {
    reader.text();
    reader.text();
    if (reader.byte() !== 0) throw new Error('expected a module that imports functions only');
    reader.number();
    count++;
  }
  return count;
}

/** The bodies of those functions, without their sizes. */
export function readBodies(module: Uint8Array): Uint8Array[] {
  return readFunctions(readSections(module)).map(({ at }) => {
    const reader = new ModuleReader(module, at);
    return reader.take(reader.number());
  });
}

/** A section's entries with further ones behind them. */
export function appended(bytes: Uint8Array, count: number, entries: Uint8Array): Uint8Array {
  const reader = new ModuleReader(bytes);
  const before = reader.number();
  return concatenate([encodeNumber(before + count), bytes.subarray(reader.at), entries]);
}

/** The module with names of functions, as `rename` gives them, and nothing else for debuggers. */
export function keepFunctionNames(
  module: Uint8Array,
  rename: (names: readonly string[]) => ReadonlyMap<string, string>,
): Uint8Array {
  const parts: Uint8Array[] = [module.subarray(0, HEADER_SIZE_BYTES)];
  for (const section of readSections(module)) {
    if (section.id !== SECTION.custom) parts.push(encodeSection(section.id, section.bytes));
    else if (section.name === 'name') parts.push(nameSection(section, rename));
  }
  return concatenate(parts);
}

function nameSection(
  section: Section,
  rename: (names: readonly string[]) => ReadonlyMap<string, string>,
): Uint8Array {
  const names = [...namesOf(section)];
  const renamed = rename(names.map(([, name]) => name));
  const entries = names.flatMap(([index, name]) => [
    encodeNumber(index),
    encodeText(renamed.get(name) ?? name),
  ]);
  const functionNames = concatenate([encodeNumber(names.length), ...entries]);
  const parts = [encodeText(section.name), encodeSection(FUNCTION_NAMES, functionNames)];
  return encodeSection(SECTION.custom, concatenate(parts));
}

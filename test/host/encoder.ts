// Encodes small wasm modules by hand, so that tests can import and export anything with any type. Every function of
// them returns 1 or nothing.

/** `ii>i`: parameters before `>`, results after it; i = i32, I = i64. */
export type Type = string;
export interface ModuleParts {
  imports?: [module: string, name: string, type: Type][];
  exports?: [name: string, type: Type][];
  hasMemory?: boolean;
  hasGlobalImport?: boolean;
}

const MAGIC = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const LETTERS: Readonly<Record<string, number>> = { i: 0x7f, I: 0x7e };
const END = 0x0b;

/** The least that Envoy loads: a marker and an allocator. */
export const LEAST: [string, Type][] = [
  ['proxy_abi_version_0_2_1', '>'],
  ['malloc', 'i>i'],
];

export function encodeModule(parts: ModuleParts): Uint8Array {
  const { imports = [], exports = LEAST, hasMemory = true, hasGlobalImport = false } = parts;
  const types = [
    ...new Set([...imports.map(([, , type]) => type), ...exports.map(([, type]) => type)]),
  ];
  const imported = imports.map(([module, name, type]) => [
    ...text(module),
    ...text(name),
    0,
    types.indexOf(type),
  ]);
  if (hasGlobalImport) imported.push([...text('env'), ...text('a-global'), 3, 0x7f, 0]);
  const memory = hasMemory ? [[...text('memory'), 2, 0]] : [];
  const exported = exports.map(([name], index) => [
    ...text(name),
    0,
    ...number(imports.length + index),
  ]);
  return Uint8Array.from([
    ...MAGIC,
    ...section(1, types.map(functionType)),
    ...section(2, imported),
    ...section(
      3,
      exports.map(([, type]) => [types.indexOf(type)]),
    ),
    ...(hasMemory ? section(5, [[0, 1]]) : []),
    ...section(7, [...memory, ...exported]),
    ...section(
      10,
      exports.map(([, type]) => body(type)),
    ),
  ]);
}

function functionType(type: Type): number[] {
  const [parameters = '', results = ''] = type.split('>');
  return [0x60, ...letters(parameters), ...letters(results)];
}

function letters(types: string): number[] {
  return [types.length, ...Array.from(types, (letter) => LETTERS[letter] ?? 0)];
}

function body(type: Type): number[] {
  const result = type.split('>')[1];
  const code = result === 'i' ? [0x41, 1] : result === 'I' ? [0x42, 1] : [];
  const bytes = [0, ...code, END];
  return [...number(bytes.length), ...bytes];
}

function section(id: number, items: readonly number[][]): number[] {
  const content = [...number(items.length), ...items.flat()];
  return [id, ...number(content.length), ...content];
}

function text(value: string): number[] {
  return [...number(value.length), ...Buffer.from(value)];
}

/** Unsigned LEB128. */
function number(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  do {
    bytes.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>>= 7;
  } while (left > 0);
  return bytes;
}

// Makes of what the compiler wrote the module that Envoy loads, and the map of its instructions to lines, which stands
// beside it: Envoy prints where a trap was, `mixer symbolize` looks it up. The module itself carries no map.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { withHints } from './hints.ts';
import { shortNames } from './names.ts';
import { packData } from './pack/pack.ts';
import { mapFile, movedMap } from './source-map.ts';
import { keepFunctionNames, readFunctions, readSections } from './wasm.ts';

/** Reads the compiler's module, writes the finished one with its map, and returns it. */
export function finishModule(compiled: string, out: string, debug: boolean): Uint8Array {
  const original = readFileSync(compiled);
  const named = keepFunctionNames(original, shortNames);
  const module = debug ? named : withHints(packData(named), fullNames(original));
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, module);
  if (existsSync(mapFile(compiled))) {
    const distance = firstFunctionAt(module) - firstFunctionAt(original);
    writeFileSync(mapFile(out), movedMap(readFileSync(mapFile(compiled), 'utf8'), distance));
  }
  return module;
}

/** Of the module's own functions: those in front of what packing adds have the same place and bytes in both modules. */
function fullNames(module: Uint8Array): string[] {
  return readFunctions(readSections(module)).map(({ name }) => name);
}

/** Sections before the code may have another size; the code itself is the compiler's, byte by byte. */
function firstFunctionAt(module: Uint8Array): number {
  return readFunctions(readSections(module))[0]?.at ?? 0;
}

// Makes of what the compiler wrote the module that Envoy loads, and the map of its instructions to lines, which stands
// beside it: Envoy prints where a trap was, `mixer symbolize` looks it up. The module itself carries no map.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { withHints } from './hints.ts';
import { withoutInlining } from './inlining.ts';
import { shortNames } from './names.ts';
import { packData } from './pack/pack.ts';
import { mapFile, movedMap, type Move } from './source-map.ts';
import { keepFunctionNames, readFunctions, readSections } from './wasm.ts';

/** Reads the compiler's module, writes the finished one with its map, and returns it. */
export function finishModule(compiled: string, out: string, debug: boolean): Uint8Array {
  const original = readFileSync(compiled);
  const named = keepFunctionNames(original, shortNames);
  const module = debug ? named : forEngine(named, fullNames(original));
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, module);
  if (existsSync(mapFile(compiled))) {
    const json = readFileSync(mapFile(compiled), 'utf8');
    writeFileSync(mapFile(out), movedMap(json, functionMoves(original, module)));
  }
  return module;
}

/** What makes a release module small, and tells V8 what to inline and what is cold. */
function forEngine(named: Uint8Array, names: readonly string[]): Uint8Array {
  return withHints(withoutInlining(packData(named), names), names);
}

/** Of the module's own functions: those in front of what the build adds have the same place in both modules. */
function fullNames(module: Uint8Array): string[] {
  return readFunctions(readSections(module)).map(({ name }) => name);
}

/** The build puts calls at the beginning of a function: seen from its end, the compiler's instructions did not move. */
function functionMoves(original: Uint8Array, module: Uint8Array): Move[] {
  const before = functionEnds(original);
  const after = functionEnds(module);
  return before.map((end, index) => ({ untilAt: end, distance: (after[index] ?? end) - end }));
}

function functionEnds(module: Uint8Array): number[] {
  return readFunctions(readSections(module)).map(({ at, sizeBytes }) => at + sizeBytes);
}

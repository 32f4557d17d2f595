// A module that a document asked for is made in build/ and stands where it was asked for only once the document has
// been accepted: a refused one leaves nothing there, and what stood there before goes on standing.

import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { mapFile } from './source-map.ts';
import type { Target } from './targets.ts';

const FOLDER = 'build/linked';

/** The same target, made in build/, where the next build for these adapters finds it again. */
export function keptTarget(target: Target): Target {
  return { ...target, out: `${FOLDER}/${target.name.replaceAll('/', '-')}.wasm` };
}

/** Puts a built module, and its map where it has one, in a place; each is there as a whole or not at all. */
export function handOver(root: string, { out: made }: Target, out: string): void {
  const module = join(root, made);
  mkdirSync(dirname(resolve(out)), { recursive: true });
  if (existsSync(mapFile(module))) replaceBy(mapFile(module), mapFile(out));
  replaceBy(module, out);
}

function replaceBy(source: string, file: string): void {
  const partial = `${file}.partial`;
  copyFileSync(source, partial);
  renameSync(partial, file);
}

// Brings generated files onto disk, or says which of them are stale.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Output } from './generate.ts';

/** The paths whose file differs from what it shall be. */
export function staleOutputs(outputs: readonly Output[], root: string): string[] {
  return outputs
    .filter(({ path, text }) => current(join(root, path)) !== text)
    .map(({ path }) => path);
}

/** Writes what differs; returns the paths. */
export function writeOutputs(outputs: readonly Output[], root: string): string[] {
  const stale = new Set(staleOutputs(outputs, root));
  for (const { path, text } of outputs.filter((each) => stale.has(each.path))) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return [...stale];
}

function current(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

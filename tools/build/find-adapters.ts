// Folders → adapters. The folder is the only registration: nobody lists an adapter anywhere else.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError } from './build-error.ts';

/** One adapter: `adapters/<name>/adapter.ts`, which exports one class that extends Adapter. */
export interface AdapterSource {
  readonly name: string;
  /** Path of adapter.ts without its suffix, from the project's top folder. */
  readonly module: string;
  readonly className: string;
}

const ADAPTER_CLASS = /^export\s+class\s+(\w+)\s+extends\s+Adapter\b/gm;

/** All adapters below a folder, by name. A folder without adapter.ts is none. */
export function findAdapters(root: string, folder = 'adapters'): AdapterSource[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => existsSync(join(path, name, 'adapter.ts')))
    .sort()
    .map((name) => readAdapter(root, folder, name));
}

function readAdapter(root: string, folder: string, name: string): AdapterSource {
  const module = `${folder}/${name}/adapter`;
  const text = readFileSync(join(root, `${module}.ts`), 'utf8');
  return { name, module, className: adapterClass(text, `${module}.ts`) };
}

/** The name of the one class that extends Adapter. */
export function adapterClass(text: string, file: string): string {
  const names = [...text.matchAll(ADAPTER_CLASS)].map(([, name]) => name);
  const [name] = names;
  if (name === undefined || names.length > 1) {
    const found = names.length === 0 ? 'none' : names.join(', ');
    throw new BuildError(
      `${file}: expected exactly one \`export class … extends Adapter\`, found ${found}`,
    );
  }
  return name;
}

// What is generated in an author's own project: the tables in the READMEs of its adapters, and the JSON Schema of
// documents with these adapters beside the package's. Writes nothing.

import { join } from 'node:path';
import { adapterReadmes, schemaText, type Output } from './generate.ts';
import { readAdapters } from './tables/adapters.ts';

export interface AuthorSources {
  /** The package's folder. */
  readonly library: string;
  /** The author's. */
  readonly root: string;
  /** The module that the author has built. */
  readonly wasm: string;
}

/** For editors: `# yaml-language-server: $schema=mixer.schema.json`. */
const SCHEMA = 'mixer.schema.json';

/** Everything that an author's project generates; an own adapter stands before the package's of its name. */
export async function generateForAuthor({ library, root, wasm }: AuthorSources): Promise<Output[]> {
  const own = readAdapters(root);
  const names = new Set(own.map(({ name }) => name));
  const packaged = readAdapters(library).filter(({ name }) => !names.has(name));
  const readmes = await adapterReadmes(own, join(root, 'adapters'), wasm);
  return [
    { path: SCHEMA, text: schemaText(library, [...packaged, ...own]) },
    ...readmes.map(({ path, text }) => ({ path: `adapters/${path}`, text })),
  ];
}

// Whether a target must be built again. A stamp names the flags, the code that optimizes and packs modules, and
// every file the compiler read, by the hash of its bytes, so that touching a file builds nothing and changing one
// builds only what read it.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/** Where stamps lie, from the project's top folder. */
export const STAMP_FOLDER = 'build/.stamp';

/** What makes a module beside the compiler, with all that these files import: its passes, its library, the packer. */
const MAKERS = ['passes.js', 'count-memory.js', 'finish.ts', 'order.txt', 'hints.txt'].map((file) =>
  join(import.meta.dirname, file),
);
const IMPORTED = /^(?:import|export)[^;]* from '(\.[^']+)';/gm;

interface Stamp {
  readonly key: string;
  readonly inputs: Readonly<Record<string, string | null>>;
  readonly output: string;
}

/** The stamps of one build; a file is hashed once. */
export class Stamps {
  readonly #root: string;
  readonly #hashes = new Map<string, string | null>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Whether `out` is what these flags and the present files would give. */
  isFresh(name: string, flags: readonly string[], out: string): boolean {
    const stamp = this.#read(name);
    if (stamp?.key !== key(flags) || stamp.output !== fileHash(resolve(this.#root, out)))
      return false;
    return Object.entries(stamp.inputs).every(([file, hash]) => this.#hash(file) === hash);
  }

  /** Records what `out` was made of. */
  write(name: string, flags: readonly string[], out: string, inputs: Stamp['inputs']): void {
    const output = fileHash(resolve(this.#root, out)) ?? '';
    const file = this.#file(name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ key: key(flags), inputs, output } satisfies Stamp));
  }

  #read(name: string): Stamp | null {
    const file = this.#file(name);
    if (!existsSync(file)) return null;
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as Stamp;
    } catch {
      return null;
    }
  }

  #file(name: string): string {
    return join(this.#root, STAMP_FOLDER, `${name.replaceAll('/', '-')}.json`);
  }

  #hash(file: string): string | null {
    const known = this.#hashes.get(file);
    if (known !== undefined) return known;
    const hash = fileHash(resolve(this.#root, file));
    this.#hashes.set(file, hash);
    return hash;
  }
}

/** Changes with the flags, with the compiler, and with what optimizes and packs modules. */
function key(flags: readonly string[]): string {
  const compiler = createRequire(import.meta.url).resolve('assemblyscript/package.json');
  const { version } = JSON.parse(readFileSync(compiler, 'utf8')) as { version: string };
  return [version, makersHash(), ...flags].join(' ');
}

function fileHash(file: string): string | null {
  return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : null;
}

let makers = '';

function makersHash(): string {
  if (makers === '')
    makers = MAKERS.flatMap((file) => [...sourcesOf(file)])
      .map(fileHash)
      .join();
  return makers;
}

/** A source of the tools and all that it imports from them, in the order in which they are met. */
export function sourcesOf(file: string, met = new Set<string>()): Set<string> {
  if (met.has(file)) return met;
  met.add(file);
  for (const [, imported] of readFileSync(file, 'utf8').matchAll(IMPORTED))
    sourcesOf(resolve(dirname(file), imported!), met);
  return met;
}

// Makes the JavaScript of javascript.js with esbuild, with source maps. For tests file by file, so that modules, their
// order and their identity stay what they are; for the command line in a few files, for node needs a millisecond and
// more to find and read each. Packages stay where they are. It checks no types: `tsc` does.

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';

import {
  COMMAND_LINE,
  JAVASCRIPT,
  MANIFEST,
  javascriptOf,
  sourceHash,
} from '../build/javascript.js';
import { ROOT } from '../build/root.ts';

const FOLDERS = ['tools', 'test', 'assembly/shared'];
/** Sources of the other dialect, which asc compiles. */
const ASSEMBLYSCRIPT = /^test\/adapters\/|\/fixtures\/|\/probe\.ts$|\.spec\.ts$/;
const OWN_PLACE = /\bimport\.meta\.(url|dirname|filename)\b/g;
const META = 'import.meta';
/** The JavaScript depends on how it is made as well. */
const OWN_SOURCES = ['tools/build/javascript.js'];
const MAIN = 'tools/cli/main.ts';

const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'linked',
  sourcesContent: false,
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
} as const satisfies BuildOptions;

/** Brings dist/js up to date. */
export async function transpile(): Promise<void> {
  const files = FOLDERS.flatMap(sourcesBelow);
  const manifest = JSON.stringify(
    Object.fromEntries([...OWN_SOURCES, ...files].map((file) => [file, sourceHash(file)])),
  );
  if (readOrEmpty(join(ROOT, MANIFEST)) === manifest) return;
  // Whoever looks while this lasts finds no manifest, and takes the sources.
  rmSync(join(ROOT, JAVASCRIPT), { recursive: true, force: true });
  await build({
    ...COMMON,
    entryPoints: files,
    outbase: '.',
    outdir: JAVASCRIPT,
    plugins: [ONE_BY_ONE],
  });
  await build({
    ...COMMON,
    entryPoints: [MAIN],
    outdir: dirname(COMMAND_LINE),
    // What a command loads only when it runs stays apart.
    splitting: true,
    packages: 'external',
    plugins: [TOGETHER],
  });
  mkdirSync(join(ROOT, JAVASCRIPT), { recursive: true });
  writeFileSync(join(ROOT, MANIFEST), manifest);
}

/** Leaves every import where it is, with the name that the file has now; what is read from beside a file is still found
 * beside its source. */
const ONE_BY_ONE: Plugin = {
  name: 'one by one',
  setup: (esbuild) => {
    esbuild.onResolve({ filter: /./ }, ({ kind, path, importer, resolveDir }) => {
      if (kind === 'entry-point') return undefined;
      return { path: importedPath(path, importer, resolveDir), external: true };
    });
    esbuild.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      return {
        contents: placedAt(dirname(builtPath(path)), path, readFileSync(path, 'utf8')),
        loader: 'ts',
      };
    });
  },
};

/** All files in the folder of the command line; each still finds what lies beside its source. */
const TOGETHER: Plugin = {
  name: 'together',
  setup: (esbuild) => {
    const folder = join(ROOT, dirname(COMMAND_LINE));
    // AssemblyScript's way of naming files.
    esbuild.onResolve({ filter: /^\.[^.]*(?:\/[^./]+)+$/ }, ({ path, resolveDir }) => {
      return { path: `${resolve(resolveDir, path)}.ts` };
    });
    esbuild.onLoad({ filter: /\.[jt]s$/ }, ({ path }) => {
      return { contents: placedAt(folder, path, readFileSync(path, 'utf8')), loader: 'ts' };
    });
  },
};

/** The text, in JavaScript of that folder, with the place of its source where it asks for its own; no line moves. */
function placedAt(folder: string, path: string, text: string): string {
  if (text.search(OWN_PLACE) < 0) return text;
  const source = JSON.stringify(relative(folder, path));
  const url = `new URL(${source}, ${META}.url)`;
  const own = {
    url: `${url}.href`,
    dirname: `ownPath(new URL('.', ${url})).replace(/.$/, '')`,
    filename: `ownPath(${url})`,
  };
  const placed = text.replace(OWN_PLACE, (_, name: keyof typeof own) => own[name]);
  return `import { fileURLToPath as ownPath } from 'node:url'; ${placed}`;
}

function importedPath(path: string, importer: string, folder: string): string {
  if (!path.startsWith('.')) return path;
  if (path.endsWith('.ts')) return path.replace(/\.ts$/, '.js');
  if (/\.\w+$/.test(path)) return relative(dirname(builtPath(importer)), resolve(folder, path));
  // AssemblyScript's way of naming files.
  return `${path}.js`;
}

function builtPath(source: string): string {
  return join(ROOT, javascriptOf(relative(ROOT, source)));
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => `${folder}/${name}`)
    .filter((file) => !ASSEMBLYSCRIPT.test(file))
    .sort();
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

// What the compiler cannot know about an author's adapters: that each stands alone, that it is found by the name that
// it gives itself, and that its handler answers what it takes. In this project test/tidy holds the first two.

import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { adapterNameProblem } from './adapter-name.ts';
import type { AdapterSource } from './find-adapters.ts';
import type { Workspace } from './workspace.ts';

const SDK = 'assembly/sdk';
const TESTS = /\.(spec|test)\.ts$/;
const IMPORT = /^[ \t]*(?:import|export)\b(?:[^;'"]*?\bfrom)?\s*["']([^"']+)["']/gm;
/** Only a name that stands there as text: any other is not known before the adapter runs. */
const OWN_NAME = /\bget\s+name\(\)\s*:\s*string\s*\{\s*return\s+["']([^"']*)["']/;

/** One text for each thing that is wrong with the author's own adapters among these; none in this project itself. */
export async function authorProblems(
  { root, prefix }: Workspace,
  adapters: readonly AdapterSource[],
): Promise<string[]> {
  const own = adapters.filter(({ module }) => prefix !== '' && !module.startsWith(prefix));
  if (own.length === 0) return [];
  // It brings the TypeScript compiler.
  const { templateProblems } = await import('./author-templates.ts');
  return own.flatMap((adapter) => {
    const files = sourcesBelow(root, dirname(adapter.module));
    return [
      ...nameProblems(root, adapter),
      ...importProblems(root, dirname(adapter.module), prefix + SDK),
      ...templateProblems(root, adapter.module, files),
    ];
  });
}

function nameProblems(root: string, { name, module }: AdapterSource): string[] {
  const unfit = adapterNameProblem(name);
  if (unfit !== null) return [`${dirname(module)}: ${unfit}`];
  const text = readFileSync(join(root, `${module}.ts`), 'utf8');
  const found = OWN_NAME.exec(text);
  if (found === null || found[1] === name) return [];
  const place = `${module}.ts:${lineOf(text, found.index + found[0].length)}`;
  return [
    `${place}: the adapter calls itself "${found[1]}" and stands in ${dirname(module)}/\n` +
      '  expected one name for both, for documents and the build find it by either',
  ];
}

function importProblems(root: string, folder: string, sdk: string): string[] {
  return sourcesBelow(root, folder).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(IMPORT)].flatMap((found) => {
      const [, module = ''] = found;
      if (module === sdk || isInside(folder, file, module)) return [];
      const line = lineOf(text, found.index + found[0].lastIndexOf(module));
      return [
        `${file}:${line}: an adapter does not import ${module}\n` +
          `  expected ${sdk} or a file of ${folder}/: an adapter stands alone, so that it can be built and removed ` +
          'alone; copy what both need into each',
      ];
    });
  });
}

function isInside(folder: string, file: string, module: string): boolean {
  return module.startsWith('.') && posix.join(posix.dirname(file), module).startsWith(`${folder}/`);
}

/** The sources below a folder but tests, from the root. */
export function sourcesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sourcesBelow(root, path);
    return entry.name.endsWith('.ts') && !TESTS.test(entry.name) ? [path] : [];
  });
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

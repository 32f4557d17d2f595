// as-pect 8.1.0 was built for AssemblyScript 0.27 and carries five of its syntax-node numbers; 0.28 moved them up by
// one. Without the change, a test that compares two objects does not compile. Running it again changes nothing.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.ts';

const FOLDER = 'node_modules/@as-pect/transform/lib';
const MOVES: readonly (readonly [file: string, kind: string, from: number, to: number])[] = [
  ['index.js', 'ClassDeclaration', 51, 52],
  ['index.js', 'NamespaceDeclaration', 59, 60],
  ['createStrictEqualsMember.js', 'FieldDeclaration', 54, 55],
  ['createStrictEqualsMember.js', 'MethodDeclaration', 58, 59],
  ['createAddReflectedValueKeyValuePairsMember.js', 'FieldDeclaration', 54, 55],
  ['createAddReflectedValueKeyValuePairsMember.js', 'MethodDeclaration', 58, 59],
];

/** Moves the numbers where they are still the old ones. */
export function patchAsPect(): void {
  for (const [file, kind, from, to] of MOVES) {
    const path = join(ROOT, FOLDER, file);
    const text = readFileSync(path, 'utf8');
    const [before, after] = [`${from} /* NodeKind.${kind} */`, `${to} /* NodeKind.${kind} */`];
    if (text.includes(after)) continue;
    if (!text.includes(before))
      throw new Error(`${FOLDER}/${file}: expected "${before}"; is as-pect still 8.1.0?`);
    writeFileSync(path, text.replace(before, after));
  }
}

// `ObjectReader.word` numbers words by a list of its own, which must be as long as any list of words that it is given:
// it does not look, since every list stands in the sources.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';

import { ROOT } from '../../tools/build/root.ts';
import { Constants, type Constant } from '../../tools/docs/constants.ts';
import { SourceText } from '../../tools/docs/source.ts';

const READER = join(ROOT, 'assembly/config/object-reader.ts');

interface Words {
  readonly place: string;
  readonly words: Constant;
}

/** The words of every call of `word` in a file: its third argument. */
function wordsOf(path: string): Words[] {
  const source = new SourceText(join(ROOT, path));
  const found: Words[] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const [name, , words] = node.arguments;
    if (node.expression.name.text !== 'word' || name === undefined || words === undefined) return;
    const place = `${path}: ${name.getText()}`;
    found.push({ place, words: new Constants(source).value(words) });
  };
  visit(source.tree);
  return found;
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.spec\.ts$|\.d\.ts$/.test(file))
    .map((file) => `${folder}/${file}`);
}

describe('fields that take one of a few words', () => {
  const reader = new SourceText(READER);
  const positions = new Constants(reader).value(reader.variable('POSITIONS')!) as number[];
  const all = ['assembly', 'adapters'].flatMap(sources).flatMap(wordsOf);

  it('are numbered in their order, from 0', () => {
    assert.deepEqual(positions, [...positions.keys()]);
  });

  it('are found', () => {
    assert.ok(all.length >= 8, `${all.length} fields`);
  });

  for (const { place, words } of all) {
    it(`have a number for each word: ${place}`, () => {
      assert.ok(Array.isArray(words) && words.length > 0);
      assert.ok(words.length <= positions.length, `${words.length} words: lengthen POSITIONS`);
    });
  }
});

// How diagnostics look: first line, pointer, the piece of the document with carets, suggestions, expectations.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { DocumentReader } from './reader.ts';

const reader = await DocumentReader.start();

function carets(text: string): string {
  const lines = text.split('\n');
  const under = lines.findIndex((line) => /^ +\| *\^+/.test(line));
  const [above = '', below = ''] = [lines[under - 1], lines[under]];
  return Array.from(above)
    .slice(below.indexOf('^'), below.lastIndexOf('^') + 1)
    .join('');
}

describe('a diagnostic', () => {
  it('has place, code and message in its first line, and the rest below', () => {
    const document = '{\n  "name": "n",\n  "expression": "a == bad",\n  "flag": true\n}';
    assert.equal(
      reader.texts(document, 'fields'),
      [
        'test (root "edge"): 3:23: E0301 unknown attribute `bad`',
        '  at /expression (sample n)',
        '  3 |   "expression": "a == bad",',
        '    |                       ^^^ did you mean `bat`?',
        '  expected an attribute',
      ].join('\n'),
    );
  });

  it('points behind escapes at what was written', () => {
    const written = '\\u0061\\"\\ud83d\\ude00é\\n bad';
    const document = `{"expression":"${written} x"}`;
    const [diagnostic] = reader.diagnostics(document, 'fields');
    assert.equal(diagnostic?.column, document.indexOf('bad') + 1);
    assert.equal(diagnostic.offset, new TextEncoder().encode('a"😀é\n ').length);
    assert.equal(diagnostic.size, 3);
    assert.equal(carets(reader.texts(document, 'fields')), 'bad');
  });

  it('underlines an escaped part in all its written length', () => {
    const document = '{"expression":"x \\u0062a\\u0064 y"}';
    assert.equal(carets(reader.texts(document, 'fields')), '\\u0062a\\u0064');
  });

  it('counts columns in characters, not bytes', () => {
    const [diagnostic] = reader.diagnostics('{"é😀":"€","flag":1}');
    assert.equal(diagnostic, undefined);
    const [wrong] = reader.diagnostics('{"name":"é😀€","flag":1}', 'fields');
    assert.equal(wrong?.column, Array.from('{"name":"é😀€","flag":1}').lastIndexOf('1') + 1);
  });

  it('shows a window of at most a hundred characters of a long line', () => {
    for (const size of [0, 10, 39, 40, 41, 60, 97, 98, 99, 100, 5_000, 100_000]) {
      const document = `{"name":"${'é'.repeat(size)}","flag":"wrong","ratio":1${' '.repeat(size)}}`;
      const text = reader.texts(document, 'fields').split('\n');
      const line = text.find((each) => each.startsWith('  1 | '))?.slice(6) ?? '';
      assert.ok(Array.from(line).length <= 100, `${size}: ${line}`);
      assert.equal(carets(text.join('\n')), '"wrong"', `${size}`);
    }
  });

  it('shows the whole of a line that fits', () => {
    const document = `{"flag":"wrong",${' '.repeat(70)}"x":1}`;
    const texts = reader.texts(document, 'fields');
    assert.match(texts, /^ {2}1 \| \{"flag":"wrong", {70}"x":1\}$/m);
    assert.doesNotMatch(texts, /…/);
  });

  it('finds lines in documents of all line ends and sizes', () => {
    for (const count of [1, 100, 20_000]) {
      const document = `{${'\n'.repeat(count)}\r\n  "flag": 1}`;
      const [diagnostic] = reader.diagnostics(document, 'fields');
      assert.equal(diagnostic?.line, count + 2);
      assert.equal(diagnostic.column, 11);
    }
  });

  it('never shows control characters or ones that change the direction of text', () => {
    const texts = reader.texts('{"a\\u001b[31m":1,"\u202Eb":"\u0007","c\\u2066":2}', 'fields');
    assert.doesNotMatch(
      texts,
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/,
    );
  });

  it('quotes at most 64 bytes, cut between characters', () => {
    const [diagnostic] = reader.diagnostics(`{"${'€'.repeat(200)}":1}`, 'fields');
    assert.equal(diagnostic?.message, `unknown field \`${'€'.repeat(21)}…\``);
  });

  it('shows only the end of a long pointer, and keys in it safely', () => {
    const document = `{"a":{"${'k'.repeat(900)}\\u001b":01}}`;
    const texts = reader.texts(document);
    assert.match(texts, /^ {2}at …k{199} $/m);
  });

  it('is a warning where the document is in force all the same', () => {
    const [diagnostic] = reader.diagnostics('{"expression":"maybe"}', 'fields');
    assert.equal(diagnostic?.severity, 'warning');
    assert.match(
      reader.texts('{"expression":"maybe"}', 'fields'),
      /^test \(root "edge"\): 1:15: W0901 /,
    );
  });

  it('stands in the order of the document', () => {
    const lines = reader.diagnostics('{"zzz":1,\n"labels":1,\n"flag":2,\n"count":"x"}', 'fields');
    assert.deepEqual(
      lines.map(({ line }) => line),
      [1, 2, 3, 4],
    );
  });

  it('shows where the first of two stands', () => {
    assert.match(reader.texts('{\n"a":1,\n"a":2}'), /^ {2}see 2:1 \(\/a\)$/m);
  });
});

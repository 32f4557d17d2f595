// Documents as files: what YAML becomes as JSON, and how the filter's positions lead back to what a
// person wrote.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { DocumentFile } from '../../tools/document/document.ts';

/** The text at a place inside the string at `pointer` of which `part` is looked for, and its position. */
function found(
  text: string,
  pointer: string,
  part: string,
): readonly [text: string, line: number, column: number] {
  const file = new DocumentFile('test.yaml', text);
  assert.deepEqual(file.problems, []);
  let value = JSON.parse(file.json) as unknown;
  for (const step of pointer.slice(1).split('/')) value = (value as Record<string, unknown>)[step];
  const string = String(value);
  assert.ok(string.includes(part), `${JSON.stringify(string)} has ${part}`);
  const offsetBytes = Buffer.byteLength(string.slice(0, string.indexOf(part)));
  const span = file.locate({ pointer, offsetBytes, sizeBytes: Buffer.byteLength(part) });
  const { line, column } = file.source.position(span.start);
  return [text.slice(span.start, span.end), line, column];
}

describe('YAML', () => {
  const ROWS: readonly (readonly [what: string, yaml: string, json: string])[] = [
    ['keeps the order of keys', 'b: 1\na: 2', '{"b":1,"a":2}'],
    ['keeps keys that are given twice', 'a: 1\na: 2', '{"a":1,"a":2}'],
    ['keeps digits', 'a: 12345678901234567890\nb: 1.50', '{"a":12345678901234567890,"b":1.50}'],
    [
      'reads other notations of numbers',
      'a: 0x10\nb: +3\nc: .5\nd: 017',
      '{"a":16,"b":3,"c":0.5,"d":17}',
    ],
    [
      'leaves words that only old YAML reads as booleans',
      'a: yes\nb: off',
      '{"a":"yes","b":"off"}',
    ],
    ['writes numbers and booleans in keys as written', '1: a\ntrue: b', '{"1":"a","true":"b"}'],
    ['follows aliases', 'a: &x [1]\nb: *x', '{"a":[1],"b":[1]}'],
    ['escapes what JSON must escape', 'a: "\\u0001\\n\\"\\u2028"', '{"a":"\\u0001\\n\\"\u2028"}'],
    ['reads JSON', '{"a":[true,null,"x"]}', '{"a":[true,null,"x"]}'],
    ['takes an empty file for an empty document', '# nothing\n', '{}'],
    ['ignores a byte order mark', '\ufeffa: 1', '{"a":1}'],
  ];
  for (const [what, yaml, json] of ROWS) {
    it(what, () => assert.equal(new DocumentFile('test.yaml', yaml).json, json));
  }

  const WRONG: readonly (readonly [what: string, yaml: string, message: RegExp])[] = [
    ['a flow list without an end', 'a: [1', /end with a \]/],
    ['two documents', '{a: 1}\n---\n{b: 1}', /one document/],
    [
      'a resource of Kubernetes',
      'apiVersion: config.istio.io/v1alpha2\nkind: rule\n---\na: 1\n',
      /Kubernetes resource \(rule\)/,
    ],
    ['numbers that JSON does not have', 'a: .nan', /no number in JSON/],
    ['an alias without an anchor', 'a: *x', /names no anchor/],
    ['a list as a key', '? [1]\n: 2', /a key must be/],
    ['unknown tags', 'a: !secret x', /Unresolved tag/],
    ['an alias that contains itself', 'a: &a [*a]', /nested deeper/],
    [
      'aliases that multiply',
      bomb(),
      /^with what the aliases up to here repeat, larger than \d+ characters$/,
    ],
    ['lists nested without end', '['.repeat(100_000), /nested deeper/],
    ['blocks nested without end', '- '.repeat(100_000), /nested deeper/],
    ['objects nested without end', '{"a":'.repeat(10_000), /nested deeper/],
  ];
  for (const [what, yaml, message] of WRONG) {
    it(`refuses ${what}, with a place`, () => {
      const { problems } = new DocumentFile('test.yaml', yaml);
      assert.match(problems[0]?.message ?? '', message);
      assert.ok(problems.every((problem) => problem.start >= 0 && problem.start <= yaml.length));
    });
  }

  it('names the alias that makes a file too large, also where what stands behind it is found to be too much', () => {
    for (const yaml of [bomb(), `- &a ${'x'.repeat(1_500_000)}\n- *a\n- y\n- *a\n- z\n`]) {
      const { problems } = new DocumentFile('test.yaml', yaml);
      assert.equal(problems.length, 1);
      assert.match(yaml.slice(problems[0]!.start, problems[0]!.end), /^\*a\d*$/);
    }
  });

  it('says of a file without aliases only that it is too large', () => {
    const yaml = `a: "${'\\0'.repeat(1_000_000)}"\nb: 1\n`;
    const { problems } = new DocumentFile('test.yaml', yaml);
    assert.deepEqual(
      problems.map(({ message }) => message),
      ['larger than 4194304 characters'],
    );
  });

  it('shows at most a hundred problems', () => {
    const { problems } = new DocumentFile('test.yaml', '- !x a\n'.repeat(200));
    assert.equal(problems.length, 101);
    assert.match(problems.at(-1)?.message ?? '', /^\d+ more not shown$/);
  });

  const UNQUOTED: readonly (readonly [what: string, yaml: string, at: string, advice: RegExp])[] = [
    ['brackets in an object', 'a: { v: r["x"], w: 1 }\nb: 2\n', '[', /with \[ \]/],
    ['brackets in a list', 'a: [ b["x"] ]\nb: 2\n', '["x', /with \[ \]/],
    ['what follows a quoted text', 'match: "a" == b\nb: 2\n', '==', /whole expression/],
    ['the same in a list', 'a: [ "x".matches(y) ]\nb: 2\n', '.matches', /whole expression/],
    ['a colon with a blank', 'match: key == "a: b"\nb: 2\n', 'key', /colon and a blank/],
    ['a first character of YAML', 'match: !a\n', '!a', /begins with such/],
    ['a reserved first character', 'match: `a`\n', '`', /begins with such/],
  ];
  for (const [what, yaml, at, advice] of UNQUOTED) {
    it(`names one place and the quotes for ${what}, not what follows from it`, () => {
      const { problems } = new DocumentFile('test.yaml', yaml);
      const [problem, ...others] = problems;
      assert.deepEqual(others, []);
      assert.equal(problem?.start, yaml.indexOf(at));
      assert.match(problem.expected ?? '', advice);
    });
  }

  it('gives no advice on quotes where no quote stands', () => {
    const { problems } = new DocumentFile('test.yaml', '- a\nb: 1\n');
    assert.deepEqual(
      problems.map(({ expected }) => expected),
      [undefined],
    );
  });
});

describe('a position inside a string', () => {
  const ROWS: readonly (readonly [
    style: string,
    yaml: string,
    part: string,
    line: number,
    column: number,
  ])[] = [
    ['plain', 'a: x.bad == 1', 'bad', 1, 6],
    ['plain over two lines', 'a: x\n    y bad z', 'bad', 2, 7],
    ['in single quotes', "a: 'it''s bad'", 'bad', 1, 11],
    ['in double quotes, after escapes', 'a: "\\x41\\u00e9\\U0001F600\\"bad"', 'bad', 1, 27],
    ['in double quotes over lines', 'a: "x\n\n  y \\\n  bad"', 'bad', 4, 3],
    ['literal', 'a: |\n  one\n\n    bad\n', 'bad', 4, 5],
    ['literal with an indentation digit', 'a: |2\n    one bad\n', 'bad', 2, 9],
    ['literal with kept line ends', 'a: |+\n  bad\n\n', 'bad', 2, 3],
    ['folded', 'a: >-\n  one\n  two bad\n\n  three\n', 'bad', 3, 7],
    ['folded with an indented part', 'a: >\n  one\n    two bad\n  three\n', 'bad', 3, 9],
    ['after characters of several bytes', 'a: "é😀 bad"', 'bad', 1, 8],
    ['with Windows line ends', 'b: 1\r\na: |\r\n  one\r\n  bad\r\n', 'bad', 4, 3],
  ];
  for (const [style, yaml, part, line, column] of ROWS) {
    it(`is found in a scalar ${style}`, () =>
      assert.deepEqual(found(yaml, '/a', part), [part, line, column]));
  }

  it('is found beyond a line end as one character', () =>
    assert.equal(found('a: "one\n  bad"', '/a', 'one bad')[0], 'one\n  bad'));
});

describe('a place', () => {
  const file = new DocumentFile('test.yaml', 'rules:\n- name: a\n  name: b\n  "x/y~z": [1]\n');

  function at(target: Parameters<DocumentFile['locate']>[0]): string {
    const { line, column } = file.source.position(file.locate(target).start);
    return `${line}:${column}`;
  }

  it('of a value is its first character', () =>
    assert.equal(at({ pointer: '/rules/0/name' }), '2:9'));
  it('of a key given twice is the later one', () =>
    assert.equal(at({ pointer: '/rules/0/name', isKey: true }), '3:3'));
  it('of a key given twice follows the position in the JSON text', () => {
    const jsonOffset = file.json.indexOf('"name"');
    assert.equal(at({ pointer: '/rules/0/name', isKey: true, jsonOffset }), '2:3');
  });
  it('reads escapes of JSON pointers', () =>
    assert.equal(at({ pointer: '/rules/0/x~1y~0z/0' }), '4:13'));
  it('that does not exist is its nearest parent', () =>
    assert.equal(at({ pointer: '/rules/0/match/x' }), '2:3'));
  it('of the whole document is its start', () => assert.equal(at({ pointer: '' }), '1:1'));
});

/** Nine lists of nine aliases each: 9^9 values. */
function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 9; level++) {
    const aliases = Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ');
    lines.push(`a${level}: &a${level} [${aliases}]`);
  }
  return lines.join('\n');
}

// JSON documents: which texts are read and as what, which are refused, and where the errors stand.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { DocumentReader } from './reader.ts';

const reader = await DocumentReader.start();

const VALID: readonly (readonly [title: string, text: string, expected: unknown])[] = [
  ['an empty document as an empty object', '', {}],
  ['a blank document as an empty object', ' \t\r\n', {}],
  ['an empty object', '{}', {}],
  [
    'values of every kind',
    '{"a":[null,true,false,"x",{},[]]}',
    { a: [null, true, false, 'x', {}, []] },
  ],
  ['blanks everywhere', ' { "a" : [ 1 , 2 ] \n, "b" : { } }\t', { a: [1, 2], b: {} }],
  [
    'numbers',
    '[0,-0.5,1.25,1e3,1E-2,2e+1,1234567890123]',
    [0, -0.5, 1.25, 1000, 0.01, 20, 1234567890123],
  ],
  ['the largest double', '1.7976931348623157e308', 1.7976931348623157e308],
  ['numbers that are too small for a double as 0', '1e-400', 0],
  ['every escape', '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20ac"', '"\\/\b\f\n\r\tAé€'],
  ['a pair of surrogates as one character', '"\\ud83d\\uDE00"', '😀'],
  ['characters of every length', '"é€😀"', 'é€😀'],
  ['an escaped NUL', '"\\u0000"', '\0'],
  ['keys that are escaped', '{"\\u0061b":1}', { ab: 1 }],
  ['keys that are no names', '{"":1,"a/b~c":2," ":3}', { '': 1, 'a/b~c': 2, ' ': 3 }],
  [
    '64 levels of nesting',
    '['.repeat(64) + ']'.repeat(64),
    JSON.parse('['.repeat(64) + ']'.repeat(64)),
  ],
  ['more than eight keys', JSON.stringify(keys(40)), keys(40)],
];

const INVALID: readonly (readonly [
  title: string,
  text: string | Uint8Array,
  expected: readonly string[],
])[] = [
  ['a comma before `}`', '{"a":1,}', ['1:8 E0102']],
  ['a comma before `]`', '[1,]', ['1:4 E0102']],
  ['two commas', '[1,,2]', ['1:4 E0102']],
  ['a comma at the beginning', '[,1]', ['1:2 E0102']],
  ['no comma between items', '[1 2]', ['1:4 E0102']],
  ['no comma between members', '{"a":1 "b":2}', ['1:8 E0102']],
  ['no colon', '{"a" 1}', ['1:6 E0102']],
  ['no value', '{"a":}', ['1:6 E0102']],
  ['a key without quotes', '{a:1}', ['1:2 E0102']],
  ['single quotes', `{'a':'b'}`, ['1:2 E0102', '1:6 E0102']],
  ['a key that is a list', '{[1]:2}', ['1:2 E0102']],
  ['a bracket of the other kind', '{"a":[1,2}', ['1:10 E0102']],
  ['a closing bracket too many', '{}}', ['1:3 E0103']],
  ['two values', '{"a":1} {}', ['1:9 E0103']],
  ['only a closing bracket', ']', ['1:1 E0102']],
  ['only a comma', ',', ['1:1 E0102']],
  ['an open object', '{"a":1', ['1:7 E0101']],
  ['an open list in an open object, once', '{"a":{"b":[', ['1:12 E0101']],
  ['an open string', '{"a":"x', ['1:6 E0101']],
  ['a string that goes over the end of its line', '{"a":"x\n"}', ['1:6 E0101', '2:1 E0101']],
  ['an open escape', '"a\\', ['1:3 E0104', '1:1 E0101']],
  ['an unknown escape', '["\\q"]', ['1:3 E0104']],
  ['an escape with too few digits', '["\\u12"]', ['1:3 E0104']],
  ['an escape with letters that are no digits', '["\\u12g4"]', ['1:3 E0104']],
  ['a high surrogate alone', '["\\ud800"]', ['1:3 E0105']],
  ['a low surrogate alone', '["\\udc00x"]', ['1:3 E0105']],
  ['two high surrogates', '["\\ud800\\ud800"]', ['1:3 E0105', '1:9 E0105']],
  ['a tab in a string', '["a\tb"]', ['1:4 E0106']],
  ['a byte that is no UTF-8', Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d), ['1:3 E0107']],
  [
    'a surrogate as UTF-8',
    Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22),
    ['1:2 E0107', '1:3 E0107', '1:3 E0107'],
  ],
  ['an overlong form', Uint8Array.of(0x22, 0xc0, 0xaf, 0x22), ['1:2 E0107', '1:3 E0107']],
  ['a byte beyond UTF-8 outside a string', Uint8Array.of(0x5b, 0xfe, 0x5d), ['1:2 E0102']],
  ['a byte order mark', '\ufeff{}', ['1:1 E0102']],
  ['a NUL', '[\0]', ['1:2 E0102']],
  ['a leading zero', '[01]', ['1:2 E0108']],
  ['a plus', '[+1]', ['1:2 E0108']],
  ['a point at the end', '[1.]', ['1:2 E0108']],
  ['a point at the beginning', '[.5]', ['1:2 E0108']],
  ['an empty exponent', '[1e]', ['1:2 E0108']],
  ['only a minus', '[-]', ['1:2 E0108']],
  ['hexadecimal', '[0x10]', ['1:2 E0108']],
  ['an infinity', '[-Infinity]', ['1:2 E0108']],
  ['a number with a thousand and one digits', `[${'1'.repeat(1_001)}]`, ['1:2 E0108']],
  ['a number beyond doubles', '[1e309]', ['1:2 E0109']],
  ['NaN', '[NaN]', ['1:2 E0114']],
  ['a word in capitals', '[True]', ['1:2 E0114']],
  ['a bare word', '{"a":yes}', ['1:6 E0114']],
  ['one key twice', '{"a":1,"a":2}', ['1:8 E0110']],
  ['one key twice by an escape', '{"a":1,"\\u0061":2}', ['1:8 E0110']],
  [
    'one key twice in a large object',
    `{${'abcdefghijkl'.replace(/./g, '"$&":1,')}"c":2}`,
    ['1:74 E0110'],
  ],
  ['comments of three kinds', '// a\n# b\n{/* c */}', ['1:1 E0113', '2:1 E0113', '3:2 E0113']],
  ['65 levels of nesting', '['.repeat(65) + ']'.repeat(65), ['1:65 E0111']],
  ['10,000 levels of nesting', '['.repeat(10_000) + ']'.repeat(10_000), ['1:65 E0111']],
  ['10,000 open levels', '{"a":'.repeat(10_000), ['1:321 E0111', '1:50001 E0101']],
];

function keys(count: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, index]));
}

function places(text: string | Uint8Array): string[] {
  return reader.diagnostics(text).map(({ line, column, code }) => `${line}:${column} ${code}`);
}

describe('a JSON document is read', () => {
  for (const [title, text, expected] of VALID) {
    it(`with ${title}`, () => {
      assert.deepEqual(reader.diagnostics(text), []);
      assert.deepEqual(JSON.parse(reader.values(text)), expected);
    });
  }
});

describe('a JSON document is refused', () => {
  for (const [title, text, expected] of INVALID) {
    it(`for ${title}`, () => {
      assert.deepEqual(places(text).sort(), [...expected].sort());
      assert.equal(
        reader.diagnostics(text).every(({ severity }) => severity === 'error'),
        true,
      );
    });
  }

  it('for its size', () => {
    const text = `"${'x'.repeat(16 * 1024 * 1024)}"`;
    assert.deepEqual(reader.codes(text), ['E0112']);
  });

  it('for a key that is too long', () => {
    assert.deepEqual(reader.codes(`{"${'k'.repeat(1_024)}":1}`), []);
    assert.deepEqual(places(`{ "${'k'.repeat(1_025)}":1}`), ['1:3 E0218']);
  });

  it('for having more values than are read', () => {
    assert.deepEqual(reader.codes(`[${'1,'.repeat(499_999)}1]`), ['E0115']);
    assert.deepEqual(reader.codes(`[${'1,'.repeat(499_998)}1]`), []);
  });
});

describe('a JSON document with errors', () => {
  it('is read to its end, so that all are reported at once', () => {
    const text = '{"a":01,\n "b":tru,\n "c":[1 2],\n "d":"\\q",\n "e":1,\n "e":2,}';
    assert.deepEqual(places(text), [
      '1:6 E0108',
      '2:6 E0114',
      '3:9 E0102',
      '4:7 E0104',
      '6:2 E0110',
      '6:8 E0102',
    ]);
  });

  it('keeps its tree when only single values are wrong', () => {
    assert.equal(reader.values('{"a":01,"b":"\\q","c":1,"c":2}'), '{"a":0.0,"b":"?","c":1.0}');
  });

  it('has no tree when its brackets, commas or quotes are wrong', () => {
    for (const text of ['{"a":1,}', '[1 2]', '{a:1}', '["x', '[tru]', '{} {}']) {
      assert.equal(reader.values(text), 'null', text);
    }
  });

  it('names the pointer of each value, keys escaped as pointers want it', () => {
    const [first, second] = reader.diagnostics('{"a/b":{"c~d":[0,01]},"e":[{"f":+1}]}');
    assert.equal(first?.pointer, '/a~1b/c~0d/1');
    assert.equal(second?.pointer, '/e/0/f');
  });

  it('says where a key stood first', () => {
    const [diagnostic] = reader.diagnostics('{\n"a":1,\n  "a":2}');
    assert.equal(diagnostic?.key, true);
    assert.equal(diagnostic.related, '/a');
  });

  it('reports a hundred and counts the rest', () => {
    const diagnostics = reader.diagnostics(`[${'01,'.repeat(250)}1]`);
    assert.equal(diagnostics.length, 101);
    assert.equal(diagnostics.at(-1).code, 'E0100');
    assert.equal(diagnostics.at(-1).message, '150 more not shown');
  });
});

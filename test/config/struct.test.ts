// Documents as protobuf Structs: the same values as JSON text, told apart from it, and errors without lines.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { DocumentReader } from './reader.ts';
import {
  bytesField,
  concat,
  doubleField,
  entry,
  struct,
  valueOf,
  varintField,
  type Value,
} from './wire.ts';

const reader = await DocumentReader.start();

const SAMPLE = {
  rules: [{ name: 'a', match: 'x == "é"', actions: [] }],
  on: true,
  off: false,
  none: null,
  count: 3,
  ratio: -0.25,
  'a/b': {},
} as const;

function nested(depth: number): Value {
  let value: Value = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? { x: value } : [value];
  return value;
}

describe('a Struct is read', () => {
  it('as the same values as the JSON text of it', () => {
    assert.deepEqual(reader.diagnostics(struct(SAMPLE)), []);
    assert.equal(reader.values(struct(SAMPLE)), reader.values(JSON.stringify(SAMPLE)));
  });

  it('with a value that has no kind as null', () => {
    assert.equal(reader.values(struct({ a: undefined, b: [undefined] })), '{"a":null,"b":[null]}');
  });

  it('with the last kind of a value that has several, as protobuf does', () => {
    const value = concat(doubleField(2, 1), bytesField(3, new TextEncoder().encode('x')));
    assert.equal(reader.values(entry('a', value)), '{"a":"x"}');
  });

  it('with entries whose value comes before the key, or without a key', () => {
    const swapped = bytesField(
      1,
      concat(bytesField(2, valueOf(true)), bytesField(1, new TextEncoder().encode('k'))),
    );
    assert.equal(reader.values(swapped), '{"k":true}');
    assert.equal(reader.values(bytesField(1, bytesField(2, valueOf(true)))), '{"":true}');
    assert.equal(reader.values(bytesField(1, new Uint8Array())), '{"":null}');
  });

  it('with 64 levels of nesting', () => {
    assert.deepEqual(reader.diagnostics(struct({ a: nested(63) })), []);
  });

  it('not where JSON text begins with an empty line', () => {
    assert.equal(reader.values('\n{"a":1}'), '{"a":1.0}');
    assert.equal(reader.values('\n\n\n {}'), '{}');
  });

  it('not where any byte is missing', () => {
    const bytes = struct(SAMPLE);
    const starts = new Set([0]);
    for (let at = 0; at < bytes.length; at += 2 + (bytes[at + 1] ?? 0)) starts.add(at);
    for (let size = 2; size < bytes.length; size++) {
      const codes = reader.codes(bytes.subarray(0, size));
      assert.equal(codes.length > 0, !starts.has(size), `${size} bytes: ${codes.join(' ')}`);
    }
  });
});

describe('a Struct is refused', () => {
  const REFUSED: readonly (readonly [
    title: string,
    bytes: Uint8Array,
    expected: readonly string[],
  ])[] = [
    ['NaN', struct({ a: NaN }), ['/a E0108']],
    ['an infinity', struct({ a: [Infinity] }), ['/a/0 E0108']],
    ['a key twice', concat(struct({ a: 1 }), struct({ a: 2 })), ['/a E0110']],
    ['text that is no UTF-8', entry('a', bytesField(3, Uint8Array.of(0xff))), ['/a E0107']],
    ['a key that is no UTF-8', entry(Uint8Array.of(0x61, 0xe9), valueOf(1)), ['/a E0107']],
    [
      '65 levels of nesting',
      struct({ a: nested(64) }),
      [`/a${'/0/x'.repeat(32).slice(0, -2)} E0111`],
    ],
  ];
  for (const [title, bytes, expected] of REFUSED) {
    it(`for ${title}`, () => {
      const places = reader
        .diagnostics(bytes)
        .map(({ pointer, code, line }) => `${pointer} ${code}${line ?? ''}`);
      assert.deepEqual(places, expected);
    });
  }

  it('for 5,000 levels of nesting, without an end of the stack', () => {
    let value = valueOf(1);
    for (let level = 0; level < 5_000; level++) value = bytesField(6, bytesField(1, value));
    assert.deepEqual(reader.codes(entry('a', value)), ['E0111']);
  });

  it('for integers that a double does not hold, where an integer is wanted', () => {
    const most = Number.MAX_SAFE_INTEGER;
    for (const total of [most, -most])
      assert.deepEqual(reader.codes(struct({ total }), 'fields'), []);
    // 2^53 itself is what becomes of 2^53 + 1.
    for (const total of [2 ** 53, -(2 ** 53), 2 ** 53 + 2])
      assert.deepEqual(reader.codes(struct({ total }), 'fields'), ['E0206'], String(total));
    assert.deepEqual(reader.codes('{"total":9007199254740993.0}', 'fields'), ['E0206']);
    assert.deepEqual(reader.codes('{"total":9007199254740993}', 'fields'), []);
    assert.deepEqual(reader.codes('{"total":9007199254740994}', 'fields'), []);
    assert.deepEqual(reader.codes(struct({ total: '9007199254740994' }), 'fields'), []);
  });
});

describe('an error in a Struct', () => {
  it('is shown with the value, since there are no lines', () => {
    const text = reader.texts(struct({ name: 'x', expression: 'this is bad' }), 'fields');
    assert.equal(
      text,
      [
        'test (root "edge"): E0301 unknown attribute `bad`',
        '  at /expression (sample x)',
        '  | this is bad',
        '  |         ^^^ did you mean `bat`?',
        '  expected an attribute',
      ].join('\n'),
    );
  });

  it('is shown by its pointer alone where the value is no text', () => {
    const text = reader.texts(struct({ flag: 3 }), 'fields');
    assert.equal(
      text,
      'test (root "edge"): E0203 wrong type: a number\n  at /flag (sample -)\n  expected true or false',
    );
  });

  it('names the nearest field', () => {
    const text = reader.texts(struct({ ratoi: 3 }), 'fields');
    assert.match(
      text,
      /^test \(root "edge"\): E0201 unknown field `ratoi`\n {2}at \/ratoi \(sample -\)\n {2}did you mean `ratio`\?\n/,
    );
  });

  it('is one of JSON text where a field is unknown, for then it is no Struct', () => {
    const codes = reader.codes(concat(struct({ a: 1 }), varintField(2, 1)));
    assert.equal(codes[0], 'E0102');
  });
});

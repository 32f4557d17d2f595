// Typed fields: what each kind takes in the forms of protobuf's JSON, what it refuses, and how names are matched.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { DocumentReader } from './reader.ts';

const reader = await DocumentReader.start();

function values(document: unknown): Record<string, unknown> {
  return JSON.parse(reader.values(JSON.stringify(document), 'fields')) as Record<string, unknown>;
}

function codes(document: unknown): string[] {
  return reader.codes(JSON.stringify(document), 'fields');
}

const TAKEN: readonly (readonly [
  title: string,
  document: unknown,
  field: string,
  expected: unknown,
])[] = [
  ['a boolean', { flag: false }, 'flag', false],
  ['an integer', { count: -10 }, 'count', -10],
  ['an integer as a string', { count: '12' }, 'count', 12],
  [
    'the smallest 64-bit integer as a string',
    { total: '-9223372036854775808' },
    'total',
    '-9223372036854775808',
  ],
  ['a number in a range', { ratio: 100 }, 'ratio', 100],
  ['a number as a string', { ratio: '1.5' }, 'ratio', 1.5],
  ['a duration', { validDuration: '1m30.5s' }, 'validDuration', 90_500_000_000],
  ['a duration of nothing', { validDuration: '0' }, 'validDuration', 0],
  ['a choice by its name', { kind: 'GAUGE' }, 'kind', 2],
  ['a choice by its number', { kind: 0 }, 'kind', 0],
  ['a list of strings', { labels: ['a', 'b'] }, 'labels', 2],
  ['a list of anything', { items: [1, {}, null] }, 'items', 3],
  [
    'a map, its keys as they are',
    { dimensions: { x_a: '1', xA: '2' } },
    'dimensions',
    'x_a|xA=1|2',
  ],
  ['a field in snake_case', { valid_duration: '2s' }, 'validDuration', 2_000_000_000],
  ['a field that begins with a capital', { ValidDuration: '2s' }, 'validDuration', 2_000_000_000],
  ['null as the default', { count: null, kind: null }, 'count', 7],
];

const REFUSED: readonly (readonly [
  title: string,
  document: unknown,
  expected: readonly string[],
])[] = [
  ['a number for a boolean', { flag: 1 }, ['E0203']],
  ['a string for a boolean', { flag: 'true' }, ['E0203']],
  ['a boolean for an integer', { count: true }, ['E0203']],
  ['a fraction for an integer', { count: 1.5 }, ['E0205']],
  ['a string that is no integer', { count: '1e3' }, ['E0205']],
  ['an empty string for an integer', { count: '' }, ['E0205']],
  ['an integer that is one too small', { count: -11 }, ['E0204']],
  ['an integer that is one too large', { count: 1_000_001 }, ['E0204']],
  ['a string for a number', { ratio: 'x' }, ['E0108']],
  ['a number out of its range', { ratio: 100.5 }, ['E0204']],
  ['a list for a number', { ratio: [] }, ['E0203']],
  ['a number for a duration', { validDuration: 5 }, ['E0203']],
  ['a duration without unit', { validDuration: '5' }, ['E0208']],
  ['a negative duration', { validDuration: '-1s' }, ['E0204']],
  ['a duration that is too long', { validDuration: '1h0m0.000000001s' }, ['E0204']],
  ['an unknown choice', { kind: 'COUNTRE' }, ['E0207']],
  ['a choice in lower case', { kind: 'gauge' }, ['E0207']],
  ['a number that is no choice', { kind: 3 }, ['E0207']],
  ['a list for a choice', { kind: [] }, ['E0203']],
  ['a string for a list', { labels: 'a' }, ['E0203']],
  ['a number in a list of strings', { labels: ['a', 1, {}] }, ['E0203', 'E0203']],
  ['a list for a map', { dimensions: ['a'] }, ['E0203']],
  ['a number in a map of strings', { dimensions: { a: 1 } }, ['E0203']],
  ['a list for an object', { nested: [] }, ['E0203']],
  ['a number for a string', { name: 3 }, ['E0203']],
  ['an unknown field', { count: 1, nmae: 2 }, ['E0201']],
  ['both spellings of a field', { valid_duration: '1s', validDuration: '1s' }, ['E0110']],
  ['a field that is not yet supported', { percent: 3 }, ['E0212']],
  ['a document that is a list', [1], ['E0203']],
  ['a document that is a string', 'x', ['E0203']],
];

describe('a field takes', () => {
  for (const [title, document, field, expected] of TAKEN) {
    it(title, () => {
      assert.deepEqual(codes(document), []);
      assert.deepEqual(values(document)[field], expected);
    });
  }

  it('an integral double in every form', () => {
    for (const number of ['100', '1e2', '100.0', '1000E-1', '"100"']) {
      const document = `{"count":${number}}`;
      assert.deepEqual(reader.codes(document, 'fields'), [], number);
      assert.match(reader.values(document, 'fields'), /"count":100,/);
    }
  });

  it('integers of JSON text exactly, beyond what a double holds', () => {
    assert.match(
      reader.values('{"total":9007199254740993}', 'fields'),
      /"total":"9007199254740993"/,
    );
    assert.deepEqual(reader.codes('{"total":9223372036854775808}', 'fields'), ['E0204']);
    assert.deepEqual(reader.codes('{"total":1e17}', 'fields'), ['E0206']);
  });
});

describe('a field refuses', () => {
  for (const [title, document, expected] of REFUSED) {
    it(title, () => {
      assert.deepEqual(codes(document), expected);
    });
  }
});

describe('an unknown name', () => {
  const suggestionFor = (name: string): string | undefined =>
    reader.diagnostics(JSON.stringify({ [name]: 1 }), 'fields')[0]?.suggestion;

  it('is answered with the nearest known one', () => {
    assert.equal(suggestionFor('ratoi'), 'ratio');
    assert.equal(suggestionFor('lables'), 'labels');
    assert.equal(suggestionFor('valid_duratoin'), 'validDuration');
    assert.equal(suggestionFor('COUNT'), 'count');
    assert.equal(suggestionFor('validdurations'), 'validDuration');
  });

  it('is answered with no suggestion when none is near', () => {
    for (const name of ['somethingElse', 'x', '', 'co', 'rio', 'y'.repeat(1_000)]) {
      assert.equal(suggestionFor(name), '', name);
    }
  });

  it('comes with the list of the known ones, those that are not yet supported left out', () => {
    const [diagnostic] = reader.diagnostics('{"unknown":1}', 'fields');
    assert.equal(
      diagnostic?.expected,
      'one of name, flag, count, total, ratio, validDuration, kind, labels, items, dimensions, expression, nested',
    );
  });
});

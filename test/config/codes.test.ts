// Every code that the document's readers raise has a document that provokes it, and every code has a message.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { ROOT } from '../../tools/build/root.ts';
import { DocumentReader, type ReaderName } from './reader.ts';

const reader = await DocumentReader.start();

const PROVOKED: Readonly<
  Record<string, readonly [document: string | Uint8Array, reader?: ReaderName]>
> = {
  MoreNotShown: [`[${'01,'.repeat(101)}1]`],
  UnexpectedEnd: ['{'],
  UnexpectedCharacter: ['{]'],
  TrailingText: ['1 1'],
  BadEscape: ['"\\x"'],
  LoneSurrogate: ['"\\udc00"'],
  ControlCharacter: ['"\t"'],
  NotUtf8: [Uint8Array.of(0x22, 0x80, 0x22)],
  BadNumber: ['1.'],
  NumberTooLarge: ['1e999'],
  DuplicateKey: ['{"a":1,"a":1}'],
  TooDeep: ['['.repeat(65)],
  DocumentTooLarge: [new Uint8Array(16_777_217).fill(32)],
  CommentNotAllowed: ['# x'],
  UnknownWord: ['nil'],
  TooManyValues: [`[${'0,'.repeat(500_000)}0]`],
  UnknownField: ['{"fieldless":1}', 'fields'],
  MissingField: ['{"params":{"quotas":[{}]}}', 'memquota'],
  WrongType: ['{"flag":1}', 'fields'],
  OutOfRange: ['{"count":-11}', 'fields'],
  NotAnInteger: ['{"count":0.5}', 'fields'],
  InexactInteger: ['{"total":1e18}', 'fields'],
  UnknownChoice: ['{"kind":"X"}', 'fields'],
  BadDuration: ['{"validDuration":"1"}', 'fields'],
  ConflictingFields: [
    '{"params":{"metrics":{"m":{"buckets":{"linearBuckets":{},"explicitBuckets":{}}}}}}',
    'prometheus',
  ],
  NotYetSupported: ['{"percent":1}', 'fields'],
  TextTooLong: [`{"${'k'.repeat(1_025)}":1}`],
  BadStatusCode: ['{"params":{"status":{"code":"X"}}}', 'denier'],
};

/** Codes that only a whole document can provoke, one of a handler with its environment: goldens, or spent.test.ts. */
const OF_WHOLE_DOCUMENTS = new Set([
  'BadTemplate',
  'DocumentTakesTooMuch',
  'MissingVariable',
  'TooManyEntries',
]);

function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Codes by name, from the table itself. */
const NUMBERS = new Map(
  [...textOf('assembly/shared/diagnostics.ts').matchAll(/^ {2}(\w+) = (\d+),$/gm)].map(
    ([, name, number]) => [name ?? '', Number(number)] as const,
  ),
);

/** Entries of the message table: number and template. */
const MESSAGES = [
  ...textOf('assembly/shared/diagnostic-messages.ts').matchAll(/^ {2}["'](\d+) (.*)["'],$/gm),
];

function raisedCodes(): string[] {
  const files = readdirSync(join(ROOT, 'assembly/config')).map((file) => `assembly/config/${file}`);
  const texts = [...files, 'assembly/diagnostic/report.ts'].map(textOf);
  return [
    ...new Set(
      texts.flatMap((text) =>
        [...text.matchAll(/DiagnosticCode\.(\w+)/g)].map(([, name]) => name ?? ''),
      ),
    ),
  ];
}

describe('the codes of diagnostics', () => {
  for (const name of raisedCodes().sort()) {
    if (OF_WHOLE_DOCUMENTS.has(name)) continue;
    it(`include ${name}, which a document provokes`, () => {
      const [document, readerName] = PROVOKED[name] ?? assert.fail(`no document provokes ${name}`);
      const code = `E${String(NUMBERS.get(name)).padStart(4, '0')}`;
      assert.ok(reader.codes(document, readerName).includes(code), `${name} ${code}`);
    });
  }

  it('have one message each, and every message has a code', () => {
    const numbers = MESSAGES.map(([, number]) => Number(number));
    assert.deepEqual(numbers.sort(), [...NUMBERS.values()].sort());
    assert.equal(new Set(numbers).size, numbers.length);
  });

  it('have numbers of their own, each with a sentence of help above it', () => {
    assert.equal(new Set(NUMBERS.values()).size, NUMBERS.size);
    const table = textOf('assembly/shared/diagnostics.ts');
    for (const name of NUMBERS.keys())
      assert.match(table, new RegExp(`\\.\\s*\\*/\\n  ${name} = `), name);
  });

  it('have brief messages without blame, which begin in lower case', () => {
    for (const [, number, message] of MESSAGES) {
      assert.ok((message ?? '').length <= 60, `${number}: ${message}`);
      assert.doesNotMatch(message ?? '', /^[A-Z]|!|[Ii]nvalid|rror/, number);
    }
  });
});

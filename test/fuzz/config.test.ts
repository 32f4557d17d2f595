// Documents of any bytes: no trap, valid answers, time in proportion to size. Set MIXER_FUZZ_SEED to repeat a run and
// MIXER_FUZZ_SECONDS to make it longer.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { DocumentReader, READERS, type ReaderName } from '../config/reader.ts';
import { struct } from '../config/wire.ts';

const SEED = Number(process.env['MIXER_FUZZ_SEED'] ?? Date.now() % 1_000_000_000);
const SECONDS = Number(process.env['MIXER_FUZZ_SECONDS'] ?? 3);
const READER_NAMES = Object.keys(READERS) as ReaderName[];
const SIZE_SMALL_BYTES = 60_000;
/** Twice the size may take this much more time, on a machine that does other things as well. */
const GROWTH_MAX = 6;
const ELAPSED_MAX_MS = 5_000;
const RULE_COUNT = 5_000;

const SAMPLE = {
  params: {
    quotas: [
      {
        name: 'a',
        maxAmount: '100',
        validDuration: '1s',
        overrides: [{ dimensions: { x: 'y\n"\\é😀' } }],
      },
    ],
    metrics: {
      m: { kind: 'GAUGE', buckets: { linearBuckets: { width: 2.5e-1 } }, labelNames: ['a', 'b'] },
    },
    status: { code: 'PERMISSION_DENIED', message: 'no' },
    token: 'secret',
    entryType: 2,
    overrides: ['10.0.0.0/8'],
  },
  expression: 'bad && maybe',
  flag: true,
  count: -3,
  none: null,
};

/** Pieces that are likely to matter where they are inserted. */
const PIECES = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u',
  '\\ud800',
  'null',
  '1e9',
  '-',
  '//',
  '/*',
  "'",
  '\n',
  '\0',
];

const reader = await DocumentReader.start();

/** A small generator of random numbers, the same on every machine. */
function randomFrom(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

function mutate(bytes: Uint8Array, random: (limit: number) => number): Uint8Array {
  const at = random(bytes.length + 1);
  const end = Math.min(bytes.length, at + random(8));
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(end)];
  switch (random(5)) {
    case 0:
      return Buffer.concat([head, Uint8Array.of(random(256)), tail]);
    case 1:
      return Buffer.concat([
        head,
        Buffer.from(PIECES[random(PIECES.length)] ?? ''),
        bytes.subarray(at),
      ]);
    case 2:
      return Buffer.concat([head, tail]);
    case 3:
      return Buffer.concat([head, bytes.subarray(at, end), bytes.subarray(at)]);
    default:
      return Buffer.concat([
        head,
        bytes.subarray(random(bytes.length + 1)).subarray(0, random(64)),
        bytes.subarray(at),
      ]);
  }
}

/** Reads the document in several ways; each answer is valid JSON. */
function readAll(bytes: Uint8Array, turn: number): void {
  const name = READER_NAMES[turn % READER_NAMES.length] ?? 'tree';
  assert.ok(Array.isArray(reader.diagnostics(bytes, name)));
  reader.texts(bytes, name);
  JSON.parse(reader.values(bytes).replaceAll(/-?(NaN|Infinity)/g, '0'));
}

function describeBytes(bytes: Uint8Array): string {
  return `MIXER_FUZZ_SEED=${SEED} document (base64): ${Buffer.from(bytes).toString('base64')}`;
}

function elapsedMs(document: string | Uint8Array, name: ReaderName): number {
  let best = Infinity;
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    reader.diagnostics(document, name);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

describe('documents of any bytes', () => {
  for (const [form, bytes] of [
    ['JSON text', new TextEncoder().encode(JSON.stringify(SAMPLE, null, 1))],
    ['Struct', struct(SAMPLE)],
  ] as const) {
    it(`are answered without a trap when a ${form} is cut at any byte`, () => {
      for (let size = 0; size <= bytes.length; size++) readAll(bytes.subarray(0, size), size);
    });

    it(`are answered without a trap when any byte of a ${form} is another one`, () => {
      for (let at = 0; at < bytes.length; at++) {
        const changed = Uint8Array.from(bytes);
        for (const byte of [0, 0x22, 0x5c, 0x7d, 0xff, (bytes[at] ?? 0) ^ 1]) {
          changed[at] = byte;
          reader.diagnostics(changed, 'memquota');
        }
      }
    });

    it(`are answered without a trap after random changes to a ${form}`, (test) => {
      test.diagnostic(`MIXER_FUZZ_SEED=${SEED}`);
      const random = randomFrom(SEED);
      const deadline = performance.now() + (SECONDS * 1_000) / 2;
      let count = 0;
      for (let changed = bytes; performance.now() < deadline; count++) {
        changed = random(10) === 0 ? bytes : mutate(changed, random).subarray(0, 4_096);
        try {
          readAll(changed, count);
        } catch (error) {
          throw new Error(describeBytes(changed), { cause: error });
        }
      }
      test.diagnostic(`${count} documents`);
    });
  }
});

describe('the time to read a document grows with its size and no faster', () => {
  const repeat = (text: string, size: number): string => text.repeat(Math.ceil(size / text.length));
  const numbered = (size: number): string =>
    Array.from(
      { length: Math.ceil(size / 14) },
      (_, index) => `"key${String(index).padStart(6, '0')}":1`,
    ).join(',');
  const CASES: readonly (readonly [
    title: string,
    make: (size: number) => string,
    reader: ReaderName,
  ])[] = [
    ['for many numbers', (size) => `[${repeat('1,', size)}1]`, 'tree'],
    ['for many different keys', (size) => `{${numbered(size)}}`, 'tree'],
    ['for many unknown fields', (size) => `{${numbered(size)}}`, 'fields'],
    ['for one key given often', (size) => `{${repeat('"a":1,', size)}"a":1}`, 'tree'],
    ['for one long text', (size) => `{"name":"${repeat('x', size)}"}`, 'fields'],
    [
      'for one long text of escapes',
      (size) => `{"expression":"${repeat('\\u00e9', size)} bad"}`,
      'fields',
    ],
    ['for one long key', (size) => `{"${repeat('k', size)}":{"x":01}}`, 'tree'],
    ['for one long number', (size) => `[${repeat('1', size)}]`, 'tree'],
    ['for one long word', (size) => `[${repeat('x', size)}]`, 'tree'],
    ['for one long comment', (size) => `/*${repeat('*', size)}`, 'tree'],
    [
      'for many errors far inside',
      (size) => `${'[{"key":'.repeat(30)}[${repeat('01,tru,"\\q",', size)}`,
      'tree',
    ],
    ['for many open brackets', (size) => repeat('[{"a":', size), 'tree'],
    [
      'for many deep lists side by side',
      (size) => `[${repeat(`${'['.repeat(70)}${']'.repeat(70)},`, size)}1]`,
      'tree',
    ],
    ['for many brackets of the wrong kind', (size) => repeat('[}{]', size), 'tree'],
    ['for many commas', (size) => `[${repeat(',', size)}`, 'tree'],
    ['for many quotes', (size) => repeat('"', size), 'tree'],
    ['for many wrong items', (size) => `{"labels":[${repeat('1,', size)}1]}`, 'fields'],
    ['for many lines', (size) => `{${repeat('\n', size)}"flag":1}`, 'fields'],
    ['for bytes that are no UTF-8', (size) => `["${repeat('\x80', size)}"]`, 'tree'],
  ];
  for (const [title, make, name] of CASES) {
    it(title, () => {
      const [small, large] = [SIZE_SMALL_BYTES, SIZE_SMALL_BYTES * 4].map((size) =>
        elapsedMs(Uint8Array.from(Buffer.from(make(size), 'latin1')), name),
      );
      assert.ok((large ?? 0) < ELAPSED_MAX_MS, `${large} ms`);
      assert.ok(
        (large ?? 0) < 4 * GROWTH_MAX * Math.max(small ?? 0, 2),
        `${small} ms, then ${large} ms`,
      );
    });
  }

  it('and a document of a megabyte is read in well under a second', () => {
    const rule = {
      name: 'rule-000000',
      match:
        'request.url_path.startsWith("/api/") && request.method != "GET" || source.ip == ip("10.0.0.1")',
      actions: [
        {
          handler: 'limits',
          instances: ['perTenant'],
          response: { headers: { 'retry-after': '1' } },
        },
      ],
    };
    const document = JSON.stringify({ rules: Array.from({ length: RULE_COUNT }, () => rule) });
    assert.ok(document.length > 1_000_000);
    const elapsed = elapsedMs(document, 'tree');
    assert.ok(elapsed < 1_000, `${elapsed} ms`);
  });

  it('for a Struct as well', () => {
    const make = (count: number): Uint8Array =>
      struct({ a: Array.from({ length: count }, (_, index) => ({ [`key${index}`]: [index] })) });
    const [small, large] = [make(4_000), make(16_000)].map((bytes) => elapsedMs(bytes, 'tree'));
    assert.ok(
      (large ?? 0) < 4 * GROWTH_MAX * Math.max(small ?? 0, 2),
      `${small} ms, then ${large} ms`,
    );
  });
});

// Random expressions against a second evaluator, and mutated ones that must neither trap nor run away. MIXER_FUZZ_SEED
// repeats a run, MIXER_FUZZ_COUNT makes it longer.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Probe, type TypedValue } from '../conformance/probe-module.ts';
import { EvaluationError, Walker } from './expression-model.ts';
import {
  ATTRIBUTES,
  printTree,
  someBag,
  someTree,
  type Type,
  type Value,
} from './expression-trees.ts';
import { Random, rounds, runSeed } from './random.ts';

const RESET_ROUNDS = 50;
const TYPES: readonly Type[] = [
  'STRING',
  'INT64',
  'BOOL',
  'BOOL',
  'BOOL',
  'STRING_MAP',
  'IP_ADDRESS',
];
const PIECES = [
  ...[
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '"',
    '`',
    "'",
    '\\',
    '.',
    ',',
    '|',
    '||',
    '&&',
    '==',
    '=',
    '!',
    '<',
    '-',
    '+',
    '*',
  ],
  ...[
    '/*',
    '//',
    '\n',
    '\0',
    'é',
    '\u00ff',
    '“',
    '0x',
    '1e999',
    '.5',
    'true',
    'ip(',
    'matches(',
    's1',
    'm1["a"]',
  ],
];

const probe = Probe.load();

function declareAll(): void {
  probe.reset();
  for (const [name, type] of Object.entries(ATTRIBUTES)) probe.declare(name, type);
}

function typed(value: Value): TypedValue {
  if (typeof value === 'bigint') return { type: 'INT64', value };
  if (typeof value === 'boolean') return { type: 'BOOL', value };
  if (typeof value !== 'string') return { type: 'STRING_MAP', value: Object.fromEntries(value) };
  if (!/^10\./.test(value)) return { type: 'STRING', value };
  return { type: 'IP_ADDRESS', bytes_hex: value.split('.').map(hexByte).join('') };
}

function hexByte(digits: string): string {
  return Number(digits).toString(16).padStart(2, '0');
}

function shown(value: Value): string {
  if (typeof value !== 'object') return String(value);
  const entries = [...value].sort(([left], [right]) =>
    Buffer.compare(Buffer.from(left), Buffer.from(right)),
  );
  return `map[${entries.map(([key, text]) => `${key}:${text}`).join(' ')}]`;
}

describe('random expressions', () => {
  const seed = runSeed();

  it(`have the value and the references that a tree walk gives (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let round = 0; round < rounds(4_000); round++) {
      if (round % RESET_ROUNDS === 0) declareAll();
      const tree = someTree(random, random.pick(TYPES), 1 + random.below(4));
      const bag = someBag(random);
      const text = printTree(tree);
      const values = [...bag].map(([name, value]) => `${name}=${shown(value)}`);
      const context = `round ${round}: ${text} with ${values.join()}`;
      const compiled = probe.compile(text);
      assert.ok('type' in compiled, `${context}: ${'error' in compiled ? compiled.error : ''}`);
      probe.begin();
      for (const [name, value] of bag) probe.set(name, typed(value));
      const walker = new Walker(bag);
      let expected: string;
      try {
        expected = shown(walker.value(tree));
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        expected = `error ${error.message}`;
      }
      const evaluated = probe.evaluate(true);
      const actual =
        'error' in evaluated ? `error ${evaluated.error}` : String(evaluated.value.value);
      assert.equal(actual, expected, context);
      assert.deepEqual(probe.references(), [...walker.references].sort(), context);
    }
  });
});

describe('mutated expressions', () => {
  const seed = runSeed();
  const table = JSON.parse(
    readFileSync(new URL('../conformance/expressions.json', import.meta.url), 'utf8'),
  ) as { cases: { expr: string }[] };
  const corpus = table.cases.map(({ expr }) => expr);

  function mutate(random: Random, text: string): Buffer {
    let bytes = Buffer.from(text);
    for (let edits = 1 + random.below(4); edits > 0; edits--) {
      const at = random.below(bytes.length + 1);
      const until = Math.min(bytes.length, at + random.below(4));
      const piece =
        random.below(8) === 0 ? Buffer.from([random.below(256)]) : Buffer.from(random.pick(PIECES));
      bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(until)]);
    }
    return bytes;
  }

  it(`are refused with a reason or evaluated, and never trap (seed ${seed})`, () => {
    const random = new Random(seed);
    const started = Date.now();
    const count = rounds(4_000);
    for (let round = 0; round < count; round++) {
      if (round % RESET_ROUNDS === 0) declareAll();
      const source =
        random.below(2) === 0
          ? random.pick(corpus)
          : printTree(someTree(random, 'BOOL', 1 + random.below(4)));
      const bytes = mutate(random, source);
      const compiled = probe.compile(bytes);
      if ('error' in compiled) {
        assert.notEqual(
          compiled.error,
          '',
          `round ${round}: ${bytes.toString('latin1')} is refused without a reason`,
        );
        continue;
      }
      probe.begin();
      for (const [name, value] of someBag(random)) probe.set(name, typed(value));
      probe.evaluate(true);
    }
    assert.ok(Date.now() - started < 2 * count + 5_000, 'takes too long');
  });

  it(`are refused by the verifier, or run, when their programs are changed (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let round = 0; round < rounds(1_000); round++) {
      declareAll();
      const compiled = probe.compile(printTree(someTree(random, random.pick(TYPES), 3)));
      assert.ok('type' in compiled);
      const at = random.below(probe.programCount);
      const word =
        BigInt(random.below(40)) |
        (BigInt(random.below(128)) << 8n) |
        (BigInt(random.below(14)) << 16n) |
        (BigInt(random.pick([0, 1, 2, 3, 4, 65535])) << 32n) |
        (BigInt(random.below(12)) << 48n);
      if (probe.verifyChanged(at, word) !== '') continue;
      probe.begin();
      for (const [name, value] of someBag(random)) probe.set(name, typed(value));
      probe.evaluate();
    }
  });
});

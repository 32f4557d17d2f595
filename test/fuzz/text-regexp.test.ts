// Random regular expressions against JavaScript's, in the syntax that both have and mean alike; patterns made of
// anything; and the steps that matching takes, counted.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Random, rounds, runSeed } from './random.ts';
import { TextProbe } from './text-probe.ts';

const PIECES: readonly string[] = [
  ...['a', 'b', 'c', 'é', '世', '𐐀', '\\n', '\\.', '\\x41', '-', '0', '_'],
  ...['[abc]', '[^abc]', '[a-z0-9]', '[^a-z]', '[\\d_]', '[é-ü]', '[^\\W]', '[\\]\\-]'],
  ...['\\d', '\\D', '\\w', '\\W', '\\p{L}', '\\P{L}', '\\p{Lu}', '\\p{Ll}', '\\p{N}'],
];
const REPETITIONS: readonly string[] = [
  '*',
  '+',
  '?',
  '*?',
  '+?',
  '??',
  '{2}',
  '{1,3}',
  '{0,2}',
  '{2,}',
  '{0}',
];
const SUBJECTS: readonly string[] = [
  ...[
    'a',
    'b',
    'c',
    'A',
    'B',
    'é',
    'É',
    'ü',
    '世',
    '𐐀',
    '𐐨',
    '\n',
    '.',
    '-',
    '0',
    '7',
    '_',
    ' ',
    ']',
    'Σ',
    'ς',
    'k',
    '\u212a',
  ],
];
const ANYTHING: readonly string[] = [
  ...[
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '*',
    '+',
    '?',
    '|',
    '^',
    '$',
    '.',
    '\\',
    '-',
    ',',
    ':',
    '<',
    '>',
    '=',
    '!',
    '(?',
  ],
  ...[
    'a',
    '1',
    '0',
    'p',
    'P',
    'Q',
    'E',
    'x',
    'b',
    'z',
    'i',
    '[[:',
    ':]]',
    'alpha',
    '{2,3}',
    '(?i)',
    '\\p{',
    'é',
    '\\Q',
    '[^',
  ],
];

function atom(random: Random, depth: number): string {
  if (depth > 0 && random.below(5) === 0) {
    return `${random.pick(['(', '(?:', '(?i:', '(?s:'])}${alternatives(random, depth - 1)})`;
  }
  return random.below(8) === 0 ? random.pick(['^', '$', '.', '']) : random.pick(PIECES);
}

function sequence(random: Random, depth: number): string {
  let text = '';
  for (let count = 1 + random.below(4); count > 0; count--) {
    const piece = atom(random, depth);
    // JavaScript refuses to repeat assertions.
    const isRepeatable = !['^', '$', ''].includes(piece);
    text += piece + (isRepeatable && random.below(3) === 0 ? random.pick(REPETITIONS) : '');
  }
  return text;
}

function alternatives(random: Random, depth: number): string {
  let text = sequence(random, depth);
  while (random.below(4) === 0) text += `|${sequence(random, depth)}`;
  return text;
}

function joined(random: Random, choices: readonly string[], countMax: number): string {
  return Array.from({ length: random.below(countMax + 1) }, () => random.pick(choices)).join('');
}

// Node 20 has no inline flags: a group with them becomes a plain one when the whole pattern has the flag.
function scriptOf(pattern: string, flags: string): RegExp {
  return new RegExp(pattern.replaceAll('(?i:', '(?:').replaceAll('(?s:', '(?:'), `u${flags}`);
}

describe('regular expressions', () => {
  let probe: TextProbe;
  const seed = runSeed();

  before(async () => {
    probe = await TextProbe.load();
  });

  function compileError(pattern: string): string {
    return probe.text('compile', [pattern]) ?? '';
  }

  function check(random: Random, flags: string): void {
    const pattern = alternatives(random, 2)
      .replaceAll('(?i:', flags.includes('i') ? '(?i:' : '(?:')
      .replaceAll('(?s:', flags.includes('s') ? '(?s:' : '(?:');
    const script = scriptOf(pattern, flags);
    const ours = flags === '' ? pattern : `(?${flags})${pattern}`;
    assert.equal(compileError(ours), '', ours);
    for (let round = 0; round < 5; round++) {
      const subject = joined(random, SUBJECTS, 8);
      const expected = script.test(subject);
      const title = `${JSON.stringify(ours)} on ${JSON.stringify(subject)}, seed ${random.seed}`;
      assert.equal(probe.call('matches', [subject]) === 1, expected, title);
      assert.equal(
        probe.call('matchesDynamic', [subject, ours]) === 1,
        expected,
        `${title}, at run time`,
      );
    }
  }

  it('match what JavaScript matches', (context) => {
    const random = new Random(seed);
    context.diagnostic(`MIXER_FUZZ_SEED=${seed}`);
    // With `i` JavaScript folds the classes \W and \P{…} in another way than RE2.
    for (let round = 0; round < rounds(1500); round++)
      check(random, random.pick(['', 's', 'm', 'ms']));
  });

  it('ignore case as JavaScript does', () => {
    const random = new Random(seed);
    const letters = [
      'a',
      'K',
      'ſ',
      'ß',
      'ẞ',
      'Σ',
      'ς',
      'é',
      'Ж',
      'ж',
      '𐐀',
      'ǅ',
      'İ',
      'ı',
      '\u212a',
      's',
      '\u0345',
      'ι',
      'Ꭰ',
      'ꭰ',
    ];
    for (let round = 0; round < rounds(1500); round++) {
      const pattern = `^${joined(random, [...letters, '[a-ſ]', '[Σ-ω]', '(ß|k)', 's+'], 3)}$`;
      const subject = joined(random, letters, 3);
      assert.equal(compileError(`(?i)${pattern}`), '');
      const title = `(?i)${pattern} on ${subject}, seed ${seed}`;
      assert.equal(
        probe.call('matches', [subject]) === 1,
        scriptOf(pattern, 'i').test(subject),
        title,
      );
    }
  });

  it('are compiled or refused with a place, whatever the text', () => {
    const random = new Random(seed);
    for (let round = 0; round < rounds(3000); round++) {
      const pattern = joined(random, ANYTHING, 12);
      const error = compileError(pattern);
      const at = probe.call('compileErrorAt', []);
      assert.equal(error === '', at === -1, `${pattern}: ${error}, seed ${seed}`);
      assert.ok(at <= Buffer.byteLength(pattern), pattern);
      if (error === '') probe.call('matches', [joined(random, SUBJECTS, 20)]);
    }
  });

  it('never fail on bytes that are no UTF-8', () => {
    const random = new Random(seed);
    for (let round = 0; round < rounds(1000); round++) {
      const subject = Buffer.from(
        Array.from({ length: random.below(12) }, () => random.below(256)),
      );
      assert.equal(compileError('^(?s:.)*$'), '');
      assert.equal(probe.call('matches', [subject]), 1);
      const count = probe.call('runes', [subject]);
      assert.equal(compileError(`^(?s:.){${count}}$`), '');
      assert.equal(probe.call('matches', [subject]), 1, `${subject.toString('hex')}, seed ${seed}`);
    }
  });

  it('take steps linear in the subject and in the program', () => {
    const hostile = [
      '(a+)+$',
      '(a|aa)+$',
      '(a*)*b',
      '(.*)*x',
      '^(([a-z])+.)+[A-Z]([a-z])+$',
      '(?i)(a|A)+b',
      'a{1,1000}b',
      '([ab]*a[ab]{200})+c',
    ];
    for (const pattern of hostile) {
      assert.equal(compileError(pattern), '', pattern);
      const steps = [5_000, 50_000].map((size) => {
        const from = probe.call('visits', []);
        const random = new Random(seed);
        const subject = Array.from({ length: size }, () => random.pick(['a', 'b'])).join('');
        probe.call('matches', [`${subject}!`]);
        return probe.call('visits', []) - from;
      });
      const [few = 0, many = 0] = steps;
      assert.ok(many <= 12 * few + 5000, `${pattern}: ${few} steps, then ${many}`);
    }
  });
});

// `regexReplace` beside JavaScript's own engine, which prefers the same ways: random patterns whose groups are not
// repeated, for in repeated ones the two differ by definition. The seed is printed.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Probe } from '../conformance/probe-module.ts';
import { Random, runSeed } from '../fuzz/random.ts';

const ROUNDS = 1500;
const probe = Probe.load();

function evaluate(expression: string): string {
  probe.reset();
  assert.ok('type' in probe.compile(expression), probe.diagnosticsText());
  probe.begin();
  const evaluated = probe.evaluate();
  assert.ok('value' in evaluated, expression);
  return String(evaluated.value.value);
}

function replaced(text: string, pattern: string, replacement: string): string {
  return evaluate(
    `regexReplace(${[text, pattern, replacement].map((part) => JSON.stringify(part)).join(', ')})`,
  );
}

function refusal(pattern: string): string {
  probe.reset();
  probe.declare('given', 'STRING');
  assert.ok(!('type' in probe.compile(`regexReplace("", ${pattern}, "")`)));
  return probe.diagnosticsText();
}

function atom(random: Random): string {
  const one = random.pick(['a', 'b', 'c', '[ab]', '[^a]', '.', '\\w', 'é']);
  return one + random.pick(['', '', '', '*', '+', '?', '*?', '+?', '??', '{1,2}', '{2}', '{0,2}?']);
}

function sequence(random: Random): string {
  return Array.from({ length: random.below(4) }, () => atom(random)).join('');
}

function pattern(random: Random): string {
  const part = (): string =>
    random.below(3) === 0
      ? atom(random)
      : `(${Array.from({ length: 1 + random.below(3) }, () => sequence(random)).join('|')})`;
  const parts = Array.from({ length: 1 + random.below(4) }, part).join('');
  return random.pick(['', '', '^']) + parts + random.pick(['', '', '$', '\\b']);
}

function subject(random: Random): string {
  return Array.from({ length: random.below(9) }, () => random.pick(['a', 'b', 'c', 'é', ' '])).join(
    '',
  );
}

describe('regexReplace', () => {
  it('replaces the first match only, as a leftmost-first engine finds it', () => {
    assert.equal(replaced('xaay', 'a|aa', '-'), 'x-ay');
    assert.equal(replaced('xaay', 'aa|a', '-'), 'x-y');
    assert.equal(replaced('aXbXc', 'a.*X', '-'), '-c');
    assert.equal(replaced('aXbXc', 'a.*?X', '-'), '-bXc');
    assert.equal(replaced('aXbXc', '(?U)a.*X', '-'), '-bXc');
  });

  it('inserts what groups matched, and a backslash for two', () => {
    assert.equal(replaced('ab', '(a)(?:b)', '\\0\\1\\\\'), 'aba\\');
    assert.equal(replaced('2026-11-25', '(?P<y>\\d+)-(\\d+)-(\\d+)', '\\3.\\2.\\1'), '25.11.2026');
    assert.equal(
      replaced('ab', '(?:(a)|b)*', '[\\1]'),
      '[a]',
      'a repeated group keeps its last match, as in RE2',
    );
  });

  it('inserts nothing for a group that matched nothing or does not exist', () => {
    assert.equal(replaced('b', '(a)?b', '[\\1\\2\\x]'), '[]');
  });

  it('takes nine groups, and refuses ten', () => {
    assert.equal(replaced('abcdefghi', '(a)(b)(c)(d)(e)(f)(g)(h)(i)', '\\9'), 'i');
    assert.match(refusal(JSON.stringify('(a)'.repeat(10))), /at most 500 instructions, 9 groups/);
  });

  it('takes 500 instructions, and refuses one more', () => {
    assert.equal(replaced('a'.repeat(499), 'a{499}', '-'), '-');
    assert.match(refusal('"a{500}"'), /at most 500 instructions/);
  });

  it('refuses a pattern that is not written in the document', () => {
    assert.match(refusal('given'), /known only at run time/);
  });

  it(`agrees with another engine on ${ROUNDS} random patterns`, () => {
    const seed = runSeed();
    const random = new Random(seed);
    for (let round = 0; round < ROUNDS; round++) {
      const [found, text] = [pattern(random), subject(random)];
      const expected = text.replace(new RegExp(found, 'u'), '<$&>[$1][$2]');
      const groups = (found.match(/\(/g) ?? []).length;
      const wanted =
        groups < 1
          ? expected.replace('[$1]', '[]').replace('[$2]', '[]')
          : expected.replace('[$2]', '[]');
      assert.equal(
        replaced(text, found, '<\\0>[\\1][\\2]'),
        wanted,
        `/${found}/ on "${text}", seed ${seed}`,
      );
    }
  });
});

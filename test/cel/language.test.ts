import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CelProbe, type CelOutcome } from './cel-probe.ts';
import { showValue, type CelValue } from './value.ts';

const probe = CelProbe.load();
const text = (value: string): CelValue => ({ type: 'string', value });

function shown(outcome: CelOutcome): string {
  return outcome.kind === 'value'
    ? showValue(outcome.value)
    : `${outcome.kind}: ${outcome.message}`;
}

describe('attributes in CEL', () => {
  const bindings = new Map<string, CelValue | null>([
    ['source.name', text('a')],
    ['source.absent', null],
    [
      'claims',
      { type: 'map', entries: [[text('realm'), { type: 'list', items: [text('admin')] }]] },
    ],
    ['claims.realm', text('the longest name wins')],
  ]);

  for (const [expression, expected] of [
    ['source.name', '"a"'],
    ['source.absent', "error: lookup failed: 'source.absent'"],
    ['has(source.absent)', 'bool false'],
    ['has(source.name)', 'bool true'],
    ['source.absent == "x" || true', 'bool true'],
    ['false && source.absent == "x"', 'bool false'],
    ['source.absent == "x" || false', "error: lookup failed: 'source.absent'"],
    ['claims["realm"]', '["admin"]'],
    ['"admin" in claims["realm"]', 'bool true'],
    ['has(claims.other)', 'bool false'],
    ['claims["other"]', "error: no such key: 'other'"],
    ['claims.realm', '"the longest name wins"'],
    ['[1].all(source, source == 1)', 'bool true'],
  ] as const) {
    it(`gives ${expected} for ${expression}`, () => {
      assert.equal(shown(probe.evaluate(expression, bindings)), expected);
    });
  }
});

describe('what CEL has and this implementation has not', () => {
  for (const [expression, what] of [
    ['google.protobuf.Int32Value{value: 1} == 1', 'messages'],
    ['TestAllTypes{}', 'messages'],
    ['{"a": 1}.?a', 'optional values'],
    ['[?1]', 'optional values'],
    ['{"a": 1}[?"a"]', 'optional values'],
    ['[1].all(i, v, v > 0)', 'two variables'],
    ['timestamp(0).getHours("Europe/Berlin")', 'time zones by name'],
  ] as const) {
    it(`is refused by name: ${expression}`, () => {
      assert.equal(probe.evaluate(expression).kind, 'refused');
      assert.match(probe.diagnosticsText(), /E0324/);
      assert.ok(probe.diagnosticsText().includes(what), probe.diagnosticsText());
    });
  }
});

describe('mistakes in CEL', () => {
  for (const [expression, code] of [
    ['', 'E0316'],
    ['1 +', 'E0317'],
    ['1 2', 'E0306'],
    ['1 # 2', 'E0305'],
    ['"a', 'E0307'],
    ['"\\q"', 'E0308'],
    ['99999999999999999999', 'E0309'],
    ['soruce.name', 'E0301'],
    ['sise("a")', 'E0302'],
    ['"a" + 1', 'E0303'],
    ['1 && true', 'E0303'],
    ['size()', 'E0304'],
    ['startsWith("a", "b")', 'E0322'],
    ['"a".matches("(")', 'E0314'],
    ['if', 'E0306'],
    ['[1].all(1, true)', 'E0306'],
    [`${'('.repeat(300)}1${')'.repeat(300)}`, 'E0311'],
  ] as const) {
    it(`are reported as ${code}: ${expression.slice(0, 40)}`, () => {
      assert.equal(probe.evaluate(expression).kind, 'refused');
      assert.match(probe.diagnosticsText(), new RegExp(code));
    });
  }
});

describe('the budget of an evaluation in CEL', () => {
  const thousand = '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]';
  const loops = (depth: number): string =>
    depth === 0 ? 'true' : `${thousand}.all(x${depth}, ${loops(depth - 1)})`;

  it('ends loops within loops', () => {
    assert.match(shown(probe.evaluate(loops(7))), /step budget/);
  });

  it('cannot be hidden behind ||', () => {
    assert.match(shown(probe.evaluate(`${loops(7)} || true`)), /step budget/);
  });

  it('ends comparisons of lists that share their parts', () => {
    const twice = '.map(x, [x, x])'.repeat(40);
    assert.match(shown(probe.evaluate(`[[1]]${twice} == [[1]]${twice}`)), /step budget/);
  });
});

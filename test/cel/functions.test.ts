import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { CEL_FUNCTION_ROWS } from '../../assembly/shared/cel-functions.ts';
import { CelProbe } from './cel-probe.ts';

const TABLE = new URL('../../assembly/shared/cel-functions.ts', import.meta.url);
const EXAMPLE = /@example (.+) → (.+)/g;
const probe = CelProbe.load();

describe("the table of CEL's functions", () => {
  const source = readFileSync(TABLE, 'utf8');
  const examples = [...source.matchAll(EXAMPLE)];

  it('explains every function above its row, most with an example', () => {
    assert.equal((source.match(/\*\/\n {2}["']/g) ?? []).length, CEL_FUNCTION_ROWS.length);
    assert.ok(examples.length >= 40);
  });

  for (const [, expression = '', result = ''] of examples) {
    it(`gives the result of its example ${expression}`, () => {
      const outcome = probe.evaluate(expression);
      if (outcome.kind !== 'value') assert.fail(outcome.message);
      const isQuoted = outcome.value.type === 'string' || outcome.value.type === 'timestamp';
      const text = probe.text();
      assert.equal(isQuoted ? JSON.stringify(text) : text, result);
    });
  }
});

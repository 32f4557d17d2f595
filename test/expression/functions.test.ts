import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Probe } from '../conformance/probe-module.ts';

const TABLE = new URL('../../assembly/shared/functions.ts', import.meta.url);
const EXAMPLE = /@example (.+) → (.+)/g;
const probe = Probe.load();

describe('the table of functions', () => {
  const examples = [...readFileSync(TABLE, 'utf8').matchAll(EXAMPLE)];

  it('has examples', () => {
    assert.ok(examples.length >= 25);
  });

  for (const [, expression = '', result = ''] of examples) {
    it(`gives the result of its example ${expression}`, () => {
      probe.reset();
      assert.ok('type' in probe.compile(expression), probe.diagnosticsText());
      probe.begin();
      const evaluated = probe.evaluate();
      assert.ok('value' in evaluated, 'error' in evaluated ? evaluated.error : '');
      const { type, value } = evaluated.value;
      assert.equal(type === 'STRING' ? JSON.stringify(value) : String(value), result);
    });
  }
});

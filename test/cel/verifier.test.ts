// Programs of CEL with one instruction changed: the verifier refuses them, or they run to an end. MIXER_FUZZ_SEED
// repeats a run, MIXER_FUZZ_COUNT makes it longer.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OP_ROWS } from '../../assembly/shared/opcodes.ts';
import { Probe } from '../conformance/probe-module.ts';
import { Random, rounds, runSeed } from '../fuzz/random.ts';

const EXPRESSIONS = [
  'size > 1 && name.startsWith("a") || has(labels.a)',
  '[1, 2, size].exists(item, item > 1 && item in [2, size])',
  'labels.all(key, labels[key] == name) ? {"a": [name]}.a[0] : "b"',
  '[name, "b"].filter(item, item.matches("^a+$")).map(item, item + "!").size() == 1',
  'json(name).list.exists_one(item, item == size)',
];
const probe = Probe.load();

function compiled(expression: string): void {
  probe.reset();
  probe.speakCel();
  probe.declare('name', 'STRING');
  probe.declare('size', 'INT64');
  probe.declare('labels', 'STRING_MAP');
  const program = probe.compile(expression);
  assert.ok('type' in program, `${expression}: ${'error' in program ? program.error : ''}`);
}

/** The number of the instruction with this name. */
function opcode(name: string): bigint {
  const found = OP_ROWS.findIndex((row) => row.split('|')[0] === name);
  assert.ok(found >= 0, name);
  return BigInt(found);
}

describe('the verifier of CEL', () => {
  const seed = runSeed();

  it('refuses instructions of CEXL, and jumps and operands that lead nowhere', () => {
    compiled('size > 1 && name == "a"');
    assert.notEqual(probe.verifyChanged(0, 6n), '');
    assert.notEqual(probe.verifyChanged(1, 6n), '');
    assert.notEqual(probe.verifyChanged(1, 255n), '');
    for (const name of ['cel', 'cel-and', 'cel-return'])
      assert.notEqual(probe.verifyChanged(1, opcode(name)), '', name);
    assert.notEqual(probe.verifyChanged(1, opcode('cel-constant') | (999n << 32n)), '');
    assert.notEqual(probe.verifyChanged(1, opcode('cel-attribute') | (4000n << 16n)), '');
    assert.notEqual(probe.verifyChanged(1, opcode('cel-local') | (9n << 16n)), '');
    assert.notEqual(probe.verifyChanged(1, opcode('cel-loop') | (999n << 48n)), '');
  });

  it(`refuses a changed program, or it runs to an end (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let round = 0; round < rounds(1_000); round++) {
      compiled(random.pick(EXPRESSIONS));
      const word =
        BigInt(random.below(OP_ROWS.length + 2)) |
        (BigInt(random.below(8)) << 8n) |
        (BigInt(random.below(14)) << 16n) |
        (BigInt(random.pick([0, 1, 2, 3, 4, 65535])) << 32n) |
        (BigInt(random.below(24)) << 48n);
      if (probe.verifyChanged(random.below(probe.programCount), word) !== '') continue;
      probe.begin();
      probe.set('name', { type: 'STRING', value: random.pick(['a', '{"list":[1,2]}']) });
      probe.set('size', { type: 'INT64', value: random.below(4) });
      probe.set('labels', { type: 'STRING_MAP', value: { a: 'a', b: 'c' } });
      probe.evaluate();
    }
  });
});

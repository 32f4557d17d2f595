// Random expressions of CEL against another implementation, and mutated ones that must neither trap nor run away.
// MIXER_FUZZ_SEED repeats a run, MIXER_FUZZ_COUNT makes it longer.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { celUint, isCelError, isCelList, isCelMap, isCelType, isCelUint, run } from '@bufbuild/cel';
import { CelProbe } from '../cel/cel-probe.ts';
import { showValue, type CelValue } from '../cel/value.ts';
import { someBindings, someCel, type TreeType } from './cel-trees.ts';
import { Random, rounds, runSeed } from './random.ts';

const TYPES: readonly TreeType[] = ['bool', 'bool', 'int', 'uint', 'double', 'string', 'list'];
const PIECES = ['(', ')', '[', '{', '"', "'", '`', '\\', '.', '?', ':', '||', '&&', '!', '-', '9'];
const DEPTH = 4;

const probe = CelProbe.load();

type Foreign = Parameters<typeof run>[1] extends Record<string, infer Value> | undefined
  ? Value
  : never;

/** A value as the other implementation takes it. */
function foreign(value: CelValue): Foreign {
  switch (value.type) {
    case 'uint':
      return celUint(value.value);
    case 'list':
      return value.items.map(foreign);
    case 'map':
      return new Map(value.entries.map(([key, item]) => [foreign(key) as string, foreign(item)]));
    case 'int':
    case 'bool':
    case 'double':
    case 'string':
    case 'bytes':
      return value.value;
    default:
      throw new Error(`no variable is of type ${value.type}`);
  }
}

/** A value of the other implementation. */
function native(value: unknown): CelValue {
  if (typeof value === 'bigint') return { type: 'int', value };
  if (typeof value === 'number') return { type: 'double', value };
  if (typeof value === 'string') return { type: 'string', value };
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (value === null) return { type: 'null' };
  if (value instanceof Uint8Array) return { type: 'bytes', value };
  if (isCelUint(value)) return { type: 'uint', value: value.value };
  if (isCelList(value)) return { type: 'list', items: [...value].map(native) };
  if (isCelMap(value))
    return {
      type: 'map',
      entries: [...value].map(([key, item]) => [native(key), native(item)] as const),
    };
  if (isCelType(value)) return { type: 'type', value: value.name };
  throw new Error(`a value of an unknown kind: ${typeof value}`);
}

describe('random expressions of CEL', () => {
  const seed = runSeed();

  it(`give what another implementation gives; seed ${seed}`, () => {
    const random = new Random(seed);
    for (let round = 0; round < rounds(150); round++) {
      const bindings = someBindings(random);
      const expression = someCel(random, random.pick(TYPES), 1 + random.below(DEPTH));
      const variables = Object.fromEntries(
        [...bindings].map(([name, value]) => [name, foreign(value)]),
      );
      const theirs = run(expression, variables);
      const ours = probe.evaluate(expression, bindings, false);
      const expected = isCelError(theirs) ? 'error' : showValue(native(theirs));
      const actual = ours.kind === 'value' ? showValue(ours.value) : ours.kind;
      const shown = [...bindings].map(([name, value]) => `${name} = ${showValue(value)}`);
      const detail = ours.kind === 'value' ? '' : ours.message;
      assert.equal(actual, expected, `${expression}\n${detail}\n${shown.join('\n')}`);
    }
  });

  it(`never trap, whatever is broken in them; seed ${seed}`, () => {
    const random = new Random(seed);
    for (let round = 0; round < rounds(150); round++) {
      const whole = someCel(random, random.pick(TYPES), 1 + random.below(DEPTH));
      const at = random.below(whole.length + 1);
      const cut = whole.slice(at + random.below(3));
      const expression = whole.slice(0, at) + random.pick(PIECES) + cut;
      assert.ok(probe.evaluate(expression, someBindings(random), random.below(2) === 0).kind);
    }
  });
});

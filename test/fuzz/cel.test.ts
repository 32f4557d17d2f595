// Random expressions of CEL against another implementation, and mutated ones that must neither trap nor run away.
// MIXER_FUZZ_SEED repeats a run, MIXER_FUZZ_COUNT makes it longer.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CelProbe } from '../cel/cel-probe.ts';
import { brokenCel, celDifference } from './cel-target.ts';
import { someBindings } from './cel-trees.ts';
import { Random, rounds, runSeed } from './random.ts';

const probe = CelProbe.load();

describe('random expressions of CEL', () => {
  const seed = runSeed();

  it(`give what another implementation gives; seed ${seed}`, () => {
    const random = new Random(seed);
    for (let round = 0; round < rounds(150); round++)
      assert.equal(celDifference(probe, random), null);
  });

  it(`never trap, whatever is broken in them; seed ${seed}`, () => {
    const random = new Random(seed);
    for (let round = 0; round < rounds(150); round++) {
      const isChecked = random.below(2) === 0;
      assert.ok(probe.evaluate(brokenCel(random), someBindings(random), isChecked).kind);
    }
  });
});

// The official suite of CEL: what passes today must pass tomorrow. What deviates has a
// reason, in suite.ts.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { totalsOf } from '../conformance/result.ts';
import { CelProbe } from './cel-probe.ts';
import { SECTIONS, runSections } from './suite.ts';

/** Tests that pass in each section, of those that need no protobuf message. */
const PASSED: Readonly<Record<string, number>> = {
  basic: 41,
  comparisons: 334,
  conversions: 109,
  fields: 60,
  fp_math: 30,
  integer_math: 64,
  lists: 39,
  logic: 30,
  macros: 44,
  parse: 176,
  plumbing: 5,
  string: 51,
  timestamps: 71,
};

describe('the official suite of CEL', () => {
  const outcomes = runSections(CelProbe.load(), SECTIONS);

  for (const section of SECTIONS) {
    const own = outcomes.filter(({ suite }) => suite === `cel/${section}`);

    it(`passes ${PASSED[section]} tests of ${section}, at least nine of ten`, () => {
      const { passed } = totalsOf(own);
      const applicable = own.filter(({ skipped }) => !skipped?.includes('messages'));
      assert.ok(passed >= (PASSED[section] ?? Infinity), `${passed} passed`);
      assert.ok(passed >= 0.9 * applicable.length);
    });

    it(`deviates in ${section} only where it says why`, () => {
      assert.deepEqual(
        own.filter(({ failure }) => failure !== undefined),
        [],
      );
    });
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { longestFirst, remainingTestFiles, testFiles } from '../../tools/test/files.ts';
import { STEPS, groupsOf } from '../../tools/test/steps.ts';

describe('the steps of the test command', () => {
  const grouped = (...names: string[]): string[][] =>
    groupsOf(STEPS.filter(({ name }) => names.includes(name))).map((group) =>
      group.map(({ name }) => name),
    );

  it('run side by side where one leaves a processor idle', () => {
    assert.deepEqual(grouped('tidy', 'static', 'build', 'conformance', 'tests', 'envoy'), [
      ['tidy', 'static', 'build'],
      ['conformance', 'tests'],
      ['envoy'],
    ]);
  });

  it('never run beside one that they need, whichever are chosen', () => {
    assert.deepEqual(grouped('build', 'tests'), [['build'], ['tests']]);
    assert.deepEqual(grouped('tests'), [['tests']]);
  });
});

describe('the files of a step', () => {
  it('are all run, the longest first', () => {
    const files = [...remainingTestFiles(), ...testFiles('cases')];
    const ordered = longestFirst(files);
    assert.equal(ordered[0], 'test/docs/tutorial.test.ts');
    assert.equal(ordered[1], 'test/cases/envoy.test.ts');
    assert.deepEqual([...ordered].sort(), [...files].sort());
  });
});

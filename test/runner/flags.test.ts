// The project's own commands say how they are called, and what is wrong with how they were.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';

import { ROOT } from '../../tools/build/root.ts';

const RUN = 'tools/test/run.ts';
const MATRIX = 'tools/test/matrix.ts';
const PROGRAMS = {
  test: RUN,
  'run test:matrix': MATRIX,
  'run fuzz': 'test/fuzz/run.ts',
  'run conformance': 'test/conformance/run.ts',
  'run bench': 'test/bench/run.ts',
};

function call(program: string, option: string): { code: number | null; out: string; err: string } {
  const args = ['--import', 'tsx', program, option];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

it('`npm test -- --help` names its options and every step, and runs nothing', () => {
  const { code, out } = call(RUN, '--help');
  assert.equal(code, 0);
  assert.match(out, /^Usage: npm test -- /);
  assert.match(out, /The steps: tidy, .*container\n\nExamples:\n/);
});

it('each of them shows examples of itself', () => {
  for (const [script, program] of Object.entries(PROGRAMS)) {
    const { code, out, err } = call(program, '--help');
    assert.equal(code, 0);
    assert.match(out + err, new RegExp(`^Examples:\\n {2}\\$ npm ${script}\\b`, 'm'));
  }
});

it('an unknown option is told with the usage, without a stack', () => {
  for (const program of [RUN, MATRIX]) {
    const { code, out, err } = call(program, '--nope');
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /^Unknown option '--nope'.*\nUsage: npm /);
    assert.doesNotMatch(err, /\n {4}at /);
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countAsPect } from '../../tools/test/as-pect.ts';
import { count } from '../../tools/test/node-tests.ts';
import {
  NOTHING,
  check,
  countSummary,
  describeCounts,
  isFailure,
  sum,
} from '../../tools/test/result.ts';

describe('the last line of the test command', () => {
  it('names the skipped ones only where there are any', () => {
    assert.equal(describeCounts({ ...NOTHING, passed: 2 }), '2 passed, 0 failed');
    assert.equal(
      describeCounts({ ...NOTHING, passed: 2, failed: 1, skipped: 3 }),
      '2 passed, 1 failed, 3 skipped',
    );
  });

  it('means failure when something failed and when nothing ran', () => {
    assert.equal(isFailure({ ...NOTHING, passed: 1 }), false);
    assert.equal(isFailure({ ...NOTHING, passed: 1, failed: 1 }), true);
    assert.equal(isFailure({ ...NOTHING, skipped: 5 }), true);
    assert.equal(isFailure(NOTHING), true);
  });

  it('adds the steps up', () => {
    const total = sum([
      check('a', true, ''),
      check('b', false, 'broken\n'),
      { ...NOTHING, skipped: 2 },
    ]);
    assert.deepEqual(total, { passed: 1, failed: 1, skipped: 2, failures: ['b\nbroken'] });
  });
});

describe('counting a file of node:test', () => {
  const passed = { name: 'a', outcome: 'passed', error: '' } as const;

  it('counts each test by its outcome', () => {
    const failed = { name: 'b', outcome: 'failed', error: 'Error: no' } as const;
    const skipped = { name: 'c', outcome: 'skipped', error: '' } as const;
    const expected = { passed: 1, failed: 1, skipped: 1, failures: ['x.test.ts: b\nError: no'] };
    assert.deepEqual(count('x.test.ts', [passed, failed, skipped], false, ''), expected);
  });

  it('counts a file that ends badly after passing tests as one failure', () => {
    const { passed: good, failed, failures } = count('x.test.ts', [passed], false, 'out of memory');
    assert.deepEqual(
      { good, failed, failures },
      { good: 1, failed: 1, failures: ['x.test.ts\nout of memory'] },
    );
  });

  it('counts a file without tests as one failure', () => {
    assert.deepEqual(count('x.test.ts', [], true, '').failures, [
      'x.test.ts\nthe file has no tests',
    ]);
  });
});

describe('counting units', () => {
  const output = (good: number, all: number): string =>
    `❌ a.spec.ts Pass: 1 / 2\n  [Summary]\n    [Tests]: ${good} / ${all}\n`;

  it('reads the summary', () => {
    assert.deepEqual(countAsPect(output(7, 7), true), { ...NOTHING, passed: 7 });
    assert.equal(countAsPect(output(5, 7), false).failed, 2);
  });

  it('counts a unit that does not compile as a failure', () => {
    assert.equal(countAsPect('ERROR TS2304: Cannot find name', false).failed, 1);
    assert.equal(countAsPect(output(7, 7), false).failed, 1);
  });
});

describe('counting a command by its last line', () => {
  it('takes the counts as they stand', () => {
    assert.deepEqual(countSummary('c', 'eval: 2 of 2\n2 passed, 0 failed\n', true), {
      ...NOTHING,
      passed: 2,
    });
    const failures = ['c\n1 passed, 2 failed, 3 skipped'];
    assert.deepEqual(countSummary('c', 'x\n1 passed, 2 failed, 3 skipped\n', false), {
      passed: 1,
      failed: 2,
      skipped: 3,
      failures,
    });
  });

  it('is a failure without counts, and where the command fails with none failed', () => {
    assert.equal(countSummary('c', 'no probe', true).failed, 1);
    assert.equal(countSummary('c', '', false).failed, 1);
    assert.equal(countSummary('c', '2 passed, 0 failed', false).failed, 1);
  });
});

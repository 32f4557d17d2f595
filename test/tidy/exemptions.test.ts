import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyExemptions } from './exemptions.ts';
import type { Problem } from './source.ts';

describe('exemptions', () => {
  const problem: Problem = {
    rule: 'file-lines',
    path: 'a.ts',
    line: 0,
    subject: 'walk',
    message: 'long',
  };
  const exemption = {
    rule: 'file-lines',
    path: 'a.ts',
    subject: 'walk',
    reason: 'one loop over all instructions',
  };

  it('excuse the problem they name', () => {
    assert.deepEqual(applyExemptions([problem], [exemption]), []);
  });

  it('excuse nothing else', () => {
    assert.deepEqual(applyExemptions([{ ...problem, subject: 'run' }, problem], [exemption]), [
      { ...problem, subject: 'run' },
    ]);
  });

  it('fail when stale and when they give no reason', () => {
    assert.match(applyExemptions([], [exemption])[0]?.message ?? '', /excuses nothing any more/);
    assert.match(
      applyExemptions([problem], [{ ...exemption, reason: 'long' }])[0]?.message ?? '',
      /needs a reason/,
    );
  });
});

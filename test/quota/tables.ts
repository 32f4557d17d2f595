// Tables of the rolling window and of whole charges: the project's own, and those of a folder that the environment
// names.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { ROOT } from '../../tools/build/root.ts';
import { runQuotaCases } from './run-cases.ts';

it('grants and returns as the tables say', async () => {
  const folders = [join(ROOT, 'test/quota/tables'), process.env['MIXER_CONFORMANCE_DIR'] ?? ''];
  const results = (await Promise.all(folders.filter(Boolean).map(runQuotaCases))).flat();
  assert.ok(results.length >= 40, `${results.length} steps were found`);
  assert.deepEqual(
    results.filter(({ passed, skipped }) => !passed && skipped === undefined),
    [],
  );
});

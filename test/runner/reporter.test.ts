import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runNodeTests } from '../../tools/test/node-tests.ts';

describe('a file of node:test', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'reporter-'))));
  after(() => rmSync(folder, { recursive: true }));

  async function counts(
    body: string,
  ): Promise<{ passed: number; failed: number; skipped: number }> {
    const file = join(folder, 'subject.mjs');
    writeFileSync(file, `import { before, describe, it } from 'node:test';\n${body}`);
    // Without this variable the tests count as those of this process.
    const env = { NODE_TEST_CONTEXT: undefined };
    const { passed, failed, skipped } = await runNodeTests([file], {
      concurrency: 1,
      env,
      print: () => undefined,
    });
    return { passed, failed, skipped };
  }

  it('counts a suite that is skipped as a whole as one that is skipped', async () => {
    const body = "describe('a', { skip: 'no backend' }, () => { it('b', () => {}); });";
    assert.deepEqual(await counts(body), { passed: 0, failed: 0, skipped: 1 });
  });

  it('counts a suite by its tests, and once more when its hooks fail', async () => {
    const fails = "throw new Error('no');";
    const body = `describe('a', () => { it('b', () => {}); it('c', () => { ${fails} }); });
      describe('d', () => { before(() => { ${fails} }); it('e', () => {}); });`;
    assert.deepEqual(await counts(body), { passed: 1, failed: 3, skipped: 0 });
  });
});

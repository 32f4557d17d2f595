import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adapterClass } from '../../tools/build/find-adapters.ts';
import { className, scaffoldFiles } from '../../tools/scaffold/files.ts';
import { SKETCHES } from '../../tools/scaffold/sketches.ts';
import { mixer } from './mixer.ts';

describe('mixer new adapter', () => {
  for (const [template, sketch] of Object.entries(SKETCHES)) {
    it(`writes five files for ${template}, with one adapter of that name`, () => {
      const files = scaffoldFiles({ name: 'a-b', sdk: 'mixer-in-proxy/assembly/sdk', sketch });
      const names = files.map(({ name }) => name);
      assert.deepEqual(names, ['adapter.ts', 'config.ts', 'handler.ts', 'cases.yaml', 'README.md']);
      assert.equal(adapterClass(files[0]!.text, 'adapter.ts'), className('a-b'));
      assert.match(files[4]!.text, /^# a-b\n/);
    });
  }

  it('refuses a name that cannot stand in a document', async () => {
    const { code, stderr } = await mixer(['new', 'adapter', 'Bad_Name']);
    assert.equal(code, 2);
    assert.match(stderr, /lower-case words joined by hyphens/);
  });

  it('never touches an adapter that is there', async () => {
    const { code, stderr } = await mixer(['new', 'adapter', 'list']);
    assert.equal(code, 1);
    assert.match(stderr, /adapters\/list is there already/);
  });
});

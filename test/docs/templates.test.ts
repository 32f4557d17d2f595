// Every beginning that `mixer new adapter` offers, in an author's folder: one module with all six compiles, nothing of
// them allocates for a request, and the cases that they bring pass.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { SKETCHES } from '../../tools/scaffold/sketches.ts';
import { AuthorProject } from './author-project.ts';

describe('mixer new adapter, in a folder outside the repository', () => {
  const project = new AuthorProject();
  const templates = Object.keys(SKETCHES);
  before(() => {
    project.install();
  });
  after(() => {
    project.remove();
  });

  it('begins an adapter for each template', async () => {
    for (const template of templates) {
      const { code, output } = await project.run(
        `npx mixer new adapter my-${template} --template ${template}`,
      );
      assert.equal(code, 0, output);
    }
  });

  it('compiles all of them into one module, whose hot path allocates nothing', async () => {
    const names = templates.map((template) => `--adapter my-${template}`).join(' ');
    const { code, output } = await project.run(`npx mixer build ${names} --out all.wasm`);
    assert.equal(code, 0, output);
    assert.match(output, /hot path: .* 0 allocate/);
  });

  it('brings cases that pass', async () => {
    const { code, output } = await project.run('npx mixer test --wasm all.wasm');
    assert.equal(code, 0, output);
    assert.match(output, new RegExp(`^${templates.length} passed, 0 failed$`, 'm'));
  });
});

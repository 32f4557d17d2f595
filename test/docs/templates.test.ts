// Every beginning that `mixer new adapter` offers and an adapter written by hand, in an author's folder: one module
// with all of them compiles, nothing of them allocates for a request, and the cases that they bring pass on the
// emulator and on Envoy. The module takes half a minute, so it is one for all that is asked of it here.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { SKETCHES } from '../../tools/scaffold/sketches.ts';
import { AuthorProject } from './author-project.ts';
import { AGENTS, SUM, describeOwnTemplate, writeTally } from './own-template.ts';

const MODULE = 'dist/mixer.wasm';

describe('mixer new adapter, in a folder outside the repository', () => {
  const project = new AuthorProject();
  const templates = Object.keys(SKETCHES);
  const begun = templates.map((each) => (each === 'own' ? AGENTS : `my-${each}`));
  const adapters = [...begun, SUM];
  before(() => {
    project.install();
    writeFileSync(join(project.folder, 'package.json'), '{ "private": true }');
  });
  after(() => {
    project.remove();
  });

  it('begins an adapter for each template', async () => {
    for (const [index, template] of templates.entries()) {
      const { code, output } = await project.run(
        `npx mixer new adapter ${begun[index]} --template ${template}`,
      );
      assert.equal(code, 0, output);
    }
    writeTally(project);
  });

  it('offers a module with all of them and one for each', async () => {
    const { code, output } = await project.run('npx mixer build --only nothing');
    assert.equal(code, 2, output);
    for (const name of ['mixer', ...adapters]) assert.match(output, new RegExp(`\\b${name}\\b`));
  });

  it('compiles all of them into one module, whose hot path allocates nothing', async () => {
    const names = adapters.map((name) => `--adapter ${name}`).join(' ');
    const { code, output } = await project.run(`npx mixer build ${names} --out ${MODULE}`);
    assert.equal(code, 0, output);
    assert.match(output, /hot path: .* 0 allocate/);
  });

  it('brings cases that pass on the emulator and on Envoy', async () => {
    const { code, output } = await project.run('npx mixer test --on emulator,envoy');
    assert.equal(code, 0, output);
    assert.match(output, new RegExp(`^${2 * adapters.length} passed, 0 failed$`, 'm'));
  });

  it('runs the cases on the module that is named', async () => {
    const { code, output } = await project.run(`npx mixer test --wasm ${MODULE}`);
    assert.equal(code, 0, output);
    assert.match(output, new RegExp(`^${adapters.length} passed, 0 failed$`, 'm'));
  });

  describeOwnTemplate(project);
});

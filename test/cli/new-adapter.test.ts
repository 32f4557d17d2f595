import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { adapterClass } from '../../tools/build/find-adapters.ts';
import { ROOT } from '../../tools/build/root.ts';
import { className, scaffoldFiles } from '../../tools/scaffold/files.ts';
import { SKETCHES } from '../../tools/scaffold/sketches.ts';
import { mixer } from './mixer.ts';

/** What an editor would show; asked again, it looks at what has changed. */
function typeErrors(config: string): string {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const known = ['--incremental', '--tsBuildInfoFile', join(dirname(config), 'known.json')];
  const args = [compiler, '--noEmit', '-p', dirname(config), ...known];
  return spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout;
}

describe('mixer new adapter', () => {
  for (const [template, sketch] of Object.entries(SKETCHES)) {
    it(`writes its files for ${template}, with one adapter of that name`, () => {
      const files = scaffoldFiles({ name: 'a-b', sdk: 'mixer-in-proxy/assembly/sdk', sketch });
      const names = files.map(({ name }) => name);
      const five = ['adapter.ts', 'config.ts', 'handler.ts', 'cases.yaml', 'README.md'];
      assert.deepEqual(names, template === 'own' ? ['template.ts', ...five] : five);
      const textOf = (name: string): string => files.find((file) => file.name === name)!.text;
      assert.equal(adapterClass(textOf('adapter.ts'), 'adapter.ts'), className('a-b'));
      assert.match(textOf('README.md'), /^# a-b\n/);
      for (const { text } of files) assert.doesNotMatch(text, /\bNAME\b|TYPE[FT]|"SDK"/);
    });
  }

  it('gives a project of its own what editors need, once, and every beginning has the right types there', async () => {
    const project = mkdtempSync(join(tmpdir(), 'mixer-author-'));
    try {
      writeFileSync(join(project, 'package.json'), '{ "private": true }');
      mkdirSync(join(project, 'node_modules'));
      symlinkSync(ROOT, join(project, 'node_modules', 'mixer-in-proxy'));
      const config = join(project, 'adapters', 'tsconfig.json');
      for (const template of Object.keys(SKETCHES)) {
        const args = ['new', 'adapter', `an-${template}`, '--template', template];
        const { code, stdout, stderr } = await mixer(args, { cwd: project });
        assert.equal(code, 0, stderr);
        const isFirst = template === Object.keys(SKETCHES)[0];
        assert.equal(stdout.split('\n').includes('adapters/tsconfig.json'), isFirst);
      }
      assert.equal(typeErrors(config), '');
      const handler = join(project, 'adapters/an-quota/handler.ts');
      writeFileSync(handler, readFileSync(handler, 'utf8').replace('quota.amount', 'quota.amoont'));
      assert.match(typeErrors(config), /handler\.ts.*Property 'amoont' does not exist/);
    } finally {
      rmSync(project, { recursive: true });
    }
  });

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

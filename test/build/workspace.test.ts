import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ROOT } from '../../tools/build/root.ts';
import { builtModule } from '../../tools/build/workspace.ts';
import { mixer } from '../cli/mixer.ts';

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** The name of the module that a project with these adapters and modules uses. */
function used(adapters: readonly string[], modules: readonly string[]): string | undefined {
  const root = mkdtempSync(join(tmpdir(), 'mixer-workspace-'));
  folders.push(root);
  const files = [
    ...adapters.map((name) => [`adapters/${name}/adapter.ts`, 'export class A extends Adapter {}']),
    ...modules.map((name) => [`dist/${name}.wasm`, '']),
  ];
  for (const [path = '', text = ''] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const found = builtModule({ root, prefix: 'mixer-in-proxy/' });
  return found === undefined ? undefined : basename(found, '.wasm');
}

describe('a folder that has the package neither installed nor linked', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mixer-stray-'));
  folders.push(folder);
  const advice =
    /-stray-\w+ has no node_modules\/mixer-in-proxy: `npm install mixer-in-proxy` there/;

  it('gets no adapter, and neither does the clone', async () => {
    const { code, stderr } = await mixer(['new', 'adapter', 'stray'], { cwd: folder });
    assert.equal(code, 1);
    assert.match(stderr, advice);
    assert.equal(existsSync(join(ROOT, 'adapters/stray')), false);
  });

  it('has its adapters not built, rather than those of the clone', async () => {
    mkdirSync(join(folder, 'adapters/mine'), { recursive: true });
    const text = 'export class Mine extends Adapter {}\n';
    writeFileSync(join(folder, 'adapters/mine/adapter.ts'), text);
    const { code, stdout, stderr } = await mixer(['build'], { cwd: folder });
    assert.equal(code, 1);
    assert.match(stderr, advice);
    assert.equal(stdout, '');
  });

  it('may have adapters of the clone linked for a document', async () => {
    writeFileSync(join(folder, 'closed.yaml'), 'handlers: [ { name: a, adapter: nobody } ]\n');
    const { stderr } = await mixer(['build', '--for', 'closed.yaml'], { cwd: folder });
    assert.match(stderr, /no adapter "nobody": expected apikey, /);
  });
});

describe("the module of an author's project", () => {
  it('is that of the only adapter, also where modules of others are left', () => {
    assert.equal(used(['one'], ['one']), 'one');
    assert.equal(used(['one'], ['mixer', 'one', 'two']), 'one');
  });

  it('is the one with all adapters where there are several', () => {
    assert.equal(used(['one', 'two'], ['mixer', 'one', 'two']), 'mixer');
    assert.equal(used(['one', 'two'], ['one', 'two']), 'mixer');
  });

  it('is what `mixer build --for` has left where there is no adapter, and none where nothing is built', () => {
    assert.equal(used([], ['policy']), 'policy');
    assert.equal(used(['one'], []), undefined);
  });
});

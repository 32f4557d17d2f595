import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { builtModule } from '../../tools/build/workspace.ts';

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

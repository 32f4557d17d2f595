// The command line runs the JavaScript of its sources only where it is really theirs.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';

import { MANIFEST, isCommandLineFresh, sourceHash } from '../../tools/build/javascript.js';

describe('JavaScript made of the sources', () => {
  const folder = mkdtempSync(join(tmpdir(), 'javascript-'));
  const root = pathToFileURL(`${folder}/`);
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  before(() => {
    const files = ['tools/cli/main.ts', 'assembly/shared/limits.ts', 'test/a.test.ts'];
    for (const file of files) write(file, file);
    const hashes = files.map((file) => [file, sourceHash(file, root)] as const);
    write(MANIFEST, JSON.stringify(Object.fromEntries(hashes)));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('counts while no source has changed', () => {
    assert.equal(isCommandLineFresh(root), true);
  });

  it('counts whatever becomes of tests', () => {
    rmSync(join(folder, 'test'), { recursive: true });
    assert.equal(isCommandLineFresh(root), true);
  });

  for (const file of ['tools/cli/main.ts', 'assembly/shared/limits.ts']) {
    it(`does not count when ${file} has changed or is gone`, () => {
      write(file, 'changed');
      assert.equal(isCommandLineFresh(root), false);
      rmSync(join(folder, file));
      assert.equal(isCommandLineFresh(root), false);
      write(file, file);
      assert.equal(isCommandLineFresh(root), true);
    });
  }

  it('does not count where nobody has made it', () => {
    rmSync(join(folder, MANIFEST));
    assert.equal(isCommandLineFresh(root), false);
  });
});

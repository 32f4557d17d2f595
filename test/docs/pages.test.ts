// The pages as a whole: a newcomer finds each of them from docs/README.md, and they become a site without a warning.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { it } from 'node:test';

import { ROOT } from '../../tools/build/root.ts';

const TYPEDOC = join(ROOT, 'node_modules/typedoc/bin/typedoc');

/** Files of a folder, from docs/. */
function filesOf(folder: string): string[] {
  const entries = readdirSync(join(ROOT, 'docs', folder), { withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => join(folder, name));
}

function isPage(file: string): boolean {
  return file.endsWith('.md') && !file.endsWith('README.md');
}

it('every page of docs/ is named in its index, those of the reference in theirs', () => {
  const index = readFileSync(join(ROOT, 'docs/README.md'), 'utf8');
  const own = [...filesOf('').filter(isPage), ...filesOf('decisions'), ...filesOf('ci')];
  assert.ok(own.length > 8);
  assert.deepEqual(
    own.filter((file) => !index.includes(`(${file})`)),
    [],
  );
  const reference = readFileSync(join(ROOT, 'docs/reference/README.md'), 'utf8');
  const generated = filesOf('reference').filter(isPage);
  assert.deepEqual(
    generated.filter((file) => !reference.includes(`(${basename(file)}`)),
    [],
  );
});

it('the site is made without a warning, with the SDK and every page', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [TYPEDOC, '--options', 'docs/typedoc.json'],
    {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
    },
  );
  assert.equal(status, 0, stdout + stderr);
  assert.doesNotMatch(stdout + stderr, /warning|error/i);
  const site = join(ROOT, 'build/site');
  assert.ok(existsSync(join(site, 'index.html')));
  const handler = readFileSync(join(site, 'classes/sdk.Handler.html'), 'utf8');
  assert.match(handler, /onListEntry/);
  const made = readdirSync(join(site, 'documents'));
  for (const file of filesOf('').filter(isPage))
    assert.ok(made.includes(file.replace(/\.md$/, '.html')), `no page for ${file}`);
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { ROOT } from '../../tools/build/root.ts';
import { brokenLinks } from './markdown.ts';

const folder = mkdtempSync(join(tmpdir(), 'mixer-links-'));
after(() => rmSync(folder, { recursive: true }));

it('every link of every Markdown file leads to a file or a heading that is there', () => {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md'];
  const files = execFileSync('git', list, { cwd: ROOT, encoding: 'utf8' }).split('\0');
  // The parts of generated pages are checked where they end up.
  const own = files.filter((file) => file !== '' && !file.startsWith('tools/docs/prose/'));
  assert.ok(own.length > 10);
  assert.deepEqual(
    own.flatMap((file) => brokenLinks(join(ROOT, file))),
    [],
  );
});

it('a link to a missing file or heading is found', () => {
  const file = join(folder, 'a.md');
  writeFileSync(file, '# One two\n[a](b.md) [c](#one-two) [d](#three) `[e](f.md)`\n');
  assert.equal(brokenLinks(file).length, 2);
});

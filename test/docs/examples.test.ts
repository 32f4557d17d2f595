// What the pages show comes out: documents that the filter takes without a word, an error as `mixer check` prints it,
// cases that pass, code that runs. The tutorial has its own test, as have the examples of diagnostics and of functions.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';

import { ROOT } from '../../tools/build/root.ts';
import { describe as ask } from '../../tools/host/describe.ts';
import { mixer, withFiles } from '../cli/mixer.ts';

const WASM = join(ROOT, 'dist/mixer.wasm');
const BLOCK = /^```(\w*)\n([\s\S]*?)^```/gm;
/** Generated with a test of its own, or about an adapter that only the page makes. */
const OTHERS = /^(?:docs\/reference\/|docs\/tutorial-adapter\.md|tools\/docs\/)/;
const SHOWN_LINE = /^ {2}(\d+) \| (.*)$/m;

interface Block {
  readonly where: string;
  readonly language: string;
  readonly text: string;
}

const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' });
const blocks = pages
  .trim()
  .split('\n')
  .filter((file) => !OTHERS.test(file))
  .flatMap(blocksOf);

function blocksOf(file: string): Block[] {
  const page = readFileSync(join(ROOT, file), 'utf8');
  return [...page.matchAll(BLOCK)].map(({ 1: language = '', 2: text = '', index }) => ({
    where: `${file}:${page.slice(0, index).split('\n').length}`,
    language,
    text,
  }));
}

/** The only block of a page that `isWanted`. */
function only(page: string, isWanted: (block: Block) => boolean): string {
  const [found, ...more] = blocks.filter(
    (block) => block.where.startsWith(page) && isWanted(block),
  );
  assert.ok(found !== undefined && more.length === 0, `${page}: ${more.length + 1} such blocks`);
  return found.text;
}

describe('the documents that the pages show', () => {
  const documents = blocks.filter(
    ({ language, text }) => language === 'yaml' && /^rules:/m.test(text),
  );
  it('are one for the front page and at least one for each adapter', () => {
    assert.ok(documents.length >= 16, `${documents.length} documents`);
  });
  for (const { where, text } of documents) {
    it(`${where} is taken without error or warning`, async () => {
      const json = JSON.stringify(parse(text));
      const { accepted, diagnostics } = await ask(WASM, json, { pluginName: 'mixer' });
      assert.deepEqual(
        diagnostics.map(({ code, message }) => `${code} ${message}`),
        [],
      );
      assert.ok(accepted);
    });
  }
});

it('the error that the front page shows is what `mixer check` prints', async () => {
  const shown = only('README.md', ({ text }) => text.includes(': E0'));
  const [, line = '', source = ''] = SHOWN_LINE.exec(shown) ?? [];
  const before = [
    'handlers: [ { name: closed, adapter: denier } ]',
    'rules:',
    '- name: api-policy',
  ];
  const blank = Number(line) - before.length - 1;
  const text = [
    ...Array.from({ length: blank }, () => '#'),
    ...before,
    source,
    '  actions: [ { handler: closed } ]',
  ];
  const [file = ''] = shown.split(':');
  await withFiles({ [file]: `${text.join('\n')}\n` }, async (cwd) => {
    const { code, stdout } = await mixer(['check', file], { cwd });
    assert.equal(stdout, shown);
    assert.equal(code, 1);
  });
});

it('the case that the page about tests shows passes', async () => {
  const cases = only('docs/testing.md', ({ text }) => text.startsWith('cases:'));
  await withFiles({ 'shown.cases.yaml': cases }, async (cwd) => {
    const { code, stdout } = await mixer(['test', 'shown.cases.yaml'], { cwd });
    assert.equal(stdout, '1 passed, 0 failed\n');
    assert.equal(code, 0);
  });
});

it('the code that the page about tests shows runs', () => {
  const code = only('docs/testing.md', ({ language }) => language === 'js');
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  const file = join(ROOT, 'build', `shown-${process.pid}.test.mjs`);
  // The package's entry is compiled only when it is packed; here its source takes its place.
  writeFileSync(file, code.replace("'mixer-in-proxy/testing'", "'../tools/host/index.ts'"));
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  try {
    const args = ['--import', 'tsx', file];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, env });
    assert.equal(status, 0, String(stdout));
    assert.match(String(stdout), /# pass 1\b/);
  } finally {
    rmSync(file);
  }
});

// The tutorial, step by step, in a folder outside the repository with the package as it would be published: every
// command is run, every file is written, and what the page says of the outcome is what comes out.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';

import { ROOT } from '../../tools/build/root.ts';
import { AuthorProject } from './author-project.ts';

interface Block {
  readonly language: string;
  readonly text: string;
  /** What the line before it names last in backticks. */
  readonly file: string;
}

const PAGE = readFileSync(join(ROOT, 'docs/tutorial-adapter.md'), 'utf8');
const INSTALL = 'npm install mixer-in-proxy';

function blocksOf(page: string): Block[] {
  return [...page.matchAll(/([^\n]*)\n\n```(\w+)\n([\s\S]*?)\n```/g)].map(
    ([, before = '', language = '', text = '']) => ({
      language,
      text,
      file: /.*`([^`]+)`:/.exec(before)?.[1] ?? '',
    }),
  );
}

/** Whether a shown line is in an output; `…` stands for anything on that line. */
function shows(output: string, line: string): boolean {
  const parts = line.split('…').map((part) => part.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(parts.join('.*')).test(output);
}

describe('the tutorial', () => {
  const project = new AuthorProject();
  after(() => project.remove());
  const blocks = blocksOf(PAGE);

  for (const [index, { language, text, file }] of blocks.entries()) {
    if (language === 'text') continue;
    if (language !== 'sh') {
      it(`writes ${file}`, () => {
        assert.match(file, /^[\w./-]+$/);
        mkdirSync(dirname(join(project.folder, file)), { recursive: true });
        writeFileSync(join(project.folder, file), `${text}\n`);
      });
      continue;
    }
    const next = blocks[index + 1];
    const shown = next?.language === 'text' ? next.text.split('\n') : [];
    it(`runs ${text.replaceAll('\n', ', ')}`, async () => {
      const lines = text.split('\n');
      for (const [at, line] of lines.entries()) {
        if (line === INSTALL) {
          project.install();
          continue;
        }
        const { code, output } = await project.run(line);
        const expected = at === lines.length - 1 ? shown : [];
        const isToFail = expected.some((each) => /, [1-9]\d* failed/.test(each));
        assert.equal(code, isToFail ? 1 : 0, `${line}\n${output}`);
        for (const each of expected)
          assert.ok(shows(output, each), `"${each}" is not in:\n${output}`);
      }
    });
  }

  it('has the steps of a whole way', () => {
    assert.ok(blocks.length >= 14, `${blocks.length} blocks`);
    for (const command of ['new adapter', 'build', 'test --on emulator,envoy', 'run policy.yaml'])
      assert.ok(PAGE.includes(`npx mixer ${command}`), command);
  });
});

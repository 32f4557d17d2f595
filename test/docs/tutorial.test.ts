// The tutorial, step by step, in a folder outside the repository with the package as it would be published: every
// command is run, every file is written, and what the page says of the outcome is what comes out.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';

import { ROOT } from '../../tools/build/root.ts';
import { AuthorProject } from './author-project.ts';
import { describeWorkflow } from './author-workflow.ts';

interface Block {
  readonly language: string;
  readonly text: string;
  /** What the line before it names last in backticks. */
  readonly file: string;
}

const PAGE = readFileSync(join(ROOT, 'docs/tutorial-adapter.md'), 'utf8');
const INSTALL = 'npm install mixer-in-proxy';

/** The first block that builds. */
const BUILT = 'npx mixer build\nnpx mixer test';
const HANDLER = 'adapters/agent-prefix/handler.ts';
const TRAP_BEHIND = '    const isText = typeAt(entry.cell) == ValueType.String;\n';
const TRAP = '    if (isText && startsWith(textAt(entry.cell), DENIED)) unreachable();\n';
const TRAP_CASE = `
cases:
- name: traps
  document:
    handlers: [ { name: mine, adapter: agent-prefix, params: { prefix: bot/ } } ]
    rules: [ { name: all, actions: [ { handler: mine } ] } ]
  requests:
  - { headers: { user-agent: the value begins with what is not allowed }, expect: { status: 200 } }
`;

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

/** The author's beginning gets a line that traps, before its first build; the page replaces the file later. */
const describeTrap = {
  before: (project: AuthorProject): void => {
    it('meanwhile gives the beginning a statement that traps, and a case that reaches it', () => {
      const file = join(project.folder, HANDLER);
      const [before = '', behind = ''] = readFileSync(file, 'utf8').split(TRAP_BEHIND);
      writeFileSync(file, `${before}${TRAP_BEHIND}${TRAP}${behind}`);
      writeFileSync(join(project.folder, 'trap.yaml'), TRAP_CASE);
    });
  },
  after: (project: AuthorProject): void => {
    it('meanwhile shows file and line of the author, where that statement is reached', async () => {
      const lines = readFileSync(join(project.folder, HANDLER), 'utf8').split('\n');
      const line = lines.findIndex((each) => each.includes('unreachable()')) + 1;
      const { code, output } = await project.run('npx mixer test trap.yaml --trace');
      assert.equal(code, 1, output);
      assert.match(output, new RegExp(` 0x[0-9a-f]+ - \\S+  ${HANDLER}:${line}:\\d+$`, 'm'));
      assert.match(output, /node_modules\/mixer-in-proxy\/assembly\/\S+\.ts:\d+:\d+$/m);
      assert.match(output, /proxy_on_request_headers\(.*\) trapped: unreachable$/m);
    });
  },
};

describe('the tutorial', () => {
  const project = new AuthorProject();
  after(() => project.remove());
  const blocks = blocksOf(PAGE);
  const built = blocks.findIndex(({ text }) => text === BUILT);

  for (const [index, { language, text, file }] of blocks.entries()) {
    if (index === built) describeTrap.before(project);
    if (index === built + 1) describeTrap.after(project);
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

  describeWorkflow(project, 2);

  it('has the steps of a whole way', () => {
    assert.ok(blocks.length >= 14, `${blocks.length} blocks`);
    for (const command of ['new adapter', 'build', 'test --on emulator,envoy', 'run policy.yaml'])
      assert.ok(PAGE.includes(`npx mixer ${command}`), command);
  });
});

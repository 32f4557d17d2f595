// `mixer check` with the built filter: texts, places, exit codes.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import type { PlacedDiagnostic } from '../../tools/cli/diagnostics.ts';
import { mixer, withFiles } from './mixer.ts';

const GOOD = `handlers:
- { name: closed, adapter: denier }
rules:
- { name: all, actions: [ { handler: closed } ] }
`;

const WRONG = `handlers:
- { name: closed, adapter: denier }
rules:
- name: first
  match: |
    request.method == "GET" &&
      request.pathh == "/é"
  actions: [ { handler: closed } ]
- { name: second, match: "\\u00e9" == request.urlpath, actions: [ { handler: closde } ] }
`;

function check(text: string, ...args: readonly string[]): ReturnType<typeof mixer> {
  return mixer(['check', ...args, '-'], { stdin: text });
}

describe('mixer check', () => {
  it('says in one line that a document is good', async () => {
    const { code, stdout, stderr } = await check(GOOD);
    assert.equal(stdout, '<stdin>: ok (1 rule, 1 handler)\n');
    assert.equal(stderr, '');
    assert.equal(code, 0);
  });

  it('takes an empty document for what it is', async () => {
    const { code, stdout } = await check('# nothing yet\n');
    assert.equal(stdout, '<stdin>: ok (no rules: every request passes)\n');
    assert.equal(code, 0);
  });

  it('shows an unknown attribute inside a block of YAML, where it stands', async () => {
    const { code, stdout } = await check(WRONG.replace(/^- \{ name: second.*\n/m, ''));
    assert.match(stdout, /^<stdin>:7:7: E0301 unknown attribute `request\.pathh`$/m);
    assert.match(stdout, /^ {2}at \/rules\/0\/match \(rule first\)$/m);
    assert.match(
      stdout,
      /^ {2}7 \| {7}request\.pathh == "\/é"\n {4}\| {7}\^{13} did you mean `request\.path`\?$/m,
    );
    assert.match(stdout, /^<stdin>: 1 error$/m);
    assert.equal(code, 1);
  });

  it('says of an adapter that the filter does not have, and a build could link, how to get it', async () => {
    const { code, stdout } = await check(GOOD, '--wasm', 'dist/noop.wasm');
    assert.match(stdout, /^<stdin>:2:\d+: E0404 unknown adapter `denier`$/m);
    assert.match(
      stdout,
      /expected a filter with it, which `mixer build --for` makes; this one has noop$/m,
    );
    assert.equal(code, 1);
  });

  it('leaves out the scripts and cases that a pattern of the shell names, and says what they are', async () => {
    const files = {
      'a.yaml': GOOD,
      'a.requests.yaml': 'requests: []\n',
      'a.cases.yaml': 'cases: []\n',
    };
    await withFiles(files, async (cwd) => {
      const { code, stdout, stderr } = await mixer(['check', ...Object.keys(files)], { cwd });
      assert.deepEqual([code, stdout], [0, 'a.yaml: ok (1 rule, 1 handler)\n']);
      assert.match(stderr, /^a\.requests\.yaml: left out, [^]*^a\.cases\.yaml: left out, /m);
      const alone = await mixer(['check', 'a.requests.yaml'], { cwd });
      assert.match(alone.stdout, /E0201 unknown field `requests`[^]*a script for `mixer run`/);
    });
  });

  it('shows all errors of all files at once', async () =>
    withFiles(
      {
        'good.yaml': GOOD,
        'wrong.yaml': WRONG.replace('"\\u00e9" ==', '"x" =='),
        'torn.yaml': 'a: [1',
      },
      async (folder) => {
        const { code, stdout } = await mixer(['check', 'wrong.yaml', 'good.yaml', 'torn.yaml'], {
          cwd: folder,
        });
        assert.match(stdout, /^good\.yaml: ok/m);
        assert.match(stdout, /^torn\.yaml:1:\d+: E0100 /m);
        assert.match(stdout, /^wrong\.yaml:\d+:\d+: /m);
        assert.equal(code, 1);
      },
    ));

  it('tells of every file, of one that cannot be read too, and of those behind it', async () => {
    await withFiles({ 'good.yaml': GOOD, 'wrong.yaml': 'rule: 1\n' }, async (cwd) => {
      const names = ['good.yaml', 'none.yaml', '.', 'wrong.yaml'];
      const { code, stdout, stderr } = await mixer(['check', ...names], { cwd });
      assert.deepEqual([code, stderr], [1, '']);
      assert.match(
        stdout,
        /^good\.yaml: ok \(.*\nnone\.yaml: no such file\n\.: a folder; expected a file\n/,
      );
      assert.match(stdout, /^wrong\.yaml: 1 error$/m);
      const machines = await mixer(['check', '--format', 'json', ...names], { cwd });
      const found = JSON.parse(machines.stdout) as {
        file: string;
        ok: boolean;
        diagnostics: PlacedDiagnostic[];
      }[];
      assert.equal(machines.code, 1);
      assert.deepEqual(
        found.map(({ file, ok }) => [file, ok]),
        names.map((name) => [name, name === 'good.yaml']),
      );
      const [problem] = found[1]?.diagnostics ?? [];
      assert.deepEqual([problem?.file, problem?.message], ['none.yaml', 'no such file']);
    });
  });

  it('gives machines one list with positions', async () => {
    const { code, stdout } = await check(
      'handlers:\n- { name: a, adapter: denyer }\n',
      '--format',
      'json',
    );
    const [result] = JSON.parse(stdout) as { ok: boolean; diagnostics: PlacedDiagnostic[] }[];
    assert.equal(result?.ok, false);
    const [diagnostic] = result.diagnostics;
    assert.equal(diagnostic?.pointer, '/handlers/0/adapter');
    assert.deepEqual(
      [diagnostic.line, diagnostic.column, diagnostic.suggestion],
      [2, 23, 'denier'],
    );
    assert.equal(code, 1);
  });

  it('reads JSON files as the same documents', async () => {
    const json = JSON.stringify({ rules: [{ name: 'r', match: 'request.pathh == "a"' }] }, null, 2);
    await withFiles({ 'a.json': json }, async (folder) => {
      const { stdout } = await mixer(['check', join(folder, 'a.json')]);
      assert.match(stdout, /a\.json:5:17: E0301/);
    });
  });

  it('accepts the demo', async () => {
    const { code, stdout } = await mixer(['check', 'envoy/demo.yaml']);
    assert.match(stdout, /^envoy\/demo\.yaml: ok \(4 rules, /);
    assert.equal(code, 0);
  });
});

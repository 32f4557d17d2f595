// `mixer explain` and `mixer eval` for CEL: the tree, the value, the part that failed, and what a condition is warned
// of.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { probePath, Session } from '../../tools/cli/explain/session.ts';
import { mixer, withFiles, type MixerResult } from './mixer.ts';

const VALUES = `source.ip: 10.1.2.3
request.headers: { x-user: ann@example.com }
`;

const DOCUMENT = `language: CEL
handlers: [ { name: blocklist, adapter: list, params: { overrides: [a] } } ]
instances:
- { name: caller, template: listentry, language: CEXL, params: { value: 'request.headers["x"] | "none"' } }
- { name: user, template: listentry, params: { value: '"x" in request.headers ? request.headers["x"] : "none"' } }
rules:
- name: tools
  match: '["curl", "wget"].exists(tool, request.useragent.startsWith(tool))'
  unless: { language: CEXL, expression: 'request.path == "/open"' }
  actions: [ { handler: blocklist, instances: [caller, user] } ]
`;

function evaluate(expression: string, ...more: string[]): Promise<MixerResult> {
  return withFiles({ 'values.yaml': VALUES }, (folder) =>
    mixer([
      'eval',
      expression,
      '--language',
      'CEL',
      '--attributes',
      join(folder, 'values.yaml'),
      ...more,
    ]),
  );
}

describe('mixer explain --language CEL', () => {
  it('shows parts with types, program, attributes, host calls and cost', async () => {
    const text = '[1, 2].exists(x, x == request.size) || !has(request.headers.host)';
    const { code, stdout } = await mixer(['explain', text, '--language', 'CEL']);
    assert.equal(code, 0);
    assert.match(stdout, /^BOOL {2}\[1, 2\]\.exists/m);
    assert.match(stdout, /^ +x +DYNAMIC {2}variable$/m);
    assert.match(stdout, /^ +has\(request\.headers\.host\) +BOOL {2}function has$/m);
    assert.match(stdout, /cel-has-attribute request\.headers\["host"\]/);
    assert.match(stdout, /property request\.size: request\.size/);
    assert.match(stdout, /2 host calls, about/);
  });

  it('shows an error with a caret and the nearest name', async () => {
    const { code, stderr } = await mixer(['explain', 'request.sizee > 1', '--language', 'CEL']);
    assert.equal(code, 1);
    assert.match(stderr, /^<expression>:1:1: E0301 unknown attribute `request\.sizee`$/m);
    assert.match(stderr, /\^{13} did you mean `request\.size`\?/);
  });

  it('explains each expression of a rule in its own language', async () => {
    await withFiles({ 'policy.yaml': DOCUMENT }, async (folder) => {
      const path = join(folder, 'policy.yaml');
      const { code, stdout } = await mixer(['explain', 'tools', '--document', path]);
      assert.equal(code, 0);
      const [, match = '', unless = '', caller = '', user = ''] = stdout.split(
        /^(?:rule tools|instance) .*$/m,
      );
      assert.match(match, /function exists/);
      assert.match(unless, /test-equal/);
      assert.doesNotMatch(unless, /cel/);
      assert.doesNotMatch(caller, /cel/);
      assert.match(user, /operator \?:/);
    });
  });

  it("takes the document's language for an expression", async () => {
    await withFiles({ 'policy.yaml': DOCUMENT }, async (folder) => {
      const path = join(folder, 'policy.yaml');
      const { code, stdout } = await mixer(['eval', '[1, 2].map(x, x * 2)', '--document', path]);
      assert.deepEqual([code, stdout], [0, 'LIST [2,4]\n']);
    });
  });
});

describe('mixer eval --language CEL', () => {
  for (const [expression, shown] of [
    ['1 + 2', 'INT64 3'],
    ['has(source.ip) ? string(source.ip) : "none"', 'STRING "10.1.2.3"'],
    ['{"a": [1, 2u]}', 'MAP {"a":[1,2]}'],
    ['request.headers["x-user"].split("@")', null],
    ['request.headers["x-user"].endsWith("@example.com")', 'BOOL true'],
  ] as const) {
    it(`gives ${shown ?? 'an error'} for ${expression}`, async () => {
      const { code, stdout } = await evaluate(expression);
      assert.equal(code, shown === null ? 1 : 0);
      if (shown !== null) assert.equal(stdout.split('\n')[0], shown);
    });
  }

  it('shows the part that failed, and what was looked up', async () => {
    const { code, stdout } = await evaluate('1 > 2 || request.headers["x-none"] == "a"');
    assert.equal(code, 1);
    assert.equal(
      stdout,
      '<expression>:1:10: no such key: \'x-none\'\n  1 | 1 > 2 || request.headers["x-none"] == "a"\n' +
        '    |          ^^^^^^^^^^^^^^^^^^^^^^^^^\nreferenced\n  request.headers  present\n' +
        '  request.headers["x-none"]  absent\n',
    );
  });

  it('looks for the failed part in the branch that was chosen', async () => {
    const text = 'size("a") == 1 ? [0].map(x, 1 / x) : [1 / int("0")]';
    const { stdout } = await evaluate(text, '--json');
    const { error, offset } = JSON.parse(stdout) as { error: string; offset: number };
    assert.deepEqual([error, offset], ['division by zero', text.indexOf('[0].map')]);
  });
});

describe('a condition in CEL is warned', async () => {
  const session = await Session.start(probePath(), '{}');
  session.useDocument('{}');
  const warnings = (text: string): string[] =>
    session
      .expression(text, 'request', true, 'CEL')
      .diagnostics.map(({ code, offset, size }) => `${code} ${text.slice(offset, offset + size)}`);

  for (const [text, expected] of [
    ['source.user == "a"', ['W0901 source.user']],
    ['has(source.user) && source.user == "a"', []],
    ['source.user == "a" && has(source.user)', []],
    ['!has(source.user) || source.user == "a"', []],
    ['has(source.user) || source.user == "a"', ['W0901 source.user']],
    ['has(source.user) ? source.user == "a" : false', []],
    ['has(source.user) ? true : source.user == "a"', ['W0901 source.user']],
    ['!(has(source.user) && true) ? false : source.user == "a"', []],
    ['request.headers["x"] == "a"', ['W0901 request.headers["x"]']],
    ['"x" in request.headers && request.headers["x"] == "a"', []],
    ['has(request.headers.x) && request.headers.x == "a"', []],
    ['"y" in request.headers && request.headers["x"] == "a"', ['W0901 request.headers["x"]']],
    ['[1].exists(i, source.user == "a")', ['W0901 source.user']],
    ['source.user == source.user', ['W0901 source.user']],
    ['request.path == "/"', []],
    ['true', []],
    ['1 < 2', ['W0904 1 < 2']],
    ['"a" == "b" || false', ['W0904 "a" == "b" || false']],
  ] as const) {
    it(`${expected.length === 0 ? 'of nothing' : `of ${expected.join(', ')}`} in ${text}`, () => {
      assert.deepEqual(warnings(text), expected);
    });
  }
});

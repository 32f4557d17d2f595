// What an author of a suite for Google's plugin tester sees of `mixer test --format textpb`.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ROOT } from '../../tools/build/root.ts';
import { runTest } from '../../tools/textpb/run.ts';
import { samplesAt, samplesOfJson } from '../../tools/textpb/samples.ts';
import { suiteOf } from '../../tools/textpb/suite.ts';
import { parseTextFormat } from '../../tools/textpb/text-format.ts';
import { SuiteProblem } from '../../tools/textpb/tree.ts';

const WASM = join(ROOT, 'dist', 'mixer.wasm');
const folder = mkdtempSync(join(tmpdir(), 'mixer-textpb-'));
after(() => rmSync(folder, { recursive: true }));

const DOCUMENT = JSON.stringify({
  rules: [
    {
      name: 'block',
      match: '(request.headers["user"] | "") == "bad"',
      actions: [{ handler: { adapter: 'denier' } }],
      response: { status: 403, body: 'no\n', headers: { why: 'bad' } },
    },
    {
      name: 'change',
      requestHeaderOperations: [
        { name: 'added', operation: 'APPEND', values: ['"x"'] },
        { name: 'gone', operation: 'REMOVE' },
      ],
    },
    { name: 'answer', responseHeaderOperations: [{ name: 'added', values: ['"y"'] }] },
  ],
});

/** What differs in the only test of a suite, a line for each difference. */
async function differences(text: string): Promise<string[]> {
  const suite = suiteOf(parseTextFormat(`test { ${text} }`, 't.textpb'), 't.textpb');
  const [test] = suite.test;
  assert.ok(test);
  const run = { wasm: WASM, configuration: DOCUMENT, read: () => 'from a file' };
  const found = await runTest(suite, test, run);
  return found.map(({ phase, what, wanted, got }) => `${phase} ${what}: ${wanted} / ${got}`);
}

const GOOD = 'input { header { key: "User" value: "good" } }';
const BAD = 'input { header { key: "User" value: "bad" } }';

/** A test that passes, and one that differs only in what it expects, with what is said then. */
const expectations: readonly (readonly [what: string, good: string, bad: string, said: RegExp])[] =
  [
    [
      'a header with exactly this value',
      `request_headers { ${GOOD} result { has_header { key: "ADDED" value: "x" } } }`,
      `request_headers { ${GOOD} result { has_header { key: "added" value: "z" } } }`,
      /^request_headers header added: z \/ x$/,
    ],
    [
      'the absence of a header',
      'request_headers { input { header { key: "gone" value: "1" } } result { no_header { key: "gone" } } }',
      `request_headers { ${GOOD} result { no_header { key: "user" } } }`,
      /header user: absent \/ good$/,
    ],
    [
      'a line of the headers, name as written',
      `request_headers { ${GOOD} result { headers { regex: "User: g.*" } } }`,
      `request_headers { ${GOOD} result { headers { regex: "User: g" } } }`,
      /headers: \/User: g\/ \//,
    ],
    [
      'a line of the headers with capitals, as HTTP/1 likes names',
      'response_headers { result { headers { regex: "Added: y" } } }',
      'response_headers { result { headers { regex: "ADDED: y" } } }',
      /headers: \/ADDED: y\/ \//,
    ],
    [
      'that no line matches',
      `request_headers { ${GOOD} result { headers { exact: "a: b" invert: true } } }`,
      `request_headers { ${GOOD} result { headers { regex: "User.*" invert: true } } }`,
      /nothing that is \/User\.\*\//,
    ],
    [
      'a local reply with status, body and only its own headers',
      `request_headers { ${BAD} result { immediate { http_status: 403 } body { exact: "no\\n" } has_header { key: "why" value: "bad" } no_header { key: "user" } } }`,
      `request_headers { ${BAD} result { immediate { http_status: 404 } } }`,
      /HTTP status: 404 \/ 403$/,
    ],
    [
      'that the stream goes on',
      `request_headers { ${GOOD} }`,
      `request_headers { ${BAD} }`,
      /outcome: the stream goes on \/ a local reply with 403/,
    ],
    [
      'that nothing follows a local reply',
      `request_headers { ${BAD} result { immediate {} } } response_headers { result { no_header { key: "added" } } }`,
      `request_headers { ${BAD} result { immediate {} } } response_headers { result { has_header { key: "added" value: "y" } } }`,
      /response_headers header added: y \/ absent$/,
    ],
    [
      'a response without a request before it',
      'response_headers { result { has_header { key: "added" value: "y" } } }',
      'response_headers { result { immediate { http_status: 500 } } }',
      /outcome: a local reply \/ the stream goes on$/,
    ],
    [
      'a body from planned chunks',
      'num_chunks: 2 request_body { input { content: "abcde" } result { body { exact: "abcde" } } }',
      'chunk_size: 2 request_body { input { file: "f" } result { body { exact: "other" } } }',
      /body: "other" \/ from a file$/,
    ],
    [
      'no log',
      `request_headers { ${GOOD} result { log { regex: ".*" invert: true } } }`,
      `request_headers { ${GOOD} result { log { regex: ".*" } } }`,
      /log: \/\.\*\/ \/ nothing$/,
    ],
  ];

describe("a suite of Google's plugin tester", () => {
  for (const [what, good, bad, said] of expectations) {
    it(`can expect ${what}`, async () => {
      assert.deepEqual(await differences(good), []);
      const found = await differences(bad);
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', said);
    });
  }

  it('joins repeated headers and what is added to them', async () => {
    const input = 'header { key: "Added" value: "1" } header { key: "added" value: "2" }';
    const result = 'has_header { key: "added" value: "1, 2, x" }';
    assert.deepEqual(
      await differences(`request_headers { input { ${input} } result { ${result} } }`),
      [],
    );
  });

  it('may write headers as HTTP/1 text, in both forms of a URI', async () => {
    const origin = '"POST /a?b HTTP/1.1\\n" "Host: h.example\\n" "X-Y: 1\\n"';
    const absolute = '"GET HTTPS://H.example:8443/a HTTP/1.1\\nHost: other\\n"';
    const has = (key: string, value: string): string =>
      `has_header { key: "${key}" value: "${value}" }`;
    const wanted = [
      `${has(':method', 'POST')} ${has(':path', '/a?b')} ${has(':authority', 'h.example')}
       ${has('x-y', '1')} no_header { key: ":scheme" } no_header { key: "host" }`,
      `${has(':scheme', 'https')} ${has(':authority', 'h.example:8443')} ${has(':path', '/a')}`,
    ];
    for (const [index, content] of [origin, absolute].entries()) {
      const test = `request_headers { input { content: ${content} } result { ${wanted[index] ?? ''} } }`;
      assert.deepEqual(await differences(test), []);
    }
  });

  it('says the same in text format, YAML and JSON', () => {
    const suites = {
      'a.textpb':
        'env { log_level: DEBUG } test { name: "n" request_headers { result { log { regex: "a" invert: true } } } }',
      'a.yaml':
        "env: { log_level: DEBUG }\ntest:\n- name: n\n  request_headers: { result: { log: [ { regex: a, invert: 'true' } ] } }\n",
    };
    const read = Object.entries(suites).map(([name, text]) => {
      writeFileSync(join(folder, name), text);
      return samplesAt(join(folder, name))[0]?.suite;
    });
    const json = {
      env: { log_level: 2 },
      test: [{ name: 'n', request_headers: { result: { log: [{ regex: 'a', invert: true }] } } }],
    };
    const [sample] = samplesOfJson({ 'a/tests.textpb': json }, folder);
    assert.deepEqual(read[0], read[1]);
    assert.deepEqual(read[0], sample?.suite);
  });
});

describe('text format', () => {
  it('has escapes, joined strings, lists, comments and both kinds of brackets', () => {
    const text = `# a suite
      test < name: 'a' "\\x62\\143\\u00e9", properties [ { path: "p"; value: "\\377" } ] >`;
    const { test } = suiteOf(parseTextFormat(text, 'f'), 'f');
    assert.equal(test[0]?.name, 'abcé');
    assert.deepEqual(test[0].properties, [{ path: 'p', value: '\xff' }]);
  });

  const wrong: readonly (readonly [text: string, message: RegExp])[] = [
    ['tests {}', /^f:1:1: TestSuite has no field `tests`; did you mean `test`\?$/],
    ['test {\n  name "a" }', /^f:2:8: expected `:` or `\{`, found `"a"`$/],
    ['test { name: "a', /^f:1:14: the string does not end in its line$/],
    ['test { name: "\\q" }', /unknown escape `\\q`/],
    ['test { ', /^f:1:8: the file ends where `\}` is missing$/],
    ['test { benchmark: maybe }', /`benchmark`: expected true or false, found `maybe`$/],
    ['test { num_chunks: "1" }', /`num_chunks`: expected a whole number/],
    ['test { num_chunks: 1 chunk_size: 1 }', /`chunk_size` beside `num_chunks`: give one of them$/],
    ['test { name: "a" name: "b" }', /`name` stands here twice$/],
    ['test: 1', /`test` is a message: expected `test \{ … \}`$/],
    ['test { name {} }', /`name` is a string, not a message$/],
    ['env { log_level: LOUD }', /expected UNDEFINED, TRACE, .*, found `LOUD`$/],
    ['a {'.repeat(40), /at most 32 messages inside each other$/],
    ['test { name: "\\U00110000" }', /is no code point$/],
    ['§', /^f:1:1: unexpected `§`$/],
  ];
  for (const [text, message] of wrong) {
    it(`is refused with its place: ${text.slice(0, 40)}`, () => {
      const error = assertThrows(() => suiteOf(parseTextFormat(text, 'f'), 'f'));
      assert.ok(error instanceof SuiteProblem);
      assert.match(error.message, message);
    });
  }
});

function assertThrows(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
}

// Files of cases that are wrong, and runs that differ: what the author is told, and where.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import pc from 'picocolors';
import { Emulator } from '../../tools/cases/emulator.ts';
import { casesOf } from '../../tools/cases/read.ts';
import { runOne } from '../../tools/cases/run.ts';
import { failureText, problemsText } from '../../tools/cli/cases/report.ts';
import { DocumentFile } from '../../tools/document/document.ts';
import { WASM } from './all.ts';

const PLAIN = pc.createColors(false);

function problems(text: string): string {
  return problemsText(casesOf(new DocumentFile('my.cases.yaml', text), 'my.cases.yaml'), PLAIN);
}

async function failure(text: string, trace = false): Promise<string> {
  const { cases } = casesOf(new DocumentFile('my.cases.yaml', text), 'my.cases.yaml');
  assert.ok(cases[0]);
  return failureText(await runOne(cases[0], new Emulator(WASM, { trace })), PLAIN);
}

const DENIED = `cases:
- name: denies
  document:
    handlers: [ { name: closed, adapter: denier } ]
    rules: [ { name: all, actions: [ { handler: closed } ] } ]
`;

describe('a wrong file of cases', () => {
  const rows: Readonly<Record<string, readonly [text: string, ...said: string[]]>> = {
    'has an unknown field': [
      'cases:\n- name: x\n  document: {}\n  requets: []\n',
      'my.cases.yaml:4:3: unknown field `requets`',
      'did you mean `requests`?',
    ],
    'has no document': ['cases:\n- name: x\n', '`document` is missing'],
    'names an unknown host': [
      'cases:\n- { name: x, document: {}, hosts: [envoi], reason: because it is so }\n',
      'my.cases.yaml:2:36: unknown value "envoi"',
      'did you mean `envoy`?',
    ],
    'has a status that is none': [
      'cases:\n- { name: x, document: {}, requests: [ { expect: { status: 600 } } ] }\n',
      '600 must be <= 599',
      'expected An HTTP status from 100 to 599.',
    ],
    'has a duration without a unit': [
      'cases:\n- { name: x, document: {}, requests: [ { after: "5" } ] }\n',
      'expected A duration such as 250ms',
    ],
    'has an expression that does not compile': [
      'cases:\n- { name: x, document: {}, expect: { log: ["("] } }\n',
      'my.cases.yaml:2:44:',
      'must match format "regex"',
    ],
    'expects attributes of a document in another file': [
      'cases:\n- { name: x, document: package.json, requests: [ { expect: { attributes: { a: 1 } } } ] }\n',
      'the document stands in a file of its own',
      'expected it in the case itself',
    ],
    'expects attributes of requests that are under way at once': [
      'cases:\n- { name: x, document: {}, requests: [ { times: 2, concurrent: 2, expect: { attributes: { a: 1 } } } ] }\n',
      'several requests are under way at once',
    ],
    'has requests and connections': [
      'cases:\n- { name: x, document: {}, requests: [], connections: [] }\n',
      'a case has requests or connections',
      'expected two cases',
    ],
    'wants connections measured': [
      'cases:\n- { name: x, document: {}, bench: true, connections: [] }\n',
      'connections cannot be measured',
      'expected a case with requests',
    ],
    'sets attributes of a connection by hand': [
      'cases:\n- { name: x, document: {}, connections: [ { properties: { connection.mtls: true } } ] }\n',
      'attributes can be set by hand, only on the emulator',
    ],
    'expects of a connection what it does not have': [
      'cases:\n- { name: x, document: {}, connections: [ { expect: { status: 200 } } ] }\n',
      'unknown field `status`',
    ],
    'has two cases of one name': [
      'cases:\n- { name: x, document: {} }\n- { name: x, document: {} }\n',
      'my.cases.yaml:3:11: a second case is called `x`',
    ],
    'leaves out why it runs on some hosts only': [
      'cases:\n- { name: x, document: {}, hosts: [envoy] }\n',
      'a case that runs on some hosts only says why',
    ],
    'asks a real Envoy for a fault': [
      'cases:\n- { name: x, document: {}, faults: [ { call: proxy_log } ] }\n',
      'host calls can be made to fail, only on the emulator',
    ],
    'makes a call fail that does not exist': [
      'cases:\n- { name: x, document: {}, hosts: [emulator], reason: because so, faults: [ { call: proxy_lag } ] }\n',
      'there is no host call `proxy_lag`',
      'did you mean `proxy_log`?',
    ],
    'asks a real Envoy to wait for six seconds': [
      'cases:\n- { name: x, document: {}, requests: [ { after: 6s } ] }\n',
      'a case can wait for more than 5000 ms, only on the emulator',
    ],
    'names a document that is not there': [
      'cases:\n- { name: x, document: nowhere.yaml }\n',
      'no file nowhere.yaml',
    ],
    'names a metric that nobody can read': [
      "cases:\n- { name: x, document: {}, expect: { metrics: { 'a{b=c}': 1 } } }\n",
      'my.cases.yaml:2:49: metric 1 cannot be read',
    ],
    'sends trailers over HTTP/1': [
      'cases:\n- { name: x, document: {}, requests: [ { trailers: { a: b } } ] }\n',
      'Envoy takes no trailers from HTTP/1 clients',
    ],
    'is no YAML': ['cases:\n- {', 'my.cases.yaml:2:'],
  };
  for (const [name, [text, ...said]] of Object.entries(rows))
    it(`${name}: is told where and what was expected`, () => {
      const told = problems(text);
      for (const part of said) assert.ok(told.includes(part), `${part}\n\n${told}`);
    });

  it('waits for five seconds on a real Envoy', () => {
    assert.equal(
      problems('cases:\n- { name: x, document: {}, requests: [ { after: 5s } ] }\n'),
      '',
    );
  });
});

describe('a case that fails', () => {
  it('says what came of a connection, and where something else was expected', async () => {
    const text = await failure(`${DENIED}  connections:
  - data: hello
    expect: { closed: false, received: hi, upstream: { received: hello }, rule: none, verdict: allowed }
`);
    for (const line of [
      'my.cases.yaml:8:23: closed of connection 1',
      'expected open until its client ended it',
      'got      closed by the filter',
      'received of connection 1',
      'upstream’s reached of connection 1',
      'got      not reached',
      'rule of connection 1',
      'verdict of connection 1',
    ])
      assert.ok(text.includes(line), `${line}\n${text}`);
  });

  it('shows both values and the place of the expectation', async () => {
    const text = `${DENIED}  requests:\n  - { expect: { status: 200, body: "FAILED_PRECONDITION:open" } }\n`;
    const told = await failure(text);
    assert.match(told, /my\.cases\.yaml:7:25: status of request 1/);
    assert.match(told, /expected 200\n {4}got {6}400, FAILED_PRECONDITION:closed/);
    assert.match(
      told,
      /expected FAILED_PRECONDITION:open\n {4}got {6}FAILED_PRECONDITION:closed\n +\^/,
    );
  });

  it('says what an attribute was instead, and which was absent', async () => {
    const attributes =
      'attributes: { check.rule: some, check.verdict: denied, quota.remaining: 1 }';
    const text = await failure(`${DENIED}  requests: [ { expect: { ${attributes} } } ]\n`);
    assert.match(text, /attribute check\.rule[^]*expected "some"\n +got +"all"/);
    assert.match(text, /attribute quota\.remaining[^]*expected 1\n +got +absent/);
    assert.doesNotMatch(text, /check\.verdict of/);
  });

  it('shows the host calls before it where they are wanted', async () => {
    const text = `${DENIED}  requests:\n  - { path: /a, expect: { status: 200 } }\n`;
    assert.match(
      await failure(text, true),
      /proxy_send_local_response\(400, .*"FAILED_PRECONDITION:closed"/,
    );
    assert.doesNotMatch(await failure(text), /proxy_send_local_response/);
  });

  it('shows them from the request that differs on, each below the callback that made it', async () => {
    const requests = `  requests:
  - { path: /first, expect: { status: 400 } }
  - { path: /second, expect: { status: 200 } }
`;
    const told = await failure(`${DENIED}${requests}`, true);
    assert.match(told, /the host calls\n {4}request 2\n/);
    assert.doesNotMatch(told, /\/first/);
    assert.match(told, / {4}worker 0 \d+ proxy_on_request_headers\(.*\) = 1\n(?: {6}\w+\(.*\n)+/);
  });

  it('says that the document was refused, with its diagnostics', async () => {
    const told = await failure('cases:\n- { name: x, document: { rules: [ { nam: a } ] } }\n');
    assert.match(told, /my\.cases\.yaml:2:14: the document/);
    assert.match(told, /E0\d+ .*nam/);
  });

  it('counts what several requests got', async () => {
    const text = `${DENIED}  requests:\n  - { times: 3, expect: { statuses: { 200: 1, 400: 2 } } }\n`;
    assert.match(await failure(text), /expected \{"200":1,"400":2\}\n {4}got {6}\{"400":3\}/);
  });

  it('lists the series that there are instead', async () => {
    const text = `${DENIED}  requests: [ {} ]\n  expect: { metrics: { 'mixer_rule_denied_total{rule="al"}': 1 } }\n`;
    assert.match(await failure(text), /mixer_rule_denied_total\{rule="all"\} 1/);
  });
});

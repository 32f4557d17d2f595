// `mixer explain` and `mixer eval` with the built probe: what a person sees, and the exit codes.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { mixer, withFiles, type MixerResult } from './mixer.ts';

const DOCUMENT = `attributes:
  plan: { type: STRING, value: 'request.headers["x-plan"] | "free"' }
handlers:
- { name: blocklist, adapter: list, params: { entryType: IP_ADDRESSES, overrides: [10.1.0.0/16], blacklist: true } }
- { name: closed, adapter: denier }
instances:
- { name: caller, template: listentry, params: { value: source.ip } }
rules:
- name: api
  match: request.url_path.startsWith("/api/")
  unless: plan == "gold"
  actions: [ { handler: blocklist, instances: [caller] } ]
- name: fragile
  match: request.url_path == "/x" && source.labels["v"] == "1"
  actions: [ { handler: closed } ]
`;

function withDocument(
  requests: string,
  args: readonly string[],
  use: (result: MixerResult) => void,
): Promise<void> {
  return withFiles({ 'policy.yaml': DOCUMENT, 'requests.jsonl': requests }, async (folder) => {
    const placed = args.map((each) =>
      /^(policy|requests)\./.test(each) ? join(folder, each) : each,
    );
    use(await mixer(placed));
  });
}

describe('mixer explain EXPRESSION', () => {
  it('shows parts with types, program, attributes, host calls and cost', async () => {
    const { code, stdout } = await mixer(['explain', 'request.method == "GET"']);
    assert.equal(code, 0);
    assert.match(stdout, /^BOOL {2}request\.method == "GET"$/m);
    assert.match(stdout, /^ {4}request\.method +STRING {2}attribute$/m);
    assert.match(stdout, /^ {4}0 test-equal request\.method "GET"/m);
    assert.match(stdout, /request header :method +request headers, response headers, log, denial/);
    assert.match(stdout, /1 host call, about/);
  });

  it("shows an error as the filter's own diagnostic with a caret", async () => {
    const { code, stdout, stderr } = await mixer(['explain', 'request.pathh == "/é"']);
    assert.deepEqual([code, stdout], [1, '']);
    assert.equal(
      stderr,
      '<expression>:1:1: E0301 unknown attribute `request.pathh`\n' +
        '  1 | request.pathh == "/é"\n' +
        '    | ^^^^^^^^^^^^^ did you mean `request.path`?\n',
    );
  });

  it('says in which phase an attribute can be read', async () => {
    const { code, stderr } = await mixer(['explain', 'response.code == 200', '--phase', 'request']);
    assert.equal(code, 1);
    assert.match(stderr, /E0313 `response\.code` cannot be read here/);
  });

  it('explains a rule of a document by its name', async () => {
    await withDocument('', ['explain', 'api', '--document', 'policy.yaml'], ({ code, stdout }) => {
      assert.equal(code, 0);
      for (const name of ['rule api match', 'rule api unless', 'instance caller value'])
        assert.match(stdout, new RegExp(`^${name}$`, 'm'));
      assert.match(stdout, /plan +STRING +expression of the document/);
    });
  });

  it('writes one record for machines', async () => {
    const { stdout } = await mixer(['explain', '1 + 2', '--json']);
    const [record] = JSON.parse(stdout) as [{ type: string; program: string[]; calls: unknown[] }];
    assert.equal(record.type, 'INT64');
    assert.deepEqual(record.program, ['  0 return-constant 3']);
    assert.deepEqual(record.calls, []);
  });

  it('says what is missing where the probe is', async () => {
    const { code, stderr } = await mixer(['explain', '1', '--probe', 'none.wasm']);
    assert.equal(code, 3);
    assert.match(stderr, /no probe at .*none\.wasm: expected the path of a built probe\.wasm/);
  });
});

describe('mixer explain FILE --request', () => {
  it('names the rule, the check and the part that decided', async () => {
    const request = '{"path":"/api/books","source":"10.1.2.3"}';
    const args = ['explain', 'policy.yaml', '--request', 'requests.jsonl'];
    await withDocument(request, args, ({ code, stdout }) => {
      assert.equal(code, 0);
      assert.match(
        stdout,
        /denied with 403: PERMISSION_DENIED:blocklist:10\.1\.2\.3 is blacklisted/,
      );
      assert.match(stdout, /^ {2}by rule api$/m);
      assert.match(stdout, /check blocklist of caller for "10\.1\.2\.3": denied/);
      assert.match(stdout, /plan +"free"/);
    });
  });

  it('shows the operand that failed, and what was never evaluated', async () => {
    const requests = '{"path":"/x"}\n{"path":"/y"}\n';
    const args = ['explain', 'policy.yaml', '--request', 'requests.jsonl'];
    await withDocument(requests, args, ({ stdout }) => {
      assert.match(stdout, /rule fragile: its match fails, which denies \(onError\)/);
      assert.match(stdout, /source\.labels +error: lookup failed: 'source\.labels'/);
      const [, second = ''] = stdout.split('request 2: ');
      assert.match(second, /^GET \/y: allowed$/m);
      assert.match(second, /source\.labels\["v"\] == "1" +not evaluated/);
    });
  });

  it('says on which side of a rollout the request is', async () => {
    const rollout = (percent: number): object => ({ percent, by: 'request.path' });
    const rule = (name: string, action: object, more: object = {}): object => ({
      name,
      actions: [{ handler: 'closed', ...action }],
      ...more,
    });
    const document = {
      handlers: [{ name: 'closed', adapter: 'denier' }],
      rules: [
        rule('off', {}, { rollout: rollout(0) }),
        rule('part', { rollout: rollout(0) }),
        rule('on', {}, { rollout: rollout(100) }),
      ],
    };
    const files = { 'policy.yaml': JSON.stringify(document), 'requests.jsonl': '{"path":"/"}' };
    await withFiles(files, async (folder) => {
      const [policy, requests] = Object.keys(files).map((name) => join(folder, name));
      const { stdout } = await mixer(['explain', policy!, '--request', requests!]);
      assert.match(stdout, /denied with 400[^]*by rule on$/m);
      assert.match(stdout, /rule off: applies to every request, on the SHADOW side of its rollout/);
      assert.match(stdout, /rule part: applies[^]*check closed.*\(SHADOW side\): denied/);
      assert.match(
        stdout,
        /rule on: applies to every request, on the enforced side of its rollout/,
      );
    });
  });

  it('says what each check answers, whatever it is asked about', async () => {
    const policy = {
      name: 'a',
      action: 'ALLOW',
      rules: [{ to: [{ operation: { paths: ['/a'] } }] }],
    };
    const keys = [{ consumer: 'shop', sha256: '0'.repeat(64) }];
    const document = {
      handlers: [
        { name: 'policies', adapter: 'rbac', params: { policies: [policy] } },
        { name: 'keys', adapter: 'apikey', params: { keys } },
        { name: 'agent', adapter: 'opa', connection: { cluster: 'opa' } },
      ],
      rules: ['policies', 'keys', 'agent'].map((handler) => ({
        name: handler,
        actions: [{ handler }],
      })),
    };
    const files = { 'policy.yaml': JSON.stringify(document), 'requests.jsonl': '{"path":"/b"}' };
    await withFiles(files, async (folder) => {
      const [document, requests] = Object.keys(files).map((name) => join(folder, name));
      const { stdout } = await mixer(['explain', document!, '--request', requests!]);
      assert.match(stdout, /policies.*denied \(PERMISSION_DENIED: no policy allows it\)/);
      assert.match(stdout, /keys.*denied \(UNAUTHENTICATED: the request has no API key\)/);
      assert.match(stdout, /agent.*asks a backend/);
    });
  });

  it('reads access log entries as stdio writes them, behind what Envoy puts in front', async () => {
    const line =
      '[2026-01-01 00:00:00.000][1][info][wasm] wasm log mixer: {"level":"info","time":"t",' +
      '"instance":"accesslog","method":"GET","url":"/api/b","sourceIp":"10.1.9.9"}';
    const args = ['explain', 'policy.yaml', '--request', 'requests.jsonl', '--json'];
    await withDocument(line, args, ({ stdout }) => {
      const { verdict, status } = JSON.parse(stdout) as { verdict: string; status: number };
      assert.deepEqual([verdict, status], ['denied', 403]);
    });
  });

  it('reads the access log that render configures, whatever stands between its lines', async () => {
    const line = {
      ...{ time: '2026-01-01T00:00:00.000Z', method: 'GET', path: '/api/b', client: '10.1.9.9' },
      ...{ status: 403, details: 'mixer_access_denied{api}', rule: 'api', flags: '-' },
    };
    const log = `starting workers {}\n${JSON.stringify(line)}\n{"instance":"tcp","level":"info"}\n`;
    const args = ['explain', 'policy.yaml', '--request', 'requests.jsonl', '--json'];
    await withDocument(log, args, ({ code, stdout, stderr }) => {
      const { name, verdict } = JSON.parse(stdout) as { name: string; verdict: string };
      assert.deepEqual([code, verdict], [0, 'denied']);
      assert.match(name, /requests\.jsonl:2: GET \/api\/b$/);
      assert.match(stderr, /^warning: 2 other lines of .*requests\.jsonl left out$/m);
    });
  });

  it('decides the script of the demo as `mixer run` does', async () => {
    const files = ['envoy/demo.yaml', '--request', 'envoy/demo.requests.yaml'];
    const { code, stdout } = await mixer(['explain', ...files, '--json']);
    assert.equal(code, 0);
    const records = stdout.trim().split('\n');
    const denied = records
      .map((line) => JSON.parse(line) as { name: string; verdict: string })
      .filter(({ verdict }) => verdict === 'denied');
    assert.deepEqual(
      denied.map(({ name }) => name),
      [
        'an address on the blocklist',
        'an answer of its own',
        'three in ten seconds (4 of 5)',
        'three in ten seconds (5 of 5)',
        'a closed method',
      ],
    );
  });

  it('refuses a field of a request that it does not know', async () => {
    const args = ['explain', 'policy.yaml', '--request', 'requests.jsonl'];
    await withDocument('{"pth":"/x"}', args, ({ code, stderr }) => {
      assert.equal(code, 1);
      assert.match(stderr, /requests\.jsonl:1: unknown field `pth`/);
    });
  });
});

const VALUES = `request.headers: { X-Plan: gold }
request.size: 12
source.ip: 10.0.0.1
request.time: 2020-01-01T00:00:00Z
my.budget: { type: DURATION, value: 1.5s }
`;

function evaluate(expression: string, values: string, ...more: string[]): Promise<MixerResult> {
  return withFiles({ 'values.yaml': values }, (folder) =>
    mixer(['eval', expression, '--attributes', join(folder, 'values.yaml'), ...more]),
  );
}

describe('mixer eval', () => {
  const values: readonly (readonly [expression: string, shown: string])[] = [
    ['request.headers["x-plan"]', 'STRING "gold"'],
    ['request.size + 1', 'INT64 13'],
    ['source.ip == ip("::ffff:10.0.0.1")', 'BOOL true'],
    ['request.time', 'TIMESTAMP 2020-01-01T00:00:00Z'],
    ['my.budget', 'DURATION 1.5s'],
  ];
  for (const [expression, shown] of values) {
    it(`gives ${shown} for ${expression}`, async () => {
      const { code, stdout } = await evaluate(expression, VALUES);
      assert.deepEqual([code, stdout.split('\n')[0]], [0, shown]);
    });
  }

  it('shows what was looked up, with presence and key', async () => {
    const { stdout } = await evaluate('source.labels["a"] | request.headers["b"] | "z"', VALUES);
    assert.equal(
      stdout,
      'STRING "z"\nreferenced\n' +
        '  source.labels  absent\n  request.headers  present\n  request.headers["b"]  absent\n',
    );
  });

  it('shows where an evaluation failed', async () => {
    const { code, stdout } = await evaluate(
      '"é" == "e" || ip(request.method) == source.ip',
      'request.method: x',
    );
    assert.equal(code, 1);
    assert.match(stdout, /^<expression>:1:15: could not convert x to IP_ADDRESS$/m);
    assert.match(stdout, /^ {4}\| {15}\^{18}$/m);
  });

  it('refuses a value that is none of its type, at its place', async () => {
    const { code, stderr } = await evaluate('source.ip', 'source.ip: 10.0.0\n');
    assert.equal(code, 1);
    assert.match(stderr, /values\.yaml:1:12: E0319 bad constant `10\.0\.0`\n {2}at \/source\.ip\n/);
    assert.match(stderr, /expected an IP_ADDRESS such as/);
  });

  it('evaluates for each recorded request', async () => {
    const args = ['eval', 'plan', '--document', 'policy.yaml', '--requests', 'requests.jsonl'];
    const requests = '{"headers":{"x-plan":"gold"}}\n{}\n';
    await withDocument(requests, [...args, '--json'], ({ code, stdout }) => {
      const lines = stdout.trim().split('\n');
      const seen = lines.map((line) => (JSON.parse(line) as { value: string }).value);
      assert.deepEqual([code, seen], [0, ['gold', 'free']]);
    });
  });
});

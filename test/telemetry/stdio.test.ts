import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { get, serve } from '../rules/serve.ts';
import { dropped, jsonLines, logDocument } from './documents.ts';

const LINE_SIZE_MAX = 65_536;
const STANDARD = {
  handlers: [{ name: 'log', adapter: 'stdio' }],
  rules: [{ name: 'all', actions: [{ handler: 'log' }] }],
};
const STANDARD_VARIABLES =
  'apiClaims apiKey clientTraceId connection_security_policy destinationApp destinationIp destinationName ' +
  'destinationNamespace destinationOwner destinationPrincipal destinationServiceHost destinationWorkload grpcMessage ' +
  'grpcStatus httpAuthority latency method permissiveResponseCode permissiveResponsePolicyID protocol receivedBytes ' +
  'referer reporter requestId requestSize requestedServerName responseCode responseFlags responseSize ' +
  'responseTimestamp sentBytes sourceApp sourceIp sourceName sourceNamespace sourceOwner sourcePrincipal ' +
  'sourceWorkload url userAgent xForwardedFor';
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

describe('the standard access log', () => {
  it('has the 41 variables of Mixer, sorted, in one compact line', async () => {
    const host = await serve(STANDARD);
    host.request({ ...get('/a?b=c'), response: { delayMs: 250 } });
    const [line = {}] = jsonLines(host);
    const names = Object.keys(line);
    assert.deepEqual(names.slice(0, 3), ['level', 'time', 'instance']);
    assert.equal(names.slice(3).join(' '), STANDARD_VARIABLES);
    assert.match(String(line['time']), TIME);
    assert.equal(line['instance'], 'accesslog');
    assert.equal(line['latency'], '250ms');
    assert.equal(line['responseCode'], 200);
    const text = host.logs.find((each) => each.text.startsWith('{"level"'))?.text ?? '';
    assert.doesNotMatch(text, /[\n ]/);
  });

  it('is written at once, and at the level info', async () => {
    const host = await serve(STANDARD);
    host.request(get('/'));
    assert.equal(host.logs.filter(({ level }) => level === 'info').length, 1);
  });

  it('is not written where Envoy logs warnings only', async () => {
    const host = await serve(STANDARD, { logLevel: 'warn' });
    host.request(get('/'));
    assert.deepEqual(jsonLines(host), []);
  });
});

describe('a line', () => {
  it('is valid JSON and one line whatever bytes a client sends', async () => {
    const host = await serve(
      logDocument({
        path: 'request.path',
        value: 'request.headers["x"] | ""',
        all: 'request.headers',
      }),
    );
    let seed = 1;
    for (let round = 0; round < 300; round++) {
      const bytes = Array.from({ length: 1 + (round % 40) }, () => {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        return (seed >> 16) & 255;
      }).filter((byte) => ![0, 10, 13].includes(byte));
      host.request({ ...get('/'), headers: [['x', Buffer.from(bytes)]] });
    }
    assert.equal(jsonLines(host).length, 300);
    assert.ok(host.logs.every(({ text }) => !text.includes('\n')));
  });

  it('has the time of the entry, in microseconds and UTC', async () => {
    const timestamp = 'timestamp("2026-01-02T03:04:05.678901234+01:00")';
    const host = await serve(logDocument({ t: timestamp }, {}, { timestamp }));
    host.request(get('/'));
    assert.equal(jsonLines(host)[0]?.['time'], '2026-01-02T02:04:05.678901Z');
    assert.equal(jsonLines(host)[0]?.['t'], '2026-01-02T02:04:05.678901Z');
  });

  it('writes a map as an object in which each name stands once', async () => {
    const host = await serve(
      logDocument({ headers: 'request.headers', query: 'request.query_params | emptyStringMap()' }),
    );
    const headers: [string, string][] = [
      ['x', 'a'],
      ['cookie', 'a=1'],
      ['x', 'b'],
      ['cookie', 'b=2'],
    ];
    host.request({ ...get('/?q=1&r=%22&q=2'), headers });
    const [line] = jsonLines(host);
    const seen = line?.['headers'] as Record<string, string>;
    assert.equal(seen['x'], 'a,b');
    assert.equal(seen['cookie'], 'a=1; b=2');
    assert.deepEqual(line?.['query'], { q: '1', r: '"' });
  });

  it('takes linear time for a map of thousands of names', async () => {
    const host = await serve(logDocument({ query: 'request.query_params | emptyStringMap()' }));
    const path = `/?${Array.from({ length: 9000 }, (_, index) => index.toString(36)).join('&')}`;
    const start = performance.now();
    host.request(get(path));
    assert.ok(performance.now() - start < 1000);
    assert.equal(jsonLines(host).length, 1);
  });

  for (const isJson of [true, false]) {
    it(`is at most ${LINE_SIZE_MAX} bytes: values are cut, and it is counted (JSON: ${isJson})`, async () => {
      const host = await serve(
        logDocument(
          {
            a: 'response.headers["a"] | ""',
            all: 'response.headers',
            b: 'response.headers["b"] | ""',
            z: '"end"',
          },
          { outputAsJson: isJson },
        ),
      );
      const headers: [string, Buffer][] = [
        ['a', Buffer.alloc(30_000, 1)],
        ['b', Buffer.from('é'.repeat(15_000))],
      ];
      host.request({ ...get('/'), response: { headers } });
      const text =
        host.logs.map((each) => each.text).find((each) => each.includes('"z":"end"')) ?? '';
      assert.ok(Buffer.byteLength(text) <= LINE_SIZE_MAX);
      const line = JSON.parse(text.slice(text.indexOf('{'))) as Record<string, unknown>;
      assert.match(String(line['a']), /^\u0001{1000,}$/);
      assert.match(String(line['b']), /^é{1000,}$/);
      assert.equal(line['z'], 'end');
      assert.equal(dropped(host, 'stdio', 'truncated'), 1);
    });
  }
});

describe('the level of a line', () => {
  const rows: [severity: string, level: string][] = [
    ['INFORMATIONAL', 'info'],
    ['informational', 'info'],
    ['INFO', 'info'],
    ['info', 'info'],
    ['WARNING', 'warn'],
    ['warning', 'warn'],
    ['WARN', 'warn'],
    ['warn', 'warn'],
    ['ERROR', 'error'],
    ['error', 'error'],
    ['ERR', 'error'],
    ['err', 'error'],
    ['FATAL', 'error'],
    ['fatal', 'error'],
    ['Info', 'info'],
    ['', 'info'],
    ['anything', 'info'],
  ];
  it('follows from the severity as in Mixer', async () => {
    const severity = 'request.headers["x"] | ""';
    const host = await serve(logDocument({ n: 1 }, {}, { severity }));
    for (const [text] of rows) host.request(get('/', { x: text }));
    const lines = host.logs.filter(({ text }) => text.startsWith('{"level"'));
    assert.deepEqual(
      lines.map(({ text }) => (JSON.parse(text) as { level: string }).level),
      rows.map(([, level]) => level),
    );
    assert.deepEqual(
      lines.map(({ level }) => level),
      rows.map(([, level]) => level),
    );
  });

  it('may be changed by the document', async () => {
    const params = { severity_levels: { odd: 'ERROR', INFO: 'WARNING' } };
    const severity = 'request.headers["x"] | ""';
    const host = await serve(logDocument({ n: 1 }, params, { severity }));
    for (const text of ['odd', 'INFO', 'WARN']) host.request(get('/', { x: text }));
    const levels = jsonLines(host).map((line) => line['level']);
    assert.deepEqual(levels, ['error', 'warn', 'warn']);
  });

  it('is compared with outputLevel', async () => {
    const severity = 'request.headers["x"] | ""';
    const host = await serve(logDocument({ n: 1 }, { outputLevel: 'WARNING' }, { severity }));
    for (const text of ['INFO', 'WARN', 'ERROR']) host.request(get('/', { x: text }));
    const levels = jsonLines(host).map((line) => line['level']);
    assert.deepEqual(levels, ['warn', 'error']);
  });
});

describe('a document', () => {
  const rows: [what: string, params: object, message: RegExp][] = [
    ['that writes to a file', { logStream: 'ROTATED_FILE' }, /E0207 unknown value `ROTATED_FILE`/],
    [
      'with a path for a stream',
      { outputPath: 'log.txt' },
      /E0211 `logStream` and `outputPath` exclude/,
    ],
    ['with an unknown level', { severityLevels: { a: 'WARN' } }, /E0207 unknown value `WARN`/],
    ['with an unknown parameter', { outputLevl: 'INFO' }, /E0201 unknown field `outputLevl`/],
  ];
  for (const [what, params, message] of rows) {
    it(`${what} is refused`, async () => {
      await assert.rejects(serve(logDocument({ n: 1 }, params)), message);
    });
  }

  it('with a variable that the line has itself is refused', async () => {
    await assert.rejects(serve(logDocument({ level: '"x"' })), /E0508 `level` is given twice/);
  });
});

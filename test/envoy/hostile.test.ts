// Requests that a client writes by hand, against a real Envoy: what the filter reads of them, and
// that it is still alive afterwards.

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';

import { request, type Answer, type RequestOptions } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { assertAlive } from './support/alive.ts';
import { httpConnections, startPatched } from './support/patched.ts';
import { showing } from './support/documents.ts';

const HEADERS_SIZE_MAX_KB = 96;
const HEADER_COUNT_MAX = 300;

/** Roomier than Envoy's own limits, so that what is hostile reaches the filter. */
function start(document: object): Promise<RunningEnvoy> {
  return startPatched({
    document,
    patch: (bootstrap) => {
      const http = httpConnections(bootstrap);
      http['max_request_headers_kb'] = HEADERS_SIZE_MAX_KB;
      http['common_http_protocol_options'] = { max_headers_count: HEADER_COUNT_MAX };
      http['upgrade_configs'] = [{ upgrade_type: 'CONNECT' }];
    },
  });
}

/** What the upstream got in the headers that the document wrote. */
async function shown(
  envoy: RunningEnvoy,
  options: RequestOptions,
): Promise<Record<string, unknown>> {
  const answer = await request(envoy.url, options);
  assert.equal(answer.status, 200, answer.body);
  const { headers } = JSON.parse(answer.body) as { headers: Record<string, unknown> };
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('saw-')));
}

/** Sends bytes as they are; the first line of the answer. */
function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((done, failed) => {
    const socket = connect(Number(port), hostname, () => socket.write(text, 'latin1'));
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer in time')));
    socket.once('error', failed);
    socket.once('data', (part) => {
      done(part.toString('latin1').split('\r\n')[0] ?? '');
      socket.destroy();
    });
    socket.once('close', () => done(''));
  });
}

describe('what expressions read of a request', () => {
  let envoy: RunningEnvoy;
  before(async () => {
    envoy = await start(
      showing({
        'saw-header': 'request.headers["X-Multi"] | "none"',
        'saw-cookie': 'request.headers["cookie"] | "none"',
        'saw-host': 'request.hostname',
        'saw-path': 'request.url_path',
        'saw-query': 'request.query_params["q"] | "none"',
        'saw-method': 'request.method',
        'saw-agent': 'request.useragent | "none"',
        'saw-referer': 'request.referer | "none"',
        'saw-key': 'request.api_key | "none"',
      }),
    );
  });
  after(() => envoy.stop());
  afterEach(() => assertAlive(envoy));

  it('joins lines of one header by a comma, in order, whatever the case of the name', async () => {
    const headers = [
      ['x-multi', 'a'],
      ['X-MULTI', 'b'],
      ['x-multi', ''],
    ] as const;
    assert.equal((await shown(envoy, { headers }))['saw-header'], 'a,b,');
  });

  it('joins cookies by `; `', async () => {
    const headers = [
      ['cookie', 'a=1'],
      ['cookie', 'b=2'],
    ] as const;
    assert.equal((await shown(envoy, { headers }))['saw-cookie'], 'a=1; b=2');
  });

  it('tells an empty value from an absent one', async () => {
    assert.equal((await shown(envoy, { headers: [['x-multi', '']] }))['saw-header'] ?? '', '');
    assert.equal((await shown(envoy, {}))['saw-header'], 'none');
  });

  it('takes bytes from 0x80 on as they are', async () => {
    const value = Array.from({ length: 128 }, (_, index) => String.fromCharCode(128 + index)).join(
      '',
    );
    assert.equal((await shown(envoy, { headers: [['x-multi', value]] }))['saw-header'], value);
  });

  for (const [host, hostname] of [
    ['Example.COM', 'example.com'],
    ['example.com:8080', 'example.com'],
    ['example.com.', 'example.com'],
    ['EXAMPLE.com.:80', 'example.com'],
    ['[2001:DB8::1]:80', '[2001:db8::1]'],
    ['127.0.0.1:1', '127.0.0.1'],
  ] as const) {
    it(`reads the host name of ${host}`, async () => {
      assert.equal((await shown(envoy, { headers: [['host', host]] }))['saw-host'], hostname);
    });
  }

  it('gives the same for HTTP/1 and HTTP/2', async () => {
    for (const path of ['/', '/a/b?q=1', '/a%20b?q=%41&q=2', '/a;b=c?', '/%E2%82%AC?q=%FF']) {
      const headers = [
        ['x-multi', 'a'],
        ['x-multi', 'b'],
        ['user-agent', 'probe/1'],
        ['referer', 'x'],
      ] as const;
      const first = await shown(envoy, { path, headers });
      assert.deepEqual(await shown(envoy, { path, headers, http2: true }), first, path);
      assert.equal(first['saw-header'], 'a,b');
    }
  });

  it('stands headers of 60 kB and 200 headers, empty ones too', async () => {
    const long = 'x'.repeat(60 * 1024);
    const values = await shown(envoy, { headers: [['x-multi', long]] });
    assert.equal(values['saw-header'], undefined, 'what is longer than we write is removed');
    assert.equal(values['saw-method'], 'GET');
    const many = Array.from({ length: 200 }, (_, index) => [`x-${index}`, ''] as const);
    assert.equal((await shown(envoy, { headers: many }))['saw-method'], 'GET');
    const lines = Array.from({ length: 200 }, () => ['x-multi', 'v'] as const);
    assert.equal(
      (await shown(envoy, { headers: lines }))['saw-header'],
      lines.map(() => 'v').join(),
    );
  });

  it('survives odd paths and methods', async () => {
    for (const path of [
      '/?',
      '/??',
      '/#',
      '/?=',
      '/?&&&',
      '/?q',
      '/*',
      '/a:b',
      '/%',
      '/%zz',
      `/${'a'.repeat(8_000)}`,
    ]) {
      const line = await raw(envoy.url, `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
      assert.match(line, /^HTTP\/1\.1 (200|400)/, path);
    }
    for (const first of [
      'OPTIONS * HTTP/1.1',
      'BREW / HTTP/1.1',
      'GET http://other/x HTTP/1.1',
      'GET / HTTP/1.0',
    ]) {
      assert.match(
        await raw(envoy.url, `${first}\r\nhost: a\r\n\r\n`),
        /^HTTP\/1\.1 \d\d\d/,
        first,
      );
    }
  });
});

describe('checks of hostile requests', () => {
  let envoy: RunningEnvoy;
  before(async () => {
    envoy = await start({
      handlers: [
        { name: 'bad', adapter: 'list', params: { overrides: ['é', 'plain'], blacklist: true } },
        { name: 'closed', adapter: 'denier', params: { status: { code: 7 } } },
      ],
      instances: [
        {
          name: 'value',
          template: 'listentry',
          params: { value: 'request.headers["x-value"] | ""' },
        },
      ],
      rules: [
        {
          name: 'values',
          match: 'request.method == "GET"',
          actions: [{ handler: 'bad', instances: ['value'] }],
        },
        {
          name: 'path',
          match: 'request.url_path.startsWith("/closed")',
          actions: [{ handler: 'closed' }],
        },
      ],
    });
  });
  after(() => envoy.stop());
  afterEach(() => assertAlive(envoy));

  function value(bytes: string): Promise<Answer> {
    return request(envoy.url, { headers: [['x-value', bytes]] });
  }

  it('compare bytes from 0x80 on without an error', async () => {
    assert.equal((await value(Buffer.from('é').toString('latin1'))).status, 403);
    for (const bytes of ['\x80', '\xff\xfe', '\xc3', '\xed\xa0\x80', 'plain\xff']) {
      assert.equal((await value(bytes)).status, 200, bytes);
    }
  });

  it('see a repeated header as one value, so that a second line hides nothing', async () => {
    const headers = [
      ['x-value', 'plain'],
      ['x-value', 'other'],
    ] as const;
    const answer = await request(envoy.url, { headers });
    assert.equal(answer.status, 200, 'the value is `plain,other`, which is not on the list');
  });

  it('deny CONNECT, which has no path, by onError', async () => {
    const line = await raw(
      envoy.url,
      'CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443\r\n\r\n',
    );
    assert.match(line, /^HTTP\/1\.1 500/);
    const entry = await envoy.waitFor(() =>
      envoy.accessLog().find(({ method }) => method === 'CONNECT'),
    );
    assert.equal(entry.rule, 'path');
    assert.match(entry.details ?? '', /^mixer_.*\{path\}$/);
  });

  it('show what a client sent only cut and escaped', async () => {
    const answer = await request(envoy.url, { headers: [['x-value', 'plain']] });
    assert.equal(answer.body, 'PERMISSION_DENIED:bad:plain is blacklisted');
  });
});

describe('an expression with more steps than a request has', () => {
  it('is an error of its rule, which onError decides, and nothing traps', async () => {
    const long = 'request.headers["x-long"].matches(request.headers["x-pattern"])';
    const envoy = await start({
      handlers: [{ name: 'closed', adapter: 'denier' }],
      rules: [
        {
          name: 'costly',
          match: Array.from(
            { length: 60 },
            (_, index) => `(${long} && request.method == "M${index}")`,
          ).join(' || '),
          actions: [{ handler: 'closed' }],
        },
      ],
    });
    try {
      const [pattern, text] = ['(a*)*b', 'a'.repeat(30_000)];
      const headers = [
        ['x-long', text],
        ['x-pattern', pattern],
      ] as const;
      const cheap = [
        ['x-long', 'a'],
        ['x-pattern', pattern],
      ] as const;
      assert.equal((await request(envoy.url, { headers: cheap })).status, 200);
      assert.equal((await request(envoy.url, { headers })).status, 500);
      assert.equal((await request(envoy.url, { headers: cheap })).status, 200);
      await assertAlive(envoy);
    } finally {
      await envoy.stop();
    }
  });
});

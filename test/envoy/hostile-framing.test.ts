// What a client says beside the headers, or in more than one way, on a real Envoy: trailers, credentials given twice,
// addresses of its own choice, bytes that could split what goes on.

import assert from 'node:assert/strict';
import { connect } from 'node:http2';
import { after, before, describe, it } from 'node:test';

import { request, type RequestOptions } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import type { Trust } from '../../tools/render/types.ts';
import { assertAlive } from './support/alive.ts';

const KEY = 'secret-of-this-test';
/** `printf %s secret-of-this-test | sha256sum` */
const KEY_SHA256 = 'b05db83c10f57f133850faf16c565d0b7efb2eaa6563be47bce08ed221889997';
const QUERY = 'request.query_params["q"] | "none"';

const CLOSED = { name: 'closed', adapter: 'denier', params: { status: { code: 7 } } };
const DOCUMENT = {
  handlers: [
    CLOSED,
    {
      name: 'keys',
      adapter: 'apikey',
      params: { keys: [{ consumer: 'shop', sha256: KEY_SHA256 }] },
    },
  ],
  rules: [
    {
      name: 'admins',
      match: 'request.url_path == "/admin" && request.headers["x-role"] != "admin"',
      actions: [{ handler: 'closed' }],
    },
    { name: 'keys', match: 'request.url_path == "/keys"', actions: [{ handler: 'keys' }] },
    {
      name: 'split',
      match: 'request.url_path == "/split"',
      actions: [{ handler: 'closed' }],
      response: { headers: { 'x-why': `\${${QUERY}}` }, body: 'no' },
    },
    {
      name: 'passed-on',
      requestHeaderOperations: [{ name: 'x-query', operation: 'REPLACE', values: [QUERY] }],
      responseHeaderOperations: [{ name: 'x-query', operation: 'REPLACE', values: [QUERY] }],
    },
  ],
};

/** The status of a request over HTTP/2 whose trailers say something. */
function statusWithTrailers(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  trailers: Readonly<Record<string, string>>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const session = connect(url);
    session.on('error', reject);
    const stream = session.request(
      { ':method': 'POST', ':path': path, ...headers },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.on('response', (answer) => {
      resolve(Number(answer[':status']));
      session.close();
    });
    stream.on('error', reject);
    stream.resume();
    stream.end('body');
  });
}

describe('a request', () => {
  let envoy: RunningEnvoy;
  before(async () => {
    envoy = await startEnvoy({ document: DOCUMENT });
  });
  after(async () => {
    await assertAlive(envoy);
    await envoy.stop();
  });

  const statusOf = async (options: RequestOptions): Promise<number> =>
    (await request(envoy.url, options)).status;

  it('is judged by its headers, whatever its trailers say', async () => {
    const [guest, admin] = [{ 'x-role': 'guest' }, { 'x-role': 'admin' }];
    assert.equal(await statusWithTrailers(envoy.url, '/admin', guest, admin), 403);
    assert.equal(await statusWithTrailers(envoy.url, '/admin', {}, admin), 403);
    assert.equal(await statusWithTrailers(envoy.url, '/admin', admin, guest), 200);
  });

  it('with its credentials twice is refused, in one place and in two', async () => {
    const path = '/keys';
    assert.equal(await statusOf({ path, headers: [['x-api-key', KEY]] }), 200);
    for (const second of [KEY, 'other']) {
      const twice = [
        ['x-api-key', KEY],
        ['x-api-key', second],
      ] as const;
      assert.equal(await statusOf({ path, headers: twice }), 401);
      assert.equal(await statusOf({ path: `${path}?key=${second}`, headers: [twice[0]] }), 401);
    }
  });

  it('splits nothing with line ends and zeros, neither upstream nor in an answer', async () => {
    for (const bytes of ['%0d%0aset-cookie:%20a=b', '%0aset-cookie:a', '%00', '%0d', '\x7f']) {
      const query = `?q=a${bytes}`;
      const passed = await request(envoy.url, { path: `/${query}` });
      assert.ok([200, 400].includes(passed.status), `${passed.status} for ${bytes}`);
      assert.equal(passed.headers['set-cookie'], undefined);
      if (passed.status === 200) {
        const { headers } = JSON.parse(passed.body) as { headers: Record<string, string> };
        assert.equal(headers['set-cookie'], undefined);
      }
      const denied = await request(envoy.url, { path: `/split${query}` });
      assert.ok([400, 403].includes(denied.status), `${denied.status} for ${bytes}`);
      assert.equal(denied.headers['set-cookie'], undefined);
    }
  });
});

describe('the address of a client', () => {
  const FORGED = [['x-forwarded-for', '10.9.9.9']] as const;

  const document = {
    handlers: [CLOSED],
    rules: [
      {
        name: 'tells',
        actions: [{ handler: 'closed' }],
        response: { json: { ip: 'source.ip', direct: 'source.direct_ip' } },
      },
    ],
  };

  async function addresses(trust: Trust): Promise<unknown> {
    const envoy = await startEnvoy({ document, trust });
    try {
      return JSON.parse((await request(envoy.url, { headers: FORGED })).body);
    } finally {
      await envoy.stop();
    }
  }

  it('at the edge is that of the connection, whatever headers say', async () => {
    const seen = await addresses({ kind: 'edge', hops: 0 });
    assert.deepEqual(seen, { ip: '127.0.0.1', direct: '127.0.0.1' });
  });

  it('in a mesh is what the proxy before says, and the peer is still known', async () => {
    const seen = await addresses({ kind: 'sidecar' });
    assert.deepEqual(seen, { ip: '10.9.9.9', direct: '127.0.0.1' });
  });
});

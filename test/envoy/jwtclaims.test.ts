// A document with an issuer's keys, on a running Envoy as `render` configures it: Envoy's own JWT filter verifies, ours
// looks at the claims.

import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { KEY_SET, signedToken } from '../attributes/support/token.ts';

const ISSUER = 'https://issuer.example';
const LATER = 4_102_444_800;
const GOOD = { iss: ISSUER, sub: 'ann', aud: ['shop'], exp: LATER, realm: { roles: ['admin'] } };

function document(jwks: object): object {
  const claims = [{ path: ['realm', 'roles'], values: ['admin'] }];
  const params = { issuer: ISSUER, audiences: ['shop'], claims, jwks };
  return {
    handlers: [{ name: 'tokens', adapter: 'jwtclaims', params }],
    rules: [
      {
        name: 'callers',
        unless: 'request.url_path == "/open"',
        actions: [{ name: 'token', handler: 'tokens' }],
      },
    ],
  };
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

async function ask(envoy: RunningEnvoy, path: string, token?: string): Promise<Answer> {
  const headers: [string, string][] =
    token === undefined ? [] : [['authorization', `Bearer ${token}`]];
  const { status, body } = await request(envoy.url, { path, headers });
  return { status, body: body };
}

function judges(serve: () => RunningEnvoy): void {
  it('lets a signed token with the claims pass', async () => {
    assert.equal((await ask(serve(), '/a', signedToken(GOOD))).status, 200);
  });

  it('asks for a token where there is none, but not where no rule applies', async () => {
    const { status, body } = await ask(serve(), '/a');
    assert.equal(status, 401);
    assert.equal(body, 'UNAUTHENTICATED:tokens:the request has no verified token');
    assert.equal((await ask(serve(), '/open')).status, 200);
  });

  it('denies a token without the claims, or for another audience', async () => {
    const user = { ...GOOD, realm: { roles: ['user'] } };
    assert.equal((await ask(serve(), '/a', signedToken(user))).status, 403);
    const other = await ask(serve(), '/a', signedToken({ ...GOOD, aud: 'bank' }));
    assert.equal(other.status, 401);
    assert.equal(other.body, 'UNAUTHENTICATED:tokens:the token is for another audience');
  });

  it('takes no token that Envoy has not verified: changed, expired, unsigned, of another issuer', async () => {
    const [head = '', , signature = ''] = signedToken(GOOD).split('.');
    const changed = Buffer.from(JSON.stringify({ ...GOOD, sub: 'eve' })).toString('base64url');
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
    const bad = [
      `${head}.${changed}.${signature}`,
      signedToken({ ...GOOD, exp: 1 }),
      `${unsigned}.${changed}.`,
      signedToken({ ...GOOD, iss: 'https://other.example' }),
    ];
    for (const token of bad) assert.equal((await ask(serve(), '/a', token)).status, 401, token);
  });
}

describe('an issuer whose keys stand in the document', () => {
  let envoy: RunningEnvoy;
  before(async () => {
    envoy = await startEnvoy({ document: document({ inline: KEY_SET }) });
  });
  after(() => envoy.stop());
  judges(() => envoy);
});

describe('an issuer whose keys Envoy fetches', () => {
  let envoy: RunningEnvoy;
  let server: Server;
  before(async () => {
    server = createServer((_, response) => response.end(KEY_SET));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const uri = `http://127.0.0.1:${port}/jwks.json`;
    envoy = await startEnvoy({ document: document({ uri }) });
  });
  after(async () => {
    await envoy.stop();
    server.close();
  });
  judges(() => envoy);
});

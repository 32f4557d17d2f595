// A document in CEL on a running Envoy, behind its own JWT filter: claims with their nested maps and lists, one rule
// in CEXL, and what is missing.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { WASM_PATH } from '../../tools/render/defaults.ts';
import * as mesh from '../attributes/support/listeners.ts';
import { signedToken } from '../attributes/support/token.ts';

const ISSUER = 'https://issuer.example';
const denied = (message: string): object => ({
  actions: [
    {
      handler: {
        adapter: 'denier',
        params: { status: { code: 7, message } },
      },
    },
  ],
});
const DOCUMENT = {
  language: 'CEL',
  rules: [
    {
      name: 'admins',
      match: `request.url_path.startsWith('/admin')
        && !("admin" in request.auth.claims["realm"]["roles"])`,
      ...denied('no admin'),
    },
    {
      name: 'levels',
      match: `request.path == '/level' && (request.auth.claims.level < 5
        || !request.auth.claims.verified || request.auth.claims.realm.teams.core.size() != 2)`,
      ...denied('too low'),
    },
    {
      name: 'old',
      match: { language: 'CEXL', expression: 'request.headers["x-old"] | "" == "yes"' },
      ...denied('old'),
    },
  ],
};

let envoy: RunningEnvoy;

before(async () => {
  const filter = await mesh.filterOf(DOCUMENT, WASM_PATH);
  const filters = [
    mesh.httpConnections('all', [mesh.jwtFilter(ISSUER, 'payload'), filter('f')], 'app'),
  ];
  envoy = await startEnvoy({
    bootstrap: ({ upstreamPort }) =>
      mesh.bootstrap(
        [{ name: 'all', port: 0, direction: 'INBOUND', filters }],
        [mesh.cluster('app', upstreamPort)],
      ),
  });
});
after(() => envoy.stop());

async function statusOf(path: string, claims?: object, more: [string, string][] = []) {
  const token = signedToken({ iss: ISSUER, sub: 'alice', exp: 4_102_444_800, ...claims });
  const headers: [string, string][] =
    claims === undefined ? more : [['authorization', `Bearer ${token}`], ...more];
  return (await request(envoy.url, { path, headers })).status;
}

describe('a document in CEL, on Envoy', () => {
  it('looks for a role in the lists inside a token’s claims', async () => {
    assert.equal(await statusOf('/admin', { realm: { roles: ['user', 'admin'] } }), 200);
    assert.equal(await statusOf('/admin', { realm: { roles: ['user'] } }), 403);
    assert.equal(await statusOf('/admin', { realm: { roles: [] } }), 403);
  });

  it('reads numbers, truth and maps as the token has them', async () => {
    const realm = { teams: { core: { a: 1, b: 2 } } };
    assert.equal(await statusOf('/level', { realm, level: 5, verified: true }), 200);
    assert.equal(await statusOf('/level', { realm, level: 4.5, verified: true }), 403);
    assert.equal(await statusOf('/level', { realm, level: 5, verified: false }), 403);
  });

  it('fails closed where claims are missing', async () => {
    assert.equal(await statusOf('/admin', { realm: {} }), 500);
    assert.equal(await statusOf('/admin', { realm: 'admin' }), 500);
    assert.equal(await statusOf('/admin'), 500);
    assert.equal(await statusOf('/'), 200);
  });

  it('has single expressions in CEXL', async () => {
    assert.equal(await statusOf('/', undefined, [['x-old', 'yes']]), 403);
    assert.equal(await statusOf('/', undefined, [['x-old', 'no']]), 200);
  });
});

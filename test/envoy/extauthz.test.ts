// The extauthz adapter against a gRPC server of the external authorization protocol: what it is asked, decisions with
// headers, status and body, and every way in which no decision comes.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { status as Code } from '@grpc/grpc-js';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { startExtAuthz, type Decision, type ExtAuthzServer } from './support/ext-authz.ts';

const TIMEOUT_MS = 700;
const header = (key: string, value: string): { header: { key: string; value: string } } => ({
  header: { key, value },
});

const DECISIONS: Readonly<Record<string, Decision>> = {
  '/allow': { status: { code: Code.OK } },
  '/headers': {
    status: { code: Code.OK },
    okResponse: { headers: [header('X-User', 'ann')], headersToRemove: ['X-Secret'] },
  },
  '/deny': { status: { code: Code.PERMISSION_DENIED, message: 'no' } },
  '/login': {
    status: { code: Code.UNAUTHENTICATED, message: 'who' },
    deniedResponse: {
      status: { code: 401 },
      headers: [header('WWW-Authenticate', 'Bearer')],
      body: 'log in',
    },
  },
  '/slow': 'nothing',
  '/unavailable': { fails: Code.UNAVAILABLE },
  '/unimplemented': { fails: Code.UNIMPLEMENTED },
  '/empty': {},
};

function document(port: number): object {
  const connection = { address: `127.0.0.1:${port}`, timeout: `${TIMEOUT_MS}ms` };
  const params = { validDuration: '0s' };
  return {
    handlers: [
      { name: 'authz', adapter: 'extauthz', connection, params },
      { name: 'cached', adapter: 'extauthz', connection, params: { validDuration: '60s' } },
    ],
    rules: [
      { name: 'closed', match: 'request.host == "closed"', actions: [{ handler: 'authz' }] },
      {
        name: 'open',
        match: 'request.host == "open"',
        actions: [{ handler: 'authz' }],
        onError: 'ALLOW',
      },
      { name: 'cached', match: 'request.host == "cached"', actions: [{ handler: 'cached' }] },
    ],
  };
}

describe('the extauthz adapter with a gRPC server', () => {
  let server: ExtAuthzServer;
  let envoy: RunningEnvoy;

  before(async () => {
    server = await startExtAuthz(({ path }) => DECISIONS[path] ?? { fails: Code.INTERNAL });
    envoy = await startEnvoy({ document: document(server.port), wasm: 'dist/extauthz.wasm' });
  });

  after(async () => {
    await envoy.stop();
    server.stop();
  });

  const ask = (
    host: string,
    path: string,
    headers: Record<string, string> = {},
  ): ReturnType<typeof request> =>
    request(envoy.url, { path, headers: [['host', host], ...Object.entries(headers)] });

  it('asks with method, path, host and credentials, and lets an allowed request pass', async () => {
    assert.equal((await ask('closed', '/allow', { authorization: 'Bearer t' })).status, 200);
    const { method, path, host, headers } = server.asked.at(-1) ?? assert.fail('nobody asked');
    assert.deepEqual({ method, path, host }, { method: 'GET', path: '/allow', host: 'closed' });
    assert.deepEqual(headers, { authorization: 'Bearer t' });
  });

  it('sets and removes headers of the request as the server says', async () => {
    const given = { 'x-user': 'forged', 'x-secret': 's' };
    assert.equal((await ask('closed', '/headers', given)).status, 200);
    const { headers } = envoy.upstream?.requests.at(-1) ?? assert.fail('no request came through');
    assert.equal(headers['x-user'], 'ann');
    assert.equal(headers['x-secret'], undefined);
  });

  it('denies with 403 where the server says no more', async () => {
    const { status, body } = await ask('closed', '/deny');
    assert.equal(status, 403);
    assert.equal(body, 'PERMISSION_DENIED:authz:no');
  });

  it('passes status, headers and body of a denial on', async () => {
    const { status, headers, body } = await ask('closed', '/login');
    assert.equal(status, 401);
    assert.equal(headers['www-authenticate'], 'Bearer');
    assert.equal(body, 'log in');
  });

  it('gives up when the time is over', async () => {
    const { status, body } = await ask('closed', '/slow');
    // Envoy tells the end of a gRPC call's time as UNAVAILABLE, our own clock as DEADLINE_EXCEEDED.
    assert.ok([503, 504].includes(status), `${status} ${body}`);
    assert.equal((await ask('open', '/slow')).status, 200);
  });

  it('takes UNAVAILABLE for a server that is not there', async () => {
    assert.equal((await ask('closed', '/unavailable')).status, 503);
    assert.equal((await ask('open', '/unavailable')).status, 200);
  });

  it('fails where the server refuses the question, or decides nothing', async () => {
    assert.equal((await ask('closed', '/unimplemented')).status, 500);
    assert.equal((await ask('closed', '/empty')).status, 500);
    assert.equal((await ask('open', '/empty')).status, 200);
  });

  it('asks once for one question while a cache may keep the decision', async () => {
    const countBefore = server.asked.length;
    for (let count = 0; count < 10; count++) {
      assert.equal((await ask('cached', '/deny')).status, 403);
    }
    assert.equal(server.asked.length - countBefore, 1);
  });
});

// `connection.tls` on a real Envoy with what `render` writes: a backend with a certificate of an authority of its own,
// and what becomes of requests where the authority, the name or the certificate of the client is not the right one.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { Authority, type Files, pemOf } from './support/rbac-certificates.ts';

const NAME = 'opa.test';

/** A server in OPA's place, which allows whatever it is asked; `clients` asks for a client's certificate. */
async function serve(files: Files, clients?: Authority): Promise<Server> {
  const mutual =
    clients === undefined
      ? {}
      : { ca: readFileSync(clients.files.chain), requestCert: true, rejectUnauthorized: true };
  const server = createServer({ ...pemOf(files), ...mutual }, (incoming, outgoing) => {
    incoming.resume();
    incoming.on('end', () => outgoing.end('{"result":true}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** The status of a request whose check asks the server over TLS, and of one that onError lets pass. */
async function statuses(server: Server, tls: object): Promise<[number, number]> {
  const connection = { address: `127.0.0.1:${portOf(server)}`, timeout: '2s', tls };
  const actions = [
    {
      handler: 'policy',
      instances: [{ template: 'authorization', params: { subject: { user: '"a"' } } }],
    },
  ];
  const document = {
    handlers: [{ name: 'policy', adapter: 'opa', connection, params: { validDuration: '0s' } }],
    rules: [
      { name: 'closed', match: 'request.path == "/closed"', actions },
      { name: 'open', match: 'request.path == "/open"', onError: 'ALLOW', actions },
    ],
  };
  const envoy = await startEnvoy({ document });
  try {
    const [closed, open] = [
      await request(envoy.url, { path: '/closed' }),
      await request(envoy.url, { path: '/open' }),
    ];
    return [closed.status, open.status];
  } finally {
    await envoy.stop();
  }
}

describe('a connection over TLS, on Envoy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mixer-tls-'));
  const ours = new Authority(mkdtempSync(join(folder, 'ours-')));
  const theirs = new Authority(mkdtempSync(join(folder, 'theirs-')));
  const client = ours.sign('envoy', { dns: 'envoy.test' });
  const caCertificates = ours.files.chain;
  let plain: Server;
  let mutual: Server;

  before(async () => {
    const files = ours.sign('opa', { dns: NAME });
    plain = await serve(files);
    mutual = await serve(files, ours);
  });

  after(async () => {
    await stop(plain);
    await stop(mutual);
    rmSync(folder, { recursive: true, force: true });
  });

  it('asks a backend that shows a certificate of the authority for the name', async () => {
    assert.deepEqual(await statuses(plain, { caCertificates, serverName: NAME }), [200, 200]);
  });

  it('asks nobody with a certificate of another authority, or for another name: onError decides', async () => {
    for (const tls of [
      { caCertificates: theirs.files.chain, serverName: NAME },
      { serverName: NAME },
      { caCertificates, serverName: 'else.test' },
      { caCertificates },
    ])
      assert.deepEqual(await statuses(plain, tls), [503, 200], JSON.stringify(tls));
  });

  it('shows a certificate to a backend that wants one', async () => {
    const tls = { caCertificates, serverName: NAME };
    const own = { clientCertificate: client.chain, privateKey: client.key };
    assert.deepEqual(await statuses(mutual, { ...tls, ...own }), [200, 200]);
    assert.deepEqual(await statuses(mutual, tls), [503, 200]);
  });
});

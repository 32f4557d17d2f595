// `connection.tls`: what the filter says of it, and the cluster that is written (UPDATE=1 writes the golden anew).

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { TLS_PATH_SIZE_MAX_BYTES } from '../../assembly/shared/limits.ts';
import { toYaml } from '../../tools/render/bootstrap.ts';
import { backendCluster } from '../../tools/render/cluster.ts';
import { absolute, WASM_PATH } from '../../tools/render/defaults.ts';
import { describeDocument, type Description } from '../../tools/render/describe.ts';

const MUTUAL = {
  caCertificates: '/etc/mixer/ca.pem',
  clientCertificate: '/etc/mixer/envoy.pem',
  privateKey: '/etc/mixer/envoy.key',
  serverName: 'adapter.example.com',
};

/** What the filter makes of handlers of `bypass` with these connections. */
function ask(...connections: object[]): Promise<Description> {
  const handlers = connections.map((connection, at) => ({
    name: `h${at}`,
    adapter: 'bypass',
    connection,
  }));
  const actions = handlers.map(({ name }) => ({ handler: name }));
  const document = { handlers, rules: [{ name: 'all', actions }] };
  return describeDocument(JSON.stringify(document), absolute(WASM_PATH));
}

const address = '10.0.0.1:9070';

async function refusal(connection: object): Promise<string> {
  const { isAccepted, diagnostics } = await ask(connection);
  assert.equal(isAccepted, false);
  return diagnostics
    .map(({ code, pointer, expected }) => `${code} ${pointer} ${expected}`)
    .join('\n');
}

describe('TLS of a connection', () => {
  it('becomes a cluster that checks authority and name, and shows a certificate', async () => {
    const { clusters } = await ask({ address, tls: MUTUAL });
    const text = toYaml({ clusters: (clusters ?? []).map(backendCluster) }, 'golden');
    const url = new URL('golden/backend-mutual-tls.yaml', import.meta.url);
    if (process.env['UPDATE'] === '1') writeFileSync(url, text);
    assert.equal(text, readFileSync(url, 'utf8'));
  });

  it('trusts the authorities of the system and asks for the host where nothing else is said', async () => {
    const { clusters } = await ask({ address: 'adapter.example.com:443', tls: {} });
    assert.deepEqual(clusters, [
      {
        name: 'mixer-adapter_example_com_443-grpc-tls',
        address: 'adapter.example.com:443',
        protocol: 'grpc',
        tls: {},
      },
    ]);
    const text = JSON.stringify(clusters.map(backendCluster));
    assert.match(text, /"sni":"adapter.example.com"/);
    assert.match(text, /"matcher":\{"exact":"adapter.example.com"\}/);
    assert.match(text, /ca-certificates.crt/);
  });

  it('tells clusters of one address apart, and is one where it is the same', async () => {
    const tls = { serverName: 'a.test' };
    const { clusters } = await ask(
      { address },
      { address, tls },
      { address, tls: {} },
      { address, tls },
    );
    const names = (clusters ?? []).map(({ name }) => name);
    assert.equal(new Set(names).size, 3);
    assert.equal(names.length, 3);
  });

  it('is refused beside a cluster that Envoy has already', async () => {
    assert.match(
      await refusal({ cluster: 'adapter', tls: {} }),
      /^E0211 \/handlers\/0\/connection\/tls /,
    );
  });

  it('is refused without the other half of a certificate, and unverified', async () => {
    const { clientCertificate, privateKey } = MUTUAL;
    assert.match(await refusal({ address, tls: { clientCertificate } }), /^E0202 /);
    assert.match(await refusal({ address, tls: { privateKey } }), /^E0202 /);
    const unverified = await refusal({ address, tls: { insecureSkipVerify: true } });
    assert.match(unverified, /^E0204 .*insecureSkipVerify .*whoever else answers would decide/);
  });

  it('takes absolute paths up to their bound, names of hosts, and no field that it does not know', async () => {
    const sized = (size: number): object => ({ caCertificates: `/${'a'.repeat(size - 1)}` });
    assert.ok((await ask({ address, tls: sized(TLS_PATH_SIZE_MAX_BYTES) })).isAccepted);
    for (const tls of [
      sized(TLS_PATH_SIZE_MAX_BYTES + 1),
      { caCertificates: 'ca.pem' },
      { caCertificates: '/a b' },
      { caCertificates: '' },
      { serverName: 'a b' },
    ])
      assert.match(await refusal({ address, tls }), /^E0204 /);
    assert.match(await refusal({ address, tls: { sni: 'a' } }), /^E0201 /);
  });
});

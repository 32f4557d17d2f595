// Connections without HTTP on a running Envoy: the rendered network filter in front of Envoy's TCP proxy.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { WASM_PATH } from '../../tools/render/defaults.ts';
import { CLIENT_IDENTITY, makeCertificates, type Certificates } from './support/certificates.ts';
import * as mesh from './support/listeners.ts';
import { orAbsent, seenLines } from './support/probing.ts';
import { Client, startTcpServer, type TcpServer } from './support/tcp.ts';

type Line = Record<string, unknown>;

const TRAFFIC: Record<string, string> = {
  id: 'connection.id',
  event: 'connection.event',
  received: 'connection.received.bytes',
  receivedTotal: 'connection.received.bytes_total',
  sent: 'connection.sent.bytes',
  sentTotal: 'connection.sent.bytes_total',
  duration: orAbsent('connection.duration', 'DURATION'),
  protocol: 'context.protocol',
  error: orAbsent('check.error_message'),
  from: 'source.ip',
};
/** Of requests only; Envoy itself would give some of them. */
const OF_HTTP: Record<string, string> = {
  host: orAbsent('request.host'),
  scheme: orAbsent('request.scheme'),
  code: orAbsent('response.code', 'INT64'),
  size: orAbsent('request.size', 'INT64'),
  path: orAbsent('request.path'),
  responseHeader: orAbsent('response.headers["a"]'),
};

function documentWith(
  check: object,
  variables: Record<string, string>,
  value = 'source.ip',
): object {
  return {
    reportInterval: '1s',
    accessLog: true,
    handlers: [
      { name: 'log', adapter: 'stdio' },
      { name: 'blocklist', adapter: 'list', params: check },
    ],
    instances: [
      { name: 'seen', template: 'logentry', params: { variables } },
      { name: 'caller', template: 'listentry', params: { value } },
    ],
    rules: [
      { name: 'policy', actions: [{ handler: 'blocklist', instances: ['caller'] }] },
      { name: 'logged', actions: [{ handler: 'log', instances: ['seen'] }] },
    ],
  };
}

const addresses = (range: string): object => ({
  entryType: 'IP_ADDRESSES',
  overrides: [range],
  blacklist: true,
});
const OPEN = documentWith(addresses('10.0.0.0/8'), { ...TRAFFIC, ...OF_HTTP });
const SHUT = documentWith(addresses('127.0.0.0/8'), TRAFFIC);

/** The reports of the connection that was opened last but `before` connections. */
async function reportsUntilClose(
  envoy: RunningEnvoy,
  known: ReadonlySet<unknown>,
): Promise<Line[]> {
  return envoy.waitFor(() => {
    const lines = seenLines(envoy.log()).filter((line) => !known.has(line['id']));
    return lines.some((line) => line['event'] === 'close') ? lines : null;
  });
}

function lastOf(lines: readonly Line[]): Line {
  return lines.at(-1) ?? {};
}

function knownIds(envoy: RunningEnvoy): Set<unknown> {
  return new Set(seenLines(envoy.log()).map((line) => line['id']));
}

describe('a connection through the network filter', () => {
  let server: TcpServer;
  let envoy: RunningEnvoy;
  before(async () => {
    server = await startTcpServer();
    envoy = await startEnvoy({
      listeners: [
        { name: 'open', kind: 'network', document: OPEN, direction: 'INBOUND' },
        { name: 'shut', kind: 'network', document: SHUT },
        { name: 'web', document: OPEN },
      ],
      upstream: { host: '127.0.0.1', port: server.port },
    });
  });
  after(async () => {
    await envoy.stop();
    await server.stop();
  });

  it('is reported when it opens, after each interval, and when it closes', async () => {
    const known = knownIds(envoy);
    const client = await Client.open(envoy.urls['open'] ?? '');
    client.send('hello');
    await envoy.waitFor(() => client.text === 'hello');
    await envoy.waitFor(() => seenLines(envoy.log()).some((line) => line['event'] === 'continue'));
    client.send('again!');
    await envoy.waitFor(() => client.text === 'helloagain!');
    client.close();
    const lines = await reportsUntilClose(envoy, known);
    const [open] = lines;
    const close = lastOf(lines);
    assert.equal(open?.['event'], 'open');
    assert.equal(open['duration'], '117h50m42s');
    assert.deepEqual(
      lines.slice(1, -1).map((line) => line['event']),
      lines.slice(1, -1).map(() => 'continue'),
    );
    assert.equal(close['event'], 'close');
    assert.match(String(close['duration']), /^[1-9][\d.]*s$/);
    const sum = (name: string): number =>
      lines.reduce((total, line) => total + Number(line[name]), 0);
    assert.deepEqual([close['receivedTotal'], close['sentTotal']], [11, 11]);
    assert.deepEqual([sum('received'), sum('sent')], [11, 11]);
    for (const line of lines) {
      assert.equal(line['protocol'], 'tcp');
      assert.equal(line['from'], '127.0.0.1');
      assert.equal(line['id'], open['id']);
    }
  });

  it('has none of the attributes of requests', async () => {
    const known = knownIds(envoy);
    const client = await Client.open(envoy.urls['open'] ?? '');
    client.send('x');
    await envoy.waitFor(() => client.text === 'x');
    client.close();
    const close = lastOf(await reportsUntilClose(envoy, known));
    const { host, scheme, code, size, path, responseHeader } = close;
    const absent = { host: '(absent)', scheme: '(absent)', code: 424242, size: 424242 };
    assert.deepEqual({ host, scheme, code, size }, absent);
    assert.deepEqual([path, responseHeader], ['(absent)', '(absent)']);
  });

  it('is closed before the upstream hears of it when a check denies it, and says why at its close', async () => {
    const known = knownIds(envoy);
    const before = server.count();
    const client = await Client.open(envoy.urls['shut'] ?? '');
    client.send('x');
    await envoy.waitFor(() => client.isClosed);
    assert.equal(client.text, '');
    assert.equal(server.count(), before);
    const lines = await reportsUntilClose(envoy, known);
    assert.deepEqual(
      lines.map((line) => [line['event'], line['error']]),
      [['close', 'PERMISSION_DENIED:blocklist:127.0.0.1 is blacklisted']],
    );
    const entry = await envoy.waitFor(() =>
      envoy.accessLog().find((line) => line.verdict === 'denied'),
    );
    assert.equal(entry.rule, 'policy');
  });

  it('may have the document of requests', async () => {
    await request(envoy.urls['web'] ?? '', { path: '/x' }).catch(() => null);
    const client = await Client.open(envoy.urls['open'] ?? '');
    client.send('y');
    await envoy.waitFor(() => client.text === 'y');
    client.close();
    const stats = await envoy.waitFor(async () => {
      const found = await envoy.stats('mixer_checks_total');
      return Object.values(found).some((value) => Number(value) >= 4) ? found : null;
    });
    assert.equal(Object.keys(stats).length, 1);
  });
});

describe('a connection with mutual TLS', () => {
  let folder = '';
  let server: TcpServer;
  let envoy: RunningEnvoy;
  let certificates: Certificates;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mixer-tcp-'));
    certificates = makeCertificates(folder);
    server = await startTcpServer();
    const identity = (blacklist: boolean): object =>
      documentWith({ overrides: [CLIENT_IDENTITY], blacklist }, TRAFFIC, 'source.principal');
    const known = await mesh.filterOf(identity(false), WASM_PATH, 'network');
    const refused = await mesh.filterOf(identity(true), WASM_PATH, 'network');
    const tls = mesh.downstreamTls(certificates);
    const into = (filter: (name: string) => mesh.Config, name: string): mesh.Listener => ({
      name,
      port: 0,
      direction: 'INBOUND',
      tls,
      filters: [filter(name), mesh.tcpProxy(name, 'app')],
    });
    envoy = await startEnvoy({
      bootstrap: () =>
        mesh.bootstrap(
          [into(known, 'known'), into(refused, 'refused')],
          [mesh.cluster('app', server.port)],
        ),
      upstream: 'none',
    });
  });
  after(async () => {
    await envoy.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('passes with an identity that is on the list', async () => {
    const client = await Client.openTls(envoy.urls['known'] ?? '', certificates);
    client.send('hello');
    await envoy.waitFor(() => client.text === 'hello');
    client.close();
  });

  it('is closed at its first bytes when its identity is refused', async () => {
    const client = await Client.openTls(envoy.urls['refused'] ?? '', certificates);
    client.send('hello');
    await envoy.waitFor(() => client.isClosed);
    assert.equal(client.text, '');
    const close = await envoy.waitFor(() =>
      seenLines(envoy.log()).find((line) => String(line['error']).startsWith('PERMISSION')),
    );
    assert.equal(close['error'], `PERMISSION_DENIED:blocklist:${CLIENT_IDENTITY} is blacklisted`);
  });
});

describe('a server that speaks first', () => {
  it('is heard when the check passes, and not when it denies', async () => {
    const server = await startTcpServer('220 ready');
    const envoy = await startEnvoy({
      listeners: [
        { name: 'open', kind: 'network', document: OPEN },
        { name: 'shut', kind: 'network', document: SHUT },
      ],
      upstream: { host: '127.0.0.1', port: server.port },
    });
    try {
      const open = await Client.open(envoy.urls['open'] ?? '');
      await envoy.waitFor(() => open.text === '220 ready');
      open.close();
      const shut = await Client.open(envoy.urls['shut'] ?? '');
      await envoy.waitFor(() => shut.isClosed);
      assert.equal(shut.text, '');
    } finally {
      await envoy.stop();
      await server.stop();
    }
  });
});

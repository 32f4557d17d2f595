// A connection on a running Envoy whose check asks a backend: it is held, its bytes are counted once, and an answer
// decides. The backend speaks OPA's REST API; OPA itself is tested with its adapter.

import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';

import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { seenLines } from './support/probing.ts';
import { Client, startTcpServer, type TcpServer } from './support/tcp.ts';

/** Questions that nobody has answered yet. */
const asked: ServerResponse[] = [];
const backend = createServer((question, answer) => {
  question.resume().on('end', () => asked.push(answer));
});

function documentWith(port: number, user: string): object {
  const variables = {
    id: 'connection.id',
    event: 'connection.event',
    received: 'connection.received.bytes',
    receivedTotal: 'connection.received.bytes_total',
  };
  return {
    handlers: [
      { name: 'log', adapter: 'stdio' },
      {
        name: 'policy',
        adapter: 'opa',
        connection: { address: `127.0.0.1:${port}`, timeout: '5s' },
        params: { validDuration: '0s' },
      },
    ],
    instances: [
      { name: 'seen', template: 'logentry', params: { variables } },
      { name: 'who', template: 'authorization', params: { subject: { user } } },
    ],
    rules: [
      { name: 'policy', actions: [{ handler: 'policy', instances: ['who'] }] },
      { name: 'logged', actions: [{ handler: 'log', instances: ['seen'] }] },
    ],
  };
}

describe('a connection whose check asks a backend', () => {
  let server: TcpServer;
  let envoy: RunningEnvoy;
  before(async () => {
    server = await startTcpServer();
    await new Promise<void>((done) => backend.listen(0, '127.0.0.1', done));
    const { port } = backend.address() as AddressInfo;
    envoy = await startEnvoy({
      listeners: [
        { name: 'opening', kind: 'network', document: documentWith(port, 'connection.id') },
        {
          name: 'first-bytes',
          kind: 'network',
          document: documentWith(port, 'source.principal | "nobody"'),
        },
      ],
      upstream: { host: '127.0.0.1', port: server.port },
    });
  });
  after(async () => {
    await envoy.stop();
    await server.stop();
    backend.closeAllConnections();
    await new Promise((done) => backend.close(done));
  });

  async function answer(result: boolean): Promise<void> {
    const question = await envoy.waitFor(() => asked.shift());
    question.setHeader('content-type', 'application/json').end(JSON.stringify({ result }));
  }

  for (const name of ['opening', 'first-bytes']) {
    it(`${name}: passes what was held once the answer allows, and counts it once`, async () => {
      const known = new Set(seenLines(envoy.log()).map((line) => line['id']));
      const client = await Client.open(envoy.urls[name] ?? '');
      client.send('hello');
      await envoy.waitFor(() => asked.length > 0);
      client.send(' you');
      assert.equal(client.text, '');
      await answer(true);
      await envoy.waitFor(() => client.text === 'hello you');
      client.send('!');
      await envoy.waitFor(() => client.text === 'hello you!');
      client.close();
      const close = await envoy.waitFor(() =>
        seenLines(envoy.log()).find((line) => line['event'] === 'close' && !known.has(line['id'])),
      );
      assert.equal(close['receivedTotal'], 10);
      const lines = seenLines(envoy.log()).filter((line) => line['id'] === close['id']);
      assert.equal(
        lines.reduce((sum, line) => sum + Number(line['received']), 0),
        10,
      );
    });

    it(`${name}: is closed, and nothing passes, when the answer denies`, async () => {
      const before = server.count();
      const client = await Client.open(envoy.urls[name] ?? '');
      client.send('hello');
      await answer(false);
      await envoy.waitFor(() => client.isClosed);
      assert.equal(client.text, '');
      if (name === 'opening') assert.equal(server.count(), before);
    });
  }
});

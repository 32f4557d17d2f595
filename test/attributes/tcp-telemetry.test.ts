// What operators get of connections without writing an instance, on a running Envoy with its TCP proxy.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { startEnvoy } from '../../tools/envoy/start.ts';
import { Client, startTcpServer } from './support/tcp.ts';

describe('the telemetry of connections', () => {
  it("is Istio's TCP metrics and Mixer's tcpaccesslog without any instance", async () => {
    const server = await startTcpServer();
    const document = {
      handlers: [
        { name: 'log', adapter: 'stdio' },
        { name: 'metrics', adapter: 'prometheus' },
      ],
      rules: [{ name: 'telemetry', actions: [{ handler: 'log' }, { handler: 'metrics' }] }],
    };
    const envoy = await startEnvoy({
      listeners: [{ name: 'app', kind: 'network', document, direction: 'INBOUND' }],
      upstream: { host: '127.0.0.1', port: server.port },
    });
    try {
      const client = await Client.open(envoy.urls['app'] ?? '');
      client.send('hello');
      await envoy.waitFor(() => client.text === 'hello');
      client.close();
      const stats = await envoy.waitFor(async () => {
        const found = await envoy.stats('istio_');
        // A metric is defined before it counts.
        const isCounted = ([name, value]: [string, unknown]): boolean =>
          name.includes('closed') && value === 1;
        return Object.entries(found).some(isCounted) ? found : null;
      });
      const values = Object.entries(stats).map(([name, value]) => [
        /istio_[a-z_]+/.exec(name)?.[0] ?? name,
        value,
      ]);
      assert.deepEqual(Object.fromEntries(values), {
        istio_tcp_connections_closed_total: 1,
        istio_tcp_connections_opened_total: 1,
        istio_tcp_received_bytes_total: 5,
        istio_tcp_sent_bytes_total: 5,
      });
      const events = envoy.log().match(/"instance":"tcpaccesslog".*?"connectionEvent":"[a-z]+"/g);
      assert.deepEqual(
        events?.map((text) => text.split('"').at(-2)),
        ['open', 'close'],
      );
      assert.doesNotMatch(envoy.log(), /"instance":"accesslog"/);
    } finally {
      await envoy.stop();
      await server.stop();
    }
  });
});

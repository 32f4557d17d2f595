// What the standard metrics and the standard access log say of TCP connections, and that requests neither appear
// there nor pay for it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describe as describeDocument } from '../../tools/host/describe.ts';
import type { Host } from '../../tools/host/host.ts';
import { denier, get, serve } from '../rules/serve.ts';
import { dropped, jsonLines, numbers } from './documents.ts';

const ADAPTERS = ['prometheus', 'stdio'] as const;
const TCP_VARIABLES =
  'connectionDuration connectionEvent connection_security_policy destinationApp destinationIp destinationName ' +
  'destinationNamespace destinationOwner destinationPrincipal destinationServiceHost destinationWorkload protocol ' +
  'receivedBytes reporter requestedServerName responseFlags sentBytes sourceApp sourceIp sourceName ' +
  'sourceNamespace sourceOwner sourcePrincipal sourceWorkload totalReceivedBytes totalSentBytes';
const TCP_LABELS =
  'reporter source_workload source_workload_namespace source_principal source_app source_version ' +
  'source_canonical_service source_canonical_revision destination_workload destination_workload_namespace ' +
  'destination_principal destination_app destination_version destination_service destination_service_name ' +
  'destination_service_namespace destination_canonical_service destination_canonical_revision response_flags ' +
  'connection_security_policy';

function standard(adapter: string, rules: object[] = []): object {
  return {
    reportInterval: '5s',
    handlers: [{ name: 'own', adapter }, denier('closed', 7)],
    rules: [...rules, { name: 'all', actions: [{ handler: 'own' }] }],
  };
}

const SHUT = { name: 'shut', actions: [{ handler: 'closed' }] };

/** Values of Istio's metrics by name, `tcp_sent_bytes_total`. */
function istio(host: Host): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [name, value] of numbers(host, 'istio_')) {
    const plain = name.slice(0, name.indexOf('.'));
    found[plain] = (found[plain] ?? 0) + value;
  }
  return found;
}

/** The host calls of one more request, by name. */
async function callsOfRequest(document: object): Promise<Record<string, number>> {
  const host = await serve(document);
  host.request(get('/'));
  host.resetCallCounts();
  host.request(get('/'));
  return Object.fromEntries([...host.callCounts()].sort());
}

describe('the standard metrics of connections', () => {
  it('count openings, closings and the bytes since the last report', async () => {
    const host = await serve(standard('prometheus'));
    const connection = host.connect().open();
    assert.deepEqual(istio(host), {
      tcp_sent_bytes_total: 0,
      tcp_received_bytes_total: 0,
      tcp_connections_opened_total: 1,
    });
    connection.downstreamData('hello').upstreamData('world!!');
    host.advance(5_500);
    assert.equal(istio(host)['tcp_received_bytes_total'], 5);
    assert.equal(istio(host)['tcp_sent_bytes_total'], 7);
    assert.equal(istio(host)['tcp_connections_closed_total'], undefined);
    connection.downstreamData('again').close();
    host.connect().open().close();
    assert.deepEqual(istio(host), {
      tcp_sent_bytes_total: 7,
      tcp_received_bytes_total: 10,
      tcp_connections_opened_total: 2,
      tcp_connections_closed_total: 2,
    });
  });

  it("have Istio's labels but those of requests, and unknown for what nothing gives", async () => {
    const host = await serve(standard('prometheus'));
    host.connect({ direction: 'outbound' }).open().close();
    const [series = ''] = [...numbers(host, 'istio_tcp_connections_opened_total.').keys()];
    const labels = series.split(';').slice(0, -1);
    assert.equal(labels.map((label) => label.split('=')[0]).join(' '), TCP_LABELS);
    for (const label of ['reporter=source', 'response_flags=-', 'destination_service=unknown'])
      assert.ok(labels.includes(label), label);
    assert.ok(labels.includes('connection_security_policy=unknown'));
  });

  it("take the destination's service from the metadata of Istio's clusters", async () => {
    const host = await serve(standard('prometheus'));
    const services = [{ host: 'db.shop.svc', name: 'db', namespace: 'shop' }];
    const properties = { 'xds.cluster_metadata': { filter_metadata: { istio: { services } } } };
    host.connect({ direction: 'outbound', properties }).open().downstreamData('x').close();
    const closed = [...numbers(host, 'istio_tcp_connections_closed_total.').keys()].join('');
    const all = /destination_service=db\.shop\.svc;destination_service_name=db;.*_namespace=shop;/;
    assert.match(closed, all);
  });

  it('count the close of a denied connection, which was never open', async () => {
    const host = await serve(standard('prometheus', [SHUT]));
    assert.equal(host.connect().open().outcome.closed, true);
    const { tcp_connections_opened_total: opened, tcp_connections_closed_total: closed } =
      istio(host);
    assert.deepEqual([opened, closed], [undefined, 1]);
  });

  it('leave those of requests alone, as requests leave these', async () => {
    const host = await serve(standard('prometheus'));
    host.connect().open().downstreamData('x').close();
    assert.deepEqual(
      Object.keys(istio(host)).filter((name) => !name.startsWith('tcp_')),
      [],
    );
    const requests = await serve(standard('prometheus'));
    requests.request(get('/'));
    assert.deepEqual(istio(requests), { requests_total: 1 });
  });

  it('are standard ones also where the document writes their instance', async () => {
    const value = 'connection.sent.bytes | 0';
    const dimensions = { port: 'destination.port | 0' };
    const params = { value, dimensions };
    const host = await serve({
      handlers: [{ name: 'metrics', adapter: 'prometheus' }],
      instances: [
        { name: 'tcpbytesent', template: 'metric', params },
        { name: 'requestcount', template: 'metric', params: { value: 1, dimensions } },
      ],
      rules: [
        {
          name: 'all',
          actions: [{ handler: 'metrics', instances: ['tcpbytesent', 'requestcount'] }],
        },
      ],
    });
    host.connect().open().upstreamData('abc').close();
    host.request(get('/'));
    assert.deepEqual(istio(host), { tcp_sent_bytes_total: 3, requests_total: 1 });
    const [series = ''] = [...numbers(host, 'istio_tcp_sent_bytes_total.').keys()];
    assert.match(series, /;port=10000;$/);
  });
});

describe('the standard access log of connections', () => {
  it("has Mixer's 26 variables at each report, and drops none", async () => {
    const host = await serve(standard('stdio'));
    const connection = host.connect().open();
    connection.downstreamData('hello').upstreamData('world!!');
    host.advance(5_000);
    connection.downstreamData('again').close();
    const lines = jsonLines(host);
    for (const line of lines) {
      assert.equal(line['instance'], 'tcpaccesslog');
      assert.equal(Object.keys(line).slice(3).join(' '), TCP_VARIABLES);
      assert.equal(line['protocol'], 'tcp');
      assert.equal(line['sourceIp'], '127.0.0.1');
    }
    const names = ['receivedBytes', 'totalReceivedBytes', 'sentBytes', 'totalSentBytes'];
    assert.deepEqual(
      lines.map((line) => [line['connectionEvent'], ...names.map((name) => line[name])]),
      [
        ['open', 0, 0, 0, 0],
        ['continue', 5, 5, 7, 7],
        ['close', 5, 10, 0, 7],
      ],
    );
    assert.deepEqual(
      lines.map((line) => line['connectionDuration']),
      ['0s', '0s', '5s'],
    );
    assert.equal(dropped(host, 'stdio', 'truncated'), 0);
    assert.equal(dropped(host, 'mixer', 'report_failed'), 0);
  });

  it("is of connections only: a request has the request's", async () => {
    const host = await serve(standard('stdio'));
    host.request(get('/'));
    assert.deepEqual(
      jsonLines(host).map((line) => line['instance']),
      ['accesslog'],
    );
  });

  it("does not keep a document's own instance of that name from being written", async () => {
    const params = { variables: { event: 'connection.event | "request"' } };
    const host = await serve({
      handlers: [{ name: 'log', adapter: 'stdio' }],
      instances: [{ name: 'accesslog', template: 'logentry', params }],
      rules: [{ name: 'all', actions: [{ handler: 'log', instances: ['accesslog'] }] }],
    });
    host.connect().open().close();
    host.request(get('/'));
    assert.deepEqual(
      jsonLines(host).map((line) => line['event']),
      ['open', 'close', 'request'],
    );
  });
});

describe('a request', () => {
  for (const adapter of ADAPTERS) {
    it(`makes no host call for what ${adapter} says of connections`, async () => {
      const { handlers } = await describeDocument(
        'dist/mixer.wasm',
        JSON.stringify(standard(adapter)),
        { pluginName: 'mixer' },
      );
      const own = handlers.find((handler) => handler.adapter === adapter);
      const all = (own?.standardInstances ?? []) as { name: string }[];
      const instances = all.filter(({ name }) => !name.startsWith('tcp'));
      assert.ok(instances.length > 0 && instances.length < all.length);
      const without = {
        handlers: [{ name: 'own', adapter }],
        rules: [{ name: 'all', actions: [{ handler: 'own', instances }] }],
      };
      assert.deepEqual(await callsOfRequest(standard(adapter)), await callsOfRequest(without));
    });
  }
});

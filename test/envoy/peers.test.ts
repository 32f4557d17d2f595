// Two sidecars, each an Envoy of its own with the filter: the client's outbound listener calls the server's
// inbound one, and both know who is at the other side. And clients that lie.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { struct } from '../config/wire.ts';
import { ID_HEADER, METADATA_HEADER, metadataText } from '../support/peers.ts';
import { compileProbe } from '../support/compile-probe.ts';
import { showing } from './support/documents.ts';
import { httpFilters, startPatched } from './support/patched.ts';

const nodeOf = (name: string, namespace: string): object => ({
  id: `sidecar~10.0.0.1~${name}-1.${namespace}~${namespace}.svc.cluster.local`,
  cluster: `${name}.${namespace}`,
  metadata: {
    NAME: `${name}-1`,
    NAMESPACE: namespace,
    WORKLOAD_NAME: name,
    OWNER: `kubernetes://apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
    SERVICE_ACCOUNT: `${name}-account`,
    LABELS: { app: name, version: 'v1', 'service.istio.io/canonical-name': name },
  },
});
const CLIENT = nodeOf('web', 'front');
const SERVER = nodeOf('cart', 'shop');
const DOCUMENT = {
  peers: 'HEADERS',
  handlers: [
    { name: 'metrics', adapter: 'prometheus' },
    { name: 'log', adapter: 'stdio' },
    { name: 'closed', adapter: 'denier', params: { status: { code: 7 } } },
  ],
  rules: [
    {
      name: 'ops-only',
      match:
        'request.url_path == "/admin" && context.reporter.kind == "inbound" && ' +
        '(source.labels["app"] | "") != "ops"',
      actions: [{ handler: 'closed' }],
    },
    { name: 'telemetry', actions: [{ handler: 'metrics' }, { handler: 'log' }] },
  ],
};
const SIDES = [
  'source_workload=web',
  'source_workload_namespace=front',
  'source_app=web',
  'source_canonical_service=web',
  'destination_workload=cart',
  'destination_workload_namespace=shop',
  'destination_app=cart',
  'destination_version=v1',
];

function sidecar(
  direction: 'INBOUND' | 'OUTBOUND',
  node: object,
  upstream?: string,
): Promise<RunningEnvoy> {
  const port = upstream === undefined ? null : Number(new URL(upstream).port);
  return startPatched({
    document: DOCUMENT,
    listeners: [{ name: 'mesh', direction }],
    ...(port === null ? {} : { upstream: { host: '127.0.0.1', port } }),
    patch: (bootstrap) => {
      Object.assign(bootstrap['node'] as object, node);
    },
  });
}

/** The entry of the access log of one request. */
async function logged(envoy: RunningEnvoy, path: string): Promise<Record<string, unknown>> {
  const line = await envoy.waitFor(() =>
    envoy
      .log()
      .split('\n')
      .findLast((each) => each.includes('"instance":"accesslog"') && each.includes(`"${path}"`)),
  );
  return JSON.parse(line.slice(line.indexOf('{"level"'))) as Record<string, unknown>;
}

/** The labels of the series of requests that this reporter counts. */
async function series(envoy: RunningEnvoy, reporter: string): Promise<string> {
  return envoy.waitFor(async () => {
    const stats = await envoy.stats('istio_requests_total');
    return Object.keys(stats).find((name) => name.includes(`reporter=${reporter};`));
  });
}

function upstreamSaw(body: string): Record<string, string> {
  return (JSON.parse(body) as { headers: Record<string, string> }).headers;
}

const namesOf = (names: readonly string[]): string[] =>
  names.filter((name) => name.startsWith('x-envoy-peer'));

describe('two sidecars that exchange metadata', () => {
  let server: RunningEnvoy;
  let client: RunningEnvoy;
  before(async () => {
    server = await sidecar('INBOUND', SERVER);
    client = await sidecar('OUTBOUND', CLIENT, server.url);
  });
  after(() => Promise.all([client.stop(), server.stop()]));

  it('both know both workloads, in their metrics and in their logs', async () => {
    const answer = await request(client.url, { path: '/both' });
    assert.equal(answer.status, 200);
    for (const [envoy, reporter] of [
      [client, 'source'],
      [server, 'destination'],
    ] as const) {
      const labels = await series(envoy, reporter);
      for (const side of SIDES)
        assert.ok(labels.includes(`${side};`), `${reporter}: ${side} in ${labels}`);
      const { sourceName, sourceOwner, destinationWorkload, destinationOwner } = await logged(
        envoy,
        '/both',
      );
      assert.deepEqual(
        { sourceName, sourceOwner, destinationWorkload, destinationOwner },
        {
          sourceName: 'web-1',
          sourceOwner: 'kubernetes://apis/apps/v1/namespaces/front/deployments/web',
          destinationWorkload: 'cart',
          destinationOwner: 'kubernetes://apis/apps/v1/namespaces/shop/deployments/cart',
        },
      );
    }
  });

  it('neither application nor caller sees the headers', async () => {
    const { body, headers } = await request(client.url, { path: '/seen' });
    assert.deepEqual(namesOf(Object.keys(upstreamSaw(body))), []);
    assert.deepEqual(namesOf(Object.keys(headers)), []);
  });

  it('an application cannot say that it is somebody else', async () => {
    const forged = metadataText({ NAME: 'ops-1', WORKLOAD_NAME: 'ops', LABELS: { app: 'ops' } });
    const headers: [string, string][] = [
      [METADATA_HEADER, forged],
      [ID_HEADER, 'ops'],
    ];
    assert.equal((await request(client.url, { path: '/admin', headers })).status, 403);
    assert.equal((await logged(server, '/admin'))['sourceWorkload'], 'web');
    assert.equal((await logged(client, '/admin'))['destinationWorkload'], 'cart');
  });

  it('what is no metadata makes a peer unknown, and is counted', async () => {
    const headers: [string, string][] = [[METADATA_HEADER, 'AAAA']];
    const { body, status } = await request(server.url, { path: '/lie', headers });
    assert.equal(status, 200);
    assert.deepEqual(namesOf(Object.keys(upstreamSaw(body))), []);
    assert.equal((await logged(server, '/lie'))['sourceWorkload'], '');
    await server.waitFor(async () => {
      const stats = await server.stats('mixer_dropped_total');
      return Object.keys(stats).some((name) => name.includes('peer_malformed'));
    });
  });
});

describe('at the edge', () => {
  for (const peers of ['NONE', 'HEADERS']) {
    it(`with ${peers}, what a client says of itself is gone before anything reads it`, async () => {
      const shown = { 'saw-source': 'source.workload.name | "unknown"' };
      const edge = await startEnvoy({
        document: { peers, ...showing(shown) },
        trust: { kind: 'edge', hops: 0 },
      });
      try {
        const forged = metadataText({ WORKLOAD_NAME: 'ops' });
        const headers: [string, string][] = [
          [METADATA_HEADER, forged],
          [ID_HEADER, 'ops'],
          ['x-other', 'stays'],
        ];
        const answer = await request(edge.url, { headers });
        const saw = upstreamSaw(answer.body);
        assert.deepEqual(namesOf(Object.keys(saw)), []);
        assert.deepEqual([saw['saw-source'], saw['x-other']], ['unknown', 'stays']);
        assert.deepEqual(namesOf(Object.keys(answer.headers)), []);
      } finally {
        await edge.stop();
      }
    });
  }
});

/** Shows what `peers: FILTER_STATE` reads behind a filter that leaves something there. */
async function seenBehind(filter: object): Promise<(string | undefined)[]> {
  const shown = {
    'saw-workload': 'source.workload.name | "unknown"',
    'saw-owner': 'source.owner | "unknown"',
    'saw-app': '(source.labels | emptyStringMap())["app"]',
  };
  const envoy = await startPatched({
    document: { peers: 'FILTER_STATE', ...showing(shown) },
    listeners: [{ name: 'mesh', direction: 'INBOUND' }],
    patch: (bootstrap) => {
      httpFilters(bootstrap).unshift({ ...filter });
    },
  });
  try {
    const saw = upstreamSaw((await request(envoy.url)).body);
    return Object.keys(shown).map((name) => saw[name]);
  } finally {
    await envoy.stop();
  }
}

describe('what Istio’s filters leave in the filter state', () => {
  const STATE = { workload: 'web', namespace: 'front', type: 'deployment', app: 'web' };
  const SEEN = ['web', 'kubernetes://apis/apps/v1/namespaces/front/deployments/web', 'web'];
  const FILTERS = 'type.googleapis.com/envoy.extensions.filters.http.';

  it('is read where it is a Struct', async () => {
    const filename = await compileProbe('test/envoy/fixtures/peer-state.ts');
    const value = Buffer.from(struct(STATE)).toString('base64');
    const seen = await seenBehind({
      name: 'peer-state',
      typed_config: {
        '@type': `${FILTERS}wasm.v3.Wasm`,
        config: {
          name: 'peer-state',
          vm_config: { runtime: 'envoy.wasm.runtime.v8', code: { local: { filename } } },
          configuration: { '@type': 'type.googleapis.com/google.protobuf.BytesValue', value },
        },
      },
    });
    assert.deepEqual(seen, SEEN);
  });

  it('is read where it is the bytes of one', async () => {
    const text = Buffer.from(struct(STATE)).toString('latin1');
    const seen = await seenBehind({
      name: 'state',
      typed_config: {
        '@type': `${FILTERS}set_filter_state.v3.Config`,
        on_request_headers: [
          {
            object_key: 'downstream_peer',
            factory_key: 'envoy.string',
            format_string: { text_format_source: { inline_string: text } },
          },
        ],
      },
    });
    assert.deepEqual(seen, SEEN);
  });
});

// Every attribute that Envoy can give, read on a running Envoy: through a sidecar's outbound listener into an
// inbound one with mutual TLS, with tokens that Envoy's own filter has verified, with metadata as Istio
// writes it.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import { CLIENT_IDENTITY, SERVER_IDENTITY, SERVER_NAME } from './support/certificates.ts';
import { assertHas, GIVEN, ISSUER, Mesh, type Seen, type Sent } from './support/mesh.ts';
import { signedToken } from './support/token.ts';

const CLAIMS = {
  iss: ISSUER,
  sub: 'alice',
  aud: ['cart', 'shop'],
  azp: 'web-client',
  exp: 4_102_444_800,
  groups: ['dev', 'ops'],
  plan: 'gold',
  admin: true,
  address: { city: 'X' },
};
const TCP_ONLY = /^connection\.(event|duration|received|sent)/;
/** What a verdict says: verdict.test.ts. */
const OF_VERDICT = /^(check\.(rule|verdict|shadow_rule)|quota\.)/;
const SERVICE = 'cart.shop.svc.cluster.local';
let running: Mesh;
before(async () => {
  running = await Mesh.start();
});
after(() => running.stop());

function assertRecent(time: unknown): void {
  assert.ok(Math.abs(Date.parse(String(time)) - Date.now()) < 60_000, `${String(time)} is recent`);
}

const SENT: Sent = {
  to: 'outbound',
  path: '/cart/items?api_key=k1&x=a%20b',
  body: 'hello',
  headers: [
    ['host', 'Cart.Shop.example:8080'],
    ['referer', 'http://a/'],
    ['user-agent', 'probe/1'],
    ['x-role', 'a'],
    ['x-role', 'b'],
  ],
};

describe('a request through two sidecars', () => {
  let seen: { inbound: Seen; outbound: Seen };
  before(async () => {
    seen = await running.logged(SENT);
  });

  it('has its own attributes', () => {
    assertHas(seen.inbound, {
      'request.host': 'Cart.Shop.example:8080',
      'request.hostname': 'cart.shop.example',
      'request.method': 'POST',
      'request.path': '/cart/items?api_key=k1&x=a%20b',
      'request.url_path': '/cart/items',
      'request.query_params': { api_key: 'k1', x: 'a b' },
      'request.referer': 'http://a/',
      'request.useragent': 'probe/1',
      'request.scheme': 'http',
      'request.api_key': 'k1',
      'request.size': 5,
      'context.protocol': 'http',
    });
    const headers = seen.inbound['request.headers'] as Record<string, string>;
    assertHas(headers, { ':method': 'POST', 'x-role': 'a,b', referer: 'http://a/' });
    assert.ok(Number(seen.inbound['request.total_size']) > 5);
    assertRecent(seen.inbound['request.time']);
    assertRecent(seen.inbound['context.time']);
  });

  it('has those of its response', () => {
    const { inbound } = seen;
    assertHas(inbound, { 'response.code': 200, 'response.code_details': 'via_upstream' });
    assert.equal((inbound['response.headers'] as Seen)['content-type'], 'application/json');
    assert.ok(Number(inbound['response.size']) > 5);
    assert.ok(Number(inbound['response.total_size']) > Number(inbound['response.size']));
    assert.match(String(inbound['response.duration']), /^[\d.]+(µs|ms|s)$/);
    assertRecent(inbound['response.time']);
    assertHas(inbound, { 'context.proxy_error_code': '-', 'response.grpc_status': '(absent)' });
    assertHas(inbound, { 'check.error_code': 424242, 'check.error_message': '(absent)' });
  });

  it('has both peers, from their certificates', () => {
    const peers = {
      'source.principal': CLIENT_IDENTITY,
      'source.user': CLIENT_IDENTITY,
      'source.namespace': 'front',
      'destination.principal': SERVER_IDENTITY,
      'destination.user': SERVER_IDENTITY,
      'destination.namespace': 'shop',
    };
    assertHas(seen.inbound, peers);
    const handshake = { 'connection.requested_server_name': SERVER_NAME };
    assertHas(seen.inbound, { ...handshake, 'connection.mtls': true });
    assertHas(seen.outbound, {
      'destination.principal': SERVER_IDENTITY,
      'destination.namespace': 'shop',
      'source.namespace': 'shop',
      'connection.mtls': false,
    });
  });

  it('has addresses: the listener’s inbound, the upstream host’s outbound', () => {
    const inboundPort = Number(new URL(running.url('inbound')).port);
    const appPort = Number(new URL(running.envoy.upstream?.url ?? '').port);
    const local = { 'source.ip': '127.0.0.1', 'origin.ip': '127.0.0.1' };
    assertHas(seen.inbound, {
      ...local,
      'source.direct_ip': '127.0.0.1',
      'destination.ip': '127.0.0.1',
      'destination.port': inboundPort,
    });
    assertHas(seen.outbound, { ...local, 'destination.port': inboundPort });
    assert.notEqual(appPort, inboundPort);
    assert.notEqual(seen.outbound['source.port'], seen.inbound['source.port']);
    assert.match(String(seen.inbound['connection.id']), /^\d+$/);
  });

  it('has the node as the destination inbound and as the source outbound', () => {
    const workload = (side: string): Seen => ({
      [`${side}.uid`]: 'kubernetes://cart-1.shop',
      [`${side}.name`]: 'cart-1',
      [`${side}.owner`]: 'kubernetes://apis/apps/v1/namespaces/shop/deployments/cart',
      [`${side}.serviceAccount`]: 'cart',
      [`${side}.cluster.id`]: 'east',
      [`${side}.workload.uid`]: 'istio://shop/workloads/cart',
      [`${side}.workload.name`]: 'cart',
      [`${side}.workload.namespace`]: 'shop',
      [`${side}.labels`]: { app: 'cart', version: 'v2' },
    });
    const nothing = (side: string): Seen =>
      Object.fromEntries(
        Object.keys(workload(side)).map((name) => [
          name,
          name.endsWith('labels') ? {} : '(absent)',
        ]),
      );
    assertHas(seen.inbound, { ...workload('destination'), ...nothing('source') });
    assertHas(seen.outbound, { ...workload('source'), ...nothing('destination') });
    for (const line of [seen.inbound, seen.outbound]) {
      assertHas(line, {
        'context.reporter.uid': 'kubernetes://cart-1.shop',
        'context.proxy_version': '1.30.0',
        'destination.mesh.id': 'mesh-1',
      });
    }
  });

  it('has the service that Istio’s cluster metadata names', () => {
    for (const line of [seen.inbound, seen.outbound]) {
      assertHas(line, {
        'destination.service.host': SERVICE,
        'destination.service': SERVICE,
        'destination.service.name': 'cart',
        'destination.service.namespace': 'shop',
        'destination.service.uid': 'istio://shop/services/cart',
      });
    }
  });

  it('has the route that Envoy chose and the cluster behind it', () => {
    assertHas(seen.inbound, { 'context.route_name': 'all', 'context.cluster_name': 'app' });
    assertHas(seen.outbound, { 'context.route_name': 'all', 'context.cluster_name': 'cart' });
  });
});

describe('at the check', () => {
  it('the upstream host is not known yet, the route’s service is', async () => {
    const seen = await running.checked(SENT, 'outbound');
    assertHas(seen, {
      'destination.ip': '192.0.2.99',
      'destination.port': 424242,
      'destination.principal': '(absent)',
      'destination.service.name': 'cart',
      'source.workload.name': 'cart',
      'context.reporter.kind': 'outbound',
      'context.route_name': 'all',
      'context.cluster_name': 'cart',
      'check.error_code': 7,
      'check.error_message': 'PERMISSION_DENIED:no',
    });
  });

  it('everything else is there that a policy may ask for', async () => {
    const seen = await running.checked(SENT, 'inbound');
    assertHas(seen, {
      'source.principal': CLIENT_IDENTITY,
      'source.namespace': 'front',
      'destination.principal': SERVER_IDENTITY,
      'connection.mtls': true,
      'connection.requested_server_name': SERVER_NAME,
      'source.direct_ip': '127.0.0.1',
      'request.query_params': 'map[api_key:k1 x:a b]',
    });
  });
});

describe('a token that Envoy’s JWT filter has verified', () => {
  const headers: [string, string][] = [['authorization', `Bearer ${signedToken(CLAIMS)}`]];
  for (const to of ['token', 'issuer']) {
    it(`gives request.auth, its payload kept under the ${to === 'token' ? 'key `payload`' : 'issuer'}`, async () => {
      const { inbound } = await running.logged({ to, headers });
      assertHas(inbound, {
        'request.auth.principal': `${ISSUER}/alice`,
        'request.auth.audiences': 'cart,shop',
        'request.auth.presenter': 'web-client',
        'request.auth.claims': {
          iss: ISSUER,
          sub: 'alice',
          aud: 'cart,shop',
          azp: 'web-client',
          groups: 'dev,ops',
          plan: 'gold',
        },
      });
      assert.deepEqual(JSON.parse(String(inbound['request.auth.raw_claims'])), CLAIMS);
    });
  }

  it('gives the same at the check', async () => {
    const seen = await running.checked({ to: 'token', headers }, 'plain');
    assert.equal(seen['request.auth.principal'], `${ISSUER}/alice`);
  });

  it('is absent when there is none, and never believed when it is forged', async () => {
    const { inbound } = await running.logged({ to: 'token' });
    assertHas(inbound, { 'request.auth.principal': '(absent)', 'request.auth.claims': {} });
    const forged = `${headers[0]?.[1].slice(0, -8) ?? ''}AAAAAAAA`;
    const answer = await request(running.url('token'), {
      headers: [['authorization', forged]],
    });
    assert.equal(answer.status, 401);
  });
});

describe('the metadata of Istio’s authentication filter', () => {
  it('gives request.auth', async () => {
    const { inbound } = await running.logged({ to: 'istio' });
    assertHas(inbound, {
      'request.auth.principal': 'old/bob',
      'request.auth.audiences': 'a1',
      'request.auth.presenter': 'p1',
      'request.auth.claims': { plan: 'silver', groups: 'dev,qa' },
      'request.auth.raw_claims': '{"plan":"silver"}',
    });
  });
});

describe('shadow rules of Envoy’s RBAC filter', () => {
  it('give rbac.permissive', async () => {
    const { inbound } = await running.logged({ to: 'outbound', path: '/secret' });
    assertHas(inbound, {
      'rbac.permissive.response_code': '403',
      'rbac.permissive.effective_policy_id': 'no-secrets',
    });
    const passed = await running.logged({ to: 'outbound', path: '/open' });
    assertHas(passed.inbound, { 'rbac.permissive.response_code': '200' });
  });
});

describe('a gRPC call', () => {
  it('has its status from the trailers, which count as response headers', async () => {
    const headers: [string, string][] = [['content-type', 'application/grpc']];
    const path = '/shop.Cart/Get?header=grpc-message:fine';
    const { inbound } = await running.logged({ to: 'token', path, headers, http2: true, body: '' });
    assertHas(inbound, {
      'context.protocol': 'grpc',
      'response.grpc_status': '0',
      'response.grpc_message': 'fine',
    });
    assert.equal((inbound['response.headers'] as Seen)['grpc-status'], '0');
  });
});

describe('an upstream that is down', () => {
  it('is named by Envoy’s short response flag', async () => {
    const { inbound } = await running.logged({ to: 'down' });
    assertHas(inbound, { 'response.code': 503 });
    assert.match(String(inbound['context.proxy_error_code']), /^UF/);
  });
});

describe('the vocabulary', () => {
  it('has no attribute that these tests have not seen with a value', () => {
    const missing = GIVEN.map(({ name }) => name).filter(
      (name) =>
        ![TCP_ONLY, OF_VERDICT].some((others) => others.test(name)) && !running.covered.has(name),
    );
    assert.deepEqual(missing, []);
  });
});

// The file of the rate limit service: one for each domain, from the handlers that ask one.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parse } from 'yaml';
import { rateLimitFile, rateLimitServices } from '../../tools/render/ratelimit.ts';

const QUOTAS = [{ name: 'q', maxAmount: 1, validDuration: '1s' }];

function handler(name: string, params: object, more: object = {}): object {
  return { name, adapter: 'redisquota', params: { quotas: QUOTAS, ...params }, ...more };
}

it('has the domain and the environment that the document gives, without limits', () => {
  const connection = { address: '[::1]:8081' };
  const document = {
    handlers: [handler('a', { domain: 'mesh', redisServerUrl: 'redis:1' }, { connection })],
  };
  const [service, ...more] = rateLimitServices(JSON.stringify(document));
  assert.deepEqual(more, []);
  assert.deepEqual(service, { domain: 'mesh', redisUrl: 'redis:1', poolSize: 10, port: 8081 });
  const file = rateLimitFile(service);
  assert.deepEqual(parse(file), { domain: 'mesh', descriptors: [] });
  for (const line of ['GRPC_PORT=8081', 'REDIS_URL=redis:1', 'REDIS_POOL_SIZE=10'])
    assert.match(file, new RegExp(`^#   ${line}$`, 'm'));
});

it('is one for each domain, also of handlers that stand in actions', () => {
  const connection = { cluster: 'ratelimit' };
  const inline = handler('', { domain: 'other', connection_pool_size: 0 }, { connection });
  const document = {
    handlers: [handler('a', {}, { connection }), handler('b', {}, { connection })],
    rules: [{ name: 'r', actions: [{ handler: inline }] }],
  };
  const services = rateLimitServices(JSON.stringify(document));
  assert.deepEqual(
    services.map(({ domain }) => domain),
    ['mixer', 'other'],
  );
  assert.doesNotMatch(rateLimitFile(services[1]!), /GRPC_PORT|REDIS_POOL_SIZE/);
});

it('is none for handlers that count within an Envoy, and for other adapters', () => {
  const document = { handlers: [handler('a', {}), { name: 'b', adapter: 'memquota' }] };
  assert.deepEqual(rateLimitServices(JSON.stringify(document)), []);
});

// The bypass adapter with an out-of-process adapter of Mixer's protocol: checks, verdicts that are kept, quotas,
// reports, and what becomes of requests when it does not answer.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { poll } from '../support/poll.ts';
import { type Asked, type MixerAdapter, startMixerAdapter } from './support/mixeradapter.ts';
import { neededPart } from './support/part.ts';

const { program, skip } = neededPart('mixeradapter');
const TYPE = 'type.googleapis.com/google.protobuf.StringValue';
/** A StringValue: "strict". */
const CONFIG = 'CgZzdHJpY3Q=';

const header = (name: string): string => `request.headers["${name}"] | ""`;

const INSTANCES = [
  { name: 'entry', template: 'listentry', params: { value: header('x-order') } },
  {
    name: 'who',
    template: 'authorization',
    params: {
      subject: { user: header('x-order'), properties: { level: 3, ratio: 0.5, staff: true } },
      action: { method: 'request.method', path: 'request.path', properties: { ip: 'source.ip' } },
    },
  },
  {
    name: 'maps',
    template: 'authorization',
    params: {
      subject: { user: '"allow"', properties: { query: 'request.query_params' } },
      action: { properties: { headers: 'request.headers' } },
    },
  },
  { name: 'key', template: 'apikey', params: { api: '"shop"', apiKey: header('x-order') } },
  { name: 'calls', template: 'quota', params: { dimensions: { tenant: header('x-tenant') } } },
  {
    name: 'count',
    template: 'metric',
    params: { value: 1, dimensions: { code: 'response.code', took: 'response.duration' } },
  },
  {
    name: 'line',
    template: 'logentry',
    params: { severity: '"info"', timestamp: 'request.time', variables: { path: 'request.path' } },
  },
];

/** A rule for the requests of one host. */
function rule(host: string, instances: readonly string[] | undefined, more: object = {}): object {
  const actions = [{ handler: 'adapter', ...(instances !== undefined && { instances }) }];
  return { name: host, match: `request.host == "${host}"`, actions, ...more };
}

function document(port: number): object {
  const connection = { address: `127.0.0.1:${port}`, timeout: '700ms' };
  const params = { params: { typeUrl: TYPE, value: CONFIG } };
  return {
    handlers: [{ name: 'adapter', adapter: 'bypass', connection, params }],
    instances: INSTANCES,
    rules: [
      rule('entry', ['entry']),
      rule('open', ['entry'], { onError: 'ALLOW' }),
      rule('who', ['who']),
      rule('maps', ['maps']),
      rule('key', ['key']),
      rule('nothing', undefined),
      rule('quota', ['calls']),
      rule('trial', ['calls'], { mode: 'SHADOW' }),
      rule('report', ['count', 'line']),
    ],
  };
}

describe('the bypass adapter with an adapter of Mixer’s protocol', { skip }, () => {
  let adapter: MixerAdapter;
  let envoy: RunningEnvoy;

  before(async () => {
    adapter = await startMixerAdapter(program);
    envoy = await startEnvoy({ document: document(adapter.port), wasm: 'dist/bypass.wasm' });
  });

  after(async () => {
    await adapter.stop();
    await envoy.stop();
  });

  const ask = (
    host: string,
    headers: Record<string, string> = {},
    path = '/',
  ): ReturnType<typeof request> =>
    request(envoy.url, { path, headers: [['host', host], ...Object.entries(headers)] });
  // What the adapter says of a call comes on a way of its own, perhaps behind the answer.
  const last = (method: string): Promise<Asked['request']> =>
    envoy.waitFor(
      () => adapter.asked.findLast((each) => each.method.endsWith(`/${method}`))?.request,
    );

  it('lets a request pass that the adapter allows, and hands over instance, configuration and id', async () => {
    assert.equal((await ask('entry', { 'x-order': 'allow' })).status, 200);
    const { instance, adapter_config: config, dedup_id: id } = await last('HandleListEntry');
    assert.deepEqual(instance, { name: 'entry', value: { string_value: 'allow' } });
    assert.deepEqual(config, { '@type': TYPE, value: 'strict' });
    assert.match(id ?? '', /^[0-9A-F]{32}$/);
  });

  it('denies with the status of the adapter', async () => {
    const { status, body } = await ask('entry', { 'x-order': 'deny' });
    assert.equal(status, 403);
    assert.equal(body, 'PERMISSION_DENIED:adapter:not you');
  });

  it('hands over all types of values of an authorization', async () => {
    assert.equal((await ask('who', { 'x-order': 'ann' }, '/cart?x=1')).status, 200);
    assert.deepEqual((await last('HandleAuthorization')).instance, {
      name: 'who',
      subject: {
        user: 'ann',
        properties: {
          level: { int64_value: '3' },
          ratio: { double_value: 0.5 },
          staff: { bool_value: true },
        },
      },
      action: {
        method: 'GET',
        path: '/cart?x=1',
        properties: { ip: { ip_address_value: { value: 'fwAAAQ==' } } },
      },
    });
  });

  it('hands over maps, a header of several lines joined', async () => {
    const lines: [string, string][] = [
      ['host', 'maps'],
      ['x-two', 'a'],
      ['x-two', 'b'],
    ];
    assert.equal((await request(envoy.url, { path: '/?a=1&b=2', headers: lines })).status, 200);
    const { subject, action } = (await last('HandleAuthorization')).instance ?? {};
    assert.deepEqual(subject, {
      user: 'allow',
      properties: { query: { string_map_value: { value: { a: '1', b: '2' } } } },
    });
    const { properties } = action as {
      properties: { headers: { string_map_value: { value: Record<string, string> } } };
    };
    const headers = properties.headers.string_map_value.value;
    assert.equal(headers['x-two'], 'a,b');
    assert.equal(headers[':path'], '/?a=1&b=2');
  });

  it('asks for API keys and for nothing at all', async () => {
    assert.equal((await ask('key', { 'x-order': 'deny' })).status, 403);
    assert.deepEqual((await last('HandleApiKey')).instance, {
      name: 'key',
      api: 'shop',
      api_key: 'deny',
    });
    assert.equal((await ask('nothing')).status, 200);
    assert.deepEqual((await last('HandleCheckNothing')).instance, { name: 'check' });
  });

  it('keeps a verdict as long as the adapter allows, and asks each time where it does not', async () => {
    const count = (): number =>
      adapter.asked.filter(({ method }) => method.endsWith('/HandleListEntry')).length;
    const before = count();
    for (let at = 0; at < 5; at++) await ask('entry', { 'x-order': 'cached' });
    assert.equal(count() - before, 1);
    for (let at = 0; at < 3; at++) await ask('entry', { 'x-order': 'allow' });
    assert.equal(count() - before, 4);
  });

  it('charges the quota of the adapter once for each request', async () => {
    const statuses = [];
    for (let at = 0; at < 4; at++)
      statuses.push((await ask('quota', { 'x-tenant': 'acme' })).status);
    assert.deepEqual(statuses, [200, 200, 200, 429]);
    assert.equal((await ask('quota', { 'x-tenant': 'other' })).status, 200);
    assert.deepEqual((await last('HandleQuota'))['quota_request'], {
      quotas: { calls: { amount: '1' } },
    });
  });

  it('charges a quota in SHADOW mode by a name of its own, and never the enforced one', async () => {
    for (let at = 0; at < 5; at++)
      assert.equal((await ask('trial', { 'x-tenant': 'watched' })).status, 200);
    await envoy.waitFor(() => envoy.log().includes('rule trial: would have denied (SHADOW)'));
    assert.match(envoy.log(), /\(SHADOW\): RESOURCE_EXHAUSTED:Quota is exhausted for: calls/);
    assert.deepEqual((await last('HandleQuota'))['quota_request'], {
      quotas: { 'calls.shadow': { amount: '1' } },
    });
    for (let at = 0; at < 3; at++)
      assert.equal((await ask('quota', { 'x-tenant': 'watched' })).status, 200);
  });

  it('delivers reports in batches', async () => {
    for (let at = 0; at < 3; at++) await ask('report', {}, '/r');
    const reported = (method: string): Readonly<Record<string, unknown>>[] =>
      adapter.asked
        .filter((each) => each.method.endsWith(`/${method}`))
        .flatMap((each) => each.request.instances ?? []);
    await poll('all reports', 10_000, () =>
      reported('HandleMetric').length === 3 && reported('HandleLogEntry').length === 3
        ? true
        : null,
    );
    const [metric] = reported('HandleMetric');
    assert.ok(metric);
    assert.equal(metric['name'], 'count');
    assert.deepEqual(metric['value'], { int64_value: '1' });
    const [entry] = reported('HandleLogEntry');
    assert.ok(entry);
    assert.deepEqual(entry['variables'], { path: { string_value: '/r' } });
    assert.equal(entry['severity'], 'info');
  });

  it('does as onError says when the adapter does not answer', async () => {
    for (const order of ['unavailable', 'hang']) {
      const { status } = await ask('entry', { 'x-order': order });
      assert.ok([503, 504].includes(status), `${order}: ${status}`);
      assert.equal((await ask('open', { 'x-order': order })).status, 200);
    }
  });
});

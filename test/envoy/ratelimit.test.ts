// The redisquota adapter with the real rate limit service and a real Redis, through real Envoys: exact limits that
// workers and Envoys share, and what happens when the service or Redis is down.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { sampleValue } from '../../tools/envoy/exposition.ts';
import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { poll } from '../support/poll.ts';
import { sendLoad } from './support/load.ts';
import { neededPart } from './support/part.ts';
import { startRateLimit, type RateLimit } from './support/rate-limit.ts';

const WASM = 'dist/redisquota.wasm';
const LIMIT = 40;
/** The service's windows lie on the clock's grid: a test that counts over midnight would count twice. */
const DAY_MS = 86_400_000;
const DAY_END_MS = 90_000;

function document(port: number): object {
  const connection = { address: `127.0.0.1:${port}`, timeout: '2s' };
  const overrides = [
    { dimensions: { tenant: 'gold' }, maxAmount: 7 },
    { dimensions: { tenant: 'tin' }, maxAmount: 2 },
    { dimensions: { tenant: 'zinc' }, maxAmount: 2 },
    { dimensions: { tenant: 'nickel' }, maxAmount: 2 },
  ];
  const handler = (name: string, params: object): object => ({
    name,
    adapter: 'redisquota',
    connection,
    params: {
      quotas: [{ name: 'perTenant', maxAmount: LIMIT, validDuration: '24h', overrides }],
      ...params,
    },
  });
  return {
    handlers: [
      handler('limits', {}),
      handler('strict', { fallback: 'NONE' }),
      handler('ahead', { prefetch: true }),
    ],
    instances: [
      {
        name: 'perTenant',
        template: 'quota',
        params: { dimensions: { tenant: 'request.headers["x-tenant"] | "anonymous"' } },
      },
    ],
    rules: rules(),
  };
}

function rules(): object[] {
  const action = (name: string): object => ({
    handler: name,
    instances: ['perTenant'],
    response: {
      headers: { 'retry-after': '${quota.retry_after}', 'x-left': '${quota.remaining}' },
    },
  });
  const rule = (name: string, path: string, handler: string, more: object = {}): object => ({
    name,
    match: `request.path == "${path}"`,
    actions: [action(handler)],
    ...more,
  });
  const responseLog = { level: 'WARN', message: 'left ${quota.remaining}' };
  return [
    rule('limits', '/', 'limits', { responseLog }),
    rule('strict', '/strict', 'strict'),
    rule('open', '/open', 'strict', { onError: { quota: 'ALLOW' } }),
    rule('ahead', '/ahead', 'ahead'),
    rule('watched', '/watched', 'limits', { mode: 'SHADOW' }),
  ];
}

const service = neededPart('ratelimit');
const redis = neededPart('redis-server');

describe('redisquota with the rate limit service', { skip: service.skip || redis.skip }, () => {
  let backend: RateLimit;
  let envoys: RunningEnvoy[];

  before(async () => {
    await poll('a day that does not end meanwhile', DAY_END_MS * 2, () =>
      Date.now() % DAY_MS < DAY_MS - DAY_END_MS ? true : null,
    );
    backend = await startRateLimit({ redis: redis.program, service: service.program });
    const options = { document: document(backend.port), wasm: WASM, concurrency: 2 };
    envoys = [await startEnvoy(options), await startEnvoy(options)];
  });

  after(async () => {
    for (const envoy of envoys) await envoy.stop();
    await backend.stop();
  });

  const ask = async (which: number, tenant: string, path = '/'): Promise<number> => {
    const { status } = await request(envoys[which]!.url, { path, headers: [['x-tenant', tenant]] });
    return status;
  };

  const askOften = async (count: number, tenant: string, path = '/'): Promise<number[]> => {
    const statuses: number[] = [];
    for (let index = 0; index < count; index++) statuses.push(await ask(0, tenant, path));
    return statuses;
  };

  const granted = (statuses: readonly number[]): number =>
    statuses.filter((status) => status === 200).length;

  it('denies with 429 after exactly as many requests as the document says', async () => {
    const statuses = await askOften(LIMIT + 5, 'a');
    const expected = Array.from({ length: LIMIT + 5 }, (_, index) => (index < LIMIT ? 200 : 429));
    assert.deepEqual(statuses, expected);
  });

  it('counts an override by its own limit, and other values by themselves', async () => {
    assert.equal(granted(await askOften(10, 'gold')), 7);
    assert.equal(await ask(0, 'b'), 200);
  });

  it('says what is left, and when the window ends', async () => {
    for (const left of [1, 0]) {
      assert.equal(await ask(1, 'tin'), 200);
      await envoys[1]!.waitFor(() => envoys[1]!.log().includes(`rule limits: left ${left}`));
    }
    const { status, headers } = await request(envoys[1]!.url, { headers: [['x-tenant', 'tin']] });
    assert.equal(status, 429);
    assert.equal(headers['x-left'], '0');
    const untilMidnight = (DAY_MS - (Date.now() % DAY_MS)) / 1_000;
    const retryAfter = Number(headers['retry-after']);
    assert.ok(Math.abs(retryAfter - untilMidnight) < 30, `${retryAfter} of ${untilMidnight} s`);
  });

  it('shares one limit between two Envoys with two workers each, under load', async () => {
    const loads = await Promise.all(
      envoys.map(({ url }) =>
        sendLoad(url, {
          connections: 8,
          next: (index) => (index < LIMIT * 2 ? { headers: [['x-tenant', 'shared']] } : null),
        }),
      ),
    );
    assert.equal(
      loads.reduce((sum, { statuses }) => sum + (statuses.get(200) ?? 0), 0),
      LIMIT,
    );
    assert.deepEqual(
      loads.map(({ lost }) => lost),
      [0, 0],
    );
  });

  it('keeps values apart that would meet in a key of Redis', async () => {
    assert.equal(await ask(0, 'x_y%z'), 200);
    const keys = await backend.keys();
    assert.ok(
      keys.some((key) => key.includes('_tenant_x%5Fy%25z_')),
      keys.join('\n'),
    );
  });

  it('counts what is in SHADOW mode for all Envoys too, and never for the enforced quota', async () => {
    const often = [0, 1, 0, 1, 0];
    for (const which of often) assert.equal(await ask(which, 'nickel', '/watched'), 200);
    const denied = async (which: number): Promise<number> => {
      const labels = { rule: 'watched' };
      const samples = await envoys[which]!.prometheus();
      return sampleValue(samples, 'mixer_rule_shadow_denied_total', labels) ?? 0;
    };
    await poll('three would have been denied', 5_000, async () =>
      (await denied(0)) + (await denied(1)) === 3 ? true : null,
    );
    const keys = await backend.keys();
    assert.ok(
      keys.some((key) => key.includes('_shadow_true_tenant_nickel_')),
      keys.join('\n'),
    );
    assert.equal(granted(await askOften(3, 'nickel')), 2);
  });

  it('takes amounts ahead with prefetch: no more than the limit and one amount for each worker', async () => {
    const { statuses, lost } = await sendLoad(envoys[0]!.url, {
      connections: 8,
      next: (index) => (index < 400 ? { path: '/ahead', headers: [['x-tenant', 'p']] } : null),
    });
    const passed = statuses.get(200) ?? 0;
    assert.equal(lost, 0);
    assert.ok(passed > 0 && passed <= LIMIT * 3, `${passed} passed`);
    const refused = await request(envoys[0]!.url, {
      path: '/ahead',
      headers: [['x-tenant', 'p']],
    });
    assert.equal(refused.status, 429);
    assert.match(String(refused.headers['retry-after']), /^[1-9]\d*$/);
  });

  it('counts within each Envoy while Redis is down, or leaves it to onError', async () => {
    await backend.stopRedis();
    assert.equal(await ask(0, 'a', '/strict'), 503);
    assert.equal(await ask(0, 'a', '/open'), 200);
    assert.equal(granted(await askOften(3, 'zinc')), 2);
  });

  it('counts within each Envoy while the service is down, and says so', async () => {
    await backend.stopService();
    assert.equal(await ask(1, 'a', '/strict'), 503);
    assert.equal(await ask(1, 'a', '/open'), 200);
    assert.equal(await ask(1, 'fresh2'), 200);
    const labels = { adapter: 'redisquota', reason: 'local_fallback' };
    const value = await poll(
      'the fall-back is counted',
      5_000,
      async () => sampleValue(await envoys[1]!.prometheus(), 'mixer_dropped_total', labels) ?? null,
    );
    assert.ok(value >= 1);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bytes } from '../../tools/host/types.ts';
import { get, serve } from '../rules/serve.ts';
import { dropped, metricDocument, numbers } from './documents.ts';

const STANDARD = {
  handlers: [{ name: 'metrics', adapter: 'prometheus' }],
  rules: [{ name: 'all', actions: [{ handler: 'metrics' }] }],
};
const BY_HEADER = { v: 'request.headers["x-value"] | ""' };
const VALUE_SIZE_MAX = 200;

function withValue(value: Bytes): Parameters<Awaited<ReturnType<typeof serve>>['request']>[0] {
  return { method: 'GET', path: '/', headers: [['x-value', value]] };
}

describe('the standard metrics', () => {
  it('are four, with one label list, and cost one host call each for a known series', async () => {
    const host = await serve(STANDARD);
    host.request({ ...get('/'), response: { delayMs: 12, body: 'hello' } });
    host.resetCallCounts();
    host.request({ ...get('/'), response: { delayMs: 30, body: 'hello' } });
    assert.equal(host.callCounts().get('proxy_increment_metric'), 1);
    assert.equal(host.callCounts().get('proxy_record_metric'), 3);
    assert.equal(host.callCounts().get('proxy_define_metric') ?? 0, 0);
    assert.equal(host.callCounts().get('proxy_get_shared_data') ?? 0, 0);
    const metrics = [...host.metrics()].filter(([name]) => name.startsWith('istio_'));
    const labels = new Set(metrics.map(([name]) => name.slice(name.indexOf('.'))));
    assert.equal(labels.size, 1);
    assert.deepEqual(
      metrics.map(([name, value]) => [name.slice(0, name.indexOf('.')), value]),
      [
        ['istio_requests_total', 2],
        [
          'istio_request_duration_milliseconds',
          [
            { value: 12, count: 1 },
            { value: 30, count: 1 },
          ],
        ],
        ['istio_request_bytes', [{ value: 0, count: 2 }]],
        ['istio_response_bytes', [{ value: 5, count: 2 }]],
      ],
    );
  });

  it('know the proxy own side of the connection from its node', async () => {
    const metadata = {
      WORKLOAD_NAME: 'shop-v1',
      NAMESPACE: 'web',
      LABELS: { app: 'shop', version: 'v1' },
    };
    const host = await serve(STANDARD, { node: { metadata } });
    host.request({ ...get('/'), direction: 'outbound' });
    host.request({ ...get('/'), direction: 'inbound' });
    const names = [...numbers(host, 'istio_requests_total.').keys()];
    assert.match(names[0] ?? '', /^reporter=source;source_workload=shop-v1;/);
    assert.match(
      names[0] ?? '',
      /;source_workload_namespace=web;.*;source_app=shop;source_version=v1;/,
    );
    assert.match(names[0] ?? '', /;destination_workload=unknown;/);
    assert.match(names[1] ?? '', /^reporter=destination;source_workload=unknown;/);
    assert.match(names[1] ?? '', /;destination_workload=shop-v1;.*;destination_app=shop;/);
  });

  it('stay beside the metrics of the document', async () => {
    const metrics = [
      {
        instanceName: 'requestcount',
        name: 'by_code',
        kind: 'COUNTER',
        labelNames: ['response_code'],
      },
    ];
    const host = await serve({
      ...STANDARD,
      handlers: [{ name: 'metrics', adapter: 'prometheus', params: { metrics } }],
    });
    host.request(get('/'));
    assert.equal(host.metrics().get('istio_by_code.response_code=200;'), 1);
    assert.equal(numbers(host, 'istio_requests_total.').size, 1);
  });
});

describe('a label value', () => {
  const rows: [what: string, value: Bytes, written: string][] = [
    ['stands as it is when it is printable', 'a b/c:d|"\\<>', 'a b/c:d|"\\<>'],
    ['has its separators encoded', '%;=', '%25%3B%3D'],
    ['may be empty', '', ''],
    ['keeps dots but for the last one', '.a..b..', '.a..b.%2E'],
    ['may be a dot', '.', '%2E'],
    ['has other bytes encoded', Buffer.from([0x01, 0x7f, 0x80, 0xff]), '%01%7F%80%FF'],
    ['may be UTF-8', 'é', '%C3%A9'],
    ['is not taken for what is beyond the budget', '__other__', '%5F_other__'],
    ['keeps underscores otherwise', '__other__x', '__other__x'],
  ];
  for (const [what, value, written] of rows) {
    it(what, async () => {
      const host = await serve(metricDocument(1, BY_HEADER));
      host.request(withValue(value));
      host.request(withValue(value));
      assert.deepEqual([...numbers(host, 'seen.')], [[`v=${written};`, 2]]);
    });
  }

  it('is cut at its limit and told apart by a hash', async () => {
    const host = await serve(metricDocument(1, BY_HEADER));
    const long = 'x'.repeat(300);
    const values = [
      'x'.repeat(VALUE_SIZE_MAX),
      'x'.repeat(VALUE_SIZE_MAX + 1),
      `${long}a`,
      `${long}b`,
      'é'.repeat(VALUE_SIZE_MAX),
      `é${'é'.repeat(VALUE_SIZE_MAX)}`,
      `${'x'.repeat(VALUE_SIZE_MAX - 1)}.`,
    ];
    for (const value of values) {
      host.request(withValue(Buffer.from(value)));
      host.request(withValue(Buffer.from(value)));
    }
    const found = numbers(host, 'seen.');
    assert.equal(found.size, values.length);
    for (const [name, count] of found) {
      assert.equal(count, 2);
      assert.ok(name.length <= VALUE_SIZE_MAX + 'v=;'.length, name);
    }
    assert.equal(found.get(`v=${'x'.repeat(VALUE_SIZE_MAX)};`), 2);
  });

  it('has the text form of its type', async () => {
    const host = await serve(
      metricDocument(1, {
        address: 'ip("2001:db8::1")',
        code: 'response.code | 0',
        flag: 'true',
        half: '0.5',
        wait: '"90s"',
      }),
    );
    host.request(get('/'));
    const [name] = numbers(host, 'seen.').keys();
    assert.equal(name, 'address=2001:db8::1;code=200;flag=true;half=0.5;wait=1m30s;');
  });

  it('of any bytes gives a series of its own', async () => {
    const host = await serve(metricDocument(1, BY_HEADER));
    const values = Array.from({ length: 255 }, (_, byte) => Buffer.from([0x61, byte + 1, 0x61]));
    const legal = values.filter((value) => ![0x0a, 0x0d].includes(value[1] ?? 0));
    for (const value of legal) host.request(withValue(value));
    const names = [...numbers(host, 'seen.').keys()];
    assert.equal(names.length, legal.length);
    for (const name of names) assert.match(name, /^v=[ -$&-:<>-~]*(%[0-9A-F]{2})?[ -~]*;$/);
  });
});

describe('a value', () => {
  const rows: [what: string, value: unknown, kind: string, result: unknown][] = [
    ['of type INT64 is added to a counter', 3, 'COUNTER', 6],
    ['of type DOUBLE is rounded', '2.5', 'COUNTER', 6],
    ['of type DURATION is milliseconds', '"1500us"', 'COUNTER', 4],
    ['of type STRING is read as a number', '"1e2"', 'COUNTER', 200],
    ['sets a gauge', 3, 'GAUGE', 3],
    ['of a distribution is a sample', '"12ms"', 'DISTRIBUTION', [{ value: 12, count: 2 }]],
  ];
  for (const [what, value, kind, result] of rows) {
    it(what, async () => {
      const host = await serve(metricDocument(value, {}, { kind }));
      host.request(get('/'));
      host.request(get('/'));
      assert.deepEqual(host.metrics().get('seen'), result);
    });
  }

  for (const [what, text, reason] of [
    ['below zero', '-1', 'negative'],
    ['that is no number', 'many', 'not_a_number'],
    ['that is not finite', 'NaN', 'not_a_number'],
  ] as const) {
    it(`${what} is dropped and counted`, async () => {
      const host = await serve(metricDocument('request.headers["x-value"]', {}));
      host.request(withValue(text));
      assert.equal(host.metrics().get('seen'), undefined);
      assert.equal(dropped(host, 'prometheus', reason), 1);
    });
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bytes } from '../../tools/host/types.ts';
import { get, logText, serve } from '../rules/serve.ts';
import { dropped, metricDocument, numbers } from './documents.ts';

const STANDARD = {
  handlers: [{ name: 'metrics', adapter: 'prometheus' }],
  rules: [{ name: 'all', actions: [{ handler: 'metrics' }] }],
};
const BY_HEADER = { v: 'request.headers["x-value"] | ""' };
const SERIES_COUNT_MAX = 1000;
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

describe('the budget of series', () => {
  it('holds exactly over workers, and nothing is lost', async () => {
    const host = await serve(metricDocument(1, BY_HEADER), { workers: 3 });
    const count = SERIES_COUNT_MAX + 200;
    for (let index = 0; index < count; index++) host.request(withValue(`v${index}`), index % 3);
    for (let index = 0; index < count; index++)
      host.request(withValue(`v${index}`), (index + 1) % 3);
    const found = numbers(host, 'seen.');
    assert.equal(found.size, SERIES_COUNT_MAX);
    assert.equal(
      [...found.values()].reduce((sum, value) => sum + value, 0),
      2 * count,
    );
    const other = 2 * (count - SERIES_COUNT_MAX + 1);
    assert.equal(found.get('v=__other__;'), other);
    assert.equal(dropped(host, 'prometheus', 'series'), other);
    for (const [name, value] of found) if (!name.includes('other')) assert.equal(value, 2, name);
  });

  it('holds over reloads, with other labels too', async () => {
    const host = await serve(metricDocument(1, BY_HEADER));
    for (let index = 0; index < SERIES_COUNT_MAX + 5; index++) host.request(withValue(`v${index}`));
    assert.ok(host.reconfigure(JSON.stringify(metricDocument(2, BY_HEADER))));
    host.request(withValue('v0'));
    host.request(withValue('new'));
    assert.equal(numbers(host, 'seen.').get('v=v0;'), 3);
    assert.equal(numbers(host, 'seen.').get('v=__other__;'), 8);
    const dimensions = { w: 'request.headers["x-value"] | ""' };
    assert.ok(host.reconfigure(JSON.stringify(metricDocument(1, dimensions))));
    host.request(withValue('v0'));
    assert.equal(numbers(host, 'seen.').size, SERIES_COUNT_MAX);
    assert.equal(dropped(host, 'prometheus', 'series'), 6 + 1 + 1);
  });

  it('survives workers that claim at the same time', async () => {
    const host = await serve(metricDocument(1, BY_HEADER));
    const casMismatch = 8;
    for (let index = 0; index < SERIES_COUNT_MAX + 100; index++) {
      host.faults.fail('proxy_set_shared_data', casMismatch, { times: index % 3 });
      if (index % 3 === 0) host.faults.clear();
      host.request(withValue(`v${index}`));
    }
    host.faults.clear();
    assert.equal(numbers(host, 'seen.').size, SERIES_COUNT_MAX);
  });

  it('is not touched while shared data fails: samples go to `__other__` or are dropped', async () => {
    const host = await serve(metricDocument(1, BY_HEADER));
    host.request(withValue('first'));
    host.faults.fail('proxy_get_shared_data', 10);
    host.request(withValue('second'));
    host.faults.clear();
    host.request(withValue('third'));
    assert.deepEqual([...numbers(host, 'seen.')].sort(), [
      ['v=__other__;', 1],
      ['v=first;', 1],
      ['v=third;', 1],
    ]);
  });

  it('bounds the memory of a VM', async () => {
    const host = await serve(metricDocument(1, BY_HEADER));
    for (let index = 0; index < 2 * SERIES_COUNT_MAX; index++) {
      host.request(withValue(`${'x'.repeat(400)}${index}`));
    }
    const before = host.memorySizeBytes();
    for (let index = 0; index < 10 * SERIES_COUNT_MAX; index++) {
      host.request(withValue(`${'y'.repeat(400)}${index}`));
    }
    assert.equal(host.memorySizeBytes(), before);
  });

  it('ignores what other code left in shared data', async () => {
    const host = await serve(metricDocument(1, BY_HEADER));
    host.request(withValue('a'));
    for (const key of host.sharedData.keys())
      host.sharedData.set(key, Buffer.from([1, 255, 255, 255, 255, 1]));
    host.request(withValue('b'));
    host.request(withValue('c'));
    assert.equal(numbers(host, 'seen.').size, 3);
  });
});

describe('a document', () => {
  const instance = (name: string, value: unknown = 1, dimensions: object = {}): object => ({
    name,
    template: 'metric',
    params: { value, dimensions },
  });
  const rows: [what: string, metrics: object[], message: RegExp][] = [
    ['without a kind', [{ name: 'seen' }], /E0202 field `kind` is missing/],
    [
      'with an unspecified kind',
      [{ name: 'seen', kind: 'UNSPECIFIED' }],
      /E0207 unknown value `UNSPECIFIED`/,
    ],
    ['without a name', [{ kind: 'COUNTER' }], /E0202 field `instanceName` is missing/],
    [
      'with an unknown instance',
      [{ name: 'sen', kind: 'COUNTER' }],
      /E0506 metric `sen` has no instance/,
    ],
    [
      'with a bad name',
      [{ name: 'x!', instanceName: 'seen', kind: 'COUNTER' }],
      /E0503 `istio_x!` cannot be/,
    ],
    [
      'with a bad label',
      [{ name: 'seen', kind: 'COUNTER', labelNames: ['a-b'] }],
      /E0504 `a-b` cannot be/,
    ],
    [
      'with a label twice',
      [{ name: 'seen', kind: 'COUNTER', labelNames: ['a', 'a'] }],
      /E0508 `a` is given twice/,
    ],
    [
      'with one name for two metrics',
      [
        { name: 'm', instanceName: 'seen', kind: 'COUNTER' },
        { name: 'm', instanceName: 'seen', kind: 'GAUGE' },
      ],
      /E0508 `istio_m` is given twice/,
    ],
    [
      'with bounds that do not grow',
      [{ name: 'seen', kind: 'DISTRIBUTION', buckets: { explicitBuckets: { bounds: [1, 1] } } }],
      /E0502 bounds of buckets do not grow/,
    ],
    [
      'with two forms of buckets',
      [
        {
          name: 'seen',
          kind: 'DISTRIBUTION',
          buckets: {
            explicitBuckets: { bounds: [1] },
            linearBuckets: { numFiniteBuckets: 1, width: 1 },
          },
        },
      ],
      /E0211/,
    ],
    [
      'with a factor that does not grow',
      [
        {
          name: 'seen',
          kind: 'DISTRIBUTION',
          buckets: { exponentialBuckets: { numFiniteBuckets: 1, growthFactor: 1, scale: 1 } },
        },
      ],
      /E0204 `1.0` is out of range/,
    ],
  ];
  for (const [what, metrics, message] of rows) {
    it(`${what} is refused`, async () => {
      const document = {
        handlers: [{ name: 'metrics', adapter: 'prometheus', params: { metrics } }],
        instances: [instance('seen', 1, { a: 'request.method' })],
        rules: [{ name: 'all', actions: [{ handler: 'metrics', instances: ['seen'] }] }],
      };
      await assert.rejects(serve(document), message);
    });
  }

  it('with a value that is no number is refused', async () => {
    const document = metricDocument('request.method == "GET"', {});
    await assert.rejects(serve(document), /E0303 type mismatch: BOOL/);
  });

  it('with a map as a label is refused', async () => {
    const document = metricDocument(1, { h: 'request.headers' });
    await assert.rejects(serve(document), /E0303 type mismatch: STRING_MAP/);
  });

  it('with an expiration policy is accepted with a warning', async () => {
    const host = await serve({
      ...STANDARD,
      handlers: [
        {
          name: 'metrics',
          adapter: 'prometheus',
          params: { metricsExpirationPolicy: { metricsExpiryDuration: '1m' } },
        },
      ],
    });
    assert.match(logText(host), /W0906 `metricsExpirationPolicy` has no effect here/);
  });
});

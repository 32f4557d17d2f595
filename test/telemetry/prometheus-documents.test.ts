import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { logText, serve } from '../rules/serve.ts';
import { metricDocument, numbers } from './documents.ts';

const STANDARD = {
  handlers: [{ name: 'metrics', adapter: 'prometheus' }],
  rules: [{ name: 'all', actions: [{ handler: 'metrics' }] }],
};

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
    ['with the number of no kind', [{ name: 'seen', kind: 0 }], /E0207 unknown value `0`/],
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
      'with the label that Envoy writes for each bucket',
      [{ name: 'seen', kind: 'DISTRIBUTION', labelNames: ['le'] }],
      /E0504 `le` cannot be .*no `le` in a DISTRIBUTION/s,
    ],
    [
      "with a label that is one of Prometheus's own",
      [{ name: 'seen', kind: 'COUNTER', labelNames: ['__name__'] }],
      /E0504 `__name__` cannot be .*no digit or `__` first/s,
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
      "with the name of one of the runtime's own statistics",
      [{ name: 'mixer_checks_total', namespace: '', instanceName: 'seen', kind: 'COUNTER' }],
      /E0503 `mixer_checks_total` cannot be .*no digit, `mixer_` or `envoy_` first/s,
    ],
    [
      "with the name of one of Envoy's own statistics",
      [{ name: 'server_live', namespace: 'envoy', instanceName: 'seen', kind: 'GAUGE' }],
      /E0503 `envoy_server_live` cannot be .*no digit, `mixer_` or `envoy_` first/s,
    ],
    [
      'with names that are one for Prometheus',
      [
        { name: 'a:b', instanceName: 'seen', kind: 'GAUGE' },
        { name: 'a_b', instanceName: 'seen', kind: 'COUNTER' },
      ],
      /E0508 `istio_a_b` is given twice.*metrics\/1\/name/s,
    ],
    ...['bucket', 'count', 'sum'].map((part): [string, object[], RegExp] => [
      `with the ${part} of a distribution as a metric of its own`,
      [
        { name: 'a', instanceName: 'seen', kind: 'DISTRIBUTION' },
        { name: `a_${part}`, instanceName: 'seen', kind: 'COUNTER' },
      ],
      new RegExp(`E0508 \`istio_a_${part}\` is given twice`),
    ]),
    [
      'with a distribution whose count is a metric already',
      [
        { name: 'a_count', instanceName: 'seen', kind: 'GAUGE' },
        { name: 'a', instanceName: 'seen', kind: 'DISTRIBUTION' },
      ],
      /E0508 `istio_a` is given twice.*`_bucket`, `_count` and `_sum` included/s,
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
      /E0204 `1` is out of range/,
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

  it('with a mistyped kind has one mistake, that word', async () => {
    const buckets = { explicitBuckets: { bounds: [1] } };
    const metrics = [{ name: 'seen', kind: 'COUNTR', buckets }];
    const document = {
      handlers: [{ name: 'metrics', adapter: 'prometheus', params: { metrics } }],
      instances: [instance('seen')],
      rules: [{ name: 'all', actions: [{ handler: 'metrics', instances: ['seen'] }] }],
    };
    await assert.rejects(serve(document), (error: Error) => {
      assert.deepEqual(error.message.match(/[EW]0\d+ .*/g), ['E0207 unknown value `COUNTR`']);
      assert.match(error.message, /did you mean `COUNTER`\?\n {2}expected one of GAUGE, COUNTER/);
      return true;
    });
  });

  it('with a dimension `le` is refused for a distribution, and no other metric', async () => {
    const dimensions = { le: 'request.method' };
    const distribution = metricDocument(1, dimensions, { kind: 'DISTRIBUTION' });
    await assert.rejects(serve(distribution), /E0504 `le` cannot be a label name/);
    const host = await serve(metricDocument(1, dimensions));
    host.request({ method: 'GET', path: '/' });
    assert.equal(numbers(host, 'seen.').get('le=GET;'), 1);
  });

  it('with a dimension that begins with `__` is refused', async () => {
    const document = metricDocument(1, { __name__: 'request.method' });
    await assert.rejects(serve(document), /E0504 `__name__` cannot be a label name/);
  });

  it('that adds a dimension `le` to a standard distribution is refused at the instance', async () => {
    const instances = [instance('requestsize', 'request.size | 0', { le: 'request.method' })];
    const rules = [{ name: 'all', actions: [{ handler: 'metrics', instances: ['requestsize'] }] }];
    await assert.rejects(serve({ ...STANDARD, instances, rules }), /E0504 `le`.*\/instances\/0/s);
  });

  it('with a value that is no number is refused', async () => {
    const document = metricDocument('request.method == "GET"', {});
    await assert.rejects(serve(document), /E0303 type mismatch: BOOL/);
  });

  it('may have a colon in the name of a metric, which becomes `_` as Envoy has it', async () => {
    const host = await serve(metricDocument(1, {}, { name: 'a:b', instanceName: 'seen' }));
    host.request({ method: 'GET', path: '/' });
    assert.equal(host.metrics().get('a_b'), 1);
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

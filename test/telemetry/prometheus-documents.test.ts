import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { logText, serve } from '../rules/serve.ts';
import { metricDocument } from './documents.ts';

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

// The page that Prometheus scrapes, of a running Envoy: one bad line makes Prometheus refuse the whole page, so it is
// valid whatever clients send, and documents that would make it invalid are refused.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { metricDocument } from '../telemetry/documents.ts';
import { checkPage } from './support/prometheus-page.ts';

const LABELS = { v: 'request.headers["x-value"] | ""', le: 'request.method' };
const HOSTILE = ['a.b', 'a_b', 'a"b', 'a\\', 'a=b;le=c;', '{le="1"} 5', '__other__', '\xff', ''];

/** Metrics of one instance, and the standard ones. */
function documentOf(metrics: readonly object[]): object {
  const size = { value: 'request.size | 0', dimensions: { v: LABELS.v } };
  return {
    handlers: [{ name: 'metrics', adapter: 'prometheus', params: { metrics } }],
    instances: [{ name: 'seen', template: 'metric', params: size }],
    rules: [
      { name: 'own', actions: [{ handler: 'metrics', instances: ['seen'] }] },
      { name: 'standard', actions: [{ handler: 'metrics' }] },
    ],
  };
}

const metric = (name: string, kind: string, more: object = {}): object => ({
  name,
  kind,
  instanceName: 'seen',
  namespace: '',
  ...more,
});

const GOOD = documentOf([
  metric('seen', 'COUNTER'),
  metric('a:b', 'GAUGE'),
  metric('spread', 'DISTRIBUTION'),
  metric('spread_counted', 'COUNTER', { labelNames: [] }),
]);

const REFUSED: Readonly<Record<string, readonly [document: object, message: RegExp]>> = {
  'a label `le` in a distribution': [
    metricDocument(1, LABELS, { kind: 'DISTRIBUTION' }),
    /E0504 `le` cannot be a label name/,
  ],
  'a label that begins with `__`': [
    metricDocument(1, { __name__: 'request.method' }),
    /E0504 `__name__` cannot be a label name/,
  ],
  'two names that fold to one': [
    documentOf([metric('a:b', 'GAUGE'), metric('a_b', 'COUNTER')]),
    /E0508 `a_b` is given twice/,
  ],
  'the count of a distribution as a metric of its own': [
    documentOf([metric('a', 'DISTRIBUTION'), metric('a_count', 'COUNTER')]),
    /E0508 `a_count` is given twice/,
  ],
  "the name of one of the filter's own statistics": [
    documentOf([metric('mixer_build_info', 'GAUGE')]),
    /E0503 `mixer_build_info` cannot be a metric name/,
  ],
  "the name of one of Envoy's own statistics": [
    documentOf([metric('envoy_server_live', 'GAUGE')]),
    /E0503 `envoy_server_live` cannot be a metric name/,
  ],
};

describe('the Prometheus page', () => {
  let envoy: RunningEnvoy;
  before(async () => {
    envoy = await startEnvoy({ document: GOOD, reloadable: true });
  });
  after(() => envoy.stop());

  const page = (): Promise<string> => envoy.admin.text('/stats/prometheus');

  it('is valid whatever clients send as labels', async () => {
    for (const value of HOSTILE) await request(envoy.url, { headers: [['x-value', value]] });
    await envoy.waitFor(async () => {
      const samples = await envoy.prometheus();
      const of = (name: string): number => samples.filter((each) => each.name === name).length;
      return of('seen') === HOSTILE.length && of('spread_count') === HOSTILE.length;
    });
    const names = checkPage(await page());
    for (const name of ['seen', 'a_b', 'spread', 'spread_counted', 'istio_requests_total'])
      assert.ok(names.has(name), name);
  });

  for (const [what, [document, message]] of Object.entries(REFUSED)) {
    it(`keeps its document where the next one has ${what}`, async () => {
      const start = envoy.log().length;
      assert.equal(await envoy.updateDocument(JSON.stringify(document)), 'refused');
      assert.match(envoy.log().slice(start), message);
      assert.ok(checkPage(await page()).has('spread'));
    });
  }
});

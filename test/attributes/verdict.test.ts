// What a verdict says, as a report on a running Envoy has it: the rule that denied, the one that would have, and what
// is left of a quota.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';

const AMOUNT = 2;

const DOCUMENT = {
  handlers: [
    { name: 'closed', adapter: 'denier' },
    {
      name: 'limits',
      adapter: 'memquota',
      params: { quotas: [{ name: 'all', maxAmount: AMOUNT, validDuration: '3600s' }] },
    },
    { name: 'log', adapter: 'stdio' },
  ],
  instances: [
    { name: 'all', template: 'quota' },
    {
      name: 'verdict',
      template: 'logentry',
      params: {
        variables: {
          path: 'request.path',
          rule: 'check.rule | "-"',
          verdict: 'check.verdict | "-"',
          shadow: 'check.shadow_rule | "-"',
          remaining: 'quota.remaining | 424242',
          retry: 'quota.retry_after | 424242',
        },
      },
    },
  ],
  rules: [
    {
      name: 'trial',
      match: 'request.path == "/b"',
      mode: 'SHADOW',
      actions: [{ handler: 'closed' }],
    },
    {
      name: 'rate',
      match: 'request.path != "/free"',
      actions: [{ handler: 'limits', instances: ['all'] }],
      response: { headers: { 'retry-after': '${quota.retry_after}' } },
    },
    { name: 'report', actions: [{ handler: 'log', instances: ['verdict'] }] },
  ],
};

describe('a verdict', () => {
  let envoy: RunningEnvoy;
  before(async () => {
    envoy = await startEnvoy({ document: DOCUMENT, wasm: 'dist/mixer.wasm' });
  });
  after(() => envoy.stop());

  /** What the report of a request says; each path is asked for once. */
  async function reported(path: string): Promise<Record<string, unknown>> {
    const line = await envoy.waitFor(() =>
      envoy
        .log()
        .split('\n')
        .find((text) => text.includes('"instance":"verdict"') && text.includes(`"path":"${path}"`)),
    );
    const { rule, verdict, shadow, remaining, retry } = JSON.parse(
      line.slice(line.indexOf('{"')),
    ) as Record<string, unknown>;
    return { rule, verdict, shadow, remaining, retry };
  }

  it('says what is left of a quota, what would have denied, what denied, and when to try again', async () => {
    const statuses: number[] = [];
    for (const path of ['/a', '/b', '/c', '/free']) {
      const answer = await request(envoy.url, { path });
      statuses.push(answer.status);
      if (answer.status === 429) assert.match(String(answer.headers['retry-after']), /^\d{4}$/);
    }
    assert.deepEqual(statuses, [200, 200, 429, 200]);
    const none = { rule: '-', shadow: '-', retry: 424242 };
    assert.deepEqual(await reported('/a'), { ...none, verdict: 'allowed', remaining: 1 });
    const shadowed = { ...none, verdict: 'shadow_denied', shadow: 'trial', remaining: 0 };
    assert.deepEqual(await reported('/b'), shadowed);
    const { retry, ...denied } = await reported('/c');
    assert.deepEqual(denied, { rule: 'rate', verdict: 'denied', shadow: '-', remaining: 0 });
    assert.ok(Number(retry) > 3_500 && Number(retry) <= 3_600, `${String(retry)} seconds`);
    assert.equal((await reported('/free'))['remaining'], 424242);
  });
});

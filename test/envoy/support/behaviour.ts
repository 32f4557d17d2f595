// What a client and an operator see of one document, wherever Envoy runs: as a process of this
// machine or in a container. The suites that call this bring the Envoy.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { sampleValue } from '../../../tools/envoy/exposition.ts';
import { request } from '../../../tools/envoy/request.ts';
import type { AccessLogLine, RunningEnvoy } from '../../../tools/envoy/running.ts';

/** Own statistics are handed over on the tick, twice a second. */
const STATISTICS_TIMEOUT_MS = 2_000;
const LOG_TIMEOUT_MS = 1_000;

const DOCUMENT = {
  handlers: [
    { name: 'closed', adapter: 'denier', params: { status: { code: 7, message: 'shut' } } },
    { name: 'log', adapter: 'stdio' },
    { name: 'metrics', adapter: 'prometheus' },
  ],
  instances: [
    {
      name: 'entry',
      template: 'logentry',
      params: { variables: { path: 'request.path', agent: 'request.useragent | ""' } },
    },
    {
      name: 'seen',
      template: 'metric',
      params: { value: 1, dimensions: { agent: 'request.useragent | ""' } },
    },
  ],
  rules: [
    {
      name: 'doors',
      match: 'request.url_path.startsWith("/closed")',
      actions: [{ handler: 'closed' }],
    },
    {
      name: 'trial',
      mode: 'SHADOW',
      match: 'request.url_path.startsWith("/trial")',
      actions: [{ handler: 'closed' }],
    },
    {
      name: 'entries',
      actions: [{ handler: 'log', instances: ['entry'] }, { handler: 'metrics' }],
    },
  ],
};

/** Declares the tests; `start` gives an Envoy with the document. */
export function describeBehaviour(
  title: string,
  start: (document: object) => Promise<RunningEnvoy>,
): void {
  describe(title, () => {
    let envoy: RunningEnvoy;
    before(async () => {
      envoy = await start(DOCUMENT);
    });
    after(() => envoy.stop());
    describeDecisions(() => envoy);
    describeReports(() => envoy);
  });
}

function describeDecisions(envoy: () => RunningEnvoy): void {
  it('denies over HTTP, and hands rule, verdict and reason to the access log', async () => {
    const answer = await request(envoy().url, { path: '/closed/1' });
    assert.deepEqual([answer.status, answer.body], [403, 'PERMISSION_DENIED:closed:shut']);
    const entry = await entryOf(envoy(), '/closed/1');
    assert.equal(entry.details, 'mixer_access_denied{doors}');
    assert.deepEqual([entry.rule, entry.verdict], ['doors', 'denied']);
    assert.match(entry.reason ?? '', /closed/);
  });

  it('leaves no trace of ours on an allowed request', async () => {
    assert.equal((await request(envoy().url, { path: '/open' })).status, 200);
    const entry = await entryOf(envoy(), '/open');
    assert.deepEqual([entry.details, entry.rule, entry.verdict], ['via_upstream', null, null]);
  });

  it('tells the access log of a denial on trial, which the client does not see', async () => {
    assert.equal((await request(envoy().url, { path: '/trial' })).status, 200);
    const entry = await entryOf(envoy(), '/trial');
    assert.deepEqual([entry.rule, entry.verdict], ['trial', 'shadow_denied']);
  });

  it('answers a gRPC request with a gRPC status', async () => {
    const headers = [['content-type', 'application/grpc']] as const;
    const path = '/closed.Service/Method';
    const answer = await request(envoy().url, { method: 'POST', path, headers, http2: true });
    assert.equal(answer.status, 200);
    const status = { ...answer.headers, ...answer.trailers }['grpc-status'];
    assert.equal(status, '7');
    assert.match(answer.headers['grpc-message'] ?? '', /shut/);
  });
}

function describeReports(envoy: () => RunningEnvoy): void {
  it('shows its own statistics within two seconds', async () => {
    const before = await counter(envoy(), 'doors', 'mixer_rule_denied_total');
    await request(envoy().url, { path: '/closed/2' });
    await envoy().waitFor(
      async () => (await counter(envoy(), 'doors', 'mixer_rule_denied_total')) > before,
      STATISTICS_TIMEOUT_MS,
    );
    await envoy().waitFor(
      async () => (await counter(envoy(), 'trial', 'mixer_rule_shadow_denied_total')) > 0,
      STATISTICS_TIMEOUT_MS,
    );
  });

  it('writes a log entry as one line within a second, whatever the client sent', async () => {
    const agent = 'a"b\\c\t{}\x80é%0A';
    await request(envoy().url, { path: '/logged', headers: [['user-agent', agent]] });
    const line = await envoy().waitFor(
      () =>
        envoy()
          .log()
          .split('\n')
          .find((text) => text.includes('"path":"/logged"')),
      LOG_TIMEOUT_MS,
    );
    const entry = JSON.parse(line.slice(line.indexOf('{"level"'))) as Record<string, unknown>;
    assert.equal(entry['instance'], 'entry');
    assert.match(String(entry['agent']), /^a"b\\c\t\{\}.*%0A$/);
  });

  it('serves the standard metrics with labels on the Prometheus page', async () => {
    await request(envoy().url, { path: '/open' });
    const labels = { response_code: '200', request_protocol: 'http' };
    const value = await envoy().waitFor(async () =>
      sampleValue(await envoy().prometheus(), 'istio_requests_total', labels),
    );
    assert.ok(value >= 1);
  });
}

function entryOf(envoy: RunningEnvoy, path: string): Promise<AccessLogLine> {
  return envoy.waitFor(() => envoy.accessLog().find((line) => line.path === path));
}

async function counter(envoy: RunningEnvoy, rule: string, name: string): Promise<number> {
  const stat = `wasmcustom.${name}.rule=${rule};`;
  return Number((await envoy.stats(name))[stat] ?? 0);
}

// What a client can do to log lines, on a real Envoy: nothing. An entry is one line, as JSON and as text, and no line
// begins as the client would like it to.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { filterEntries } from '../../tools/envoy/filter-log.ts';
import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { assertAlive } from './support/alive.ts';

const FORGED = '[2026-11-26 00:00:00.000][1][critical][wasm] forged';
const QUERY = 'request.query_params["q"] | ""';
const HEADER = 'request.headers["x-value"] | ""';

const DOCUMENT = {
  handlers: [
    { name: 'json', adapter: 'stdio' },
    { name: 'text', adapter: 'stdio', params: { outputAsJson: false } },
  ],
  instances: [
    { name: 'line', template: 'logentry', params: { variables: { q: QUERY, x: HEADER } } },
  ],
  rules: [
    {
      name: 'logs',
      actions: [
        { handler: 'json', instances: ['line'] },
        { handler: 'text', instances: ['line'] },
      ],
    },
  ],
};

/** What a client puts into the query and into a header. */
const SENT: readonly (readonly [query: string, header: string])[] = [
  [`a%0a${FORGED}`, 'plain'],
  [`a%0d%0a${FORGED}`, '"}{"level":"error"'],
  ['%00%1b[31mred%1b[0m', '\\'],
  ['%e2%80%a8%c2%85%ff', '\x80\xff\xc2\x85'],
  ['a'.repeat(4_000), '\t'],
  ['%0a'.repeat(500), ''],
];

describe('log entries of what a client sent', () => {
  let envoy: RunningEnvoy;
  before(async () => {
    envoy = await startEnvoy({ document: DOCUMENT });
  });
  after(() => envoy.stop());

  it('are one line each, JSON is JSON, and no line is forged', async () => {
    const before = envoy.log().length;
    for (const [query, header] of SENT) {
      const path = `/?q=${query.replaceAll(' ', '%20')}`;
      const { status } = await request(envoy.url, { path, headers: [['x-value', header]] });
      assert.equal(status, 200, query);
    }
    const entries = await envoy.waitFor(() => {
      const found = filterEntries(envoy.log().slice(before));
      return found.length >= 2 * SENT.length ? found : null;
    });
    assert.equal(entries.length, 2 * SENT.length);
    for (const entry of entries) {
      assert.ok(!entry.includes('\n'), entry);

      assert.doesNotMatch(entry, /[\x00-\x08\x0b-\x1f\x7f]/);
    }
    const json = entries.filter((entry) => entry.startsWith('{'));
    assert.equal(json.length, SENT.length);
    for (const entry of json) {
      const { q, x, level } = JSON.parse(entry) as Record<string, unknown>;
      assert.equal(typeof q, 'string');
      assert.equal(typeof x, 'string');
      assert.equal(level, 'info');
    }
    const forged = envoy
      .log()
      .split('\n')
      .filter((line) => line.startsWith(FORGED));
    assert.deepEqual(forged, []);
    await assertAlive(envoy);
  });
});

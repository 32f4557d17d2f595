// What a client sends and gets back, or that others are told of, against a real Envoy: JSON answers, explanations,
// patterns at their limit, and the names by which docs/security.md alerts.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';

import { request, type Answer } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';

const CLOSED = { name: 'closed', adapter: 'denier', params: { status: { code: 7 } } };

function document(allowed: string): object {
  return {
    debug: { allowFrom: `source.direct_ip == ip("${allowed}")` },
    handlers: [CLOSED],
    rules: [
      {
        name: 'doors',
        match: 'request.headers["x-value"] != ""',
        actions: [{ handler: 'closed' }],
        response: { json: { value: 'request.headers["x-value"]', why: 'check.error_message' } },
      },
    ],
  };
}

function matching(pattern: string): string {
  return JSON.stringify({
    handlers: [CLOSED],
    rules: [
      {
        name: 'pattern',
        match: `"${pattern}".matches(request.headers["x-value"])`,
        actions: [{ handler: 'closed' }],
      },
    ],
  });
}

describe('an answer with what the client sent', () => {
  let envoy: RunningEnvoy;
  before(async () => {
    envoy = await startEnvoy({ document: document('127.0.0.1'), reloadable: true });
  });
  after(() => envoy.stop());

  function send(value: string): Promise<Answer> {
    return request(envoy.url, { headers: [['x-value', value]] });
  }

  it('is JSON whatever the bytes are', async () => {
    for (const value of ['"', '\\', '"}{"', 'a\tb', '\xc3\xa9', '\xff\xfe', '</script>']) {
      const answer = await send(value);
      assert.equal(answer.status, 403);
      const body = JSON.parse(answer.body) as { value: string; why: string };
      assert.deepEqual(Object.keys(body), ['value', 'why']);
      if (/^[\x20-\x7e]*$/.test(value)) assert.equal(body.value, value);
    }
  });

  it('is explained in one header of printable ASCII', async () => {
    for (const value of ['"', '\\"', '\xff', 'a, verdict=allowed']) {
      const { headers } = await send(value);
      assert.match(headers['x-mixer-explain'] ?? '', /^verdict=denied, rule="doors"[\x20-\x7e]*$/);
    }
  });

  it('is not explained to a client that only claims the address', async () => {
    assert.equal(await envoy.updateDocument(JSON.stringify(document('10.9.9.9'))), 'applied');
    const headers = [
      ['x-value', 'v'],
      ['x-forwarded-for', '10.9.9.9'],
    ] as const;
    const answer = await request(envoy.url, { headers });
    assert.equal(answer.status, 403);
    assert.equal(answer.headers['x-mixer-explain'], undefined);
  });

  it('takes a pattern below the limit of instructions and refuses one beyond', async () => {
    assert.equal(await envoy.updateDocument(matching('a{1000}'.repeat(9))), 'applied');
    assert.equal((await send('a'.repeat(9_000))).status, 403);
    assert.equal((await send('a'.repeat(8_999))).status, 200);
    assert.equal(await envoy.updateDocument(matching('a{1000}'.repeat(11))), 'refused');
    assert.equal((await send('a'.repeat(9_000))).status, 403, 'the old one stays in force');
  });

  it('leaves the metrics that docs/security.md alerts by under their names', async () => {
    const text = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8');
    const alerts = /```\n([^`]*)```/.exec(text)?.[1] ?? '';
    const named = [...alerts.matchAll(/\b(?:envoy|mixer)_[a-z0-9_]+/g)].map(([name]) => name);
    const known = new Set((await envoy.prometheus()).map(({ name }) => name));
    const late = ['mixer_ambiguous_paths_total', 'envoy_http_conn_manager_prefix'];
    assert.ok(named.length > 5);
    assert.deepEqual(
      named.filter((name) => !known.has(name) && !late.includes(name)),
      [],
    );
  });
});

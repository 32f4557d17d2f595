// What the answer of a denial, the response and the log can say of the verdict: rule, verdict, shadow rule, and what is
// left of quotas.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Host } from '../../tools/host/host.ts';

const LOG = 'verdict=${check.verdict} shadow=${check.shadow_rule} left=${quota.remaining}';
const REPORT = {
  name: 'report',
  responseHeaderOperations: [
    { name: 'x-verdict', values: ['check.verdict'] },
    { name: 'x-shadow', values: ['check.shadow_rule'] },
  ],
  responseLog: { message: LOG },
};

function limited(name: string, algorithm: object, more: object = {}): object {
  const quota = { name: 'all', maxAmount: 3, validDuration: '10s', ...algorithm };
  return {
    name,
    actions: [{ handler: { adapter: 'memquota', params: { quotas: [quota] } } }],
    ...more,
  };
}

const ANSWER = {
  response: {
    headers: { 'retry-after': '${quota.retry_after}' },
    json: { rule: 'check.rule', verdict: 'check.verdict', left: 'quota.remaining' },
  },
};

async function serve(...rules: object[]): Promise<Host> {
  const configuration = JSON.stringify({ rules });
  const host = await Host.load({ wasm: 'dist/memquota.wasm', configuration });
  assert.ok(host.start(), host.logs.map(({ text }) => text).join('\n'));
  return host;
}

const get = (host: Host): ReturnType<ReturnType<Host['open']>['close']> =>
  host.open({ method: 'GET', path: '/' }).run().close();

function header(outcome: ReturnType<typeof get>, name: string): string | undefined {
  return outcome.headers.find(([key]) => key === name)?.[1];
}

describe('the verdict', () => {
  it('is allowed where nothing would have denied', async () => {
    const outcome = get(await serve(limited('rate', {}), REPORT));
    assert.equal(header(outcome, 'x-verdict'), 'allowed');
    assert.equal(header(outcome, 'x-shadow'), undefined);
  });

  it('is shadow_denied with the rule that would have denied', async () => {
    const host = await serve(limited('trial', {}, { mode: 'SHADOW' }), REPORT);
    for (let at = 0; at < 3; at++) assert.equal(header(get(host), 'x-verdict'), 'allowed');
    const outcome = get(host);
    assert.equal(outcome.status, 200);
    assert.equal(header(outcome, 'x-verdict'), 'shadow_denied');
    assert.equal(header(outcome, 'x-shadow'), 'trial');
    const lines = host.logs.map(({ text }) => text).join('\n');
    assert.match(lines, /verdict=shadow_denied shadow=trial left=$/m);
  });

  it('names the rule in the answer of a denial', async () => {
    const host = await serve({ name: 'first' }, limited('rate', {}, ANSWER));
    for (let at = 0; at < 3; at++) assert.equal(get(host).status, 200);
    const { status, body } = get(host);
    assert.equal(status, 429);
    assert.deepEqual(JSON.parse(body), { rule: 'rate', verdict: 'denied', left: 0 });
  });

  it('cannot be read by a match, which comes before it', async () => {
    const configuration = JSON.stringify({
      rules: [limited('rate', {}, { match: 'check.verdict == "allowed"' })],
    });
    const host = await Host.load({ wasm: 'dist/memquota.wasm', configuration });
    assert.equal(host.start(), false);
    assert.match(host.logs.map(({ text }) => text).join('\n'), /E0313 .*check\.verdict/);
  });
});

describe('what is left of a quota', () => {
  it('goes down to 0, and is the least of all that are charged', async () => {
    const responseLog = { message: 'left ${quota.remaining}' };
    const host = await serve(
      limited('wide', { name: 'wide', maxAmount: 100 }),
      limited('rate', {}, { responseLog }),
    );
    for (let at = 0; at < 3; at++) get(host);
    const lines = host.logs.map(({ text }) => text).filter((text) => text.includes('left'));
    assert.deepEqual(
      lines.map((text) => text.replace(/.*left /, '')),
      ['2', '1', '0'],
    );
  });

  for (const [algorithm, seconds] of [
    ['ROLLING_WINDOW', '10'],
    ['FIXED_WINDOW', '10'],
    ['TOKEN_BUCKET', '4'],
  ] as const)
    it(`comes back after the seconds that a denial names: ${algorithm}`, async () => {
      const host = await serve(limited('rate', { algorithm }, ANSWER));
      for (let at = 0; at < 3; at++) get(host);
      const outcome = get(host);
      assert.equal(outcome.status, 429);
      assert.equal(header(outcome, 'retry-after'), seconds);
    });
});

// Rules whose conditions cannot be evaluated: what they would have denied in SHADOW mode, and what their log line says.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Host } from '../../tools/host/host.ts';
import { denier, get, logText, serve } from './serve.ts';

describe('a rule in SHADOW mode', () => {
  const missing = 'request.referer == "x"';
  const shadowVerdict = (host: Host): unknown => {
    const { status, filterState } = host.request(get('/'));
    const text = (key: string): string => Buffer.from(filterState.get(key) ?? '').toString();
    return [status, text('wasm.mixer_verdict'), text('wasm.mixer_reason')];
  };

  it('would have denied where a match cannot be evaluated, with checks or with quotas alone', async () => {
    const rules = [{ name: 'trial', mode: 'SHADOW', match: missing }];
    const quotas = {
      handlers: [
        { name: 'limits', adapter: 'memquota', params: { quotas: [{ name: 'q', maxAmount: 1 }] } },
      ],
      instances: [{ name: 'q', template: 'quota' }],
    };
    const checked = await serve({
      rules: rules.map((rule) => ({ ...rule, actions: [{ handler: denier('no', 7) }] })),
    });
    const charged = await serve({
      ...quotas,
      rules: rules.map((rule) => ({ ...rule, actions: [{ handler: 'limits', instances: ['q'] }] })),
    });
    for (const host of [checked, charged]) {
      const reason = 'INTERNAL:trial:match could not be evaluated';
      assert.deepEqual(shadowVerdict(host), [200, 'shadow_denied', reason]);
      host.advance(1000);
      assert.equal(host.metrics().get('mixer_rule_shadow_denied_total.rule=trial;'), 1);
    }
  });

  it('would not, where onError lets such a match pass, or the rule only reports', async () => {
    const rule = { name: 'trial', mode: 'SHADOW', match: missing };
    const host = await serve({
      handlers: [{ name: 'log', adapter: 'stdio' }],
      rules: [
        { ...rule, onError: { match: 'ALLOW' }, actions: [{ handler: denier('no', 7) }] },
        { ...rule, name: 'told', actions: [{ handler: 'log' }] },
      ],
    });
    assert.equal((shadowVerdict(host) as string[])[0], 200);
    host.advance(1000);
    assert.equal(host.metrics().get('mixer_rule_shadow_denied_total.rule=trial;') ?? 0, 0);
    assert.equal(host.metrics().get('mixer_rule_shadow_denied_total.rule=told;') ?? 0, 0);
  });
});

describe('the log line of a rule that could not be evaluated', () => {
  const logged = async (match: string, header: string): Promise<string> => {
    const host = await serve({
      language: match.startsWith('CEL ') ? 'CEL' : 'CEXL',
      rules: [
        { name: 'r', match: match.replace('CEL ', ''), actions: [{ handler: denier('no', 7) }] },
      ],
    });
    host.request(get('/', { 'x-a': header }));
    return /could not be evaluated: (.*)/.exec(logText(host))?.[1] ?? '';
  };
  const A = 'request.headers["x-a"]';

  for (const [match, header, expected] of [
    [`ip(${A}) == source.ip`, 'no address', 'a text could not be converted'],
    [`${A}.matches(${A})`, '(a', 'not a regular expression'],
    [`CEL request.headers["x-b"] == "1"`, '', 'no such key'],
    [`CEL 1 / size(${A}) == 1`, '', 'division by zero'],
    [`CEL [1][size(${A})] == 1`, 'xx', 'index out of range'],
  ] as const)
    it(`says why: ${expected}`, async () => {
      assert.equal(await logged(match, header), expected);
    });
});

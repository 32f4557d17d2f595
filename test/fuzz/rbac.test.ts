// Random policies: the adapter and Envoy's rules, as Istio would have made them, say the same of every request. The
// seed is printed; MIXER_FUZZ_SEED repeats a run.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '../../tools/build/root.ts';
import { Host } from '../../tools/host/index.ts';
import { mayRefuse, passes } from '../rbac/envoy-rules.ts';
import { requestOf } from '../rbac/facts.ts';
import { rulesOf } from '../rbac/istio-builder.ts';
import { randomPolicies, randomRequest } from '../rbac/random-policies.ts';
import { Random, rounds, runSeed } from './random.ts';

const WASM = process.env['MIXER_WASM'] ?? join(ROOT, 'dist', 'mixer.wasm');
const REQUEST_COUNT = 60;

describe('random policies', () => {
  it('decide as the rules do that Istio makes of them for Envoy', async (t) => {
    const seed = runSeed();
    t.diagnostic(`seed ${seed}`);
    const random = new Random(seed);
    const counts = { allowed: 0, denied: 0 };
    for (let round = 0; round < rounds(40); round++) {
      const policies = randomPolicies(random);
      const rules = rulesOf(policies);
      const host = await Host.load({
        wasm: WASM,
        configuration: documentOf(policies),
        pluginName: 'mixer',
      });
      assert.ok(
        host.start(),
        `${JSON.stringify(policies)}\n${host.logs.map(({ text }) => text).join('\n')}`,
      );
      for (let index = 0; index < REQUEST_COUNT; index++) {
        const facts = randomRequest(random, policies);
        const expected = rules.every((each) => passes(each, facts));
        const { status, body } = host.request(requestOf(facts));
        const context = () =>
          `seed ${seed} round ${round}: ${body}\n${JSON.stringify({ policies, facts })}`;
        if (status === 200 || !mayRefuse(facts)) assert.equal(status === 200, expected, context());
        counts[expected ? 'allowed' : 'denied']++;
      }
    }
    t.diagnostic(`${counts.allowed} allowed, ${counts.denied} denied`);
    assert.ok(counts.allowed > 0 && counts.denied > 0);
  });
});

function documentOf(policies: object): string {
  return JSON.stringify({
    ambiguousPath: 'AS_IS',
    handlers: [{ name: 'authz', adapter: 'rbac', params: { policies } }],
    rules: [{ name: 'access', actions: [{ handler: 'authz' }] }],
  });
}

// `mixer run` on the demo: what a newcomer sees with `npm start`, against a real Envoy.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { mixer, withFiles } from '../cli/mixer.ts';

describe('mixer run envoy/demo.yaml --once', () => {
  it('shows requests allowed, denied, limited, rewritten, on trial and reported', async () => {
    const { code, stdout, stderr } = await mixer(['run', 'envoy/demo.yaml', '--once']);
    assert.equal(code, 0, stderr + stdout);
    assert.match(stderr, /^Envoy: /m);
    const rows: readonly (readonly [what: string, row: RegExp])[] = [
      ['an allowed request', /^GET \/ .* 200 /m],
      [
        'a blocked address',
        /^GET \/api\/books \(an address.* 403 .*api-policy .*10\.1\.2\.3 is blacklisted/m,
      ],
      ['the exception', /^GET \/api\/healthz .* 200 /m],
      ['an answer of its own', /answer: \{.*"error": ?"no such plan".*"path": ?"\/api\/books"/],
      ['three within the limit', /^GET \/api\/loans \(three in ten seconds\) ×3 +200 /m],
      ['two beyond it', /^GET \/api\/loans \(three in ten seconds\) ×2 +429 .*perTenant/m],
      ['another tenant', /^GET \/api\/loans \(another.* 200 /m],
      ['a trial', /^GET \/catalogue .* 200 .*no-scanners/m],
      ['a gRPC denial', /^gRPC \/demo\.Library\/Lend .* 200, grpc 7 .*grpc-maintenance/m],
      ['a gRPC success', /^gRPC \/demo\.Library\/Search .* 200, grpc 0 /m],
      ['a rewritten header', /upstream got x-plan: free/],
      ['a header of ours', /upstream got x-mixer: checked/],
      ['a stripped header', /upstream got x-user: \(absent\)/],
      ['metrics', /^istio_requests_total$/m],
      ['durations', /^istio_request_duration_milliseconds$/m],
      ['own statistics', /^mixer_rule_denied_total\n +4 +rule=api-policy/m],
      ['shadow statistics', /^mixer_rule_shadow_denied_total\n +1 +rule=no-scanners/m],
      ['log lines', /^ {2}rule no-scanners: would have denied/m],
    ];
    for (const [what, row] of rows) assert.match(stdout, row, what);
  });
});

describe('mixer run', () => {
  it('ends with 3 and says what would help where there is no Envoy', async () => {
    const env = { ENVOY: '/nowhere/envoy' };
    const { code, stderr } = await mixer(['run', 'envoy/demo.yaml', '--once'], { env });
    assert.equal(code, 3);
    assert.match(stderr, /ENVOY names \/nowhere\/envoy: expected a file that can be executed/);
  });

  it('ends with 1 for a wrong script, with its place', async () =>
    withFiles(
      { 'a.yaml': '{}\n', 'a.requests.yaml': 'requests:\n- path: /\n  hedaers: {}\n' },
      async (folder) => {
        const { code, stderr } = await mixer(['run', 'a.yaml', '--once'], { cwd: folder });
        assert.equal(code, 1);
        assert.match(stderr, /a\.requests\.yaml:3:3: unknown field `hedaers`/);
      },
    ));
});

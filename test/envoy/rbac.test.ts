// Random policies in a real Envoy: our adapter, Envoy's own RBAC filter, and the evaluator of its rules that the other
// suites use, say the same of every request. The seed is printed; MIXER_FUZZ_SEED repeats a run.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { Random, rounds, runSeed } from '../fuzz/random.ts';
import { mayRefuse, passes } from '../rbac/envoy-rules.ts';
import { patched, type Facts, type Peer } from '../rbac/facts.ts';
import { rulesOf } from '../rbac/istio-builder.ts';
import type { PolicyParams } from '../rbac/istio.ts';
import { randomPolicies, randomRequest } from '../rbac/random-policies.ts';
import { Authority, type Files } from './support/rbac-certificates.ts';
import { SideBySide, type Ports } from './support/rbac-side-by-side.ts';

const REQUEST_COUNT = 25;
const PEERS: readonly Peer[] = [
  { uri: 'spiffe://a' },
  { uri: 'spiffe://abc/ns/b/sa/a' },
  { uri: 'spiffe://td/ns/foo/sa/a', dns: 'b.c' },
  { uri: 'spiffe://td/ns/a/ns/b/sa/b/x' },
  { dns: 'a' },
  {},
];

describe('rbac beside the RBAC filter of Envoy', () => {
  const seed = runSeed();
  const random = new Random(seed);
  const folder = mkdtempSync(join(tmpdir(), 'mixer-rbac-'));
  let trials: PolicyParams[][] = [];
  let peers: { peer: Peer; files: Files }[] = [];
  let envoy: SideBySide;

  before(async () => {
    const authority = new Authority(folder);
    peers = PEERS.map((peer, index) => {
      const name = `peer-${index}`;
      return { peer: { ...peer, subject: `CN=${name},O=mesh` }, files: authority.sign(name, peer) };
    });
    envoy = await SideBySide.start(authority, (ports) => {
      trials = Array.from({ length: rounds(20) }, () => withPorts(randomPolicies(random), ports));
      return trials;
    });
  });
  after(async () => {
    await envoy.stop();
    rmSync(folder, { recursive: true });
  });

  it('decides alike', async (t) => {
    t.diagnostic(`seed ${seed}`);
    const counts = { allowed: 0, denied: 0 };
    for (const [index, policies] of trials.entries()) {
      for (let count = 0; count < REQUEST_COUNT; count++) {
        const shown = random.below(3) === 0 ? null : random.pick(peers);
        const facts = sendable(randomRequest(random, policies), shown?.peer ?? null, envoy.ports);
        if (facts === null) continue;
        const files = shown?.files ?? null;
        const native = await envoy.status(index, 'native', facts, files);
        const ours = await envoy.status(index, 'ours', facts, files);
        const context = (): string => `seed ${seed}: ${JSON.stringify({ policies, facts })}`;
        if (ours === 200 || !mayRefuse(facts)) assert.equal(ours, native, context());
        const expected = rulesOf(policies).every((rules) => passes(rules, facts));
        // Lines of a header: up to 1.37 Envoy joins them, from 1.38 on it compares each.
        if (!mayRefuse(facts))
          assert.equal(native, expected ? 200 : 403, `the evaluator, ${context()}`);
        counts[expected ? 'allowed' : 'denied']++;
      }
    }
    t.diagnostic(`${counts.allowed} allowed, ${counts.denied} denied`);
    assert.ok(counts.allowed > 0 && counts.denied > 0);
  });
});

/** Ports that are listened on, in the place of 80 and 81. */
function withPorts(policies: readonly PolicyParams[], { plain, tls }: Ports): PolicyParams[] {
  const text = JSON.stringify(policies)
    .replaceAll('"80"', `"${plain}"`)
    .replaceAll('"81"', `"${tls}"`);
  return JSON.parse(text) as PolicyParams[];
}

/** The request as a client on this machine can send it; null where it cannot. */
function sendable(facts: Facts, peer: Peer | null, ports: Ports): Facts | null {
  const isHttp = /^\/[!-~]*$/.test(facts.path) && !facts.path.includes('#');
  const isHost = /^[a-zA-Z0-9.-]+$/.test(facts.authority);
  const isName = facts.sni === '' || /^[a-z][a-z.-]*[a-z]$/.test(facts.sni);
  const isMethod = /^(GET|POST|PATCH|PUT|DELETE)$/.test(facts.method);
  const isText = !Object.values(facts.headers)
    .flat()
    .some((line) => /[^!-~]/.test(line));
  // An empty table of Lua's is no list.
  const hasEmptyList = JSON.stringify(facts.metadata).includes('[]');
  if (!isHttp || !isHost || !isName || !isMethod || !isText || hasEmptyList) return null;
  return {
    ...patched(facts, {}),
    peer,
    directIp: '127.0.0.1',
    destinationIp: '127.0.0.1',
    destinationPort: peer === null ? ports.plain : ports.tls,
    sni: peer === null ? '' : facts.sni,
  };
}

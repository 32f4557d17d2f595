// Istio's goldens for TCP: policies in, Envoy's RBAC network filter out. A case passes when the adapter lets a
// connection pass where Envoy's rules do: connections about each condition of a rule, and about all of them.

import { Host } from '../../tools/host/index.ts';
import { candidatesOf } from '../rbac/candidates.ts';
import { permissionsOf, principalsOf, type Condition } from '../rbac/conditions.ts';
import { passes, type Rules } from '../rbac/envoy-rules.ts';
import { PLAIN, patched, requestOf, type Facts, type Patch } from '../rbac/facts.ts';
import type { PolicyParams, Rule } from '../rbac/istio.ts';
import type { CaseOutcome } from './result.ts';

/** The type of a filter's configuration. */
export const NETWORK_RBAC = 'type.googleapis.com/envoy.extensions.filters.network.rbac.v3.RBAC';

/** Compares what becomes of connections. */
export async function judgeConnections(
  policies: readonly PolicyParams[],
  rules: readonly Rules[],
  wasm: string,
): Promise<Pick<CaseOutcome, 'failure'>> {
  const configuration = JSON.stringify({
    handlers: [{ name: 'policies', adapter: 'rbac', params: { policies } }],
    rules: [{ name: 'rule', actions: [{ handler: 'policies' }] }],
  });
  const host = await Host.load({ wasm, configuration, pluginName: 'mixer' });
  if (!host.start())
    return {
      failure: { expected: 'a good document', actual: host.logs.map(({ text }) => text).join() },
    };
  for (const facts of policies.flatMap((policy) => policy.rules).flatMap(connectionsAbout)) {
    const { properties = {} } = requestOf(facts);
    const connection = host.connect({ properties }).open().downstreamData('x');
    const isAllowed = !connection.outcome.closed;
    connection.close();
    if (isAllowed === rules.every((each) => passes(each, facts))) continue;
    const expected = `${isAllowed ? 'denied' : 'allowed'}: ${JSON.stringify(facts)}`;
    return { failure: { expected, actual: isAllowed ? 'allowed' : 'denied' } };
  }
  return {};
}

function connectionsAbout(rule: Rule): Facts[] {
  const sources = principalsOf(rule);
  const operations = permissionsOf(rule);
  return sources
    .flatMap((source) => operations.map((operation) => [...source, ...operation]))
    .flatMap((conditions) => {
      const first = conditions.flatMap((each) => patchesOf(each).slice(0, 1));
      const base = first.reduce(patched, PLAIN);
      const patches = conditions.flatMap(patchesOf);
      return [
        PLAIN,
        base,
        ...patches.flatMap((each) => [patched(PLAIN, each), patched(base, each)]),
      ];
    })
    .map(connectionOf);
}

function patchesOf({ key, values }: Condition): Patch[] {
  return values.flatMap((value) => candidatesOf(key, value));
}

/** Nobody stands between the peer of a connection and its client. */
function connectionOf(facts: Facts): Facts {
  const ip = facts.directIp === PLAIN.directIp ? facts.remoteIp : facts.directIp;
  return { ...facts, directIp: ip, remoteIp: ip };
}

// Documents that show who is at the other side, and requests by which proxies say who they are.

import assert from 'node:assert/strict';

import type { Host } from '../../tools/host/host.ts';
import type { RequestInput } from '../../tools/host/types.ts';
import { ID_HEADER, METADATA_HEADER, type Metadata } from '../support/peers.ts';

export const NODE = {
  id: 'sidecar~10.0.0.1~cart-1.shop~shop.svc.cluster.local',
  metadata: {
    NAME: 'cart-1',
    NAMESPACE: 'shop',
    WORKLOAD_NAME: 'cart',
    OWNER: 'kubernetes://apis/apps/v1/namespaces/shop/deployments/cart',
    SERVICE_ACCOUNT: 'cart',
    CLUSTER_ID: 'east',
    LABELS: { zone: 'a', app: 'cart', version: 'v2' },
    INSTANCE_IPS: '10.0.0.1',
  },
};
export const WEB: Metadata = {
  NAME: 'web-7',
  NAMESPACE: 'front',
  WORKLOAD_NAME: 'web',
  OWNER: 'kubernetes://apis/apps/v1/namespaces/front/deployments/web',
  SERVICE_ACCOUNT: 'web',
  CLUSTER_ID: 'west',
  LABELS: { app: 'web', version: 'v1', team: 'blue' },
};
const OF_PEER = [
  'uid',
  'name',
  'namespace',
  'owner',
  'serviceAccount',
  'workload.uid',
  'workload.name',
  'workload.namespace',
  'cluster.id',
];
export const UNKNOWN = Object.fromEntries([...OF_PEER, 'team'].map((name) => [name, '?']));
export const OF_WEB = {
  uid: 'kubernetes://web-7.front',
  name: 'web-7',
  namespace: 'front',
  owner: 'kubernetes://apis/apps/v1/namespaces/front/deployments/web',
  serviceAccount: 'web',
  'workload.uid': 'istio://front/workloads/web',
  'workload.name': 'web',
  'workload.namespace': 'front',
  'cluster.id': 'west',
  team: 'blue',
};

export type Seen = Readonly<Record<string, unknown>>;

function probesOf(side: string): Record<string, string> {
  const texts = OF_PEER.map((name) => [name, `${side}.${name} | "?"`]);
  return Object.fromEntries([...texts, ['team', `${side}.labels["team"] | "?"`]]) as Record<
    string,
    string
  >;
}

export function documentOf(peers: string, more: object = {}): object {
  return {
    peers,
    handlers: [{ name: 'log', adapter: 'stdio' }],
    instances: ['source', 'destination'].map((side) => ({
      name: side,
      template: 'logentry',
      params: { variables: probesOf(side) },
    })),
    rules: [{ name: 'seen', actions: [{ handler: 'log', instances: ['source', 'destination'] }] }],
    ...more,
  };
}

/** What the log says of one side of the last request. */
export function logged(host: Host, side: string): Seen {
  const line = host.logs.findLast(({ text }) => text.includes(`"instance":"${side}"`));
  const { level, time, instance, ...rest } = JSON.parse(
    line?.text.slice(line.text.indexOf('{')) ?? '{}',
  ) as Seen;
  assert.ok(level !== undefined && time !== undefined && instance === side);
  return rest;
}

export const claim = (text: string, id = 'client'): [string, string][] => [
  [METADATA_HEADER, text],
  [ID_HEADER, id],
];
export const inbound = (more: RequestInput = {}): RequestInput => ({
  direction: 'inbound',
  ...more,
});
export const outbound = (more: RequestInput = {}): RequestInput => ({
  direction: 'outbound',
  ...more,
});

export function dropped(host: Host, reason: string): unknown {
  host.tick();
  const found = [...host.metrics()].find(([name]) => name.includes(`reason=${reason};`));
  return found?.[1];
}

export function namesOf(headers: readonly [string, string][] | null): string[] {
  return (headers ?? []).map(([name]) => name).filter((name) => name.startsWith('x-envoy-peer'));
}

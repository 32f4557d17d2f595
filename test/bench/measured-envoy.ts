// One Envoy with one variant: a listener whose router answers by itself, so that nothing but the
// variant differs. Linux only, because the CPU clock of a process is Linux's.

import { stringify } from 'yaml';

import type { EnvoyFound } from '../../tools/envoy/find.ts';
import { launchEnvoy, type Launched } from '../../tools/envoy/launch.ts';
import type { Config } from '../../tools/render/types.ts';
import { cpuNanos, residentBytes } from './process-cost.ts';
import type { Variant } from './variants.ts';

const HCM =
  'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
const ROUTER = 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router';
const LOOPBACK = '127.0.0.1';
const ANSWER = 'twenty bytes of body';
const READY_TIMEOUT_MS = 60_000;

/** A running variant. */
export interface MeasuredEnvoy {
  readonly variant: Variant;
  readonly port: number;
  /** CPU until the admin port said ready, and memory then. */
  readonly readyCpuNanos: number;
  readonly idleBytes: number;
  cpuNanos(): number;
  residentBytes(): number;
  log(): string;
  stop(): Promise<void>;
}

/** Starts an Envoy with one worker; rejects with its last words when it refuses the variant. */
export async function startMeasured(found: EnvoyFound, variant: Variant): Promise<MeasuredEnvoy> {
  const launched: Launched = await launchEnvoy(found, {
    bootstrap: () => stringify(bootstrap(variant), { aliasDuplicateObjects: false }),
    concurrency: 1,
    logLevel: 'error',
    wasmLogLevel: 'error',
    readyTimeoutMs: READY_TIMEOUT_MS,
  });
  const { pid } = launched;
  const readyCpuNanos = cpuNanos(pid);
  const idleBytes = residentBytes(pid);
  const ports = await launched.admin.listenerPorts();
  return {
    variant,
    port: ports['main'] ?? 0,
    readyCpuNanos,
    idleBytes,
    cpuNanos: () => cpuNanos(pid),
    residentBytes: () => residentBytes(pid),
    log: () => launched.log(),
    stop: () => launched.stop(),
  };
}

function bootstrap({ filters, statsTags, clusters }: Variant): Config {
  const address = { socket_address: { address: LOOPBACK, port_value: 0 } };
  const route = {
    match: { prefix: '/' },
    direct_response: { status: 200, body: { inline_string: ANSWER } },
  };
  const connections = {
    '@type': HCM,
    stat_prefix: 'main',
    http_filters: [...filters, { name: 'router', typed_config: { '@type': ROUTER } }],
    route_config: { virtual_hosts: [{ name: 'all', domains: ['*'], routes: [route] }] },
  };
  const httpFilter = { name: 'http', typed_config: connections };
  return {
    node: { id: 'bench', cluster: 'bench' },
    admin: { address },
    stats_config: { stats_tags: statsTags },
    static_resources: {
      listeners: [{ name: 'main', address, filter_chains: [{ filters: [httpFilter] }] }],
      clusters,
    },
  };
}

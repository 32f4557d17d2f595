// One Envoy in which each set of policies is judged twice: by Envoy's own RBAC filters, and by ours. A header chooses
// the set and the side; dynamic metadata comes from a header as well, through a Lua filter.

import { request as plainRequest, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';

import { freePorts } from '../../../tools/envoy/ports.ts';
import type { RunningEnvoy } from '../../../tools/envoy/running.ts';
import { startEnvoy } from '../../../tools/envoy/start.ts';
import { WASM_PATH } from '../../../tools/render/defaults.ts';
import type { Config } from '../../../tools/render/types.ts';
import { cluster, filterOf, stateFilter } from '../../attributes/support/listeners.ts';
import type { Facts } from '../../rbac/facts.ts';
import { rulesOf } from '../../rbac/istio-builder.ts';
import type { PolicyParams } from '../../rbac/istio.ts';
import { Authority, pemOf, type Files } from './rbac-certificates.ts';

const HTTP = 'type.googleapis.com/envoy.extensions.filters.http';
const RBAC = `${HTTP}.rbac.v3.RBAC`;
/** AUDIT, DENY, ALLOW. */
const NATIVE_COUNT = 3;
const LUA = `
function envoy_on_request(handle)
  local text = handle:headers():get("x-metadata")
  if text == nil then return end
  local code = text:gsub("%x%x", function(hex) return string.char(tonumber(hex, 16)) end)
  for filter, values in pairs(loadstring(code)()) do
    for key, value in pairs(values) do
      handle:streamInfo():dynamicMetadata():set(filter, key, value)
    end
  end
end`;

export type Side = 'native' | 'ours';

export interface Ports {
  readonly plain: number;
  readonly tls: number;
}

export class SideBySide {
  readonly ports: Ports;
  readonly #envoy: RunningEnvoy;

  private constructor(envoy: RunningEnvoy, ports: Ports) {
    this.#envoy = envoy;
    this.ports = ports;
  }

  /** `make` gets the ports that policies may be about. */
  static async start(
    authority: Authority,
    make: (ports: Ports) => readonly (readonly PolicyParams[])[],
  ): Promise<SideBySide> {
    const [plain = 0, tls = 0] = await freePorts(2);
    const trials = make({ plain, tls });
    const ours = await filterOf(documentOf(trials), WASM_PATH);
    const filters = [
      { name: 'lua', typed_config: { '@type': `${HTTP}.lua.v3.Lua`, inline_code: LUA } },
      ...Array.from({ length: NATIVE_COUNT }, (_, index) => ({
        name: `native-${index}`,
        typed_config: { '@type': RBAC },
      })),
      stateFilter('mixer.source.direct_ip', '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%'),
      ours('ours'),
    ];
    const server = authority.sign('server', { dns: 'server.test' });
    const listeners = [
      listener('plain', plain, filters, trials, null),
      listener('tls', tls, filters, trials, tlsOf(server, authority.files.chain)),
    ];
    const envoy = await startEnvoy({
      bootstrap: ({ upstreamPort }) => ({
        admin: { address: address(0) },
        static_resources: { listeners, clusters: [cluster('app', upstreamPort)] },
      }),
    });
    return new SideBySide(envoy, { plain, tls });
  }

  stop(): Promise<void> {
    return this.#envoy.stop();
  }

  /** The status of the answer. */
  status(trial: number, side: Side, facts: Facts, peer: Files | null): Promise<number> {
    const headers = [
      ['host', facts.authority],
      ['x-trial', `trial-${trial}`],
      ['x-side', side],
      ['x-forwarded-for', facts.remoteIp],
      ['x-metadata', Buffer.from(`return ${luaOf(facts.metadata)}`).toString('hex')],
      ...Object.entries(facts.headers).flatMap(([name, lines]) =>
        lines.map((line) => [name, line]),
      ),
    ];
    const options = {
      host: '127.0.0.1',
      method: facts.method,
      path: facts.path,
      headers: headers.flat() as unknown as RequestOptions['headers'],
      setHost: false,
      agent: false as const,
    };
    if (peer === null)
      return statusOf(plainRequest({ ...options, port: this.ports.plain } as RequestOptions));
    const own = { ...pemOf(peer), servername: facts.sni, rejectUnauthorized: false };
    return statusOf(tlsRequest({ ...options, ...own, port: this.ports.tls } as RequestOptions));
  }
}

function statusOf(outgoing: ReturnType<typeof plainRequest>): Promise<number> {
  return new Promise((done, failed) => {
    outgoing.on('error', failed);
    outgoing.on('response', (incoming) => {
      incoming.resume();
      incoming.on('end', () => done(incoming.statusCode ?? 0));
    });
    outgoing.end();
  });
}

/** JSON as a Lua expression. */
function luaOf(value: unknown): string {
  if (typeof value === 'string') return `"${[...Buffer.from(value)].map(escaped).join('')}"`;
  if (Array.isArray(value)) return `{${value.map(luaOf).join(',')}}`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `[${luaOf(key)}]=${luaOf(item)}`)
    .join(',')}}`;
}

function escaped(byte: number): string {
  return `\\${String(byte).padStart(3, '0')}`;
}

function documentOf(trials: readonly (readonly PolicyParams[])[]): object {
  return {
    ambiguousPath: 'AS_IS',
    handlers: trials.map((policies, index) => ({
      name: `trial-${index}`,
      adapter: 'rbac',
      params: { policies },
    })),
    rules: trials.map((_, index) => ({
      name: `trial-${index}`,
      match: `request.headers["x-trial"] == "trial-${index}" && request.headers["x-side"] == "ours"`,
      actions: [{ handler: `trial-${index}` }],
    })),
  };
}

function address(port: number): Config {
  return { socket_address: { address: '127.0.0.1', port_value: port } };
}

function tlsOf({ key, chain }: Files, authority: string): Config {
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext',
      common_tls_context: {
        tls_certificates: [
          { certificate_chain: { filename: chain }, private_key: { filename: key } },
        ],
        validation_context: { trusted_ca: { filename: authority } },
      },
    },
  };
}

function listener(
  name: string,
  port: number,
  filters: readonly Config[],
  trials: readonly (readonly PolicyParams[])[],
  tls: Config | null,
): Config {
  const router = { name: 'router', typed_config: { '@type': `${HTTP}.router.v3.Router` } };
  const connections = {
    '@type':
      'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    stat_prefix: name,
    http_filters: [...filters, router],
    route_config: { virtual_hosts: [{ name, domains: ['*'], routes: routesOf(trials) }] },
  };
  const inspector = {
    name: 'inspector',
    typed_config: {
      '@type':
        'type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector',
    },
  };
  const chain = {
    filters: [{ name: 'http', typed_config: connections }],
    ...(tls !== null && { transport_socket: tls }),
  };
  return {
    name,
    address: address(port),
    ...(tls !== null && { listener_filters: [inspector] }),
    filter_chains: [chain],
  };
}

/** Routes on which Envoy's own filters judge, one for each set, and one for all others. */
function routesOf(trials: readonly (readonly PolicyParams[])[]): Config[] {
  const route = { cluster: 'app' };
  const header = (name: string, exact: string): Config => ({ name, string_match: { exact } });
  const native = trials.map((policies, index) => ({
    match: {
      prefix: '/',
      headers: [header('x-trial', `trial-${index}`), header('x-side', 'native')],
    },
    route,
    typed_per_filter_config: Object.fromEntries(
      rulesOf(policies).map((rules, at) => [
        `native-${at}`,
        { '@type': `${HTTP}.rbac.v3.RBACPerRoute`, rbac: { rules: rules as unknown as Config } },
      ]),
    ),
  }));
  return [...native, { match: { prefix: '/' }, route }];
}

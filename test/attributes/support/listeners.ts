// Hand-written bootstraps around the rendered filter: what a mesh's control plane would write. One listener
// takes mutual TLS and tokens (inbound), another sends to it with a certificate of its own (outbound).

import { findEnvoy } from '../../../tools/envoy/find.ts';
import { minorOf } from '../../../tools/envoy/version.ts';
import { describeDocument } from '../../../tools/render/describe.ts';
import type { FilterKind } from '../../../tools/render/capabilities.ts';
import { mixerFilter } from '../../../tools/render/filter.ts';
import type { Config, Described } from '../../../tools/render/types.ts';
import type { Certificate, Certificates } from './certificates.ts';
import { SERVER_NAME } from './certificates.ts';
import { KEY_SET } from './token.ts';

const TYPE = 'type.googleapis.com/';
const EXTENSIONS = `${TYPE}envoy.extensions.`;
const HCM = 'filters.network.http_connection_manager.v3.HttpConnectionManager';

/** The node as Istio describes it. */
export const NODE: Config = {
  id: 'sidecar~10.0.0.1~cart-1.shop~shop.svc.cluster.local',
  cluster: 'cart.shop',
  metadata: {
    NAME: 'cart-1',
    NAMESPACE: 'shop',
    WORKLOAD_NAME: 'cart',
    OWNER: 'kubernetes://apis/apps/v1/namespaces/shop/deployments/cart',
    SERVICE_ACCOUNT: 'cart',
    CLUSTER_ID: 'east',
    ISTIO_VERSION: '1.30.0',
    MESH_ID: 'mesh-1',
    LABELS: { app: 'cart', version: 'v2' },
  },
};

/** What Istio writes about the service behind a cluster. */
export const SERVICE: Config = {
  filter_metadata: {
    istio: {
      services: [{ host: 'cart.shop.svc.cluster.local', name: 'cart', namespace: 'shop' }],
    },
  },
};

export interface Listener {
  readonly name: string;
  readonly port: number;
  readonly direction: 'INBOUND' | 'OUTBOUND';
  readonly filters: readonly Config[];
  readonly tls?: Config;
  readonly metadata?: Config;
}

/** A bootstrap of these listeners and clusters. */
export function bootstrap(listeners: readonly Listener[], clusters: readonly Config[]): Config {
  return {
    node: NODE,
    admin: { address: address(0) },
    static_resources: { listeners: listeners.map(listenerConfig), clusters },
  };
}

/** The rendered filter with a document. */
export async function filterOf(
  document: object,
  wasm: string,
  kind: FilterKind = 'http',
): Promise<(name: string) => Config> {
  const json = JSON.stringify(document);
  const described: Described = await describeDocument(json, wasm);
  const endpoint = { host: '127.0.0.1', port: 0 };
  const envoyMinor = minorOf(findEnvoy());
  return (name) =>
    mixerFilter(
      { name, document: json, endpoint, kind },
      {
        described,
        trust: { kind: 'sidecar' },
        envoyMinor,
        wasm,
        listeners: [],
        admin: endpoint,
        upstream: endpoint,
        accessLogPath: '/dev/null',
      },
    );
}

/** The connection manager with these filters in front of the router, and a route to a cluster. */
export function httpConnections(
  name: string,
  filters: readonly Config[],
  cluster: string,
  metadata: Config = {},
): Config {
  const route = {
    name: 'all',
    match: { prefix: '/' },
    route: { cluster, timeout: '5s' },
    metadata,
  };
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: {
      '@type': EXTENSIONS + HCM,
      stat_prefix: name,
      http_filters: [
        ...filters,
        { name: 'router', typed_config: { '@type': `${EXTENSIONS}filters.http.router.v3.Router` } },
      ],
      route_config: {
        name,
        virtual_hosts: [{ name: 'all', domains: ['*'], routes: [route] }],
      },
    },
  };
}

/** Envoy's TCP proxy to a cluster. */
export function tcpProxy(name: string, cluster: string): Config {
  const type = 'filters.network.tcp_proxy.v3.TcpProxy';
  return {
    name: 'envoy.filters.network.tcp_proxy',
    typed_config: { '@type': EXTENSIONS + type, stat_prefix: name, cluster },
  };
}

/** Verifies tokens of `issuer` and leaves their payload in the metadata under `key`. */
export function jwtFilter(issuer: string, key: string): Config {
  return {
    name: 'envoy.filters.http.jwt_authn',
    typed_config: {
      '@type': `${EXTENSIONS}filters.http.jwt_authn.v3.JwtAuthentication`,
      providers: {
        one: {
          issuer,
          payload_in_metadata: key,
          local_jwks: { inline_string: KEY_SET },
        },
      },
      rules: [
        {
          match: { prefix: '/' },
          requires: {
            requires_any: { requirements: [{ provider_name: 'one' }, { allow_missing: {} }] },
          },
        },
      ],
    },
  };
}

/** Sets dynamic metadata by hand, as Istio's authentication filter does. */
export function metadataFilter(namespace: string, value: Config): Config {
  return {
    name: 'envoy.filters.http.set_metadata',
    typed_config: {
      '@type': `${EXTENSIONS}filters.http.set_metadata.v3.Config`,
      metadata: [{ metadata_namespace: namespace, value, allow_overwrite: true }],
    },
  };
}

/** An RBAC filter that would deny requests to `path`, by shadow rules. */
export function shadowFilter(path: string): Config {
  return {
    name: 'envoy.filters.http.rbac',
    typed_config: {
      '@type': `${EXTENSIONS}filters.http.rbac.v3.RBAC`,
      shadow_rules: {
        action: 'DENY',
        policies: {
          'no-secrets': {
            permissions: [{ url_path: { path: { exact: path } } }],
            principals: [{ any: true }],
          },
        },
      },
    },
  };
}

/** Keeps a text of the stream as filter state. */
export function stateFilter(key: string, format: string): Config {
  return {
    name: 'envoy.filters.http.set_filter_state',
    typed_config: {
      '@type': `${EXTENSIONS}filters.http.set_filter_state.v3.Config`,
      on_request_headers: [
        {
          object_key: key,
          factory_key: 'envoy.string',
          format_string: { text_format_source: { inline_string: format } },
        },
      ],
    },
  };
}

/** A cluster with one endpoint on loopback. */
export function cluster(name: string, port: number, more: Config = {}): Config {
  const endpoint = { endpoint: { address: address(port) } };
  return {
    name,
    type: 'STATIC',
    connect_timeout: '2s',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [endpoint] }] },
    ...more,
  };
}

/** A cluster's protocol: what the downstream speaks. */
export function downstreamProtocol(): Config {
  const options = 'upstreams.http.v3.HttpProtocolOptions';
  return {
    typed_extension_protocol_options: {
      [`envoy.extensions.${options}`]: {
        '@type': EXTENSIONS + options,
        use_downstream_protocol_config: { http_protocol_options: {}, http2_protocol_options: {} },
      },
    },
  };
}

/** The transport of a listener that asks for certificates. */
export function downstreamTls(certificates: Certificates): Config {
  return transport('DownstreamTlsContext', certificates.server, certificates.authority, {
    require_client_certificate: true,
  });
}

/** The transport of a cluster that shows the client's certificate. */
export function upstreamTls(certificates: Certificates): Config {
  return transport('UpstreamTlsContext', certificates.client, certificates.authority, {
    sni: SERVER_NAME,
  });
}

function transport(type: string, own: Certificate, authority: string, more: Config): Config {
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': `${EXTENSIONS}transport_sockets.tls.v3.${type}`,
      common_tls_context: {
        tls_certificates: [
          { certificate_chain: { filename: own.chain }, private_key: { filename: own.key } },
        ],
        validation_context: { trusted_ca: { filename: authority } },
      },
      ...more,
    },
  };
}

function listenerConfig({ name, port, direction, filters, tls, metadata }: Listener): Config {
  return {
    name,
    address: address(port),
    traffic_direction: direction,
    ...(metadata === undefined ? {} : { metadata }),
    ...(tls === undefined
      ? {}
      : {
          listener_filters: [
            {
              name: 'envoy.filters.listener.tls_inspector',
              typed_config: {
                '@type': `${EXTENSIONS}filters.listener.tls_inspector.v3.TlsInspector`,
              },
            },
          ],
        }),
    filter_chains: [{ filters, ...(tls === undefined ? {} : { transport_socket: tls }) }],
  };
}

function address(port: number): Config {
  return { socket_address: { address: '127.0.0.1', port_value: port } };
}

export type { Config };

// A listener around the filter: the HTTP connection manager with the settings that the filter's
// safety rests on (one spelling of every path, an honest client address, no stream that waits for
// ever), the route, and Envoy's own access log. Or the TCP proxy, for connections without HTTP.

import { accessLog } from './access-log.ts';
import { directAddress } from './direct-address.ts';
import { mixerFilter } from './filter.ts';
import { jwtAuthn } from './jwt-authn.ts';
import { peerHeaders } from './peer-headers.ts';
import type { Config, ListenerOptions, RenderOptions, Trust } from './types.ts';

const HCM =
  'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
const TCP_PROXY = 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';
const ROUTER = 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router';

/** A stream whose answer never comes (a callout's callback that trapped) ends after this. */
const STREAM_IDLE_TIMEOUT = '60s';
const CONNECTION_BUFFER_SIZE_MAX_BYTES = 32_768;
const CLUSTER = 'upstream';

/** One entry of static_resources.listeners. */
export function listener(options: ListenerOptions, all: RenderOptions): Config {
  return {
    name: options.name,
    address: {
      socket_address: { address: options.endpoint.host, port_value: options.endpoint.port },
    },
    ...(options.direction === undefined ? {} : { traffic_direction: options.direction }),
    per_connection_buffer_limit_bytes: CONNECTION_BUFFER_SIZE_MAX_BYTES,
    filter_chains: [
      {
        filters: options.kind === 'network' ? connections(options, all) : requests(options, all),
      },
    ],
  };
}

function requests(options: ListenerOptions, all: RenderOptions): Config[] {
  return [
    {
      name: 'envoy.filters.network.http_connection_manager',
      typed_config: httpConnections(options, all),
    },
  ];
}

function connections(options: ListenerOptions, all: RenderOptions): Config[] {
  return [
    ...directAddress('network', all),
    mixerFilter(options, all),
    {
      name: 'envoy.filters.network.tcp_proxy',
      typed_config: {
        '@type': TCP_PROXY,
        stat_prefix: options.name,
        cluster: CLUSTER,
        access_log: [accessLog(all.accessLogPath)],
      },
    },
  ];
}

function httpConnections(options: ListenerOptions, all: RenderOptions): Config {
  return {
    '@type': HCM,
    stat_prefix: options.name,
    ...clientAddress(all.trust),
    ...peerHeaders(all.trust),
    // The filter refuses paths that two servers could read differently; these settle what can be
    // settled before it.
    normalize_path: true,
    merge_slashes: true,
    path_with_escaped_slashes_action: 'REJECT_REQUEST',
    stream_idle_timeout: STREAM_IDLE_TIMEOUT,
    http_filters: [
      ...directAddress('http', all),
      ...jwtAuthn(all),
      mixerFilter(options, all),
      { name: 'envoy.filters.http.router', typed_config: { '@type': ROUTER } },
    ],
    route_config: {
      name: options.name,
      virtual_hosts: [
        {
          name: 'all',
          domains: ['*'],
          routes: [{ name: 'all', match: { prefix: '/' }, route: { cluster: CLUSTER } }],
        },
      ],
    },
    access_log: [accessLog(all.accessLogPath)],
  };
}

// At the edge `x_user` is refused: many servers read it as `x-user`, past the filter that strips
// the latter. Inside a mesh such names are the applications' own business.
function clientAddress(trust: Trust): Config {
  if (trust.kind === 'sidecar') return { use_remote_address: false, xff_num_trusted_hops: 0 };
  return {
    use_remote_address: true,
    xff_num_trusted_hops: trust.hops,
    common_http_protocol_options: { headers_with_underscores_action: 'REJECT_REQUEST' },
  };
}

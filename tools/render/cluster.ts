// The upstream's cluster. An address stands as it is, a name is looked up by Envoy.

import { isIP } from 'node:net';

import type { Config, RenderOptions } from './types.ts';

const PROTOCOL_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

export function upstreamCluster(options: RenderOptions): Config {
  const { host, port } = options.upstream;
  const discovery: Config =
    isIP(host) > 0 ? { type: 'STATIC' } : { type: 'STRICT_DNS', dns_lookup_family: 'V4_PREFERRED' };
  return {
    name: 'upstream',
    ...discovery,
    connect_timeout: '1s',
    typed_extension_protocol_options: {
      [PROTOCOL_OPTIONS]: {
        '@type': `type.googleapis.com/${PROTOCOL_OPTIONS}`,
        ...protocol(options),
      },
    },
    load_assignment: {
      cluster_name: 'upstream',
      endpoints: [
        {
          lb_endpoints: [
            { endpoint: { address: { socket_address: { address: host, port_value: port } } } },
          ],
        },
      ],
    },
  };
}

// A sidecar is transparent: the application gets the protocol that the client chose. Behind an edge
// proxy HTTP/1.1 is what every server understands.
function protocol(options: RenderOptions): Config {
  if (options.trust.kind === 'edge') return { explicit_http_config: { http_protocol_options: {} } };
  return {
    use_downstream_protocol_config: { http_protocol_options: {}, http2_protocol_options: {} },
  };
}

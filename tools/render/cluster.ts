// The clusters of the upstream and of backends. An address stands as it is, a name is looked up by Envoy.

import { isIP } from 'node:net';

import type { BackendCluster, BackendTls, Config, Endpoint, RenderOptions } from './types.ts';

/** Where Debian, Ubuntu, Alpine and Envoy's own image keep the authorities that the system trusts. */
const SYSTEM_AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';
const PROTOCOL_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/** Where the listeners send what they take; bytes of connections have no version of HTTP. */
export function upstreamCluster(options: RenderOptions): Config {
  const hasRequests = options.listeners.some(({ kind }) => kind !== 'network');
  return cluster('upstream', options.upstream, hasRequests ? protocol(options) : null);
}

/** The cluster of a backend that a handler asks; gRPC needs HTTP/2. */
export function backendCluster({ name, address, protocol, tls }: BackendCluster): Config {
  const versions: Config =
    protocol === 'grpc' ? { http2_protocol_options: {} } : { http_protocol_options: {} };
  const endpoint = endpointOf(address);
  const socket =
    tls === undefined ? {} : { transport_socket: tlsSocket(endpoint.host, protocol, tls) };
  return { ...cluster(name, endpoint, { explicit_http_config: versions }), ...socket };
}

/** TLS to a backend that must show a certificate for its name, signed by an authority that is trusted. */
function tlsSocket(host: string, protocol: BackendCluster['protocol'], tls: BackendTls): Config {
  const name = tls.serverName ?? host;
  const isAddress = isIP(name) > 0;
  const names = { san_type: isAddress ? 'IP_ADDRESS' : 'DNS', matcher: { exact: name } };
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
      ...(isAddress ? {} : { sni: name }),
      common_tls_context: {
        // Servers of gRPC take a connection without it for HTTP/1.1, or refuse it.
        ...(protocol === 'grpc' && { alpn_protocols: ['h2'] }),
        ...ownCertificate(tls),
        validation_context: {
          trusted_ca: { filename: tls.caCertificates ?? SYSTEM_AUTHORITIES },
          match_typed_subject_alt_names: [names],
        },
      },
    },
  };
}

/** What Envoy shows: mutual TLS. */
function ownCertificate({ clientCertificate, privateKey }: BackendTls): Config {
  if (clientCertificate === undefined || privateKey === undefined) return {};
  return {
    tls_certificates: [
      {
        certificate_chain: { filename: clientCertificate },
        private_key: { filename: privateKey },
      },
    ],
  };
}

function cluster(name: string, { host, port }: Endpoint, versions: Config | null): Config {
  const discovery: Config =
    isIP(host) > 0 ? { type: 'STATIC' } : { type: 'STRICT_DNS', dns_lookup_family: 'V4_PREFERRED' };
  return {
    name,
    ...discovery,
    connect_timeout: '1s',
    ...(versions !== null && {
      typed_extension_protocol_options: {
        [PROTOCOL_OPTIONS]: { '@type': `type.googleapis.com/${PROTOCOL_OPTIONS}`, ...versions },
      },
    }),
    load_assignment: {
      cluster_name: name,
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

// The filter has checked the form.
function endpointOf(address: string): Endpoint {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return { host, port: Number(address.slice(colon + 1)) };
}

// A sidecar is transparent: the application gets the protocol that the client chose. Behind an edge
// proxy HTTP/1.1 is what every server understands.
function protocol(options: RenderOptions): Config {
  if (options.trust.kind === 'edge') return { explicit_http_config: { http_protocol_options: {} } };
  return {
    use_downstream_protocol_config: { http_protocol_options: {}, http2_protocol_options: {} },
  };
}

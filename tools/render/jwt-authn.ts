// Envoy's own JWT filter in front of ours, where a document says whose tokens it takes: it verifies signature and
// times and leaves the claims in its metadata. A request without a token passes it: the document decides. One with a
// bad token does not.

import type { BackendTls, Config, JwtProvider, RenderOptions } from './types.ts';

const FILTER = 'envoy.filters.http.jwt_authn';
const TYPE = 'type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication';
/** Where the filter leaves the claims; the attributes `request.auth.*` look there first. */
const PAYLOAD = 'payload';
const FETCH_TIMEOUT = '5s';
const HTTPS_PORT = 443;
const HTTP_PORT = 80;

/** The entry of http_filters; none where the document names no keys. */
export function jwtAuthn(options: RenderOptions): Config[] {
  const given = options.described.jwtProviders ?? [];
  if (given.length === 0) return [];
  const requirements = given.map(({ name }): Config => ({ provider_name: name }));
  return [
    {
      name: FILTER,
      typed_config: {
        '@type': TYPE,
        providers: Object.fromEntries(given.map((each) => [each.name, provider(each)])),
        rules: [
          {
            match: { prefix: '/' },
            requires: { requires_any: { requirements: [...requirements, { allow_missing: {} }] } },
          },
        ],
      },
    },
  ];
}

/** The cluster that keys are fetched from; null where the document has them. */
export function jwksCluster(
  given: JwtProvider,
): { name: string; address: string; protocol: 'http'; tls?: BackendTls } | null {
  if (given.uri === undefined) return null;
  const { hostname, port, protocol } = new URL(given.uri);
  const tls = protocol === 'https:';
  const address = `${hostname}:${port === '' ? (tls ? HTTPS_PORT : HTTP_PORT) : port}`;
  return { name: `jwks:${address}`, address, protocol: 'http', ...(tls && { tls: {} }) };
}

function provider(given: JwtProvider): Config {
  const { issuer, inline, uri, clockSkewSeconds } = given;
  return {
    issuer,
    ...(inline === undefined ? {} : { local_jwks: { inline_string: inline } }),
    ...(uri === undefined ? {} : { remote_jwks: remote(given, uri) }),
    // One place: a token in the query would be logged.
    from_headers: [{ name: 'Authorization', value_prefix: 'Bearer ' }],
    forward: true,
    payload_in_metadata: PAYLOAD,
    clock_skew_seconds: clockSkewSeconds,
  };
}

function remote(given: JwtProvider, uri: string): Config {
  return {
    http_uri: { uri, cluster: jwksCluster(given)?.name ?? '', timeout: FETCH_TIMEOUT },
    cache_duration: `${given.cacheSeconds}s`,
  };
}

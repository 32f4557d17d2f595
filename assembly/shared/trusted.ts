// What no client chooses, and what must not be shown: the tables behind `debug.allowFrom` and the
// explanations. Compiled by asc and by tsc; imports nothing.

/** Attributes of the vocabulary that a client cannot choose, unless the document overrides them. */
export const TRUSTED_ATTRIBUTES: string[] = [
  "source.direct_ip",
  "source.principal",
  "source.user",
  "source.namespace",
  "connection.mtls",
  "request.auth.principal",
  "request.auth.audiences",
  "request.auth.presenter",
  "request.auth.claims",
  "request.auth.raw_claims",
  "context.time",
  "request.time",
  "context.reporter.kind",
  "context.reporter.uid",
  "context.proxy_version",
  "destination.mesh.id",
];

/** Paths of properties that a client cannot choose, and everything below them. */
export const TRUSTED_PROPERTIES: string[] = [
  "connection/mtls",
  "connection/peer_certificate_valid",
  "connection/subject_peer_certificate",
  "connection/dns_san_peer_certificate",
  "connection/uri_san_peer_certificate",
  "connection/sha256_peer_certificate_digest",
  "filter_state/mixer.source.direct_ip",
  "metadata/filter_metadata/envoy.filters.http.jwt_authn",
  "metadata/filter_metadata/istio_authn",
  "xds/listener_direction",
  "xds/listener_metadata",
  "xds/node",
];

/** A header, cookie, query parameter or property whose name has one of these holds a secret. */
export const SECRET_WORDS: string[] = [
  "authorization",
  "cookie",
  "token",
  "secret",
  "password",
  "passwd",
  "api-key",
  "api_key",
  "apikey",
  "credential",
  "session",
  "signature",
  "jwt",
];

// The headers that Envoy holds in fixed slots: a second value is joined to the first by a comma, in traffic and by
// `proxy_add_header_map_value` alike. `cookie` is none of them in a stock Envoy.

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

const ENVOY_CONTROL = words(`
  x-envoy-attempt-count x-envoy-decorator-operation x-envoy-downstream-service-cluster
  x-envoy-downstream-service-node x-envoy-expected-rq-timeout-ms x-envoy-external-address x-envoy-force-trace
  x-envoy-hedge-on-per-try-timeout x-envoy-internal x-envoy-ip-tags x-envoy-is-timeout-retry x-envoy-max-retries
  x-envoy-original-path x-envoy-retriable-header-names x-envoy-retriable-status-codes x-envoy-retry-grpc-on
  x-envoy-retry-on x-envoy-upstream-alt-stat-name x-envoy-upstream-rq-per-try-timeout-ms
  x-envoy-upstream-rq-timeout-alt-response x-envoy-upstream-rq-timeout-ms x-envoy-upstream-stream-duration-ms
`);

export const REQUEST_INLINE: ReadonlySet<string> = new Set([
  ...ENVOY_CONTROL,
  ...words(`
    :authority :method :path :protocol :scheme connection content-length content-type expect grpc-timeout keep-alive
    proxy-connection proxy-status te transfer-encoding upgrade user-agent via x-client-trace-id
    x-forwarded-client-cert x-forwarded-for x-forwarded-host x-forwarded-port x-forwarded-proto x-request-id
    accept accept-encoding access-control-request-headers access-control-request-method
    access-control-request-private-network authorization cache-control cdn-loop content-encoding
    grpc-accept-encoding if-match if-modified-since if-none-match if-range if-unmodified-since origin pragma referer
  `),
]);

export const RESPONSE_INLINE: ReadonlySet<string> = new Set(
  words(`
    :status connection content-length content-type date grpc-message grpc-status keep-alive location
    proxy-connection proxy-status server transfer-encoding upgrade via x-request-id
    x-envoy-attempt-count x-envoy-decorator-operation x-envoy-degraded x-envoy-immediate-health-check-fail
    x-envoy-is-timeout-retry x-envoy-ratelimited x-envoy-upstream-canary x-envoy-upstream-healthchecked-cluster
    x-envoy-upstream-service-time
    access-control-allow-credentials access-control-allow-headers access-control-allow-methods
    access-control-allow-origin access-control-allow-private-network access-control-expose-headers
    access-control-max-age age cache-control content-encoding etag expires last-modified vary
  `),
);

export const TRAILER_INLINE: ReadonlySet<string> = new Set(['grpc-status', 'grpc-message']);

/** Answers of calls and metadata: read only, kept as they came. */
export const PLAIN_INLINE: ReadonlySet<string> = new Set();

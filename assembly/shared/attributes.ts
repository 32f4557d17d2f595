// The attribute vocabulary: Mixer's names with the way Envoy gives them. Compiled by asc and by
// tsc; imports nothing. A row is `name|TYPE|phases|source|default`, and `|always` where every HTTP
// request has it, once there is a phase to read it in; the comment above it is its reference entry.
//
// phases: q = request headers, kept for all later phases · a = any phase, kept from the check when
// the check reads it · m = any phase, read anew in each · r = response headers and log · l = log ·
// c = the answer of a denial and log · v = the same and response headers.
// source: header:NAME, headers, response-header:NAME, response-headers, property:PATH (parts
// separated by `/`), node:PATH (node metadata, read once when the document is loaded),
// inbound:PATH and outbound:PATH (node metadata, on a listener of that direction; on the others the
// peer's metadata of the same name where the document says `peers`),
// derive:Derivation number, none:WHY; INSTEAD (legal, always absent: Envoy cannot give it; a
// document that names it gets a warning with both).

/** Attributes that are worked out from others; numbers are part of the rows below. */
export const enum Derivation {
  None = 0,
  UrlPath = 1,
  QueryParams = 2,
  Hostname = 3,
  RequestTime = 4,
  ApiKey = 5,
  Protocol = 6,
  ResponseDuration = 7,
  Now = 8,
  GrpcStatus = 9,
  GrpcMessage = 10,
  ErrorCode = 11,
  ErrorMessage = 12,
  ResponseFlags = 13,
  SourceIp = 14,
  DestinationIp = 15,
  SourcePrincipal = 16,
  DestinationPrincipal = 17,
  SourceNamespace = 18,
  DestinationNamespace = 19,
  ReporterKind = 20,
  ReporterUid = 21,
  ConnectionId = 22,
  SourceUid = 23,
  DestinationUid = 24,
  SourceWorkloadUid = 25,
  DestinationWorkloadUid = 26,
  DestinationPort = 27,
  AuthPrincipal = 28,
  AuthAudiences = 29,
  AuthPresenter = 30,
  AuthClaims = 31,
  AuthRawClaims = 32,
  ServiceHost = 33,
  ServiceName = 34,
  ServiceNamespace = 35,
  ServiceUid = 36,
  RbacCode = 37,
  RbacPolicy = 38,
  /** Of declared attributes: the name stands in `path`. */
  Cookie = 39,
  QueryParameter = 40,
  /** Of a TCP connection, from here on. */
  ConnectionEvent = 41,
  ConnectionDuration = 42,
  ReceivedBytes = 43,
  ReceivedBytesTotal = 44,
  SentBytes = 45,
  SentBytesTotal = 46,
  /** Of credentials: as Cookie and QueryParameter, but one that is given twice reads as both. */
  CookieCredential = 47,
  QueryCredential = 48,
  /** Of the verdict. */
  CheckRule = 49,
  CheckVerdict = 50,
  CheckShadowRule = 51,
  QuotaRemaining = 52,
  QuotaRetryAfter = 53,
  /** The header `:status`, which costs less than the property. */
  ResponseCode = 54,
  /** Of no row: the metadata of the client's side. The upstream's side is SourceKind.Peer. */
  DownstreamPeer = 55,
  /** The same of the upstream's side, from filter state. */
  UpstreamPeer = 56,
}

/** One row for each attribute; append only. */
export const ATTRIBUTE_ROWS: string[] = [
  /** All request headers by lower-case name, pseudo headers included; repeated ones joined. */
  "request.headers|STRING_MAP|q|headers||always",
  /** The `:authority` header as the client sent it, port included. */
  'request.host|STRING|q|header::authority|""',
  /**
   * The host in lower case, without port and trailing dot; absent where two servers could read
   * different hosts: with a user in front (`a@b`), encoded (`%61`), or with two ports.
   */
  "request.hostname|STRING|q|derive:3||always",
  /** The `:method` header; absent in the report of a request that Envoy could not parse. */
  "request.method|STRING|q|header::method||always",
  /** The `:path` header with the query string. */
  'request.path|STRING|q|header::path|""',
  /** The path without query string and fragment; absent where there is no path (CONNECT). */
  "request.url_path|STRING|q|derive:1||always",
  /** The query parameters, percent-decoded; absent without a query string. */
  "request.query_params|STRING_MAP|q|derive:2|",
  /** The `referer` header. */
  "request.referer|STRING|q|header:referer|",
  /** The `:scheme` header. */
  'request.scheme|STRING|q|header::scheme|"http"',
  /** The `user-agent` header. */
  "request.useragent|STRING|q|header:user-agent|",
  /** The `x-request-id` header. */
  "request.id|STRING|q|header:x-request-id|",
  /** Wall clock at the check. */
  "request.time|TIMESTAMP|q|derive:4||always",
  /** Bytes of the request's body. */
  "request.size|INT64|l|property:request/size||always",
  /** Bytes of the request's body, headers and trailers. */
  "request.total_size|INT64|l|property:request/total_size||always",
  /** Query parameter `key` or `api_key`, else header `x-api-key`. */
  "request.api_key|STRING|q|derive:5|",
  /** Never given, as in Mixer 1.4. */
  "request.reason|STRING|q|none:Mixer never gave it; an attribute of your own|",
  /**
   * The authenticated principal, `issuer/subject`: from Istio's authentication filter, else from
   * the payload that Envoy's JWT filter left in its metadata (`payload_in_metadata`). So are the
   * others.
   */
  "request.auth.principal|STRING|a|derive:28|",
  /** The audiences of the credential, joined by commas. */
  "request.auth.audiences|STRING|a|derive:29|",
  /** The presenter of the credential (`azp`). */
  "request.auth.presenter|STRING|a|derive:30|",
  /** The claims that are strings or lists of strings, these joined by commas. */
  "request.auth.claims|STRING_MAP|a|derive:31|",
  /** The claims as JSON; from the JWT filter's payload written anew, members in any order. */
  "request.auth.raw_claims|STRING|a|derive:32|",
  /** All response headers and, in the log, trailers by lower-case name; repeated ones joined. */
  "response.headers|STRING_MAP|r|response-headers||always",
  /**
   * HTTP status that the client got: the header `:status`, else Envoy's `response.code`; 500 when
   * there was neither.
   */
  "response.code|INT64|r|derive:54|500",
  /** Envoy's response code details. */
  "response.code_details|STRING|l|property:response/code_details||always",
  /** Bytes of the response's body. */
  "response.size|INT64|l|property:response/size||always",
  /** Bytes of the response's body, headers and trailers. */
  "response.total_size|INT64|l|property:response/total_size||always",
  /**
   * Our clock at log minus our clock at the first callback; Envoy's `request.duration` where the
   * filter did not see the request.
   */
  "response.duration|DURATION|l|derive:7||always",
  /** Wall clock at log. */
  "response.time|TIMESTAMP|l|derive:8||always",
  /** The gRPC status as decimal text; absent unless the request is gRPC. */
  "response.grpc_status|STRING|l|derive:9|",
  /** The `grpc-message` of trailers or headers. */
  "response.grpc_message|STRING|l|derive:10|",
  /** The rpc code of a denial; absent when the request passed. */
  "check.error_code|INT64|c|derive:11|",
  /** `CODE:handler:message` of a denial; absent when the request passed. */
  "check.error_message|STRING|c|derive:12|",
  /** The rule that denied; absent when the request passed. */
  "check.rule|STRING|c|derive:49|",
  /**
   * `denied`; `shadow_denied` where a rule in SHADOW mode would have denied, as far as that was
   * known in time; else `allowed`. Absent where nothing was checked.
   */
  "check.verdict|STRING|v|derive:50|",
  /** The first rule in SHADOW mode that would have denied. */
  "check.shadow_rule|STRING|v|derive:51|",
  /** The least that is left of the quotas that were charged, where the adapter says so. */
  "quota.remaining|INT64|v|derive:52|",
  /**
   * Seconds, rounded up, after which the exhausted quotas have room again; absent unless one is
   * exhausted and the adapter says so, and where a charge is above its limit, which no waiting
   * helps. For the header: `retry-after: ${quota.retry_after}`.
   */
  "quota.retry_after|INT64|v|derive:53|",
  /** Whether Mixer's answer came from a cache; here `mixer_check_cache_total` counts that. */
  "check.cache_hit|BOOL|l|none:verdicts from the cache are counted, not told; `false`|",
  /** The same of quotas. */
  "quota.cache_hit|BOOL|l|none:what a worker has taken ahead is not told; `false`|",
  /** Envoy's short response flags, `-` when there are none. */
  "context.proxy_error_code|STRING|l|derive:13||always",
  /**
   * `grpc` for content type application/grpc, with +proto or +json; `tcp`
   * for a connection without HTTP; else `http`.
   */
  "context.protocol|STRING|q|derive:6||always",
  /** Wall clock of the phase. */
  "context.time|TIMESTAMP|m|derive:8||always",
  /** `outbound` on an outbound listener, else `inbound`. */
  "context.reporter.kind|STRING|a|derive:20||always",
  /** `kubernetes://POD.NAMESPACE` of this proxy's own node. */
  "context.reporter.uid|STRING|a|derive:21|",
  /** Version of the proxy, from the node's metadata. */
  "context.proxy_version|STRING|a|node:ISTIO_VERSION|",
  /** Declared by Mixer, never given. */
  "context.reporter.local|BOOL|a|none:Mixer never gave it; `context.reporter.kind`|",
  /** Declared by Mixer, never given. */
  "context.timestamp|TIMESTAMP|a|none:Mixer never gave it; `context.time`|",
  /**
   * Name of the route that Envoy chose; empty when the route has none, absent where none matched
   * and on a TCP connection.
   */
  "context.route_name|STRING|m|property:xds/route_name|",
  /**
   * Name of the cluster that the request goes to; absent where no route matched. A TCP connection
   * has it once the upstream is chosen.
   */
  "context.cluster_name|STRING|m|property:xds/cluster_name|",
  /** What Envoy's RBAC filter would have answered by its shadow rules: `200` or `403`. */
  "rbac.permissive.response_code|STRING|l|derive:37|",
  /** The policy that decided by the shadow rules. */
  "rbac.permissive.effective_policy_id|STRING|l|derive:38|",
  /** The client's address as Envoy sees it. */
  "origin.ip|IP_ADDRESS|a|derive:14||always",
  /** Declared by Mixer, never given. */
  "origin.uid|STRING|a|none:Mixer never gave it; `source.uid`|",
  /** Declared by Mixer, never given. */
  "origin.user|STRING|a|none:Mixer never gave it; `source.principal`|",
  /**
   * The client's address as Envoy sees it: whom it trusts decides what a client can choose here.
   */
  "source.ip|IP_ADDRESS|a|derive:14||always",
  /**
   * The address of the peer itself, whatever headers say: filter state that rendered configuration
   * writes; absent elsewhere.
   */
  "source.direct_ip|IP_ADDRESS|a|property:filter_state/mixer.source.direct_ip|",
  /** The client's port. */
  "source.port|INT64|a|property:source/port||always",
  /**
   * `kubernetes://POD.NAMESPACE`. Of the workload of the caller: on an outbound listener the own
   * node, on an inbound one what the document's `peers` tells; absent where that is NONE. So are
   * the others.
   */
  "source.uid|STRING|a|derive:23|",
  /**
   * Namespace of the caller: outbound the own node's, inbound that of its certificate, without one
   * what `peers` tells.
   */
  "source.namespace|STRING|a|derive:18|",
  /** First URI SAN of the caller's certificate, without `spiffe://`. */
  "source.principal|STRING|a|derive:16|",
  /** Deprecated name of source.principal. */
  "source.user|STRING|a|derive:16|",
  /** Pod name of the caller. */
  "source.name|STRING|a|outbound:NAME|",
  /** Owner of the caller's pod. */
  "source.owner|STRING|a|outbound:OWNER|",
  /** Service account of the caller; where `peers` does not tell it, the certificate's. */
  "source.serviceAccount|STRING|a|outbound:SERVICE_ACCOUNT|",
  /** `istio://NAMESPACE/workloads/NAME` of the caller. */
  "source.workload.uid|STRING|a|derive:25|",
  /** Workload of the caller. */
  "source.workload.name|STRING|a|outbound:WORKLOAD_NAME|",
  /** Namespace of the caller's workload. */
  "source.workload.namespace|STRING|a|outbound:NAMESPACE|",
  /** Labels of the caller. */
  "source.labels|STRING_MAP|a|outbound:LABELS|",
  /**
   * The address that the client connected to; on an outbound listener the upstream host's, once one
   * is chosen.
   */
  "destination.ip|IP_ADDRESS|m|derive:15||always",
  /** The port of the same. */
  "destination.port|INT64|m|derive:27||always",
  /**
   * `kubernetes://POD.NAMESPACE`. Of the workload of the destination: on an inbound listener the
   * own node, on an outbound one what `peers` tells, once the upstream has answered. So are the
   * others.
   */
  "destination.uid|STRING|a|derive:24|",
  /**
   * Namespace of the destination: inbound the own node's, outbound that of the upstream's
   * certificate, without one what `peers` tells.
   */
  "destination.namespace|STRING|m|derive:19|",
  /** First URI SAN of the own certificate inbound, of the upstream's outbound. */
  "destination.principal|STRING|m|derive:17|",
  /** Deprecated name of destination.principal. */
  "destination.user|STRING|m|derive:17|",
  /** Pod name of the destination. */
  "destination.name|STRING|a|inbound:NAME|",
  /** Owner of the destination's pod. */
  "destination.owner|STRING|a|inbound:OWNER|",
  /** Service account of the destination; where `peers` does not tell it, the certificate's. */
  "destination.serviceAccount|STRING|a|inbound:SERVICE_ACCOUNT|",
  /** `istio://NAMESPACE/workloads/NAME` of the destination. */
  "destination.workload.uid|STRING|a|derive:26|",
  /** Workload of the destination. */
  "destination.workload.name|STRING|a|inbound:WORKLOAD_NAME|",
  /** Namespace of the destination's workload. */
  "destination.workload.namespace|STRING|a|inbound:NAMESPACE|",
  /** Labels of the destination. */
  "destination.labels|STRING_MAP|a|inbound:LABELS|",
  /** Mixer asked Kubernetes for it. */
  "destination.container.name|STRING|a|none:Envoy knows no containers; `destination.workload.name`|",
  /**
   * Host of the service that the route's cluster stands for, from the metadata that Istio writes
   * into clusters (`istio`, `services`). So are the next three.
   */
  "destination.service.host|STRING|a|derive:33|",
  /** Name of the service. */
  "destination.service.name|STRING|a|derive:34|",
  /** Namespace of the service. */
  "destination.service.namespace|STRING|a|derive:35|",
  /** `istio://NAMESPACE/services/NAME`. */
  "destination.service.uid|STRING|a|derive:36|",
  /** Deprecated name of destination.service.host. */
  "destination.service|STRING|a|derive:33|",
  /** The own node's mesh. */
  "destination.mesh.id|STRING|a|node:MESH_ID|",
  /** Whether the client presented a certificate that was verified. */
  "connection.mtls|BOOL|a|property:connection/mtls||always",
  /** The server name of the TLS handshake; empty without one. */
  "connection.requested_server_name|STRING|a|property:connection/requested_server_name|",
  /** Envoy's number of the connection. */
  "connection.id|STRING|a|derive:22||always",
  /** `open`, `continue` or `close`. Of TCP connections only, from here on; absent for requests. */
  "connection.event|STRING|m|derive:41|",
  /** How long the connection lasted; at its close only. */
  "connection.duration|DURATION|m|derive:42|",
  /** Bytes from the client since the last report. */
  "connection.received.bytes|INT64|m|derive:43|",
  /** Bytes from the client since the connection was opened. */
  "connection.received.bytes_total|INT64|m|derive:44|",
  /** Bytes to the client since the last report. */
  "connection.sent.bytes|INT64|m|derive:45|",
  /** Bytes to the client since the connection was opened. */
  "connection.sent.bytes_total|INT64|m|derive:46|",
  /** Deprecated in Mixer 1.0. */
  "source.service|STRING|a|none:Mixer gave it before 1.0; `source.workload.name`|",
  /** Declared by Mixer, never given. */
  "source.services|STRING|a|none:Mixer never gave it; `source.workload.name`|",
  /** Declared by Mixer, never given. */
  "source.metadata|STRING_MAP|a|none:Mixer never gave it; `source.labels`|",
  /** Declared by Mixer, never given. */
  "destination.metadata|STRING_MAP|a|none:Mixer never gave it; `destination.labels`|",
  /** Service of an HTTPAPISpec; Mixer gave the api attributes up to 1.3. */
  "api.service|STRING|q|none:there is no HTTPAPISpec; an attribute of your own|",
  /** Version of the API. */
  "api.version|STRING|q|none:there is no HTTPAPISpec; an attribute of your own|",
  /** Operation of the API. */
  "api.operation|STRING|q|none:there is no HTTPAPISpec; an attribute of your own|",
  /** Protocol of the API. */
  "api.protocol|STRING|q|none:there is no HTTPAPISpec; `context.protocol`|",
  /** Kubernetes cluster of the caller (`CLUSTER_ID`); as the other attributes of its workload. */
  "source.cluster.id|STRING|a|outbound:CLUSTER_ID|",
  /** Kubernetes cluster of the destination. */
  "destination.cluster.id|STRING|a|inbound:CLUSTER_ID|",
];

// The attribute vocabulary: Mixer's names with the way Envoy gives them. Compiled by asc and by
// tsc; imports nothing. A row is `name|TYPE|phases|source|default`; the comment above it is its
// reference entry.
//
// phases: q = request headers, kept for all later phases · a = any phase · r = response headers and
// log · l = log · c = the answer of a denial and log.
// source: header:NAME, headers, response-header:NAME, response-headers, property:PATH (parts
// separated by `/`), node:PATH (node metadata, read once when the document is loaded),
// inbound:PATH and outbound:PATH (node metadata, on a listener of that direction only),
// derive:Derivation number, none (legal, always absent).

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
}

/** One row for each attribute; append only. */
export const ATTRIBUTE_ROWS: string[] = [
  /** All request headers by lower-case name, pseudo headers included; repeated ones joined. */
  "request.headers|STRING_MAP|q|headers|",
  /** The `:authority` header as the client sent it, port included. */
  'request.host|STRING|q|header::authority|""',
  /** The host in lower case, without port and trailing dot. */
  "request.hostname|STRING|q|derive:3|",
  /** The `:method` header. */
  "request.method|STRING|q|header::method|",
  /** The `:path` header with the query string. */
  'request.path|STRING|q|header::path|""',
  /** The path without query string and fragment; absent where there is no path (CONNECT). */
  "request.url_path|STRING|q|derive:1|",
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
  "request.time|TIMESTAMP|q|derive:4|",
  /** Bytes of the request's body. */
  "request.size|INT64|l|property:request/size|",
  /** Bytes of the request's body, headers and trailers. */
  "request.total_size|INT64|l|property:request/total_size|",
  /** Query parameter `key` or `api_key`, else header `x-api-key`. */
  "request.api_key|STRING|q|derive:5|",
  /** Never produced, as in Mixer 1.4. */
  "request.reason|STRING|q|none|",
  /** The authenticated principal, `issuer/subject`, from Istio's authentication filter. */
  "request.auth.principal|STRING|a|property:metadata/filter_metadata/istio_authn/request.auth.principal|",
  /** The audiences of the credential. */
  "request.auth.audiences|STRING|a|property:metadata/filter_metadata/istio_authn/request.auth.audiences|",
  /** The presenter of the credential. */
  "request.auth.presenter|STRING|a|property:metadata/filter_metadata/istio_authn/request.auth.presenter|",
  /** The claims, as a map of strings. */
  "request.auth.claims|STRING_MAP|a|property:metadata/filter_metadata/istio_authn/request.auth.claims|",
  /** The claims as the token's JSON text. */
  "request.auth.raw_claims|STRING|a|property:metadata/filter_metadata/istio_authn/request.auth.raw_claims|",
  /** All response headers by lower-case name; repeated ones joined. */
  "response.headers|STRING_MAP|r|response-headers|",
  /** HTTP status that the client got; 500 when there was none. */
  "response.code|INT64|r|property:response/code|500",
  /** Envoy's response code details. */
  "response.code_details|STRING|l|property:response/code_details|",
  /** Bytes of the response's body. */
  "response.size|INT64|l|property:response/size|",
  /** Bytes of the response's body, headers and trailers. */
  "response.total_size|INT64|l|property:response/total_size|",
  /** Our clock at log minus our clock at the first callback. */
  "response.duration|DURATION|l|derive:7|",
  /** Wall clock at log. */
  "response.time|TIMESTAMP|l|derive:8|",
  /** The gRPC status as decimal text; absent unless the request is gRPC. */
  "response.grpc_status|STRING|l|derive:9|",
  /** The `grpc-message` of trailers or headers. */
  "response.grpc_message|STRING|l|derive:10|",
  /** The rpc code of a denial; absent when the request passed. */
  "check.error_code|INT64|c|derive:11|",
  /** `CODE:handler:message` of a denial; absent when the request passed. */
  "check.error_message|STRING|c|derive:12|",
  /** Absent until checks are cached. */
  "check.cache_hit|BOOL|l|none|",
  /** Absent until quotas are cached. */
  "quota.cache_hit|BOOL|l|none|",
  /** Envoy's short response flags, `-` when there are none. */
  "context.proxy_error_code|STRING|l|derive:13|",
  /** `grpc` for content type application/grpc, with +proto or +json; else `http`. */
  "context.protocol|STRING|q|derive:6|",
  /** Wall clock of the phase. */
  "context.time|TIMESTAMP|a|derive:8|",
  /** `outbound` on an outbound listener, else `inbound`. */
  "context.reporter.kind|STRING|a|derive:20|",
  /** `kubernetes://POD.NAMESPACE` of this proxy's own node. */
  "context.reporter.uid|STRING|a|derive:21|",
  /** Version of the proxy, from the node's metadata. */
  "context.proxy_version|STRING|a|node:ISTIO_VERSION|",
  /** Declared by Mixer, never produced. */
  "context.reporter.local|BOOL|a|none|",
  /** Declared by Mixer, never produced. */
  "context.timestamp|TIMESTAMP|a|none|",
  /** Shadow result of Envoy's RBAC filter: never given as a status code. */
  "rbac.permissive.response_code|STRING|l|none|",
  /** The policy that decided in shadow mode, from Envoy's RBAC filter. */
  "rbac.permissive.effective_policy_id|STRING|l|property:metadata/filter_metadata/envoy.filters.http.rbac/shadow_effective_policy_id|",
  /** The client's address as Envoy sees it. */
  "origin.ip|IP_ADDRESS|a|derive:14|",
  /** Declared by Mixer, never produced. */
  "origin.uid|STRING|a|none|",
  /** Declared by Mixer, never produced. */
  "origin.user|STRING|a|none|",
  /**
   * The client's address as Envoy sees it: whom it trusts decides what a client can choose here.
   */
  "source.ip|IP_ADDRESS|a|derive:14|",
  /** The client's port. */
  "source.port|INT64|a|property:source/port|",
  /** `kubernetes://POD.NAMESPACE`, on an outbound listener from the own node. */
  "source.uid|STRING|a|derive:23|",
  /** Namespace of the caller: own node outbound, the principal's inbound. */
  "source.namespace|STRING|a|derive:18|",
  /** First URI SAN of the caller's certificate, without `spiffe://`. */
  "source.principal|STRING|a|derive:16|",
  /** Deprecated name of source.principal. */
  "source.user|STRING|a|derive:16|",
  /** Pod name of the caller, on an outbound listener. */
  "source.name|STRING|a|outbound:NAME|",
  /** Owner of the caller's pod, on an outbound listener. */
  "source.owner|STRING|a|outbound:OWNER|",
  /** Service account of the caller, on an outbound listener. */
  "source.serviceAccount|STRING|a|outbound:SERVICE_ACCOUNT|",
  /** `istio://NAMESPACE/workloads/NAME` of the caller, on an outbound listener. */
  "source.workload.uid|STRING|a|derive:25|",
  /** Workload of the caller, on an outbound listener. */
  "source.workload.name|STRING|a|outbound:WORKLOAD_NAME|",
  /** Namespace of the caller's workload, on an outbound listener. */
  "source.workload.namespace|STRING|a|outbound:NAMESPACE|",
  /** Labels of the caller, on an outbound listener. */
  "source.labels|STRING_MAP|a|outbound:LABELS|",
  /** The address that the client connected to. */
  "destination.ip|IP_ADDRESS|a|derive:15|",
  /** The port that the client connected to. */
  "destination.port|INT64|a|property:destination/port|",
  /** `kubernetes://POD.NAMESPACE`, on an inbound listener from the own node. */
  "destination.uid|STRING|a|derive:24|",
  /** Namespace of the destination: the own node's on an inbound listener. */
  "destination.namespace|STRING|a|derive:19|",
  /** First URI SAN of the own certificate inbound, of the upstream's outbound. */
  "destination.principal|STRING|a|derive:17|",
  /** Deprecated name of destination.principal. */
  "destination.user|STRING|a|derive:17|",
  /** Pod name of the destination, on an inbound listener. */
  "destination.name|STRING|a|inbound:NAME|",
  /** Owner of the destination's pod, on an inbound listener. */
  "destination.owner|STRING|a|inbound:OWNER|",
  /** Service account of the destination, on an inbound listener. */
  "destination.serviceAccount|STRING|a|inbound:SERVICE_ACCOUNT|",
  /** `istio://NAMESPACE/workloads/NAME` of the destination, on an inbound listener. */
  "destination.workload.uid|STRING|a|derive:26|",
  /** Workload of the destination, on an inbound listener. */
  "destination.workload.name|STRING|a|inbound:WORKLOAD_NAME|",
  /** Namespace of the destination's workload, on an inbound listener. */
  "destination.workload.namespace|STRING|a|inbound:NAMESPACE|",
  /** Labels of the destination, on an inbound listener. */
  "destination.labels|STRING_MAP|a|inbound:LABELS|",
  /** Needs peer metadata; absent for now. */
  "destination.container.name|STRING|a|none|",
  /** Needs service metadata of the cluster; absent for now. */
  "destination.service.host|STRING|a|none|",
  /** Needs service metadata of the cluster; absent for now. */
  "destination.service.name|STRING|a|none|",
  /** Needs service metadata of the cluster; absent for now. */
  "destination.service.namespace|STRING|a|none|",
  /** Needs service metadata of the cluster; absent for now. */
  "destination.service.uid|STRING|a|none|",
  /** The own node's mesh. */
  "destination.mesh.id|STRING|a|node:MESH_ID|",
  /** Whether the client presented a certificate that was verified. */
  "connection.mtls|BOOL|a|property:connection/mtls|",
  /** The server name of the TLS handshake; empty without one. */
  "connection.requested_server_name|STRING|a|property:connection/requested_server_name|",
  /** Envoy's number of the connection. */
  "connection.id|STRING|a|derive:22|",
  /** TCP only, from here on; absent for requests. */
  "connection.event|STRING|a|none|",
  "connection.duration|DURATION|a|none|",
  "connection.received.bytes|INT64|a|none|",
  "connection.received.bytes_total|INT64|a|none|",
  "connection.sent.bytes|INT64|a|none|",
  "connection.sent.bytes_total|INT64|a|none|",
  /** Never produced since Mixer 1.4. */
  "api.service|STRING|q|none|",
  "api.version|STRING|q|none|",
  "api.operation|STRING|q|none|",
  "api.protocol|STRING|q|none|",
];

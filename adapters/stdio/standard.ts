// Istio's standard access logs, of requests and of TCP connections: the instances that serve where
// an action names none. Attributes that nothing gives yet stand as their defaults. Cold: read while
// a document is loaded.

import { CONNECTION_EVENTS, ReportEvent, jsonMembers } from "../../assembly/sdk";

const OF_REQUESTS = "accesslog";
const OF_CONNECTIONS = "tcpaccesslog";

// Each variable of a request and its expression.
const REQUEST_VARIABLES: string[] = [
  "apiClaims",
  'request.auth.raw_claims | ""',
  "apiKey",
  'request.api_key | request.headers["x-api-key"] | ""',
  "clientTraceId",
  'request.headers["x-client-trace-id"] | ""',
  "connection_security_policy",
  'conditional((context.reporter.kind | "inbound") == "outbound", "unknown", ' +
    'conditional(connection.mtls | false, "mutual_tls", "none"))',
  "destinationApp",
  'destination.labels["app"] | ""',
  "destinationIp",
  'destination.ip | ip("0.0.0.0")',
  "destinationName",
  'destination.name | ""',
  "destinationNamespace",
  'destination.namespace | ""',
  "destinationOwner",
  'destination.owner | ""',
  "destinationPrincipal",
  'destination.principal | ""',
  "destinationServiceHost",
  '""',
  "destinationWorkload",
  'destination.workload.name | ""',
  "grpcMessage",
  'conditional((context.protocol | "http") == "grpc", response.grpc_message | "", "")',
  "grpcStatus",
  'conditional((context.protocol | "http") == "grpc", response.grpc_status | "", "")',
  "httpAuthority",
  'request.headers[":authority"] | request.host | ""',
  "latency",
  'response.duration | "0ms"',
  "method",
  'request.method | ""',
  "permissiveResponseCode",
  '"none"',
  "permissiveResponsePolicyID",
  'rbac.permissive.effective_policy_id | "none"',
  "protocol",
  'request.scheme | context.protocol | "http"',
  "receivedBytes",
  "request.total_size | 0",
  "referer",
  'request.referer | ""',
  "reporter",
  'conditional((context.reporter.kind | "inbound") == "outbound", "source", "destination")',
  "requestId",
  'request.headers["x-request-id"] | ""',
  "requestSize",
  "request.size | 0",
  "requestedServerName",
  'connection.requested_server_name | ""',
  "responseCode",
  "response.code | 0",
  "responseFlags",
  'context.proxy_error_code | ""',
  "responseSize",
  "response.size | 0",
  "responseTimestamp",
  "response.time",
  "sentBytes",
  "response.total_size | 0",
  "sourceApp",
  'source.labels["app"] | ""',
  "sourceIp",
  'source.ip | ip("0.0.0.0")',
  "sourceName",
  'source.name | ""',
  "sourceNamespace",
  'source.namespace | ""',
  "sourceOwner",
  'source.owner | ""',
  "sourcePrincipal",
  'source.principal | ""',
  "sourceWorkload",
  'source.workload.name | ""',
  "url",
  'request.path | ""',
  "userAgent",
  'request.useragent | ""',
  "xForwardedFor",
  'request.headers["x-forwarded-for"] | "0.0.0.0"',
];

// Each variable of a connection and its expression.
const CONNECTION_VARIABLES: string[] = [
  "connectionDuration",
  'connection.duration | "0ms"',
  "connectionEvent",
  'connection.event | ""',
  "connection_security_policy",
  'conditional((context.reporter.kind | "inbound") == "outbound", "unknown", ' +
    'conditional(connection.mtls | false, "mutual_tls", "none"))',
  "destinationApp",
  'destination.labels["app"] | ""',
  "destinationIp",
  'destination.ip | ip("0.0.0.0")',
  "destinationName",
  'destination.name | ""',
  "destinationNamespace",
  'destination.namespace | ""',
  "destinationOwner",
  'destination.owner | ""',
  "destinationPrincipal",
  'destination.principal | ""',
  "destinationServiceHost",
  'destination.service.host | ""',
  "destinationWorkload",
  'destination.workload.name | ""',
  "protocol",
  'context.protocol | "tcp"',
  "receivedBytes",
  "connection.received.bytes | 0",
  "reporter",
  'conditional((context.reporter.kind | "inbound") == "outbound", "source", "destination")',
  "requestedServerName",
  'connection.requested_server_name | ""',
  "responseFlags",
  'context.proxy_error_code | ""',
  "sentBytes",
  "connection.sent.bytes | 0",
  "sourceApp",
  'source.labels["app"] | ""',
  "sourceIp",
  'source.ip | ip("0.0.0.0")',
  "sourceName",
  'source.name | ""',
  "sourceNamespace",
  'source.namespace | ""',
  "sourceOwner",
  'source.owner | ""',
  "sourcePrincipal",
  'source.principal | ""',
  "sourceWorkload",
  'source.workload.name | ""',
  "totalReceivedBytes",
  "connection.received.bytes_total | 0",
  "totalSentBytes",
  "connection.sent.bytes_total | 0",
];

let text: string = "";

/** The standard instances as JSON text, made once. */
export function standardInstancesText(): string {
  if (text.length > 0) return text;
  const ofRequests = instanceText(OF_REQUESTS, "request.time", REQUEST_VARIABLES);
  const ofConnections = instanceText(OF_CONNECTIONS, "context.time", CONNECTION_VARIABLES);
  text = "[" + ofRequests + "," + ofConnections + "]";
  return text;
}

/** What a standard instance is written for: bits of ReportEvent. */
export function standardEvents(instance: string): u32 {
  return instance == OF_REQUESTS ? ReportEvent.Request : CONNECTION_EVENTS;
}

function instanceText(name: string, time: string, variables: string[]): string {
  let text = '{"name":"' + name + '","template":"logentry","params":{"severity":"\\"Info\\"",';
  text += '"timestamp":"' + time + '","variables":{' + jsonMembers(variables) + "}}}";
  return text;
}

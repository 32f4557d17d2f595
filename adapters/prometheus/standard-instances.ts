// The standard instances: what Istio's metrics are counted by, as the document would give it. Those
// of connections ask for no attribute that requests would then have to keep. Cold: read while a
// document is loaded.

import { jsonMembers } from "../../assembly/sdk";
import { STANDARD_METRICS, StandardMetric } from "./standard";

// Nobody has shown who they are without mutual TLS: two host calls less for each request. Outbound,
// the certificates of the upstream's connection count.
const IDENTIFIED =
  'conditional((context.reporter.kind | "inbound") == "outbound" || (connection.mtls | false), ';

// Each dimension and its expression. What only gRPC has is not asked for otherwise.
const PEERS: string[] = [
  "reporter",
  'conditional((context.reporter.kind | "inbound") == "outbound", "source", "destination")',
  "source_workload",
  'source.workload.name | "unknown"',
  "source_workload_namespace",
  'source.workload.namespace | "unknown"',
  "source_principal",
  IDENTIFIED + 'source.principal | "unknown", "unknown")',
  "source_app",
  'source.labels["app"] | "unknown"',
  "source_version",
  'source.labels["version"] | "unknown"',
  "source_canonical_service",
  'source.labels["service.istio.io/canonical-name"] | "unknown"',
  "source_canonical_revision",
  'source.labels["service.istio.io/canonical-revision"] | "unknown"',
  "destination_workload",
  'destination.workload.name | "unknown"',
  "destination_workload_namespace",
  'destination.workload.namespace | "unknown"',
  "destination_principal",
  IDENTIFIED + 'destination.principal | "unknown", "unknown")',
  "destination_app",
  'destination.labels["app"] | "unknown"',
  "destination_version",
  'destination.labels["version"] | "unknown"',
  "destination_canonical_service",
  'destination.labels["service.istio.io/canonical-name"] | "unknown"',
  "destination_canonical_revision",
  'destination.labels["service.istio.io/canonical-revision"] | "unknown"',
  // One host call gives all three; without Istio's metadata of clusters they are unknown.
  "destination_service",
  'destination.service.host | "unknown"',
  "destination_service_name",
  'destination.service.name | "unknown"',
  "destination_service_namespace",
  'destination.service.namespace | "unknown"',
];

const OF_REQUESTS: string[] = [
  "request_protocol",
  'context.protocol | "unknown"',
  "response_code",
  "response.code | 200",
  "grpc_response_status",
  'conditional((context.protocol | "unknown") == "grpc", response.grpc_status | "", "")',
];

const HOW_IT_WENT: string[] = [
  "response_flags",
  'context.proxy_error_code | "-"',
  "connection_security_policy",
  'conditional((context.reporter.kind | "inbound") == "outbound", "unknown", ' +
    'conditional(connection.mtls | false, "mutual_tls", "none"))',
];

let known: string = "";

/**
 * The instances as JSON text, made once; those of one kind have the same dimensions, evaluated
 * once.
 */
export function standardInstancesText(): string {
  if (known.length > 0) return known;
  const ofRequests = dimensionsText(OF_REQUESTS);
  const ofConnections = dimensionsText([]);
  let text = "[";
  for (let index = 0; index < STANDARD_METRICS.length; index++) {
    const standard = STANDARD_METRICS[index];
    text += index > 0 ? "," : "";
    text += instanceText(standard, standard.isOfConnections ? ofConnections : ofRequests);
  }
  known = text + "]";
  return known;
}

function instanceText(standard: StandardMetric, dimensions: string): string {
  const text = '{"name":"' + standard.instance + '","template":"metric","params":{"value":"';
  return text + standard.value + '","dimensions":{' + dimensions + "}}}";
}

function dimensionsText(own: string[]): string {
  return jsonMembers(PEERS.concat(own).concat(HOW_IT_WENT));
}

// The standard instances: what Istio's metrics are counted by, as the document would give it. Those
// of connections ask for no attribute that requests would then have to keep. Cold: read while a
// document is loaded.

import { jsonMembers, replaced } from "../../assembly/sdk";
import { STANDARD_METRICS, StandardMetric } from "./standard";

// Nobody has shown who they are without mutual TLS: two host calls less for each request. Outbound,
// the certificates of the upstream's connection count.
const IDENTIFIED =
  'conditional((context.reporter.kind | "inbound") == "outbound" || (connection.mtls | false), ';

// Each dimension and its expression; an attribute alone is `unknown` where nothing gives it. What
// only gRPC has is not asked for otherwise.
const OF_BOTH_KINDS: string[] = [
  "reporter",
  'conditional((context.reporter.kind | "inbound") == "outbound", "source", "destination")',
  // One host call gives all three; without Istio's metadata of clusters they are unknown.
  "destination_service",
  "destination.service.host",
  "destination_service_name",
  "destination.service.name",
  "destination_service_namespace",
  "destination.service.namespace",
];

// Both sides have these: `destination` then stands for `source`.
const OF_SOURCE: string[] = [
  "source_workload",
  "source.workload.name",
  "source_workload_namespace",
  "source.workload.namespace",
  "source_principal",
  IDENTIFIED + 'source.principal | "unknown", "unknown")',
  "source_app",
  'source.labels["app"]',
  "source_version",
  'source.labels["version"]',
  "source_canonical_service",
  'source.labels["service.istio.io/canonical-name"]',
  "source_canonical_revision",
  'source.labels["service.istio.io/canonical-revision"]',
];

const OF_REQUESTS: string[] = [
  "request_protocol",
  "context.protocol",
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
  let pairs = OF_BOTH_KINDS.concat(OF_SOURCE);
  for (let index = 0; index < OF_SOURCE.length; index++) {
    pairs.push(replaced(OF_SOURCE[index], "source", "destination"));
  }
  pairs = pairs.concat(own).concat(HOW_IT_WENT);
  for (let index = 1; index < pairs.length; index += 2) {
    if (!pairs[index].includes(" ")) pairs[index] += ' | "unknown"';
  }
  return jsonMembers(pairs);
}

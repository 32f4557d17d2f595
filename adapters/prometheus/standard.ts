// Istio's standard metrics: the instances that serve where an action names none, and the
// definitions behind their names. Cold: read while a document is loaded.

import { Kind } from "./config";

/** The definition behind the name of a standard instance. */
export class StandardMetric {
  constructor(
    /** Name of the instance, as in Mixer's own configuration. */
    readonly instance: string,
    /** Name of the metric. */
    readonly metric: string,
    readonly kind: Kind,
    /** Expression of the value. */
    readonly value: string,
    /** Bounds of the buckets; none: Envoy's own, which are Istio's for durations. */
    readonly bounds: f64[],
  ) {}
}

const SIZE_BOUNDS: f64[] = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

/** The standard metrics. */
export const STANDARD_METRICS: StandardMetric[] = [
  new StandardMetric("requestcount", "istio_requests_total", Kind.Counter, "1", []),
  new StandardMetric(
    "requestduration",
    "istio_request_duration_milliseconds",
    Kind.Distribution,
    'response.duration | \\"0ms\\"',
    [],
  ),
  new StandardMetric(
    "requestsize",
    "istio_request_bytes",
    Kind.Distribution,
    "request.size | 0",
    SIZE_BOUNDS,
  ),
  new StandardMetric(
    "responsesize",
    "istio_response_bytes",
    Kind.Distribution,
    "response.size | 0",
    SIZE_BOUNDS,
  ),
];

/** Label names in Istio's order. */
export const STANDARD_LABELS: string[] = [
  "reporter",
  "source_workload",
  "source_workload_namespace",
  "source_principal",
  "source_app",
  "source_version",
  "source_canonical_service",
  "source_canonical_revision",
  "destination_workload",
  "destination_workload_namespace",
  "destination_principal",
  "destination_app",
  "destination_version",
  "destination_service",
  "destination_service_name",
  "destination_service_namespace",
  "destination_canonical_service",
  "destination_canonical_revision",
  "request_protocol",
  "response_code",
  "grpc_response_status",
  "response_flags",
  "connection_security_policy",
];

/** The value of a standard label that the instance has no dimension for. */
export const UNKNOWN: string = "unknown";

// Each dimension and its expression. Labels that nothing can give yet are no dimensions: they are
// `unknown` at no cost.
const DIMENSIONS: string[] = [
  "reporter",
  'conditional((context.reporter.kind | "inbound") == "outbound", "source", "destination")',
  "source_workload",
  'source.workload.name | "unknown"',
  "source_workload_namespace",
  'source.workload.namespace | "unknown"',
  "source_principal",
  'source.principal | "unknown"',
  "source_app",
  'source.labels["app"] | "unknown"',
  "source_version",
  'source.labels["version"] | "unknown"',
  "destination_workload",
  'destination.workload.name | "unknown"',
  "destination_workload_namespace",
  'destination.workload.namespace | "unknown"',
  "destination_principal",
  'destination.principal | "unknown"',
  "destination_app",
  'destination.labels["app"] | "unknown"',
  "destination_version",
  'destination.labels["version"] | "unknown"',
  "request_protocol",
  'context.protocol | "unknown"',
  "response_code",
  "response.code | 200",
  "grpc_response_status",
  'response.grpc_status | ""',
  "response_flags",
  'context.proxy_error_code | "-"',
  "connection_security_policy",
  'conditional((context.reporter.kind | "inbound") == "outbound", "unknown", ' +
    'conditional(connection.mtls | false, "mutual_tls", "none"))',
];

/** The standard instances as JSON text; all have the same dimensions, which are evaluated once. */
export function standardInstancesText(): string {
  let dimensions = "";
  for (let index = 0; index < DIMENSIONS.length; index += 2) {
    dimensions += index > 0 ? ',"' : '"';
    dimensions += DIMENSIONS[index] + '":"' + DIMENSIONS[index + 1].replaceAll('"', '\\"') + '"';
  }
  let text = "[";
  for (let index = 0; index < STANDARD_METRICS.length; index++) {
    const standard = STANDARD_METRICS[index];
    text += index > 0 ? "," : "";
    text += '{"name":"' + standard.instance + '","template":"metric","params":{"value":"';
    text += standard.value + '","dimensions":{' + dimensions + "}}}";
  }
  return text + "]";
}

/** The definition behind an instance's name; null when the name is not standard. */
export function standardMetric(instance: string): StandardMetric | null {
  for (let index = 0; index < STANDARD_METRICS.length; index++) {
    if (STANDARD_METRICS[index].instance == instance) return STANDARD_METRICS[index];
  }
  return null;
}

// Istio's standard metrics, of requests and of TCP connections: the definitions behind the names of
// the standard instances, and their labels. Cold: read while a document is loaded.

import { CONNECTION_EVENTS, ReportEvent } from "../../assembly/sdk";
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
    /** What it is counted at: bits of ReportEvent. */
    readonly events: u32 = ReportEvent.Request,
  ) {}

  /** Whether it is one of TCP connections. */
  get isOfConnections(): bool {
    return (this.events & CONNECTION_EVENTS) != 0;
  }
}

const NO_BOUNDS: f64[] = [];
const SIZE_BOUNDS: f64[] = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

/** The standard metrics. */
export const STANDARD_METRICS: StandardMetric[] = [
  new StandardMetric("requestcount", "istio_requests_total", Kind.Counter, "1", NO_BOUNDS),
  new StandardMetric(
    "requestduration",
    "istio_request_duration_milliseconds",
    Kind.Distribution,
    'response.duration | \\"0ms\\"',
    NO_BOUNDS,
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
  new StandardMetric(
    "tcpbytesent",
    "istio_tcp_sent_bytes_total",
    Kind.Counter,
    "connection.sent.bytes | 0",
    NO_BOUNDS,
    CONNECTION_EVENTS,
  ),
  new StandardMetric(
    "tcpbytereceived",
    "istio_tcp_received_bytes_total",
    Kind.Counter,
    "connection.received.bytes | 0",
    NO_BOUNDS,
    CONNECTION_EVENTS,
  ),
  new StandardMetric(
    "tcpconnectionsopened",
    "istio_tcp_connections_opened_total",
    Kind.Counter,
    "1",
    NO_BOUNDS,
    ReportEvent.Open,
  ),
  new StandardMetric(
    "tcpconnectionsclosed",
    "istio_tcp_connections_closed_total",
    Kind.Counter,
    "1",
    NO_BOUNDS,
    ReportEvent.Close,
  ),
];

/** Label names of requests, in Istio's order: one text, as each text costs a head in the module. */
const STANDARD_LABELS: string[] = (
  "reporter source_workload source_workload_namespace source_principal source_app " +
  "source_version source_canonical_service source_canonical_revision destination_workload " +
  "destination_workload_namespace destination_principal destination_app destination_version " +
  "destination_service destination_service_name destination_service_namespace " +
  "destination_canonical_service destination_canonical_revision request_protocol response_code " +
  "grpc_response_status response_flags connection_security_policy"
).split(" ");

/** Labels that connections do not have. */
const LABELS_OF_REQUESTS = "request_protocol response_code grpc_response_status";

/** The label names of a standard metric, in Istio's order. */
export function labelsOf(metric: StandardMetric): string[] {
  const labels: string[] = [];
  for (let index = 0; index < STANDARD_LABELS.length; index++) {
    const label = STANDARD_LABELS[index];
    if (!metric.isOfConnections || !LABELS_OF_REQUESTS.includes(label)) labels.push(label);
  }
  return labels;
}

/** The value of a standard label that the instance has no dimension for. */
export const UNKNOWN: string = "unknown";

/** The definition behind an instance's name; null when the name is not standard. */
export function standardMetric(instance: string): StandardMetric | null {
  for (let index = 0; index < STANDARD_METRICS.length; index++) {
    if (STANDARD_METRICS[index].instance == instance) return STANDARD_METRICS[index];
  }
  return null;
}

// The shapes of a file of cases, as cases.schema.json describes them field by field, and of what came of running one.
// Only shapes: reading, running and comparing stand in files of their own.

export const HOSTS = ['emulator', 'envoy', 'container'] as const;
export type HostName = (typeof HOSTS)[number];

/** Name to one value, or to several lines. */
export type Lines = Readonly<Record<string, string | readonly string[]>>;

export interface Case {
  readonly name: string;
  readonly document: object | string;
  readonly hosts?: readonly HostName[];
  readonly reason?: string;
  readonly bench?: boolean;
  readonly workers?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly nodeMetadata?: Readonly<Record<string, unknown>>;
  readonly faults?: readonly Fault[];
  readonly callouts?: readonly Callout[];
  readonly requests?: readonly CaseRequest[];
  readonly connections?: readonly CaseConnection[];
  readonly expect?: ExpectedTraces;
}

export interface Fault {
  readonly call: string;
  readonly status?: string;
  readonly times?: number;
}

export interface Callout {
  readonly cluster: string;
  readonly protocol?: 'http' | 'grpc';
  readonly answers?: readonly CalloutAnswer[];
  readonly expect?: readonly ExpectedCall[];
}

export interface CalloutAnswer {
  readonly status?: number;
  readonly headers?: Lines;
  readonly body?: string;
  /** Base64. */
  readonly message?: string;
  readonly grpcStatus?: number;
  readonly grpcMessage?: string;
  readonly after?: string;
  readonly fails?: 'timeout' | 'refused' | 'reset';
}

export interface ExpectedCall {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Lines;
  readonly absent?: readonly string[];
  readonly body?: string;
  readonly json?: unknown;
  /** Base64. */
  readonly message?: string;
}

export interface CaseRequest {
  readonly method?: string;
  readonly path?: string;
  readonly authority?: string;
  readonly headers?: Lines;
  readonly body?: string | readonly string[];
  readonly trailers?: Lines;
  readonly protocol?: 'http1' | 'http2' | 'grpc';
  readonly source?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly times?: number;
  readonly concurrent?: number;
  readonly after?: string;
  readonly reload?: Reload;
  readonly upstream?: UpstreamScript;
  readonly expect?: ExpectedAnswer;
}

export interface Reload {
  readonly document: object | string;
  readonly refused?: readonly string[];
}

export interface UpstreamScript {
  readonly status?: number;
  readonly headers?: Lines;
  readonly body?: string | readonly string[];
  readonly trailers?: Lines;
  readonly after?: string;
}

export interface ExpectedAnswer {
  readonly status?: number;
  readonly statuses?: Readonly<Record<string, number>>;
  readonly grpcStatus?: number;
  readonly body?: string;
  readonly json?: unknown;
  readonly bodyMatches?: string;
  readonly headers?: Lines;
  readonly absent?: readonly string[];
  readonly details?: string;
  readonly rule?: string;
  readonly verdict?: string;
  readonly reason?: string;
  /** Attributes by name, as a report has them; null: absent. */
  readonly attributes?: Readonly<Record<string, string | number | boolean | null>>;
  readonly upstream?: ExpectedUpstream;
  readonly hostCalls?: number;
  readonly reads?: readonly string[];
}

export interface ExpectedUpstream {
  readonly reached?: boolean;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Lines;
  readonly absent?: readonly string[];
  readonly body?: string;
}

/** A TCP connection through the filter, as a network filter. */
export interface CaseConnection {
  readonly data?: string | readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly times?: number;
  readonly after?: string;
  readonly upstream?: { readonly greeting?: string; readonly answers?: readonly string[] };
  readonly expect?: ExpectedConnection;
}

export interface ExpectedConnection {
  readonly closed?: boolean;
  readonly received?: string;
  readonly upstream?: { readonly reached?: boolean; readonly received?: string };
  readonly rule?: string;
  readonly verdict?: string;
  readonly reason?: string;
}

export type MetricValue = number | { readonly count?: number; readonly atLeast?: number };

export interface ExpectedTraces {
  readonly metrics?: Readonly<Record<string, MetricValue>>;
  readonly log?: readonly string[];
  readonly logAbsent?: readonly string[];
  readonly refused?: readonly string[];
}

export type Pair = readonly [name: string, value: string];

/** What one client saw, and what its host tells about the request. */
export interface SeenAnswer {
  readonly status: number;
  readonly headers: readonly Pair[];
  readonly trailers: readonly Pair[];
  readonly body: string;
  /** What the upstream got; null where it was never asked. */
  readonly upstream: SeenUpstream | null;
  /** What Envoy's access log shows; null where nobody looked. */
  readonly record: SeenRecord | null;
  /** Attributes that were reported; null where nobody looked. */
  readonly attributes?: Readonly<Record<string, unknown>> | null;
  /** Emulator only. */
  readonly hostCalls?: number;
  readonly reads?: readonly string[];
}

export interface SeenUpstream {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly Pair[];
  readonly body: string;
}

export interface SeenRecord {
  readonly details: string;
  readonly rule: string;
  readonly verdict: string;
  readonly reason: string;
}

/** One call as a backend got it. */
export interface SeenCall {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly Pair[];
  /** Of gRPC the message. */
  readonly body: Uint8Array;
}

export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of a distribution how many values it has. */
  readonly value: number;
}

/** What an operator saw when all requests were over. */
export interface SeenTraces {
  readonly isRefused: boolean;
  readonly series: readonly Series[];
  readonly log: readonly string[];
  /** Calls by the cluster as the case names it. */
  readonly calls: ReadonlyMap<string, readonly SeenCall[]>;
}

/** One difference, at its place in the file of cases. */
export interface Difference {
  /** JSON pointer to the expectation. */
  readonly pointer: string;
  /** What differs, such as `status of request 2`. */
  readonly what: string;
  readonly wanted: string;
  readonly got: string;
}

// What rendering takes. Everything that could differ between two runs of the same command is in
// here, so that the same input gives the same bytes.

import type { FilterKind } from './capabilities.ts';

/** What the filter's own parser said about the document (tools/host/describe.ts). */
export interface Described {
  /** Feature names of tools/render/capabilities.ts; empty: check and report only. */
  readonly features: readonly string[];
  /** Environment variables of Envoy that its VM gets; none if left out. */
  readonly environment?: readonly string[];
  /** Every label name of every metric of the document. */
  readonly labels: readonly string[];
  /** Whether it reads `source.direct_ip`, which a filter in front of ours has to write down. */
  readonly readsDirectAddress?: boolean;
  /** Issuers whose tokens Envoy's own JWT filter verifies in front of ours; none if left out. */
  readonly jwtProviders?: readonly JwtProvider[];
  /** Clusters of backends that the document gives by address; none if left out. */
  readonly clusters?: readonly BackendCluster[];
}

/** An issuer of tokens, as a handler of `jwtclaims` names it. */
export interface JwtProvider {
  /** The handler's name. */
  readonly name: string;
  readonly issuer: string;
  /** The key set itself, or where it is fetched. */
  readonly inline?: string;
  readonly uri?: string;
  readonly cacheSeconds: number;
  readonly clockSkewSeconds: number;
}

/** A cluster that Envoy needs for a handler's `connection: { address }`. */
export interface BackendCluster {
  readonly name: string;
  /** host:port; an IPv6 address stands in brackets. */
  readonly address: string;
  readonly protocol: 'http' | 'grpc';
  /** How the backend speaks TLS; left out where it does not. */
  readonly tls?: BackendTls;
}

/** TLS to a backend, whose certificate is always checked. Paths are of Envoy's files. */
export interface BackendTls {
  /** The authorities that are trusted; the system's where it is left out. */
  readonly caCertificates?: string;
  readonly clientCertificate?: string;
  readonly privateKey?: string;
  /** The name in its certificate; the host where it is left out. */
  readonly serverName?: string;
}

/** Whom Envoy believes about the client's address. */
export type Trust =
  /** Clients reach this Envoy through `hops` proxies of ours that append to x-forwarded-for; 0: directly. */
  | { readonly kind: 'edge'; readonly hops: number }
  /** All clients are proxies of the mesh: the last x-forwarded-for entry is the client. */
  | { readonly kind: 'sidecar' };

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** One listener with our filter; `document` is compact JSON. */
export interface ListenerOptions {
  readonly name: string;
  readonly document: string;
  readonly endpoint: Endpoint;
  readonly direction?: 'INBOUND' | 'OUTBOUND';
  /** Envoy reads the filter's configuration from this file and follows its changes (ECDS). */
  readonly ecdsPath?: string;
  /** Requests or connections; requests unless given. */
  readonly kind?: FilterKind;
}

export interface RenderOptions {
  readonly described: Described;
  readonly trust: Trust;
  /** Minor version of Envoy 1.x. */
  readonly envoyMinor: number;
  /** Absolute path of the .wasm where Envoy runs. */
  readonly wasm: string;
  readonly listeners: readonly ListenerOptions[];
  readonly admin: Endpoint;
  readonly upstream: Endpoint;
  /** A file that Envoy writes its own access log to. */
  readonly accessLogPath: string;
  readonly statsFlushInterval?: string;
}

/** A value of Envoy's configuration, before it becomes text. */
export type Config = { readonly [key: string]: ConfigValue };
export type ConfigValue = string | number | boolean | Config | readonly ConfigValue[];

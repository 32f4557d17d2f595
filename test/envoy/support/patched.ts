// An Envoy whose rendered configuration a test changes before the start: more headers than Envoy
// lets through by itself, CONNECT, a node with metadata.

import { documentForEnvoy, render } from '../../../tools/render/bootstrap.ts';
import { absolute, WASM_PATH } from '../../../tools/render/defaults.ts';
import { describeDocument, ownEnvironment } from '../../../tools/render/describe.ts';
import type { Config, RenderOptions } from '../../../tools/render/types.ts';
import type { RunningEnvoy } from '../../../tools/envoy/running.ts';
import { findEnvoy } from '../../../tools/envoy/find.ts';
import { startEnvoy } from '../../../tools/envoy/start.ts';
import { minorOf } from '../../../tools/envoy/version.ts';

export interface PatchedOptions {
  readonly document: object;
  readonly concurrency?: number;
  readonly listeners?: readonly {
    readonly name: string;
    readonly direction: 'INBOUND' | 'OUTBOUND';
  }[];
  /** Path of the filter; dist/mixer.wasm unless given. */
  readonly wasm?: string;
  /** An address of one's own; the echo upstream unless given. */
  readonly upstream?: { readonly host: string; readonly port: number };
  readonly env?: Readonly<Record<string, string>>;
  /** Changes the bootstrap in place. */
  readonly patch: (bootstrap: Config) => void;
}

/** A part of a bootstrap that a test writes to. */
export type Fields = Record<string, unknown>;

const HOST = '127.0.0.1';

/** Starts Envoy with what `render` writes for the document, after `patch`. */
export async function startPatched(options: PatchedOptions): Promise<RunningEnvoy> {
  const json = JSON.stringify(options.document);
  const path = absolute(options.wasm ?? WASM_PATH);
  const environment = { ...ownEnvironment(), ...options.env };
  const described = await describeDocument(json, path, environment);
  const listeners = options.listeners ?? [{ name: 'ingress' }];
  const found = findEnvoy();
  return startEnvoy({
    found,
    wasm: path,
    concurrency: options.concurrency ?? 1,
    ...(options.upstream === undefined ? {} : { upstream: options.upstream }),
    ...(options.env === undefined ? {} : { env: options.env }),
    bootstrap: ({ upstreamPort, accessLogPath, wasm }) => {
      const all: RenderOptions = {
        described,
        trust: { kind: 'sidecar' },
        envoyMinor: minorOf(found),
        wasm,
        listeners: listeners.map((listener) => ({
          ...listener,
          document: documentForEnvoy(json),
          endpoint: { host: HOST, port: 0 },
        })),
        admin: { host: HOST, port: 0 },
        upstream: { host: HOST, port: upstreamPort },
        accessLogPath,
        statsFlushInterval: '0.5s',
      };
      const bootstrap = render('all', all);
      options.patch(bootstrap);
      return bootstrap;
    },
  });
}

export function firstListener(bootstrap: Config): Fields {
  return (bootstrap['static_resources'] as { listeners: Fields[] }).listeners[0]!;
}

/** The settings of the first listener's HTTP connection manager. */
export function httpConnections(bootstrap: Config): Fields {
  const [chain] = (
    firstListener(bootstrap) as unknown as {
      filter_chains: { filters: { typed_config: Config }[] }[];
    }
  ).filter_chains;
  return chain!.filters[0]!.typed_config;
}

/** The filters of that connection manager, in order. */
export function httpFilters(bootstrap: Config): Fields[] {
  return httpConnections(bootstrap)['http_filters'] as Fields[];
}

/** Our plugin among them. */
export function mixerPlugin(bootstrap: Config): Fields {
  const filter = httpFilters(bootstrap).find(({ name }) => name === 'mixer');
  return (filter as { typed_config: { config: Fields } }).typed_config.config;
}

/** What the plugin's list allows: in vm_config since 1.40, in the plugin before. */
export function capabilitiesOf(plugin: Fields): Fields {
  const field = 'capability_restriction_config';
  const holder = field in plugin ? plugin : (plugin['vm_config'] as Fields);
  return (holder[field] as { allowed_capabilities: Fields }).allowed_capabilities;
}

/** Its routes, in order; the first one leads everything to the upstream. */
export function routesOf(bootstrap: Config): Fields[] {
  const config = httpConnections(bootstrap)['route_config'] as {
    virtual_hosts: { routes: Fields[] }[];
  };
  return config.virtual_hosts[0]!.routes;
}

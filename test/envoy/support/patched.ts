// An Envoy whose rendered configuration a test changes before the start: more headers than Envoy
// lets through by itself, CONNECT, a node with metadata.

import { documentForEnvoy, render } from '../../../tools/render/bootstrap.ts';
import { WASM_PATH } from '../../../tools/render/defaults.ts';
import { describeDocument } from '../../../tools/render/describe.ts';
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
  /** Changes the bootstrap in place. */
  readonly patch: (bootstrap: Config) => void;
}

const HOST = '127.0.0.1';

/** Starts Envoy with what `render` writes for the document, after `patch`. */
export async function startPatched(options: PatchedOptions): Promise<RunningEnvoy> {
  const json = JSON.stringify(options.document);
  const described = await describeDocument(json, WASM_PATH);
  const listeners = options.listeners ?? [{ name: 'ingress' }];
  const found = findEnvoy();
  return startEnvoy({
    found,
    concurrency: options.concurrency ?? 1,
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

/** The settings of the first listener's HTTP connection manager. */
export function httpConnections(bootstrap: Config): Record<string, unknown> {
  const [listener] = (bootstrap['static_resources'] as { listeners: Config[] }).listeners;
  const [chain] = (listener as { filter_chains: { filters: { typed_config: Config }[] }[] })
    .filter_chains;
  return chain!.filters[0]!.typed_config;
}

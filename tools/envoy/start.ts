// startEnvoy: a document, or a whole bootstrap, in a real Envoy with an echo upstream behind it.
// Everything listens on loopback, on ports that the system chose, so that any number of tests can
// run beside each other.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

import { documentForEnvoy, render, toYaml } from '../render/bootstrap.ts';
import type { FilterKind } from '../render/capabilities.ts';
import { absolute, WASM_PATH } from '../render/defaults.ts';
import { describeDocument, ownEnvironment } from '../render/describe.ts';
import type { Config, Described, ListenerOptions, RenderOptions, Trust } from '../render/types.ts';
import { MissingEnvironment } from './errors.ts';
import { findEnvoy, type EnvoyFound } from './find.ts';
import { launchEnvoy, type Launched } from './launch.ts';
import { readIfThere, RunningEnvoy } from './running.ts';
import { startUpstream, type Upstream } from './upstream.ts';
import { minorOf } from './version.ts';

/** A document as JSON text, or as a value that becomes JSON text. */
export type DocumentInput = string | object;

export interface StartListener {
  readonly name: string;
  readonly document: DocumentInput;
  readonly direction?: 'INBOUND' | 'OUTBOUND';
  /** Requests or connections; requests unless given. */
  readonly kind?: FilterKind;
}

/** What a raw bootstrap may build on. */
export interface BootstrapContext {
  readonly folder: string;
  readonly upstreamPort: number;
  readonly accessLogPath: string;
  readonly wasm: string;
}

export interface StartOptions {
  /** One document on one listener called `ingress`; or `listeners`; or `bootstrap`. */
  readonly document?: DocumentInput;
  readonly listeners?: readonly StartListener[];
  readonly bootstrap?: string | ((context: BootstrapContext) => Config);
  /** Path of the filter; dist/mixer.wasm unless given. */
  readonly wasm?: string;
  /** Features and labels, where the filter itself shall not be asked. */
  readonly described?: Described;
  readonly trust?: Trust;
  readonly concurrency?: number;
  /** An address of one's own, the echo upstream (default), or nothing. */
  readonly upstream?: 'echo' | 'none' | { readonly host: string; readonly port: number };
  /** The first listener's configuration comes by ECDS, so that updateDocument() works. */
  readonly reloadable?: boolean;
  readonly port?: number;
  readonly found?: EnvoyFound;
  readonly env?: Readonly<Record<string, string>>;
  readonly wasmLogLevel?: string;
  readonly readyTimeoutMs?: number;
}

const LOOPBACK = '127.0.0.1';
const ACCESS_LOG = 'access.log';
const ECDS_FILE = 'mixer.ecds.yaml';
/** Histograms show values only after a flush; tests should not wait five seconds for one. */
const STATS_FLUSH_INTERVAL = '0.5s';

/** Starts Envoy; rejects with EnvoyNotReady and Envoy's last words when it refuses the configuration. */
export async function startEnvoy(options: StartOptions): Promise<RunningEnvoy> {
  const wasm = absolute(options.wasm ?? WASM_PATH);
  if (!existsSync(wasm))
    throw new MissingEnvironment(
      `no filter at ${wasm}: build it (npm run build) or name another with --wasm`,
    );
  const found = options.found ?? findEnvoy();
  const upstream =
    options.upstream === undefined || options.upstream === 'echo' ? await startUpstream() : null;
  try {
    const plan = await planFor(options, { wasm, upstream, envoyMinor: minorOf(found) });
    const launched = await launchEnvoy(found, {
      bootstrap: (folder) => plan.write(folder),
      concurrency: options.concurrency ?? 1,
      files: [wasm],
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.wasmLogLevel === undefined ? {} : { wasmLogLevel: options.wasmLogLevel }),
      ...(options.readyTimeoutMs === undefined ? {} : { readyTimeoutMs: options.readyTimeoutMs }),
    });
    return await running(found, launched, upstream, plan);
  } catch (error) {
    await upstream?.stop();
    throw error;
  }
}

interface Plan {
  /** Writes what the bootstrap names and returns its text. */
  write(folder: string): string;
  /** The ECDS file's content for another document or filter; null where the configuration is static. */
  readonly ecds: ((folder: string, json: string, wasm?: string) => Promise<string>) | null;
}

async function running(
  found: EnvoyFound,
  launched: Launched,
  upstream: Upstream | null,
  plan: Plan,
): Promise<RunningEnvoy> {
  const { folder } = launched;
  const ecds = plan.ecds;
  return new RunningEnvoy({
    found,
    launched,
    upstream,
    ports: await launched.admin.listenerPorts(),
    accessLog: () => readIfThere(join(folder, ACCESS_LOG)),
    ecds:
      ecds === null
        ? null
        : { path: join(folder, ECDS_FILE), render: (json, other) => ecds(folder, json, other) },
  });
}

/** What is known of the surroundings when the bootstrap is made. */
interface Surroundings {
  readonly wasm: string;
  readonly upstream: Upstream | null;
  readonly envoyMinor: number;
}

async function planFor(options: StartOptions, surroundings: Surroundings): Promise<Plan> {
  const { wasm, upstream, envoyMinor } = surroundings;
  const given = options.upstream;
  const endpoint =
    typeof given === 'object' ? given : { host: LOOPBACK, port: upstream?.port ?? 1 };
  if (options.bootstrap !== undefined) return rawPlan(options.bootstrap, wasm, endpoint.port);
  const listeners = options.listeners ?? [{ name: 'ingress', document: options.document ?? {} }];
  const texts = listeners.map((listener) => jsonOf(listener.document));
  // What Envoy itself will have.
  const environment = { ...ownEnvironment(), ...options.env };
  const described =
    options.described ??
    merged(await Promise.all(texts.map((text) => describeDocument(text, wasm, environment))));
  const renderOptions = (
    folder: string,
    documents: readonly string[],
    seen: Described,
  ): RenderOptions => ({
    described: seen,
    trust: options.trust ?? { kind: 'sidecar' },
    envoyMinor,
    wasm,
    listeners: listeners.map((listener, index) =>
      listenerOptions(listener, documents[index] ?? '{}', {
        port: index === 0 ? (options.port ?? 0) : 0,
        ecdsPath: index === 0 && options.reloadable === true ? join(folder, ECDS_FILE) : null,
      }),
    ),
    admin: { host: LOOPBACK, port: 0 },
    upstream: endpoint,
    accessLogPath: join(folder, ACCESS_LOG),
    statsFlushInterval: STATS_FLUSH_INTERVAL,
  });
  return {
    write(folder) {
      const all = renderOptions(folder, texts, described);
      if (options.reloadable === true)
        writeFileSync(join(folder, ECDS_FILE), toYaml(render('ecds', all), 'ECDS'));
      return toYaml(render('all', all), 'started by tools/envoy');
    },
    // The feature set may grow, which makes a new VM; it never shrinks, which would cost one too.
    // Labels stay those of the start: the bootstrap cannot change.
    ecds:
      options.reloadable !== true
        ? null
        : async (folder, json, other) => {
            const seen =
              options.described ??
              merged([described, await describeDocument(json, other ?? wasm, environment)]);
            const all = renderOptions(folder, [json], seen);
            const chosen = other === undefined ? all : { ...all, wasm: absolute(other) };
            return toYaml(render('ecds', chosen), 'ECDS');
          },
  };
}

function rawPlan(
  bootstrap: string | ((context: BootstrapContext) => Config),
  wasm: string,
  upstreamPort: number,
): Plan {
  return {
    write: (folder) =>
      typeof bootstrap === 'string'
        ? bootstrap
        : stringify(
            bootstrap({ folder, upstreamPort, accessLogPath: join(folder, ACCESS_LOG), wasm }),
          ),
    ecds: null,
  };
}

function listenerOptions(
  listener: StartListener,
  json: string,
  place: { port: number; ecdsPath: string | null },
): ListenerOptions {
  return {
    name: listener.name,
    document: documentForEnvoy(json),
    endpoint: { host: LOOPBACK, port: place.port },
    ...(listener.direction === undefined ? {} : { direction: listener.direction }),
    ...(listener.kind === undefined ? {} : { kind: listener.kind }),
    ...(place.ecdsPath === null ? {} : { ecdsPath: place.ecdsPath }),
  };
}

function jsonOf(document: DocumentInput): string {
  return typeof document === 'string' ? document : JSON.stringify(document);
}

function merged(all: readonly Described[]): Described {
  return {
    features: [...new Set(all.flatMap((each) => each.features))],
    environment: [...new Set(all.flatMap((each) => each.environment ?? []))],
    labels: [...new Set(all.flatMap((each) => each.labels))],
    readsDirectAddress: all.some((each) => each.readsDirectAddress),
    jwtProviders: uniqueByName(all.flatMap((each) => each.jwtProviders ?? [])),
    clusters: uniqueByName(all.flatMap((each) => each.clusters ?? [])),
  };
}

// Two handlers of one backend share its cluster, whose name follows from the address.
function uniqueByName<T extends { readonly name: string }>(all: readonly T[]): T[] {
  return [...new Map(all.map((each) => [each.name, each])).values()];
}

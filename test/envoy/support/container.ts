// A document in a containerized Envoy, through testcontainers: the same face as startEnvoy() shows,
// so that a test runs on both. Needs an engine and the image that ENVOY_IMAGE names; the upstream
// is a second container of that image.

import { readFileSync } from 'node:fs';
import { GenericContainer, Network, Wait, type StartedTestContainer } from 'testcontainers';

import { Admin } from '../../../tools/envoy/admin.ts';
import { RunningEnvoy } from '../../../tools/envoy/running.ts';
import { envoyImage } from '../../../tools/envoy/version.ts';
import { STDOUT_PATH } from '../../../tools/render/access-log.ts';
import { documentForEnvoy, render, toYaml } from '../../../tools/render/bootstrap.ts';
import { WASM_PATH } from '../../../tools/render/defaults.ts';
import { describeDocument } from '../../../tools/render/describe.ts';
import type { Described, RenderOptions } from '../../../tools/render/types.ts';

export interface ContainerOptions {
  readonly document: string | object;
  readonly wasm?: string;
  readonly described?: Described;
  readonly concurrency?: number;
}

const PORT = 10_000;
const ADMIN_PORT = 9_901;
const ANY = '0.0.0.0';
const FILTER_PATH = '/etc/envoy/mixer.wasm';
const CONFIG_PATH = '/etc/envoy/envoy.yaml';
const UPSTREAM_CONFIG = new URL('../../../envoy/upstream.yaml', import.meta.url);

/** Starts both containers; `stop()` of the result removes them and their network. */
export async function startEnvoyContainer(options: ContainerOptions): Promise<RunningEnvoy> {
  const wasm = options.wasm ?? WASM_PATH;
  const json =
    typeof options.document === 'string' ? options.document : JSON.stringify(options.document);
  const described = options.described ?? (await describeDocument(json, wasm));
  const network = await new Network().start();
  const upstream = await envoyContainer(readFileSync(UPSTREAM_CONFIG, 'utf8'), 1)
    .withNetwork(network)
    .withNetworkAliases('upstream')
    .start();
  const log: string[] = [];
  const envoy = await envoyContainer(
    toYaml(render('all', renderOptions(json, described)), 'test'),
    options.concurrency ?? 1,
  )
    .withNetwork(network)
    .withCopyFilesToContainer([{ source: wasm, target: FILTER_PATH }])
    .withExposedPorts(PORT, ADMIN_PORT)
    .withWaitStrategy(Wait.forHttp('/ready', ADMIN_PORT))
    .withLogConsumer((stream) =>
      stream.on('data', (part: Buffer | string) => log.push(part.toString())),
    )
    .start();
  const stop = async (): Promise<void> => {
    await Promise.all([envoy.stop(), upstream.stop()]);
    await network.stop();
  };
  return runningEnvoy(envoy, () => log.join(''), stop);
}

function envoyContainer(config: string, concurrency: number): GenericContainer {
  return new GenericContainer(envoyImage())
    .withEntrypoint([])
    .withCommand([
      'envoy',
      '-c',
      CONFIG_PATH,
      '--concurrency',
      String(concurrency),
      '-l',
      'warning',
      '--component-log-level',
      'wasm:info',
      '--file-flush-interval-msec',
      '50',
    ])
    .withCopyContentToContainer([{ content: config, target: CONFIG_PATH, mode: 0o644 }]);
}

function renderOptions(json: string, described: Described): RenderOptions {
  return {
    described,
    trust: { kind: 'sidecar' },
    envoyMinor: 40,
    wasm: FILTER_PATH,
    listeners: [
      { name: 'ingress', document: documentForEnvoy(json), endpoint: { host: ANY, port: PORT } },
    ],
    admin: { host: ANY, port: ADMIN_PORT },
    upstream: { host: 'upstream', port: 8080 },
    accessLogPath: STDOUT_PATH,
    statsFlushInterval: '0.5s',
  };
}

function runningEnvoy(
  container: StartedTestContainer,
  log: () => string,
  stop: () => Promise<void>,
): RunningEnvoy {
  const admin = new Admin(`http://${container.getHost()}:${container.getMappedPort(ADMIN_PORT)}`);
  return new RunningEnvoy({
    found: { kind: 'container', image: envoyImage(), from: 'container', why: 'testcontainers' },
    launched: { admin, folder: '', pid: 0, log, ended: new Promise(() => undefined), stop },
    ports: { ingress: container.getMappedPort(PORT) },
    upstream: null,
    accessLog: log,
    ecds: null,
  });
}

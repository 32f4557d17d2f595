// One Envoy that serves many cases, one after the other: the configuration is what `mixer render` writes, each case's
// document comes by ECDS, and each has a VM of its own, so that no quota and no cache outlives its case.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { EnvoyFound } from '../envoy/find.ts';
import { launchEnvoy } from '../envoy/launch.ts';
import { readIfThere, RunningEnvoy, type UpdateOutcome } from '../envoy/running.ts';
import { minorOf } from '../envoy/version.ts';
import type { FilterKind } from '../render/capabilities.ts';
import { documentForEnvoy, render, toYaml } from '../render/bootstrap.ts';
import { describeDocument, type Description } from '../render/describe.ts';
import type { Config, ConfigValue, RenderOptions } from '../render/types.ts';
import { CaseClient } from './client.ts';
import { withBackends, type Backends } from './envoy-backends.ts';
import { scriptedAnswer, type ScriptedAnswer } from './script.ts';
import type { ScriptedConnection } from './connection-script.ts';
import { CaseServer } from './server.ts';
import { TcpCaseServer } from './tcp-server.ts';

/** What a case needs of the process itself; cases that need the same share one. */
export interface SessionFacts {
  readonly found: EnvoyFound;
  /** Where the filter stands: in front of a router, or of a TCP proxy. */
  readonly kind: FilterKind;
  readonly wasm: string;
  readonly workers: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly nodeMetadata: Readonly<Record<string, unknown>>;
  /** Labels of all documents that will come: the bootstrap cannot change later. */
  readonly labels: readonly string[];
  /** The document whose clusters the bootstrap has, and who answers there. */
  readonly backends: { readonly described: Description; readonly servers: Backends } | null;
}

const LOOPBACK = '127.0.0.1';
const STATS_FLUSH_INTERVAL = '0.2s';
const NO_RULES = '{}';

const SILENCE: ScriptedConnection = {
  data: [],
  greeting: '',
  answers: [],
  isToBeClosed: false,
};

/** What the upstream says now. */
interface Script {
  answer: ScriptedAnswer;
  connection: ScriptedConnection;
}

interface Servers {
  readonly http: CaseServer;
  readonly tcp: TcpCaseServer;
}

export class EnvoySession {
  readonly envoy: RunningEnvoy;
  readonly client: CaseClient;
  readonly upstream: CaseServer;
  readonly tcpUpstream: TcpCaseServer;
  readonly #script: Script;
  readonly #vm: { id: string };

  private constructor(envoy: RunningEnvoy, servers: Servers, script: Script, vm: { id: string }) {
    this.envoy = envoy;
    this.client = new CaseClient(envoy.url);
    this.upstream = servers.http;
    this.tcpUpstream = servers.tcp;
    this.#script = script;
    this.#vm = vm;
  }

  static async start(facts: SessionFacts): Promise<EnvoySession> {
    const script: Script = { answer: scriptedAnswer({}, 'http1'), connection: SILENCE };
    const vm = { id: 'mixer' };
    const servers = {
      http: await CaseServer.start(() => script.answer),
      tcp: await TcpCaseServer.start(() => script.connection),
    };
    try {
      const { port } = facts.kind === 'http' ? servers.http : servers.tcp;
      const envoy = await launch(facts, port, vm);
      return new EnvoySession(envoy, servers, script, vm);
    } catch (error) {
      await servers.http.close();
      await servers.tcp.close();
      throw error;
    }
  }

  answerWith(answer: ScriptedAnswer): void {
    this.#script.answer = answer;
  }

  /** What the server says on the next connections. */
  speak(connection: ScriptedConnection): void {
    this.#script.connection = connection;
  }

  /** Puts a document in force, in a VM of this id. */
  update(documentJson: string, vmId: string): Promise<UpdateOutcome> {
    this.#vm.id = vmId;
    return this.envoy.updateDocument(documentJson);
  }

  async close(): Promise<void> {
    this.client.close();
    await this.envoy.stop();
    await this.upstream.close();
    await this.tcpUpstream.close();
  }
}

async function launch(
  facts: SessionFacts,
  upstreamPort: number,
  vm: { readonly id: string },
): Promise<RunningEnvoy> {
  const { found, wasm } = facts;
  const launched = await launchEnvoy(found, {
    concurrency: facts.workers,
    files: [wasm],
    env: facts.environment,
    bootstrap(folder) {
      const described = facts.backends?.described ?? { features: [], labels: [] };
      const labels = [...new Set([...facts.labels, ...described.labels])];
      // Documents come later: any of them may read it.
      const all = { ...described, labels, readsDirectAddress: true };
      const options = optionsFor(facts, folder, upstreamPort, all);
      writeFileSync(ecdsPath(folder), toYaml(render('ecds', options), 'ECDS'));
      return toYaml(adapted(render('all', options), facts), 'cases');
    },
  });
  const { folder } = launched;
  const ports = await launched.admin.listenerPorts();
  const ecds = async (json: string): Promise<string> => {
    const described = await describeDocument(json, wasm, facts.environment);
    const options = optionsFor(facts, folder, upstreamPort, described);
    const document = documentForEnvoy(json);
    const listeners = options.listeners.map((listener) => ({ ...listener, document }));
    return toYaml(withVmId(render('ecds', { ...options, listeners }), vm.id), 'ECDS');
  };
  return new RunningEnvoy({
    found,
    launched,
    ports,
    upstream: null,
    accessLog: () => readIfThere(join(folder, 'access.log')),
    ecds: { path: ecdsPath(folder), render: ecds },
  });
}

function ecdsPath(folder: string): string {
  return join(folder, 'mixer.ecds.yaml');
}

function optionsFor(
  { found, wasm, kind }: SessionFacts,
  folder: string,
  upstreamPort: number,
  described: RenderOptions['described'],
): RenderOptions {
  return {
    described,
    trust: { kind: 'sidecar' },
    envoyMinor: minorOf(found),
    wasm,
    listeners: [
      {
        name: 'ingress',
        kind,
        document: documentForEnvoy(NO_RULES),
        endpoint: { host: LOOPBACK, port: 0 },
        ecdsPath: ecdsPath(folder),
      },
    ],
    admin: { host: LOOPBACK, port: 0 },
    upstream: { host: LOOPBACK, port: upstreamPort },
    accessLogPath: join(folder, 'access.log'),
    statsFlushInterval: STATS_FLUSH_INTERVAL,
  };
}

/** Render's output with the node's metadata, and with the backends of the case behind its clusters. */
function adapted(config: Config, { nodeMetadata, backends }: SessionFacts): Config {
  const { node, static_resources: resources } = config as {
    node: Config;
    static_resources: Config;
  };
  const clusters = resources['clusters'] as readonly Config[];
  return {
    ...config,
    node: { ...node, metadata: nodeMetadata as Config },
    static_resources: {
      ...resources,
      clusters: backends === null ? clusters : withBackends(clusters, backends.servers),
    },
  };
}

/** The same resource with another VM: wherever `vm_id` stands. */
function withVmId(config: Config, id: string): Config {
  const replaced = (value: ConfigValue): ConfigValue => {
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value as Config).map(([key, item]) => [
        key,
        key === 'vm_id' ? id : replaced(item),
      ]),
    );
  };
  const changed = replaced(config) as Config;
  return { ...changed, version_info: `${(config as { version_info: string }).version_info}-${id}` };
}

// An Envoy that runs: where it listens, what it wrote, what it counted. Tests and `mixer run` see
// Envoy only through this, whether it is a process or a container.

import { readFileSync, renameSync, writeFileSync } from 'node:fs';

import type { Admin } from './admin.ts';
import type { Sample } from './exposition.ts';
import type { EnvoyFound } from './find.ts';
import type { Launched } from './launch.ts';
import { poll } from './poll.ts';
import type { Upstream } from './upstream.ts';

/** One line of Envoy's own access log (tools/render/listener.ts); absent values are null. */
export interface AccessLogLine {
  readonly method: string | null;
  readonly path: string | null;
  readonly status: number;
  readonly details: string | null;
  readonly rule: string | null;
  readonly verdict: string | null;
  readonly reason: string | null;
  readonly grpc_status: string | null;
  readonly client: string | null;
  readonly duration_ms: number;
}

export type UpdateOutcome = 'applied' | 'refused';

export interface RunningParts {
  readonly found: EnvoyFound;
  readonly launched: Launched;
  readonly ports: Readonly<Record<string, number>>;
  readonly upstream: Upstream | null;
  /** The text of Envoy's access log so far. */
  readonly accessLog: () => string;
  /** Makes the ECDS file's new content for a document and a filter; null where the configuration is static. */
  readonly ecds: {
    readonly path: string;
    readonly render: (json: string, wasm: string | undefined) => Promise<string>;
  } | null;
}

const WAIT_TIMEOUT_MS = 5_000;
/** A new filter is compiled first. */
const UPDATE_TIMEOUT_MS = 60_000;
const ECDS_STATS = 'extension_config_discovery';

export class RunningEnvoy {
  /** Each listener's address by the listener's name. */
  readonly urls: Readonly<Record<string, string>>;
  /** The first listener's address. */
  readonly url: string;
  readonly adminUrl: string;
  readonly admin: Admin;
  readonly found: EnvoyFound;
  /** The echo upstream, where one was started. */
  readonly upstream: Upstream | null;
  /** Resolves with a sentence if Envoy ends by itself. */
  readonly ended: Promise<string>;
  readonly #parts: RunningParts;

  constructor(parts: RunningParts) {
    this.#parts = parts;
    this.urls = Object.fromEntries(
      Object.entries(parts.ports).map(([name, port]) => [name, `http://127.0.0.1:${port}`]),
    );
    this.url = Object.values(this.urls)[0] ?? '';
    this.admin = parts.launched.admin;
    this.adminUrl = parts.launched.admin.url;
    this.found = parts.found;
    this.upstream = parts.upstream;
    this.ended = parts.launched.ended;
  }

  /** The process id, for measuring; of the docker client where Envoy is a container. */
  get pid(): number {
    return this.#parts.launched.pid;
  }

  /** The temporary folder with its bootstrap and logs. */
  get folder(): string {
    return this.#parts.launched.folder;
  }

  /** Everything Envoy wrote to its log so far. */
  log(): string {
    return this.#parts.launched.log();
  }

  stats(filter?: string): Promise<Record<string, number | string>> {
    return this.admin.stats(filter);
  }

  prometheus(): Promise<Sample[]> {
    return this.admin.prometheus();
  }

  /** The complete lines of Envoy's access log so far. */
  accessLog(): AccessLogLine[] {
    const text = this.#parts.accessLog();
    return text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as AccessLogLine);
  }

  /** Polls until the predicate gives something; throws with the log's end when the deadline passes. */
  async waitFor<T>(
    predicate: () => T | Promise<T>,
    timeoutMs = WAIT_TIMEOUT_MS,
  ): Promise<Exclude<T, false | null | undefined>> {
    const result = await poll(predicate, timeoutMs);
    if (result !== null) return result;
    throw new Error(
      `not within ${timeoutMs} ms: ${predicate.toString().slice(0, 200)}\n${this.log().slice(-2_000)}`,
    );
  }

  /**
   * Gives a reloadable Envoy another document, and another filter where a path is given, and waits for its answer; a
   * refused one leaves the old in force.
   */
  async updateDocument(json: string, wasm?: string): Promise<UpdateOutcome> {
    const { ecds } = this.#parts;
    if (ecds === null) throw new Error('this Envoy was started without `reloadable`');
    const text = await ecds.render(json, wasm);
    // Envoy takes no notice of the resource it already has.
    if (text === readIfThere(ecds.path)) return 'applied';
    const before = await this.#ecdsCounts();
    writeFileSync(`${ecds.path}.new`, text);
    renameSync(`${ecds.path}.new`, ecds.path);
    return this.waitFor(async () => {
      const now = await this.#ecdsCounts();
      if (now.refused > before.refused) return 'refused' as const;
      return now.applied > before.applied ? ('applied' as const) : null;
    }, UPDATE_TIMEOUT_MS);
  }

  async #ecdsCounts(): Promise<{ applied: number; refused: number }> {
    const stats = await this.stats(ECDS_STATS);
    const sum = (end: string): number =>
      Object.entries(stats)
        .filter(([name]) => name.endsWith(end))
        .reduce((total, [, value]) => total + Number(value), 0);
    return {
      applied: sum('.config_reload'),
      refused: sum('.config_fail') + sum('.update_rejected'),
    };
  }

  /** Ends Envoy and the upstream and removes what they wrote. */
  async stop(): Promise<void> {
    await this.#parts.launched.stop();
    await this.#parts.upstream?.stop();
  }
}

/** A file's text; empty where there is no such file yet. */
export function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

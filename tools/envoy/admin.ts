// Envoy's admin port: ready, statistics, listeners, log levels, configuration dump. Plain HTTP on
// loopback; it never changes the configuration.

import { parsePrometheus, parseStats, type Sample } from './exposition.ts';

/** Envoy answers on the thread that also compiles a filter. */
const ADMIN_TIMEOUT_MS = 20_000;

interface ListenerStatus {
  readonly name: string;
  readonly local_address?: { readonly socket_address?: { readonly port_value?: number } };
}

/** A client of one admin port. */
export class Admin {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** True once every listener serves; false while Envoy starts or cannot be reached. */
  async isReady(): Promise<boolean> {
    const answer = await fetch(`${this.url}/ready`, {
      signal: AbortSignal.timeout(ADMIN_TIMEOUT_MS),
    }).catch(() => null);
    await answer?.body?.cancel();
    return answer?.ok === true;
  }

  /** Statistics whose name contains a match of `filter`, a regular expression. */
  async stats(filter?: string): Promise<Record<string, number | string>> {
    return parseStats(
      await this.text(
        filter === undefined ? '/stats' : `/stats?filter=${encodeURIComponent(filter)}`,
      ),
    );
  }

  /** The Prometheus page, parsed. */
  async prometheus(): Promise<Sample[]> {
    return parsePrometheus(await this.text('/stats/prometheus'));
  }

  /** The port that each listener really has: a bootstrap may leave the choice to Envoy with port 0. */
  async listenerPorts(): Promise<Record<string, number>> {
    const page = JSON.parse(await this.text('/listeners?format=json')) as {
      listener_statuses?: readonly ListenerStatus[];
    };
    return Object.fromEntries(
      (page.listener_statuses ?? []).map((status) => [
        status.name,
        status.local_address?.socket_address?.port_value ?? 0,
      ]),
    );
  }

  /** Sets the level of one of Envoy's loggers, such as `wasm`. */
  async setLogLevel(logger: string, level: string): Promise<void> {
    await this.text(`/logging?${logger}=${level}`, 'POST');
  }

  /** The running configuration, as Envoy shows it. */
  async configDump(): Promise<unknown> {
    return JSON.parse(await this.text('/config_dump?include_eds')) as unknown;
  }

  /** Any admin page; throws on a status other than 200. */
  async text(path: string, method = 'GET'): Promise<string> {
    const answer = await fetch(this.url + path, {
      method,
      signal: AbortSignal.timeout(ADMIN_TIMEOUT_MS),
    });
    const body = await answer.text();
    if (!answer.ok)
      throw new Error(`admin ${path} answered ${answer.status}: ${body.slice(0, 200)}`);
    return body;
  }
}

// Many requests over connections that stay open, as fast as they are answered. Counts what came
// back; a request without an answer is a failure of its own kind, never an exception.

import { Agent, request as httpRequest } from 'node:http';

import type { RequestOptions } from '../../../tools/envoy/request.ts';

export interface LoadOptions {
  readonly connections: number;
  /** Each connection goes on until this gives null; `index` counts over all of them. */
  readonly next: (index: number) => RequestOptions | null;
}

/** How often each status came; `lost` counts requests without an answer. */
export interface LoadResult {
  readonly statuses: ReadonlyMap<number, number>;
  readonly lost: number;
  readonly connectionCount: number;
}

/** Sends requests until `next` has no more. */
export async function sendLoad(url: string, options: LoadOptions): Promise<LoadResult> {
  const statuses = new Map<number, number>();
  let [sent, lost, connectionCount] = [0, 0, 0];
  const work = async (): Promise<void> => {
    const client = new Client(url);
    for (let next = options.next(sent++); next !== null; next = options.next(sent++)) {
      const status = await client.send(next).catch(() => null);
      if (status === null) lost++;
      else statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    connectionCount += client.connectionCount;
    client.close();
  };
  await Promise.all(Array.from({ length: options.connections }, work));
  return { statuses, lost, connectionCount };
}

/** One HTTP/1.1 connection that is used again for each request. */
export class Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: URL;
  #connectionCount = 0;

  constructor(url: string) {
    this.#url = new URL(url);
  }

  /** How many connections were made; 1 where each answer left the connection open. */
  get connectionCount(): number {
    return this.#connectionCount;
  }

  /** The status of the answer, whose body is read and dropped. */
  send({ method = 'GET', path = '/', headers = [] }: RequestOptions): Promise<number> {
    const { hostname, port, host } = this.#url;
    return new Promise((done, failed) => {
      const outgoing = httpRequest(
        {
          agent: this.#agent,
          host: hostname,
          port,
          method,
          path,
          setHost: false,
          headers: [['host', host], ...headers].flat(),
        },
        (incoming) => {
          incoming.on('error', failed);
          incoming.on('end', () => done(incoming.statusCode ?? 0));
          incoming.resume();
        },
      );
      outgoing.on('socket', () => {
        if (!outgoing.reusedSocket) this.#connectionCount++;
      });
      outgoing.on('error', failed);
      outgoing.end();
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

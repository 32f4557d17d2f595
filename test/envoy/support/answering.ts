// A backend of the test's adapter `later`, over HTTP: for each value that it is asked about an answer, after a while if
// it shall take one. Counts what it was asked.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What it says to a value. */
export interface Saying {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly afterMs?: number;
}

export class AnsweringServer {
  /** Values in the order in which they came. */
  readonly asked: string[] = [];
  private readonly server: Server;

  constructor(say: (value: string) => Saying) {
    this.server = createServer((incoming, outgoing) => {
      const value = String(incoming.headers['x-value'] ?? '');
      this.asked.push(value);
      const { status, headers, body, afterMs } = say(value);
      setTimeout(() => outgoing.writeHead(status, headers).end(body), afterMs ?? 0);
    });
  }

  /** Listens on a free port of the loopback; the address. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

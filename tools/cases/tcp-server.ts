// The server of a case's connections on a real Envoy: speaks when the case says so, and records what it got.

import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { ScriptedConnection } from './connection-script.ts';

const LOOPBACK = '127.0.0.1';

export class TcpCaseServer {
  readonly port: number;
  /** What came over each connection, in the order of the connections. */
  readonly seen: readonly { readonly text: string }[];
  readonly #close: () => Promise<void>;

  private constructor(
    port: number,
    seen: readonly { readonly text: string }[],
    close: () => Promise<void>,
  ) {
    this.port = port;
    this.seen = seen;
    this.#close = close;
  }

  /** Listens on a free port; `script` tells what to say on the connection that comes now. */
  static async start(script: () => ScriptedConnection): Promise<TcpCaseServer> {
    const sockets = new Set<Socket>();
    const seen: { text: string }[] = [];
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
      const record = { text: '' };
      seen.push(record);
      serve(socket, script(), record);
    });
    await new Promise<void>((done) => server.listen(0, LOOPBACK, done));
    return new TcpCaseServer((server.address() as AddressInfo).port, seen, async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      for (const socket of sockets) socket.destroy();
      await closed;
    });
  }

  close(): Promise<void> {
    return this.#close();
  }
}

function serve(socket: Socket, script: ScriptedConnection, record: { text: string }): void {
  const { data, greeting, answers } = script;
  if (greeting !== '') socket.write(greeting);
  const parts: Buffer[] = [];
  let index = 0;
  let dueBytes = sizeOf(data[0]);
  let gotBytes = 0;
  socket.on('data', (part: Buffer) => {
    parts.push(part);
    record.text = Buffer.concat(parts).toString('utf8');
    gotBytes += part.length;
    while (index < data.length && gotBytes >= dueBytes) {
      const answer = answers[index++] ?? '';
      dueBytes += sizeOf(data[index]);
      if (answer !== '') socket.write(answer);
    }
  });
}

function sizeOf(text = ''): number {
  return Buffer.byteLength(text);
}

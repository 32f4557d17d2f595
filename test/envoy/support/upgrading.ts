// An upstream that takes upgrades (WebSocket) and bare tunnels (CONNECT), and sends back in capitals whatever comes
// through them; and a client that asks for one and then writes what it likes.

import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const ANSWER_TIMEOUT_MS = 10_000;
const SWITCHING = [
  'HTTP/1.1 101 Switching Protocols',
  'connection: upgrade',
  'upgrade: websocket',
  '',
  '',
].join('\r\n');

/** A running one. */
export interface UpgradingServer {
  readonly port: number;
  stop(): void;
}

/** Listens on a free port of the loopback. */
export async function startUpgrading(): Promise<UpgradingServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    let isFirst = true;
    socket.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      const isHandshake = isFirst && /^upgrade: websocket/im.test(text);
      isFirst = false;
      socket.write(isHandshake ? SWITCHING : text.toUpperCase());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** A connection whose bytes are written by hand. */
export class RawConnection {
  #text = '';
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => (this.#text += bytes.toString('latin1')));
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => socket.destroy());
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject);
    });
    return new RawConnection(socket);
  }

  /** Writes, and gives everything that has come once it contains `expected`. */
  async exchange(text: string, expected: string): Promise<string> {
    this.#text = '';
    this.#socket.write(text, 'latin1');
    const deadline = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (this.#text.includes(expected)) resolve(this.#text);
      };
      this.#socket.on('data', look);
      deadline.addEventListener('abort', () =>
        reject(new Error(`not within ${ANSWER_TIMEOUT_MS} ms: ${expected}; got ${this.#text}`)),
      );
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

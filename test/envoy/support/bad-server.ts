// A backend that behaves as no backend should, over plain TCP: one address for each way to fail.

import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

const HUGE_BYTES = 33 * 1024 * 1024;
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const ERROR = 'HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n';
const YES = '{"result":true}';

/** What it does with a request that has come. */
export const BEHAVIOURS = {
  hang: () => undefined,
  reset: (socket: Socket) => void socket.resetAndDestroy(),
  close: (socket: Socket) => void socket.end(),
  garbage: (socket: Socket) => void socket.write(Buffer.alloc(512, 0xfe)),
  'half a head': (socket: Socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-le'),
  'half a body': (socket: Socket) => {
    socket.write(`${HEAD}content-length: 100\r\n\r\n{"result":`);
    socket.resetAndDestroy();
  },
  trickle: (socket: Socket) => {
    socket.write(`${HEAD}content-length: 1000\r\n\r\n{`);
    const timer = setInterval(() => socket.write(' '), 50);
    socket.on('close', () => {
      clearInterval(timer);
    });
  },
  huge: (socket: Socket) => {
    socket.write(`${HEAD}content-length: ${HUGE_BYTES}\r\n\r\n`);
    socket.write(Buffer.alloc(HUGE_BYTES, 0x20));
  },
  'large but readable': (socket: Socket) => {
    const body = `{"result":true}${' '.repeat(1_000_000)}`;
    socket.write(`${HEAD}content-length: ${body.length}\r\n\r\n${body}`);
  },
  'no JSON': (socket: Socket) => void socket.write(`${HEAD}content-length: 4\r\n\r\ntrue`),
  'no decision': (socket: Socket) => void socket.write(`${HEAD}content-length: 2\r\n\r\n{}`),
  'no body': (socket: Socket) => void socket.write(`${HEAD}content-length: 0\r\n\r\n`),
  'no content': (socket: Socket) => void socket.write('HTTP/1.1 204 No Content\r\n\r\n'),
  'two lengths': (socket: Socket) =>
    void socket.write(`${HEAD}content-length: 15\r\ncontent-length: 4\r\n\r\n${YES}`),
  error: (socket: Socket) => void socket.write(ERROR),
  'an answer behind an error': (socket: Socket) =>
    void socket.write(`${ERROR}${HEAD}content-length: 15\r\n\r\n${YES}`),
} satisfies Record<string, (socket: Socket) => void>;

export type Behaviour = keyof typeof BEHAVIOURS;

/** A running one. */
export interface BadServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Listens on a free port of the loopback. */
export async function startBadServer(behaviour: Behaviour): Promise<BadServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('data', () => {
      BEHAVIOURS[behaviour](socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

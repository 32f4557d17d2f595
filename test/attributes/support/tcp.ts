// A TCP server that greets where asked to and sends back what it gets, and clients that say what came of a connection.

import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { readFileSync } from 'node:fs';

import type { Certificates } from './certificates.ts';
import { SERVER_NAME } from './certificates.ts';

export interface TcpServer {
  readonly port: number;
  /** How many connections came. */
  count(): number;
  stop(): Promise<void>;
}

/** Starts the server; `greeting` is what it says first. */
export async function startTcpServer(greeting = ''): Promise<TcpServer> {
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer((socket) => {
    count++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    if (greeting !== '') socket.write(greeting);
    socket.pipe(socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((done) => server.close(() => done()));
  };
  return { port: (server.address() as AddressInfo).port, count: () => count, stop };
}

/** A client's connection. */
export class Client {
  readonly #socket: Socket;
  #text = '';
  #isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => (this.#text += bytes.toString('latin1')));
    socket.on('error', () => undefined).on('close', () => (this.#isClosed = true));
  }

  static open(url: string): Promise<Client> {
    const { hostname, port } = new URL(url);
    return Client.#connected((done) => connect(Number(port), hostname, done));
  }

  /** With the client's certificate. */
  static openTls(url: string, certificates: Certificates): Promise<Client> {
    const { hostname, port } = new URL(url);
    const { authority, client } = certificates;
    const options = {
      host: hostname,
      port: Number(port),
      ca: readFileSync(authority),
      cert: readFileSync(client.chain),
      key: readFileSync(client.key),
      servername: SERVER_NAME,
      checkServerIdentity: () => undefined,
    };
    return Client.#connected((done) => connectTls(options, done));
  }

  static #connected(start: (done: () => void) => Socket): Promise<Client> {
    return new Promise((done, failed) => {
      const socket = start(() => done(client)).once('error', failed);
      const client = new Client(socket);
    });
  }

  send(text: string): void {
    this.#socket.write(text);
  }

  /** What came so far. */
  get text(): string {
    return this.#text;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  close(): void {
    this.#socket.end();
  }
}

// The client of a case's connections on a real Envoy: sends chunk after chunk, each once the one before has reached the
// server and its answer has come back, then ends. A connection that is closed meanwhile is told.

import { connect, type Socket } from 'node:net';
import { poll } from '../envoy/poll.ts';
import type { ScriptedConnection, SeenConnection } from './connection-script.ts';
import type { TcpCaseServer } from './tcp-server.ts';

const STEP_TIMEOUT_MS = 5_000;
/** A connection that nobody closes meanwhile stays open. */
const QUIET_MS = 200;

/** Runs a connection to its end; one that should be closed has longer for it. */
export async function tcpConnection(
  url: string,
  { data, greeting, answers, isToBeClosed }: ScriptedConnection,
  server: TcpCaseServer,
): Promise<Omit<SeenConnection, 'record'>> {
  const reached = server.seen.length;
  const client = await TcpCaseClient.open(url);
  const until = (isDone: () => boolean, timeoutMs = STEP_TIMEOUT_MS): Promise<unknown> =>
    poll(() => client.isClosed || isDone(), timeoutMs);
  let wanted = greeting;
  if (greeting !== '') await until(() => client.text === wanted);
  let sent = '';
  for (const [index, chunk] of data.entries()) {
    if (client.isClosed) break;
    client.send(chunk);
    sent += chunk;
    wanted += answers[index] ?? '';
    await until(() => server.seen[reached]?.text === sent && client.text === wanted);
  }
  await until(() => false, isToBeClosed ? STEP_TIMEOUT_MS : QUIET_MS);
  const { isClosed } = client;
  await client.end();
  return { isClosed, received: client.text, upstream: server.seen[reached]?.text ?? null };
}

class TcpCaseClient {
  readonly #socket: Socket;
  readonly #parts: Buffer[] = [];
  isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (part: Buffer) => this.#parts.push(part));
    socket.on('error', () => undefined);
    for (const event of ['end', 'close'] as const) socket.on(event, () => (this.isClosed = true));
  }

  static open(url: string): Promise<TcpCaseClient> {
    const { hostname, port } = new URL(url);
    return new Promise((done, failed) => {
      const socket = connect(Number(port), hostname, () => done(client)).once('error', failed);
      const client = new TcpCaseClient(socket);
    });
  }

  get text(): string {
    return Buffer.concat(this.#parts).toString('utf8');
  }

  send(text: string): void {
    this.#socket.write(text);
  }

  /** Sends no more, and waits for the other side to end as well. */
  async end(): Promise<void> {
    this.#socket.end();
    await poll(() => this.isClosed, STEP_TIMEOUT_MS);
    this.#socket.destroy();
  }
}

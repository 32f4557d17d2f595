// A server of cases on a real Envoy, upstream or backend: HTTP/1.1 and HTTP/2 without TLS on one port, answering what
// the case says. It records what it got.

import { createServer as createHttp1, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createServer as createHttp2,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { createServer as createTcp, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { grouped } from './client.ts';
import type { ScriptedAnswer } from './script.ts';
import type { SeenCall } from './types.ts';
import { fromWire, linesFromRaw, linesToWire } from './wire.ts';

/** An answer, or how none comes. */
export type ServerAnswer = Omit<ScriptedAnswer, 'body'> & {
  readonly body: readonly (string | Uint8Array)[];
  readonly fails?: 'timeout' | 'refused' | 'reset';
};

type Incoming = IncomingMessage | Http2ServerRequest;
type Outgoing = ServerResponse | Http2ServerResponse;

const LOOPBACK = '127.0.0.1';
const HTTP2_PREFACE = 'PRI * HTTP/2.0';
/** More than Envoy lets through, so that it is Envoy that refuses. */
const HEADERS_SIZE_MAX_BYTES = 1_048_576;

export class CaseServer {
  readonly port: number;
  readonly seen: readonly SeenCall[];
  readonly #close: () => Promise<void>;

  private constructor(port: number, seen: readonly SeenCall[], close: () => Promise<void>) {
    this.seen = seen;
    this.port = port;
    this.#close = close;
  }

  /** Listens on a free port; `answer` is asked for each request, in the order in which they came. */
  static async start(answer: (call: SeenCall) => ServerAnswer): Promise<CaseServer> {
    const sockets = new Set<Socket>();
    const seen: SeenCall[] = [];
    const serve = (incoming: Incoming, outgoing: Outgoing): void => {
      void respond(incoming, outgoing, (call) => {
        seen.push(call);
        return answer(call);
      }).catch(() => incoming.socket.destroy());
    };
    const http1 = createHttp1({ maxHeaderSize: HEADERS_SIZE_MAX_BYTES }, serve);
    const http2 = createHttp2({ settings: { maxHeaderListSize: HEADERS_SIZE_MAX_BYTES } }, serve);
    http2.on('sessionError', () => undefined);
    const server = createTcp((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
      socket.once('readable', () => {
        const first = socket.read() as Buffer | null;
        if (first === null) return;
        socket.unshift(first);
        const isHttp2 = first.toString('latin1').startsWith(HTTP2_PREFACE);
        (isHttp2 ? http2 : http1).emit('connection', socket);
      });
    });
    await new Promise<void>((done) => server.listen(0, LOOPBACK, done));
    return new CaseServer((server.address() as AddressInfo).port, seen, async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      for (const socket of sockets) socket.destroy();
      await closed;
    });
  }

  close(): Promise<void> {
    return this.#close();
  }
}

async function respond(
  incoming: Incoming,
  outgoing: Outgoing,
  answer: (call: SeenCall) => ServerAnswer,
): Promise<void> {
  const body = await bodyOf(incoming);
  const headers = linesFromRaw(incoming.rawHeaders);
  const call = { method: incoming.method ?? '', path: fromWire(incoming.url ?? ''), headers, body };
  const { status, headers: given, body: chunks, trailers, afterMs, fails } = answer(call);
  if (afterMs > 0) await sleep(afterMs);
  if (fails === 'timeout') return;
  if (fails === 'refused') throw new Error('no answer is wanted');
  const sizeBytes = chunks.reduce((sum, chunk) => sum + Buffer.byteLength(chunk), 0);
  for (const [name, value] of linesToWire(given)) append(outgoing, name, value);
  if (sizeBytes > 0 && trailers.length === 0 && !outgoing.hasHeader('content-length'))
    outgoing.setHeader('content-length', sizeBytes);
  outgoing.writeHead(status);
  const out = outgoing as ServerResponse;
  if (fails === 'reset') {
    out.write('cut');
    setTimeout(() => incoming.socket.destroy(), 20);
    return;
  }
  for (const chunk of chunks) out.write(chunk);
  if (trailers.length > 0) out.addTrailers(grouped(linesToWire(trailers)));
  out.end();
}

async function bodyOf(incoming: Incoming): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function append(outgoing: Outgoing, name: string, value: string): void {
  const known = outgoing.getHeader(name);
  const values = known === undefined ? value : [known].flat().map(String).concat(value);
  outgoing.setHeader(name, values);
}

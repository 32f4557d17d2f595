// The upstream behind Envoy in tests and in `mixer run`: answers with what it got, so that a reader
// sees what the filter let through and changed. HTTP/1.1 and HTTP/2 without TLS on one port; gRPC
// requests get an empty message and status 0.
//   /status/NNN answers with that status · /delay/NNN answers after that many milliseconds
//   ?header=name:value (repeatable) sets a header of the answer

import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import {
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';

/** A request as the upstream saw it. */
export interface Echo {
  readonly method: string;
  readonly path: string;
  readonly protocol: string;
  /** Lower-case names; a header that came more than once is a list. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

export interface Upstream {
  readonly port: number;
  readonly url: string;
  /** The last requests, oldest first. */
  readonly requests: readonly Echo[];
  stop(): Promise<void>;
}

type Incoming = IncomingMessage | Http2ServerRequest;
type Outgoing = ServerResponse | Http2ServerResponse;

const BODY_SIZE_MAX_BYTES = 1_048_576;
/** More than Envoy lets through, so that it is Envoy that refuses. */
const HEADERS_SIZE_MAX_BYTES = 1_048_576;
const REQUESTS_KEPT_MAX = 10_000;
const HTTP2_PREFACE = 'PRI * HTTP/2.0';
const GRPC_EMPTY_MESSAGE = Buffer.alloc(5);

/** Starts the upstream; port 0 lets the system choose. */
export async function startUpstream(port = 0, host = '127.0.0.1'): Promise<Upstream> {
  const requests: Echo[] = [];
  const sockets = new Set<Socket>();
  const answer = (incoming: Incoming, outgoing: Outgoing): void => {
    void readBody(incoming).then(
      (body) => {
        if (requests.length >= REQUESTS_KEPT_MAX) requests.shift();
        requests.push(reply(incoming, outgoing, body));
      },
      () => outgoing.destroy(),
    );
  };
  const limits = { maxHeaderSize: HEADERS_SIZE_MAX_BYTES, keepAliveTimeout: 60_000 };
  const http1 = createHttpServer(limits, answer);
  http1.maxHeadersCount = 0;
  const settings = { maxHeaderListSize: HEADERS_SIZE_MAX_BYTES };
  const http2 = createHttp2Server({ settings, maxHeaderListPairs: 10_000 }, answer);
  http2.on('sessionError', () => undefined);
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    socket.once('readable', () => {
      const first = socket.read() as Buffer | null;
      if (first === null) return;
      socket.unshift(first);
      (first.toString('latin1').startsWith(HTTP2_PREFACE) ? http2 : http1).emit(
        'connection',
        socket,
      );
    });
  });
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(port, host, () => done());
  });
  const bound = (server.address() as AddressInfo).port;
  const stop = async (): Promise<void> => {
    const closed = new Promise<void>((done) => server.close(() => done()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { port: bound, url: `http://${host}:${bound}`, requests, stop };
}

async function readBody(incoming: Incoming): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of incoming) {
    const bytes = part as Buffer;
    size += bytes.length;
    if (size <= BODY_SIZE_MAX_BYTES) parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}

function reply(incoming: Incoming, outgoing: Outgoing, body: string): Echo {
  // Not resolved against a base: `//` would be the beginning of a host there.
  const path = incoming.url?.startsWith('/') === true ? incoming.url : '/';
  const url = new URL(`http://upstream${path}`);
  const echo: Echo = {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    protocol: `HTTP/${incoming.httpVersion}`,
    headers: headersOf(incoming),
    body,
  };
  const delayMs = Number(/^\/delay\/(\d{1,5})$/.exec(url.pathname)?.[1] ?? 0);
  setTimeout(() => {
    for (const header of url.searchParams.getAll('header')) setHeader(outgoing, header);
    if (String(incoming.headers['content-type']).startsWith('application/grpc')) sendGrpc(outgoing);
    else sendEcho(outgoing, echo, Number(/^\/status\/([2-5]\d\d)$/.exec(url.pathname)?.[1] ?? 200));
  }, delayMs);
  return echo;
}

function headersOf(incoming: Incoming): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (let index = 0; index + 1 < incoming.rawHeaders.length; index += 2) {
    const name = (incoming.rawHeaders[index] ?? '').toLowerCase();
    const value = incoming.rawHeaders[index + 1] ?? '';
    const seen = headers[name];
    if (seen === undefined) headers[name] = value;
    else headers[name] = [...(typeof seen === 'string' ? [seen] : seen), value];
  }
  return headers;
}

function setHeader(outgoing: Outgoing, header: string): void {
  const colon = header.indexOf(':');
  try {
    if (colon > 0) outgoing.setHeader(header.slice(0, colon), header.slice(colon + 1));
  } catch {
    // No name or value that a header can have: the answer comes without it.
  }
}

function sendEcho(outgoing: Outgoing, echo: Echo, status: number): void {
  if (status === 204 || status === 304) {
    outgoing.writeHead(status);
    outgoing.end();
    return;
  }
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  outgoing.end(`${JSON.stringify(echo, null, 1)}\n`);
}

function sendGrpc(outgoing: Outgoing): void {
  outgoing.writeHead(200, { 'content-type': 'application/grpc', trailer: 'grpc-status' });
  const out = outgoing as ServerResponse;
  out.addTrailers({ 'grpc-status': '0' });
  out.end(GRPC_EMPTY_MESSAGE);
}

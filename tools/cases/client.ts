// The client of cases on a real Envoy: sends a scripted request byte for byte, chunk by chunk, over HTTP/1.1 or HTTP/2,
// and tells what came back. A connection that ends before an answer is the status 0, as in the emulator.

import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import type { ScriptedRequest } from './script.ts';
import type { Pair } from './types.ts';
import { fromWire, linesFromRaw, linesToWire, toWire } from './wire.ts';

export interface ClientAnswer {
  readonly status: number;
  readonly headers: readonly Pair[];
  readonly trailers: readonly Pair[];
  readonly body: string;
}

const TIMEOUT_MS = 10_000;
const NO_ANSWER: ClientAnswer = { status: 0, headers: [], trailers: [], body: '' };

export class CaseClient {
  readonly #url: URL;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(url: string) {
    this.#url = new URL(url);
  }

  send(request: ScriptedRequest): Promise<ClientAnswer> {
    return request.protocol === 'http1' ? this.#http1(request) : this.#http2(request);
  }

  close(): void {
    this.#agent.destroy();
  }

  #http1(request: ScriptedRequest): Promise<ClientAnswer> {
    const { method, path, headers, body, authority } = request;
    const sizeBytes = body.reduce((sum, chunk) => sum + Buffer.byteLength(chunk), 0);
    const lines: Pair[] = [['host', authority], ...linesToWire(headers)];
    if (sizeBytes > 0) lines.push(['content-length', String(sizeBytes)]);
    const { hostname, port } = this.#url;
    return new Promise((done) => {
      const outgoing = httpRequest(
        {
          host: hostname,
          port,
          method,
          path: toWire(path),
          agent: this.#agent,
          setHost: false,
          headers: lines.flat(),
          timeout: TIMEOUT_MS,
        },
        (incoming) => void read(incoming).then(done),
      );
      outgoing.on('timeout', () => outgoing.destroy());
      outgoing.on('error', () => done(NO_ANSWER));
      for (const chunk of body) outgoing.write(chunk);
      outgoing.end();
    });
  }

  #http2({
    method,
    path,
    authority,
    headers,
    body,
    trailers,
  }: ScriptedRequest): Promise<ClientAnswer> {
    return new Promise((done) => {
      const session = connect(this.#url.origin);
      session.on('error', () => done(NO_ANSWER));
      const stream = session.request(
        {
          ':method': method,
          ':path': toWire(path),
          ':authority': authority,
          ...grouped(linesToWire(headers)),
        },
        { waitForTrailers: trailers.length > 0, endStream: body.length + trailers.length === 0 },
      );
      stream.setTimeout(TIMEOUT_MS, () => stream.destroy());
      stream.on('wantTrailers', () => stream.sendTrailers(grouped(trailers)));
      void readStream(stream).then((answer) => {
        session.close();
        done(answer);
      });
      for (const chunk of body) stream.write(chunk);
      stream.end();
    });
  }
}

async function read(incoming: IncomingMessage): Promise<ClientAnswer> {
  const parts: Buffer[] = [];
  try {
    for await (const part of incoming) parts.push(part as Buffer);
  } catch {
    // The answer was cut off: what came before it is what the client saw.
  }
  return {
    status: incoming.statusCode ?? 0,
    headers: linesFromRaw(incoming.rawHeaders),
    trailers: linesFromRaw(incoming.rawTrailers),
    body: Buffer.concat(parts).toString('utf8'),
  };
}

function readStream(stream: ClientHttp2Stream): Promise<ClientAnswer> {
  return new Promise((done) => {
    const parts: Buffer[] = [];
    let headers: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    stream.on('response', (received) => (headers = received));
    stream.on('trailers', (received: IncomingHttpHeaders) => (trailers = received));
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('error', () => undefined);
    stream.on('close', () =>
      done({
        status: Number(headers[':status'] ?? 0),
        headers: flat(headers),
        trailers: flat(trailers),
        body: Buffer.concat(parts).toString('utf8'),
      }),
    );
  });
}

function flat(headers: IncomingHttpHeaders): Pair[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((line: string | number): Pair => [name, fromWire(`${line}`)]),
  );
}

/** Lines of one name stand together, as node's HTTP/2 wants them. */
export function grouped(lines: readonly Pair[]): Record<string, string | string[]> {
  const groups: Record<string, string | string[]> = {};
  for (const [name, value] of lines) {
    const seen = groups[name];
    groups[name] = seen === undefined ? value : [seen, value].flat();
  }
  return groups;
}

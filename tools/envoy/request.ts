// One HTTP request, sent byte for byte as given: repeated headers, odd paths and a host of one's
// own, which fetch() would tidy up or refuse. HTTP/2 without TLS where asked for, as gRPC clients
// use it.

import { request as httpRequest } from 'node:http';
import { connect } from 'node:http2';

export interface RequestOptions {
  readonly method?: string;
  readonly path?: string;
  /** Pairs, in order; a name may come more than once. */
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string | Buffer;
  readonly http2?: boolean;
  readonly timeoutMs?: number;
}

export interface Answer {
  readonly status: number;
  /** Lower-case names; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly trailers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Headers = Readonly<Record<string, string | string[] | number | undefined>>;

const REQUEST_TIMEOUT_MS = 10_000;

/** Sends one request to `url` (scheme, host, port) on a connection of its own. */
export function request(url: string, options: RequestOptions = {}): Promise<Answer> {
  return options.http2 === true ? requestHttp2(url, options) : requestHttp1(url, options);
}

function requestHttp1(url: string, options: RequestOptions): Promise<Answer> {
  const { hostname, port, host } = new URL(url);
  const given = options.headers ?? [];
  const pairs: (readonly [string, string])[] = given.some(([name]) => name.toLowerCase() === 'host')
    ? [...given]
    : [['host', host], ...given];
  if (options.body !== undefined)
    pairs.push(['content-length', String(Buffer.byteLength(options.body))]);
  return new Promise((done, failed) => {
    const outgoing = httpRequest(
      {
        host: hostname,
        port,
        method: options.method ?? 'GET',
        path: options.path ?? '/',
        setHost: false,
        agent: false,
        headers: pairs.flat(),
        timeout: options.timeoutMs ?? REQUEST_TIMEOUT_MS,
      },
      (incoming) => {
        const parts: Buffer[] = [];
        incoming.on('data', (part: Buffer) => parts.push(part));
        incoming.on('error', failed);
        incoming.on('end', () =>
          done({
            status: incoming.statusCode ?? 0,
            headers: flat(incoming.headers),
            trailers: flat(incoming.trailers),
            body: Buffer.concat(parts).toString('utf8'),
          }),
        );
      },
    );
    outgoing.on('timeout', () =>
      outgoing.destroy(new Error(`no answer to ${options.path ?? '/'} in time`)),
    );
    outgoing.on('error', failed);
    outgoing.end(options.body);
  });
}

function requestHttp2(url: string, options: RequestOptions): Promise<Answer> {
  return new Promise((done, failed) => {
    const session = connect(url);
    session.on('error', failed);
    const stream = session.request({
      ':method': options.method ?? 'GET',
      ':path': options.path ?? '/',
      ...multiple(options.headers ?? []),
    });
    stream.setTimeout(options.timeoutMs ?? REQUEST_TIMEOUT_MS, () =>
      stream.destroy(new Error(`no answer to ${options.path ?? '/'} in time`)),
    );
    const parts: Buffer[] = [];
    let headers: Headers = {};
    let trailers: Headers = {};
    stream.on('response', (received: Headers) => {
      headers = received;
    });
    stream.on('trailers', (received: Headers) => {
      trailers = received;
    });
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('error', failed);
    stream.on('close', () => {
      session.close();
      done({
        status: Number(headers[':status'] ?? 0),
        headers: flat(headers),
        trailers: flat(trailers),
        body: Buffer.concat(parts).toString('utf8'),
      });
    });
    stream.end(options.body);
  });
}

function multiple(
  pairs: readonly (readonly [string, string])[],
): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of pairs) {
    const seen = headers[name];
    headers[name] =
      seen === undefined ? value : [...(typeof seen === 'string' ? [seen] : seen), value];
  }
  return headers;
}

function flat(headers: Headers): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : String(value ?? ''),
    ]),
  );
}

// The load: one request with the headers of a browser behind a proxy, sent many times by h2load over
// HTTP/1.1 connections that stay open. It measures nothing; h2load only counts the answers.

import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

import { MissingEnvironment } from '../../tools/envoy/errors.ts';

/** 12 headers; h2load adds its host, HTTP/1.1 the pseudo-headers: 17 in all. */
export const HEADERS: Readonly<Record<string, string>> = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) bench/1.0',
  accept: 'application/json, text/plain, */*',
  'accept-encoding': 'gzip, deflate, br',
  'accept-language': 'en-GB,en;q=0.9',
  'cache-control': 'no-cache',
  cookie: 'session=0123456789abcdef0123456789abcdef; theme=dark; lang=en',
  referer: 'http://shop.example.test/catalogue?page=2',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  'x-forwarded-for': '203.0.113.7',
  'x-forwarded-proto': 'https',
  'x-request-id': '7f6b1c52-4f3a-4a58-9a6e-0d6c2f1e8b11',
  'x-role': 'dev',
};

/** The path of that request. */
export const PATH = '/api/items/42?fields=name,price';

const CONNECTION_COUNT = 32;
const LOAD_TIMEOUT_MS = 1_800_000;
const OUTPUT_SIZE_MAX_BYTES = 1_048_576;
const INSTALL =
  'no h2load on the PATH: install it (Debian, Ubuntu: `apt-get install nghttp2-client`; ' +
  'Fedora: `dnf install nghttp2`; macOS: `brew install nghttp2`)';

/** Throws MissingEnvironment, with what to install, where the load generator is not there. */
export function requireLoadGenerator(): void {
  const { error } = spawnSync('h2load', ['--version'], { stdio: 'ignore' });
  if (error !== undefined) throw new MissingEnvironment(INSTALL);
}

/** Sends `count` requests to a port of loopback; rejects unless every answer is a 2xx. */
export async function drive(port: number, count: number): Promise<void> {
  const headers = Object.entries(HEADERS).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const connections = Math.min(CONNECTION_COUNT, count);
  const flags = ['--h1', '-n', String(count), '-c', String(connections), '-t', '1', ...headers];
  const { stdout } = await promisify(execFile)(
    'h2load',
    [...flags, `http://127.0.0.1:${port}${PATH}`],
    { timeout: LOAD_TIMEOUT_MS, maxBuffer: OUTPUT_SIZE_MAX_BYTES },
  );
  const good = /status codes: (\d+) 2xx/.exec(stdout)?.[1];
  if (Number(good) === count) return;
  const codes = /status codes: .*/.exec(stdout)?.[0] ?? stdout.slice(-500);
  throw new Error(`${count} answers of 2xx were expected; ${codes}`);
}

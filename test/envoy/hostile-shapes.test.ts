// Requests in shapes that two servers could read differently, on a real Envoy that tidies nothing up: each is refused
// by Envoy, denied by the rule about what it means, or reaches the upstream as something that no rule is about.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import type { Echo } from '../../tools/envoy/upstream.ts';
import { minorOf } from '../../tools/envoy/version.ts';
import type { Config } from '../../tools/render/types.ts';
import { assertAlive } from './support/alive.ts';
import { httpConnections, startPatched, type Fields } from './support/patched.ts';
import {
  block,
  frame,
  FrameFlag,
  FrameType,
  statusesOf,
  statusOfHttp2,
} from './support/raw-http.ts';
import { FIELDS, FRAMING, get, HEADERS, HOSTS, http2, TARGETS } from './support/shapes.ts';

const closing = (match: string): object => ({ match, actions: [{ handler: 'closed' }] });
const DOCUMENT = {
  handlers: [{ name: 'closed', adapter: 'denier', params: { status: { code: 7 } } }],
  rules: [
    { name: 'path', ...closing('request.url_path.startsWith("/closed")') },
    { name: 'host', ...closing('request.hostname == "closed.test"') },
    { name: 'header', ...closing('request.headers["x-role"] == "bad"') },
    { name: 'cookie', ...closing('request.headers["cookie"] == "a=1; bad=1"') },
    { name: 'method', ...closing('request.method == "DELETE"') },
  ],
};

/** Nothing is normalized, and whatever Envoy can let through is let through. */
function loosen(bootstrap: Config): void {
  Object.assign(httpConnections(bootstrap), {
    normalize_path: false,
    merge_slashes: false,
    path_with_escaped_slashes_action: 'KEEP_UNCHANGED',
    proxy_100_continue: true,
    // Else Envoy waits a second for a client to close, behind each refusal.
    delayed_close_timeout: '0.02s',
    http_protocol_options: {
      accept_http_10: true,
      default_host_for_http_10: 'default.test',
      allow_chunked_length: true,
      enable_trailers: true,
    },
    http2_protocol_options: { allow_connect: true },
    upgrade_configs: [{ upgrade_type: 'websocket' }],
  });
  // The upstream gets HTTP/1, where a value has no blanks around it, whatever the client speaks.
  const { clusters } = bootstrap['static_resources'] as { clusters: Fields[] };
  for (const cluster of clusters) delete cluster['typed_extension_protocol_options'];
}

/** What Envoy took before the release 1.37; the upstream is not told the scheme by HTTP/1. */
const TAKEN_BEFORE_37: ReadonlyMap<string, number> = new Map([
  ['a URI for a scheme', 200],
  ['a pseudo header behind others', 403],
]);

/** Whether the upstream was asked for something that a rule is about. */
function isClosed({ method, path, headers }: Echo): boolean {
  const host = String(headers['host']).toLowerCase();
  return (
    decodeURIComponent(path.split('?')[0] ?? '').startsWith('/closed') ||
    host.split(/[@:]/).includes('closed.test') ||
    headers['x-role'] === 'bad' ||
    headers['cookie'] === 'a=1; bad=1' ||
    method === 'DELETE'
  );
}

describe('a request in an odd shape', () => {
  let envoy: RunningEnvoy;
  before(async () => {
    envoy = await startPatched({ document: DOCUMENT, patch: loosen });
  });
  after(async () => {
    await assertAlive(envoy);
    await envoy.stop();
  });

  let seenCount = 0;
  beforeEach(() => {
    seenCount = envoy.upstream?.requests.length ?? 0;
  });

  /** As many requests as were answered with 200, and none that is closed. */
  function assertReached(count: number): void {
    const seen = envoy.upstream?.requests.slice(seenCount) ?? [];
    assert.equal(seen.length, count, JSON.stringify(seen));
    assert.deepEqual(seen.filter(isClosed), []);
    seenCount += count;
  }

  async function assertStatuses(
    name: string,
    text: string,
    codes: readonly number[],
  ): Promise<void> {
    assert.deepEqual(await statusesOf(envoy.url, text), codes, name);
    assertReached(codes.filter((code) => code === 200).length);
  }

  for (const [what, shapes] of Object.entries({
    framing: FRAMING,
    headers: HEADERS,
    targets: TARGETS,
  })) {
    it(`passes no rule by HTTP/1: ${what}`, async () => {
      for (const [name, text, ...codes] of shapes) {
        await assertStatuses(name, text, codes);
      }
    });
  }

  it('passes no rule by HTTP/1: hosts', async () => {
    for (const [host, code] of HOSTS)
      await assertStatuses(host, get('/x', `host: ${host}\r\n`), [code]);
  });

  it('gives the rules the host that the upstream gets, where it comes twice', async () => {
    const both = 'host: open.test\r\nhost: closed.test\r\n';
    assert.deepEqual(await statusesOf(envoy.url, get('/x', both)), [200]);
    assert.equal(envoy.upstream?.requests.at(-1)?.headers['host'], 'open.test,closed.test');
  });

  it('passes no rule by HTTP/2', async () => {
    for (const [name, fields, code] of FIELDS) {
      const taken = minorOf(envoy.found) < 37 ? TAKEN_BEFORE_37.get(name) : undefined;
      const expected = taken ?? code;
      assert.equal(await statusOfHttp2(envoy.url, fields), expected, name);
      assertReached(expected === 200 ? 1 : 0);
    }
  });

  it('is judged by its headers, whatever HTTP/2 sends behind them', async () => {
    const trailers = frame(
      FrameType.headers,
      FrameFlag.endHeaders | FrameFlag.endStream,
      block([['x-role', 'bad']]),
    );
    const posted = http2({ ':method': 'POST' });
    assert.equal(await statusOfHttp2(envoy.url, posted, [trailers]), 200);
    assertReached(1);
    const closed = http2({ ':method': 'POST', ':path': '/closed' });
    assert.equal(await statusOfHttp2(envoy.url, closed, [trailers]), 403);
    assertReached(0);
  });

  it('is checked as the GET that an extended CONNECT stands for', async () => {
    const connect = { ':method': 'CONNECT', ':path': '/closed' };
    const code = await statusOfHttp2(
      envoy.url,
      [...http2(connect), [':protocol', 'websocket']],
      [frame(FrameType.data, 0, Buffer.from('x'))],
    );
    assert.equal(code, 403);
    assertReached(0);
  });
});

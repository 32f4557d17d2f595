// A list that a real HTTP server provides, on a real Envoy with two workers: fetched by one, the same on all, in force
// while the server is down, and large while requests go on.

import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { poll } from '../support/poll.ts';

const TIMEOUT_MS = 20_000;
/** Connections enough that both workers get some. */
const CONNECTION_COUNT = 16;
const LARGE_COUNT = 100_000;
const LONGEST_REQUEST_MS = 1_000;

class Provider {
  body = 'acme\numbrella\n';
  fails = false;
  asked = 0;
  unchanged = 0;
  readonly #server: Server = createServer((incoming, outgoing) => {
    this.asked++;
    const tag = `"${this.body.length}"`;
    if (this.fails) outgoing.writeHead(500).end();
    else if (incoming.headers['if-none-match'] === tag) {
      this.unchanged++;
      outgoing.writeHead(304).end();
    } else outgoing.writeHead(200, { etag: tag }).end(this.body);
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/list`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function document(providerUrl: string): object {
  const params = { providerUrl, refreshInterval: '1s', ttl: '6s' };
  return {
    handlers: [{ name: 'tenants', adapter: 'list', params }],
    instances: [
      {
        name: 'tenant',
        template: 'listentry',
        params: { value: 'request.headers["x-tenant"] | ""' },
      },
    ],
    rules: [{ name: 'tenants', actions: [{ handler: 'tenants', instances: ['tenant'] }] }],
  };
}

describe('a list that a server provides', () => {
  const provider = new Provider();
  let envoy: RunningEnvoy;

  before(async () => {
    const url = await provider.start();
    envoy = await startEnvoy({ document: document(url), wasm: 'dist/mixer.wasm', concurrency: 2 });
  });

  after(async () => {
    await envoy.stop();
    provider.stop();
  });

  /** What all workers say, each asked over connections of its own. */
  const ask = async (tenant: string): Promise<Set<number>> => {
    const answers = await Promise.all(
      Array.from({ length: CONNECTION_COUNT }, () =>
        request(envoy.url, { path: '/', headers: [['x-tenant', tenant]] }),
      ),
    );
    return new Set(answers.map(({ status }) => status));
  };
  const allSay = async (tenant: string, status: number): Promise<void> => {
    await poll(`${status} for ${tenant} from all workers`, TIMEOUT_MS, async () => {
      const seen = await ask(tenant);
      return seen.size === 1 && seen.has(status) ? true : null;
    });
  };

  it('is fetched by one worker and the same on all', async () => {
    await allSay('acme', 200);
    await allSay('other', 403);
    provider.body = 'other\n';
    await allSay('other', 200);
    await allSay('acme', 403);
    const asked = provider.asked;
    const { unchanged } = provider;
    await poll('three more fetches', TIMEOUT_MS, () => (provider.asked >= asked + 3 ? true : null));
    assert.ok(provider.unchanged - unchanged >= 2, 'the entity tag is sent back');
  });

  it('stays in force while the server is down, until its ttl', async () => {
    provider.fails = true;
    const asked = provider.asked;
    await poll('a failed fetch', TIMEOUT_MS, () => (provider.asked > asked ? true : null));
    assert.deepEqual([...(await ask('other'))], [200]);
    await allSay('other', 503);
    const stats = await envoy.stats('mixer_list');
    assert.ok(Object.keys(stats).some((name) => name.includes('mixer_list_age_seconds')));
    provider.fails = false;
    await allSay('other', 200);
  });

  it('may have 100,000 entries: requests go on while each worker builds its table', async () => {
    provider.body = Array.from({ length: LARGE_COUNT }, (_, at) => `tenant-${at}`).join('\n');
    let longestMs = 0;
    await poll('the last entry', TIMEOUT_MS, async () => {
      const beforeMs = performance.now();
      const { status } = await request(envoy.url, {
        path: '/',
        headers: [['x-tenant', `tenant-${LARGE_COUNT - 1}`]],
      });
      longestMs = Math.max(longestMs, performance.now() - beforeMs);
      return status === 200 ? true : null;
    });
    await allSay(`tenant-${LARGE_COUNT - 1}`, 200);
    await allSay('acme', 403);
    // A portion takes at most 20 ms of a tick; the rest is the machine's.
    assert.ok(longestMs < LONGEST_REQUEST_MS, `${longestMs.toFixed(1)} ms`);
  });
});

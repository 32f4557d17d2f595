// Backends that hang, reset, talk nonsense or are not there, on a real Envoy: every request is answered, in time, as
// onError says.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import {
  BEHAVIOURS,
  startBadServer,
  type BadServer,
  type Behaviour,
} from './support/bad-server.ts';

const TIMEOUT_MS = 700;
/** What a request may take beyond the timeout of its callout, on a machine that is busy. */
const SLACK_MS = 4_000;

/** An answer whose headers came in time and whose end did not: Envoy gives it up or our own clock, whoever is first. */
const BROKEN_OFF: readonly number[] = [503, 504];

/** The status of a request whose check fails, when onError says nothing. */
const STATUS: Readonly<Record<Behaviour, number | readonly number[]>> = {
  hang: 504,
  reset: 503,
  close: 503,
  garbage: 503,
  'half a head': 504,
  'half a body': 503,
  trickle: BROKEN_OFF,
  huge: BROKEN_OFF,
  'large but readable': 200,
  'no JSON': 500,
  'no decision': 500,
  'no body': 500,
  'no content': 500,
  'two lengths': 503,
  error: 500,
  'an answer behind an error': 500,
};

const NOWHERE = {
  'nobody listens': { address: '127.0.0.1:1' },
  'no endpoint': { address: 'nobody.invalid:80' },
  'no cluster': { cluster: 'nobody' },
} as const;

const nameOf = (way: string): string => way.replaceAll(' ', '-');

function documentFor(ports: ReadonlyMap<string, number>): object {
  const ways: [string, object][] = [
    ...[...ports].map(([way, port]): [string, object] => [way, { address: `127.0.0.1:${port}` }]),
    ...Object.entries(NOWHERE),
  ];
  return {
    handlers: ways.map(([way, target]) => ({
      name: nameOf(way),
      adapter: 'opa',
      connection: { ...target, timeout: `${TIMEOUT_MS}ms` },
      params: { validDuration: '0s' },
    })),
    rules: ways.flatMap(([way]) =>
      ['DENY', 'ALLOW'].map((onError) => ({
        name: `${nameOf(way)}-${onError.toLowerCase()}`,
        match: `request.url_path == "/${onError.toLowerCase()}/${nameOf(way)}"`,
        actions: [{ handler: nameOf(way) }],
        onError,
      })),
    ),
  };
}

describe('a request that asks a bad backend', () => {
  const servers: BadServer[] = [];
  let envoy: RunningEnvoy;

  before(async () => {
    const ports = new Map<string, number>();
    for (const behaviour of Object.keys(BEHAVIOURS) as Behaviour[]) {
      const server = await startBadServer(behaviour);
      servers.push(server);
      ports.set(behaviour, server.port);
    }
    envoy = await startEnvoy({ document: documentFor(ports), wasm: 'dist/opa.wasm' });
  });

  after(async () => {
    await envoy.stop();
    await Promise.all(servers.map((server) => server.stop()));
  });

  async function statusOf(path: string): Promise<number> {
    const start = performance.now();
    const { status } = await request(envoy.url, { path });
    const ms = performance.now() - start;
    assert.ok(ms < TIMEOUT_MS + SLACK_MS, `${path} took ${ms} ms`);
    return status;
  }

  for (const [way, status] of Object.entries(STATUS)) {
    const statuses = [status].flat();
    it(`gets ${statuses.join(' or ')} where the backend does this: ${way}`, async () => {
      const got = await statusOf(`/deny/${nameOf(way)}`);
      assert.ok(statuses.includes(got), `${got} instead of ${statuses.join(' or ')}`);
      assert.equal(await statusOf(`/allow/${nameOf(way)}`), 200);
    });
  }

  for (const way of Object.keys(NOWHERE)) {
    it(`gets 503 where there is ${way}`, async () => {
      assert.equal(await statusOf(`/deny/${nameOf(way)}`), 503);
      assert.equal(await statusOf(`/allow/${nameOf(way)}`), 200);
    });
  }

  it('does not disturb requests that ask nobody', async () => {
    const waiting = statusOf('/deny/hang');
    assert.equal(await statusOf('/other'), 200);
    assert.equal(await waiting, 504);
  });
});

// The ends of callouts on a real Envoy: a client that goes away while its check waits, and a backend that fails until
// it is left alone and then asked by one request only.

import assert from 'node:assert/strict';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import { sampleValue } from '../../tools/envoy/exposition.ts';
import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { assertAlive } from './support/alive.ts';
import { startBadGrpcServer, type BadGrpcServer } from './support/bad-grpc-server.ts';

/** More than a test takes. */
const TIMEOUT = '25s';
const WAIT_TIMEOUT_MS = 15_000;
const FAILURE_COUNT = 5;
const PARALLEL_COUNT = 8;
const ALLOWED = '{"result":true}';

/** A backend of OPA's API: resets, hangs until it is told the answer, or answers. */
class Backend {
  mode: 'reset' | 'hang' | 'answer' = 'answer';
  askedCount = 0;
  readonly #told: (() => void)[] = [];
  readonly #held: ServerResponse[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((incoming, outgoing) => {
      this.askedCount++;
      for (const tell of this.#told.splice(0)) tell();
      if (this.mode === 'reset') incoming.socket.resetAndDestroy();
      else if (this.mode === 'hang') this.#held.push(outgoing);
      else outgoing.end(ALLOWED);
    });
  }

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resolves when somebody asks. */
  nextQuestion(): Promise<void> {
    return new Promise((resolve) => this.#told.push(resolve));
  }

  /** Answers whoever waits. */
  release(): void {
    for (const outgoing of this.#held.splice(0)) outgoing.end(ALLOWED);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function documentOf(adapter: string, port: number): object {
  const connection = { address: `127.0.0.1:${port}`, timeout: TIMEOUT };
  const match = 'request.url_path == "/asks"';
  return {
    handlers: [{ name: 'backend', adapter, connection, params: { validDuration: '0s' } }],
    rules: [{ name: 'asks', match, actions: [{ handler: 'backend' }] }],
  };
}

/** A client that sends a request and hangs up once `isAsked`. */
async function hangUp(envoy: RunningEnvoy, isAsked: () => boolean): Promise<void> {
  const { hostname, port } = new URL(envoy.url);
  const socket = connect(Number(port), hostname, () => {
    socket.write('GET /asks HTTP/1.1\r\nhost: a\r\n\r\n');
  });
  socket.on('error', () => socket.destroy());
  await envoy.waitFor(isAsked, WAIT_TIMEOUT_MS);
  socket.destroy();
}

describe('a client that goes away while its check waits', () => {
  let envoy: RunningEnvoy | undefined;
  afterEach(async () => {
    await envoy?.stop();
  });

  /** The report of the stream has come: it is over for Envoy as well. */
  async function assertOver(running: RunningEnvoy): Promise<void> {
    const isOver = async (): Promise<boolean> => {
      const stats = await running.stats('^http\\.ingress\\.downstream_rq_active$');
      return stats['http.ingress.downstream_rq_active'] === 0;
    };
    await running.waitFor(isOver, WAIT_TIMEOUT_MS);
    assert.equal((await request(running.url, { path: '/other' })).status, 200);
    await assertAlive(running);
  }

  it('ends its call to a gRPC backend', async () => {
    const server: BadGrpcServer = await startBadGrpcServer('gRPC: hangs');
    try {
      envoy = await startEnvoy({ document: documentOf('extauthz', server.port) });
      await hangUp(envoy, () => server.counts.asked === 1);
      await envoy.waitFor(() => server.counts.cancelled === 1, WAIT_TIMEOUT_MS);
      await assertOver(envoy);
    } finally {
      await server.stop();
    }
  });

  it('is not missed when the answer of an HTTP backend comes', async () => {
    const backend = new Backend();
    backend.mode = 'hang';
    try {
      envoy = await startEnvoy({ document: documentOf('opa', await backend.start()) });
      await hangUp(envoy, () => backend.askedCount === 1);
      await assertOver(envoy);
      backend.release();
      backend.mode = 'answer';
      assert.equal((await request(envoy.url, { path: '/asks' })).status, 200);
      await assertAlive(envoy);
    } finally {
      backend.stop();
    }
  });
});

describe('a backend that failed five times in a row', () => {
  const backend = new Backend();
  let envoy: RunningEnvoy;
  before(async () => {
    envoy = await startEnvoy({ document: documentOf('opa', await backend.start()) });
  });
  after(async () => {
    await envoy.stop();
    backend.stop();
  });
  beforeEach(() => {
    backend.askedCount = 0;
  });

  const ask = async (): Promise<number> => (await request(envoy.url, { path: '/asks' })).status;
  const askAll = (count: number): Promise<number[]> =>
    Promise.all(Array.from({ length: count }, ask));

  /** Requests are denied at once until one is taken to ask; it still waits. */
  async function probing(): Promise<Promise<number>[]> {
    for (;;) {
      const isAsked = backend.nextQuestion();
      const sent = ask();
      const status = await Promise.race([sent, isAsked]);
      if (status === undefined) return [sent];
      assert.equal(status, 503);
    }
  }

  it('is left alone, then asked by one request while all others are denied, then by all', async () => {
    backend.mode = 'reset';
    for (let sent = 0; sent < FAILURE_COUNT; sent++) assert.equal(await ask(), 503);
    assert.equal(backend.askedCount, FAILURE_COUNT);
    backend.mode = 'hang';
    const [probe] = await probing();
    assert.deepEqual(new Set(await askAll(PARALLEL_COUNT)), new Set([503]));
    assert.equal(backend.askedCount, FAILURE_COUNT + 1, 'one request is the probe');
    backend.mode = 'answer';
    backend.release();
    assert.equal(await probe, 200);
    assert.deepEqual(new Set(await askAll(PARALLEL_COUNT)), new Set([200]));
    assert.equal(backend.askedCount, FAILURE_COUNT + 1 + PARALLEL_COUNT);
    await envoy.waitFor(async () => {
      const open = { handler: 'backend', result: 'circuit_open' };
      const page = await envoy.prometheus();
      return (sampleValue(page, 'mixer_callouts_total', open) ?? 0) >= PARALLEL_COUNT;
    });
    await assertAlive(envoy);
  });
});

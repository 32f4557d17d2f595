// A document that takes nearly as much memory as one may is exchanged while streams hold the older ones, and the filter
// stays in force. A VM that has no memory left would trap, and its worker serve without a filter.

import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { matchingPatterns } from '../config/generated.ts';
import { assertAlive } from './support/alive.ts';

/** About 160 MB: the bound is reached with some fifty more. */
const PATTERN_COUNT = 900;
const RELOAD_COUNT = 2;

/** A request whose body never ends; resolves once its headers have been sent. */
function hold({ url }: RunningEnvoy): Promise<Socket> {
  const { port, hostname } = new URL(url);
  return new Promise((done, failed) => {
    const socket = connect(Number(port), hostname);
    socket.on('error', failed);
    const head = 'POST /held HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\na';
    socket.write(head, () => done(socket));
  });
}

it('a document near the bound of memory is exchanged under live streams, and stays in force', async () => {
  const document = (revision: number): string => matchingPatterns(PATTERN_COUNT, String(revision));
  const envoy = await startEnvoy({ document: document(0), reloadable: true, concurrency: 1 });
  const held: Socket[] = [];
  try {
    for (let revision = 1; revision <= RELOAD_COUNT; revision++) {
      held.push(await hold(envoy));
      assert.equal((await request(envoy.url, { path: '/deny' })).status, 400);
      assert.equal(await envoy.updateDocument(document(revision)), 'applied');
      assert.equal((await request(envoy.url, { path: '/deny' })).status, 400);
    }
    await assertAlive(envoy);
  } finally {
    for (const socket of held) socket.destroy();
    await envoy.stop();
  }
});

// Rules that read what a backend said of the caller, on a real Envoy: matched once the answer is there.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { AnsweringServer } from './support/answering.ts';

const valueOf = (value: string): object => ({ template: 'listentry', params: { value } });

function document(identities: string, guard: string): object {
  return {
    handlers: [
      { name: 'ids', adapter: 'later', connection: { address: identities, timeout: '5s' } },
      { name: 'guard', adapter: 'later', connection: { address: guard, timeout: '5s' } },
    ],
    rules: [
      {
        name: 'id',
        actions: [
          { name: 'who', handler: 'ids', instances: [valueOf('request.headers["x-token"]')] },
        ],
        requestHeaderOperations: [{ name: 'x-user', values: ['who.output.user'] }],
      },
      {
        name: 'guests',
        match: '(who.output.user | "") == "guest"',
        actions: [{ handler: 'guard', instances: [valueOf('request.path')] }],
        response: { body: '${who.output.user} may not read ${request.path}' },
      },
    ],
  };
}

describe('a rule that reads what a backend gave, on Envoy', () => {
  const identities = new AnsweringServer((token) =>
    token === 'none'
      ? { status: 401 }
      : { status: 200, headers: token === '' ? {} : { 'x-user': token }, afterMs: 20 },
  );
  const guard = new AnsweringServer((path) => ({ status: path === '/open' ? 200 : 403 }));
  let envoy: RunningEnvoy;

  before(async () => {
    const given = document(await identities.start(), await guard.start());
    envoy = await startEnvoy({ document: given, wasm: 'dist/test/later.wasm' });
  });

  beforeEach(() => {
    guard.asked.length = 0;
  });

  after(async () => {
    await envoy.stop();
    await identities.stop();
    await guard.stop();
  });

  const ask = (path: string, token: string): ReturnType<typeof request> =>
    request(envoy.url, { path, headers: [['x-token', token]] });

  it('is asked behind it, and its denial names what was read', async () => {
    const { status, body } = await ask('/closed', 'guest');
    assert.deepEqual([status, body], [403, 'guest may not read /closed']);
    assert.deepEqual(guard.asked, ['/closed']);
  });

  it('lets pass what the second backend lets pass', async () => {
    assert.equal((await ask('/open', 'guest')).status, 200);
    assert.deepEqual(guard.asked, ['/open']);
  });

  it('does not apply to others, nor where nothing was given', async () => {
    assert.equal((await ask('/closed', 'ann')).status, 200);
    assert.equal((await ask('/closed', '')).status, 200);
    assert.deepEqual(guard.asked, []);
  });

  it('is not asked where the first backend denied', async () => {
    assert.equal((await ask('/open', 'none')).status, 403);
    assert.deepEqual(guard.asked, []);
  });

  it('keeps many requests apart', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) => ask('/closed', at % 2 === 0 ? 'guest' : `u${at}`)),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      answers.map((_, at) => (at % 2 === 0 ? 403 : 200)),
    );
  });
});

// SHADOW for a check that asks a backend, on a real Envoy: no request waits for it, and its verdicts are counted when
// they come, also when the client has its answer long since.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { poll } from '../support/poll.ts';
import { AnsweringServer } from './support/answering.ts';

const COUNT = 30;
/** Longer than a request without it takes by far, shorter than the time of its call. */
const SLOW_MS = 1_500;

function document(address: string): object {
  const instances = [{ template: 'listentry', params: { value: 'request.path' } }];
  return {
    handlers: [
      { name: 'trial', adapter: 'later', connection: { address, timeout: '10s' } },
      { name: 'here', adapter: 'later', connection: { address }, params: { local: true } },
    ],
    rules: [
      {
        name: 'closed',
        match: 'request.path == "/closed"',
        actions: [
          { handler: 'here', instances: [{ params: { value: '"no"' }, template: 'listentry' }] },
        ],
      },
      {
        name: 'half',
        match: 'request.path == "/half"',
        actions: [{ handler: 'trial', instances }],
        rollout: { percent: 50, by: 'request.headers["x-user"]' },
      },
      {
        name: 'trial',
        mode: 'SHADOW',
        match: 'request.path != "/half"',
        actions: [{ handler: 'trial', instances }],
      },
    ],
  };
}

describe('a backend in SHADOW mode, on Envoy', () => {
  const backend = new AnsweringServer((path) => ({
    status: path === '/good' ? 200 : 403,
    ...(path === '/slow' ? { afterMs: SLOW_MS } : {}),
  }));
  let envoy: RunningEnvoy;
  let seen = 0;

  before(async () => {
    const given = document(await backend.start());
    envoy = await startEnvoy({ document: given, wasm: 'dist/test/later.wasm' });
  });

  after(async () => {
    await envoy.stop();
    await backend.stop();
  });

  async function denied(): Promise<number> {
    const stats = await envoy.stats('mixer_rule_shadow_denied_total');
    return Object.values(stats).reduce<number>((sum, value) => sum + Number(value), 0);
  }

  async function deniedBecomes(count: number): Promise<void> {
    seen += count;
    await poll(`${seen} shadow denials`, 10_000, async () => (await denied()) === seen || null);
  }

  it('lets every request pass and counts those it would have denied', async () => {
    const paths = Array.from({ length: COUNT }, (_, at) => (at % 3 === 0 ? '/good' : '/bad'));
    const answers = await Promise.all(paths.map((path) => request(envoy.url, { path })));
    assert.ok(answers.every(({ status }) => status === 200));
    await deniedBecomes((COUNT / 3) * 2);
    assert.equal(backend.asked.length, COUNT);
    assert.match(envoy.log(), /rule trial: would have denied \(SHADOW\): PERMISSION_DENIED:trial/);
  });

  it('does not wait for an answer, and judges it after the stream', async () => {
    const started = performance.now();
    assert.equal((await request(envoy.url, { path: '/slow' })).status, 200);
    assert.ok(performance.now() - started < SLOW_MS);
    await deniedBecomes(1);
  });

  it('is enforced for its part of the callers, who stay on their side', async () => {
    const sideOf = (user: string): Promise<number> =>
      request(envoy.url, { path: '/half', headers: [['x-user', user]] }).then(
        ({ status }) => status,
      );
    const users = Array.from({ length: COUNT }, (_, at) => `user-${at}`);
    const first = await Promise.all(users.map(sideOf));
    const enforced = first.filter((status) => status === 403).length;
    assert.ok(enforced > 0 && enforced < COUNT);
    assert.deepEqual(await Promise.all(users.map(sideOf)), first);
    await deniedBecomes(2 * (COUNT - enforced));
    const samples = await envoy.prometheus();
    const sides = samples
      .filter(({ name }) => name === 'mixer_rollout_total')
      .map(({ labels, value }) => [labels['side'], labels['verdict'], value]);
    assert.deepEqual(sides.sort(), [
      ['enforced', 'deny', 2 * enforced],
      ['shadow', 'deny', 2 * (COUNT - enforced)],
    ]);
  });

  it('is asked after an enforced denial too', async () => {
    assert.equal((await request(envoy.url, { path: '/closed' })).status, 403);
    await deniedBecomes(1);
    assert.equal(backend.asked.at(-1), '/closed');
  });
});

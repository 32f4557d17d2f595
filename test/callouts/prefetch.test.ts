// Prefetch pools of redisquota as requests see them: decided at once, refilled in the background, bounded.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  QUOTA_PREFETCH_CALL_COUNT_MAX,
  QUOTA_PREFETCH_POOL_COUNT_MAX,
} from '../../assembly/shared/limits.ts';
import { Host } from '../../tools/host/host.ts';
import { begin, counter, logText } from './support.ts';

const OK = 1;
const OVER_LIMIT = 2;
const UNAVAILABLE = 14;

/** A RateLimitResponse: code, what is left, and one minute until the window ends. */
function answer(code: number, remaining: number): Uint8Array {
  const status = [0x08, code, 0x18, remaining, 0x22, 2, 0x08, 60];
  return Uint8Array.from([0x08, code, 0x12, status.length, ...status]);
}

async function serve(params: object = {}, maxAmount = 100): Promise<Host> {
  const quotas = [{ name: 'q', maxAmount, validDuration: '1m' }];
  const configuration = JSON.stringify({
    handlers: [
      {
        name: 'ahead',
        adapter: 'redisquota',
        connection: { cluster: 'ratelimit' },
        params: { prefetch: true, quotas, ...params },
      },
    ],
    instances: [{ name: 'q', template: 'quota', params: { dimensions: { who: 'request.path' } } }],
    rules: [{ name: 'r', actions: [{ handler: 'ahead', instances: ['q'] }] }],
  });
  const host = await Host.load({ wasm: 'dist/redisquota.wasm', configuration });
  assert.ok(host.start(), logText(host));
  return host;
}

function statusOf(host: Host, path = '/'): number {
  const stream = begin(host, { path });
  assert.equal(stream.paused, false);
  return stream.close().status;
}

function statuses(host: Host, count: number): number[] {
  return Array.from({ length: count }, () => statusOf(host));
}

/** The number behind `hits_addend`, the last field of a question. */
function asked(host: Host): number {
  return host.calls.at(-1)?.body.at(-1) ?? 0;
}

describe('prefetch of redisquota', () => {
  it('decides at once, and asks once for ten', async () => {
    const host = await serve();
    assert.deepEqual(statuses(host, 5), [200, 200, 200, 200, 200]);
    assert.equal(host.calls.length, 1);
    assert.equal(asked(host), 10);
  });

  it('asks for no more than the limit', async () => {
    const host = await serve({}, 4);
    assert.deepEqual(statuses(host, 1), [200]);
    assert.equal(asked(host), 4);
    host.answerGrpcCall(host.calls[0]!.token, answer(OK, 0));
    assert.deepEqual(statuses(host, 4), [200, 200, 200, 429]);
  });

  it('takes back what was not granted, and asks nobody while the window is known to be empty', async () => {
    const host = await serve();
    assert.deepEqual(statuses(host, 2), [200, 200]);
    host.answerGrpcCall(host.calls[0]!.token, answer(OVER_LIMIT, 0));
    assert.equal(statusOf(host), 429);
    host.advance(1_000);
    assert.equal(statusOf(host), 429);
    assert.equal(host.calls.length, 0);
    host.advance(60_000);
    assert.equal(statusOf(host), 429);
    assert.equal(host.calls.length, 1);
    host.answerGrpcCall(host.calls[0]!.token, answer(OK, 90));
    assert.equal(statusOf(host), 200);
  });

  it('asks for no more than the window has left', async () => {
    const host = await serve();
    statusOf(host);
    host.answerGrpcCall(host.calls[0]!.token, answer(OK, 3));
    statuses(host, 8);
    assert.equal(host.calls.length, 1);
    assert.equal(asked(host), 3);
  });

  it('counts within this Envoy while the service fails', async () => {
    const host = await serve({}, 12);
    assert.equal(statusOf(host), 200);
    host.closeGrpcCall(host.calls[0]!.token, UNAVAILABLE);
    assert.deepEqual(statuses(host, 8).filter((status) => status === 200).length, 8);
    const name = 'mixer_dropped_total.adapter=redisquota;reason=local_fallback;';
    assert.ok(counter(host, name) >= 1);
  });

  it('leaves requests to onError with fallback NONE while the service fails', async () => {
    const host = await serve({ fallback: 'NONE' });
    assert.equal(statusOf(host), 200);
    host.closeGrpcCall(host.calls[0]!.token, UNAVAILABLE);
    assert.equal(statusOf(host), 503);
  });

  it(`keeps ${QUOTA_PREFETCH_CALL_COUNT_MAX} questions under way, and counts here what would be one more`, async () => {
    const host = await serve();
    for (let index = 0; index < QUOTA_PREFETCH_CALL_COUNT_MAX; index++)
      assert.equal(statusOf(host, `/${index}`), 200);
    assert.equal(host.calls.length, QUOTA_PREFETCH_CALL_COUNT_MAX);
    assert.equal(counter(host, 'mixer_dropped_total.adapter=redisquota;reason=local_fallback;'), 0);
    assert.equal(statusOf(host, '/more'), 200);
    assert.equal(counter(host, 'mixer_dropped_total.adapter=redisquota;reason=local_fallback;'), 1);
  });

  it(`makes room for further values beyond ${QUOTA_PREFETCH_POOL_COUNT_MAX} pools`, async () => {
    const host = await serve();
    for (let index = 0; index < QUOTA_PREFETCH_POOL_COUNT_MAX * 2; index++) {
      assert.equal(statusOf(host, `/${index}`), 200);
      for (const { token } of [...host.calls]) host.answerGrpcCall(token, answer(OK, 90));
    }
  });
});

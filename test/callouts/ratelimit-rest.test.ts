// What redisquota says of the rest of a quota: `quota.remaining` and `quota.retry_after`, from the rate limit service's
// answer, from what a prefetch pool knows, and from its own windows.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Host } from '../../tools/host/host.ts';
import type { Outcome } from '../../tools/host/types.ts';
import { begin, callTo, logText } from './support.ts';

const OK = 1;
const OVER_LIMIT = 2;
const UNAVAILABLE = 14;
const LIMIT = 100;

/** A RateLimitResponse with one status: what is left, if anything, of the limit, and seconds until the window ends. */
function answer(code: number, remaining: number, resetSeconds: number): Uint8Array {
  const left = remaining === 0 ? [] : [0x18, remaining];
  const status = [0x08, code, 0x12, 4, 0x08, LIMIT, 0x10, 2, ...left, 0x22, 2, 0x08, resetSeconds];
  return Uint8Array.from([0x08, code, 0x12, status.length, ...status]);
}

interface Rest {
  readonly status: number;
  readonly left: string | undefined;
  readonly retry: string | undefined;
}

function restOf(host: Host, outcome: Outcome): Rest {
  const header = (name: string): string | undefined =>
    outcome.headers.find(([key]) => key === name)?.[1];
  const logged = host.logs.map(({ text }) => text).join('\n');
  const left = header('x-left') ?? logged.slice(logged.lastIndexOf('left ') + 5);
  return {
    status: outcome.status,
    left: left === '' ? undefined : left,
    retry: header('retry-after'),
  };
}

const passed = (left?: string): Rest => ({ status: 200, left, retry: undefined });
const refused = (left?: string, retry?: string): Rest => ({ status: 429, left, retry });

async function serve(params: object, quota: object = {}, handler: object = {}): Promise<Host> {
  const quotas = [{ name: 'q', maxAmount: LIMIT, validDuration: '1m', ...quota }];
  const limits = { name: 'limits', adapter: 'redisquota', params: { quotas, ...params } };
  const configuration = JSON.stringify({
    handlers: [{ ...limits, ...handler }],
    instances: [{ name: 'q', template: 'quota' }],
    rules: [
      {
        name: 'rate',
        actions: [{ handler: 'limits', instances: ['q'] }],
        response: {
          headers: { 'retry-after': '${quota.retry_after}', 'x-left': '${quota.remaining}' },
        },
        responseLog: { message: 'left ${quota.remaining}' },
      },
    ],
  });
  const host = await Host.load({ wasm: 'dist/redisquota.wasm', configuration });
  assert.ok(host.start(), logText(host));
  return host;
}

const remote = { connection: { cluster: 'ratelimit' } };
const get = (host: Host): Rest => restOf(host, begin(host).close());

function asked(host: Host, message: Uint8Array): Rest {
  const stream = begin(host);
  host.answerGrpcCall(callTo(host, 'ratelimit').token, message);
  return restOf(host, stream.close());
}

describe('the rest of a quota that the rate limit service counts', () => {
  it('is what the service says', async () => {
    const host = await serve({}, {}, remote);
    assert.deepEqual(asked(host, answer(OK, 7, 42)), passed('7'));
    assert.deepEqual(asked(host, answer(OK, 0, 41)), passed('0'));
  });

  it('comes back when the service says that the window ends', async () => {
    const host = await serve({}, {}, remote);
    assert.deepEqual(asked(host, answer(OVER_LIMIT, 0, 42)), refused('0', '42'));
    const whole = await serve({}, { maxAmount: 1 }, remote);
    assert.deepEqual(asked(whole, answer(OVER_LIMIT, 0, 42)), refused('0', '42'));
  });

  it('never comes back for a charge beyond the limit, whatever the service says of its window', async () => {
    const host = await serve({}, { maxAmount: 0 }, remote);
    assert.deepEqual(asked(host, answer(OVER_LIMIT, 0, 42)), refused('0', ''));
  });

  it('is not said where the service does not say it', async () => {
    const host = await serve({}, {}, remote);
    assert.deepEqual(asked(host, Uint8Array.from([0x08, OK])), passed());
    // Without a value the document's header is empty.
    assert.deepEqual(asked(host, Uint8Array.from([0x08, OVER_LIMIT])), refused(undefined, ''));
  });

  it('is that of the own windows while the service cannot count', async () => {
    const host = await serve({}, { maxAmount: 2 }, remote);
    for (const rest of [passed('1'), passed('0'), refused('0', '60')]) {
      const stream = begin(host);
      host.closeGrpcCall(callTo(host, 'ratelimit').token, UNAVAILABLE);
      assert.deepEqual(restOf(host, stream.close()), rest);
    }
  });
});

describe('the rest of a quota that is taken ahead', () => {
  const ahead = (params: object = {}): Promise<Host> =>
    serve({ prefetch: true, ...params }, {}, remote);

  it('is what the worker has and what the service said was left', async () => {
    const host = await ahead();
    assert.deepEqual(get(host), passed());
    host.answerGrpcCall(callTo(host, 'ratelimit').token, answer(OK, 90, 42));
    assert.deepEqual(get(host), passed('98'));
    assert.deepEqual(get(host), passed('97'));
  });

  it('counts nothing twice while a question is under way', async () => {
    const host = await ahead();
    get(host);
    host.answerGrpcCall(callTo(host, 'ratelimit').token, answer(OK, 90, 42));
    const seen = Array.from({ length: 12 }, () => Number(get(host).left));
    // One while there was something to use, one when all was used.
    assert.equal(host.calls.length, 2);
    assert.deepEqual(
      seen,
      seen.map((_, index) => 98 - index),
    );
  });

  it('comes back with the next window where nothing is left', async () => {
    const host = await ahead();
    get(host);
    host.answerGrpcCall(callTo(host, 'ratelimit').token, answer(OVER_LIMIT, 0, 42));
    assert.deepEqual(get(host), refused('0', '42'));
    host.advance(2_000);
    assert.deepEqual(get(host), refused('0', '40'));
  });

  it('may be there again with the next question where the window is not known', async () => {
    const host = await ahead();
    get(host);
    host.answerGrpcCall(callTo(host, 'ratelimit').token, answer(OVER_LIMIT, 0, 2));
    host.advance(2_100);
    assert.deepEqual(get(host), refused(undefined, '1'));
  });

  it('never comes back for a charge beyond the limit', async () => {
    const host = await serve({ prefetch: true }, { maxAmount: 0 }, remote);
    assert.equal(get(host).retry, '');
  });

  it('is not known while the service fails', async () => {
    const host = await ahead();
    get(host);
    host.closeGrpcCall(callTo(host, 'ratelimit').token, UNAVAILABLE);
    assert.deepEqual(get(host), passed());
  });
});

describe('the rest of a quota that this Envoy counts', () => {
  it('comes back when the window ends', async () => {
    const host = await serve({}, { maxAmount: 2, validDuration: '10s' });
    assert.deepEqual(get(host), passed('1'));
    host.advance(4_000);
    assert.deepEqual(get(host), passed('0'));
    assert.deepEqual(get(host), refused('0', '6'));
  });

  it('comes back part by part where the window rolls', async () => {
    const rolling = { bucketDuration: '1s', rateLimitAlgorithm: 'ROLLING_WINDOW' };
    const host = await serve({}, { maxAmount: 2, validDuration: '10s', ...rolling });
    assert.deepEqual(get(host), passed('1'));
    host.advance(4_000);
    assert.deepEqual(get(host), passed('0'));
    assert.deepEqual(get(host), refused('0', '6'));
    host.advance(6_100);
    assert.deepEqual(get(host), passed('0'));
    assert.deepEqual(get(host), refused('0', '4'));
  });

  it('never comes back for a charge beyond the limit', async () => {
    const host = await serve({}, { maxAmount: 0 });
    assert.deepEqual(get(host), refused('0', ''));
  });
});

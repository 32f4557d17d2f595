// Quotas that ask a backend: charged after all checks have passed, while the stream stays paused.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Host } from '../../tools/host/host.ts';
import { WAIT_COUNT_MAX } from '../../assembly/shared/limits.ts';
import { begin, callTo, calls, later, logText, rule, serveLater } from './support.ts';

type Document = Parameters<typeof serveLater>[0];

const INSTANCES = [
  { name: 'far', template: 'quota' },
  { name: 'farther', template: 'quota', params: { dimensions: { who: 'request.path' } } },
  { name: 'near', template: 'quota' },
];

function charge(handler: string, instance: string, more: object = {}): object {
  return { handler, instances: [instance], ...more };
}

function far(action: object = {}, connection: object = {}): Document {
  return {
    handlers: [later('one', connection)],
    instances: INSTANCES.slice(0, 1),
    rules: [rule('rate', [charge('one', 'far', action)])],
  };
}

function answer(host: Host, cluster: string, status: number, body = ''): void {
  host.answerHttpCall(callTo(host, cluster).token, { status, body });
}

describe('a quota that asks a backend', () => {
  it('pauses the request, and lets it go on when the answer grants', async () => {
    const host = await serveLater(far());
    const stream = begin(host);
    assert.equal(stream.paused, true);
    assert.equal(Object.fromEntries(callTo(host, 'one').headers)[':path'], '/quota');
    answer(host, 'one', 200);
    assert.equal(stream.paused, false);
    assert.equal(stream.close().status, 200);
    assert.equal(calls(host, 'one', 'answered'), 1);
  });

  it('denies with 429 when the answer grants nothing', async () => {
    const host = await serveLater(far());
    const stream = begin(host);
    answer(host, 'one', 429);
    const outcome = stream.close();
    assert.equal(outcome.status, 429);
    assert.equal(outcome.body, 'RESOURCE_EXHAUSTED:Quota is exhausted for: far');
    assert.equal(outcome.details, 'mixer_access_denied{rate}');
  });

  it('asks once all checks have passed, and not at all behind a denial', async () => {
    const check = { handler: 'check', instances: [{ template: 'checknothing' }] };
    const host = await serveLater({
      handlers: [later('check'), later('one')],
      instances: INSTANCES.slice(0, 1),
      rules: [rule('r', [check, charge('one', 'far')])],
    });
    const denied = begin(host);
    assert.equal(host.calls.length, 1);
    answer(host, 'check', 403);
    assert.equal(denied.close().status, 403);
    assert.equal(host.calls.length, 0);
    const passed = begin(host);
    answer(host, 'check', 200);
    assert.equal(passed.paused, true);
    answer(host, 'one', 200);
    assert.equal(passed.close().status, 200);
  });

  it('asks for all quotas together, and lists those that are exhausted as the document does', async () => {
    const host = await serveLater({
      handlers: [later('one'), later('two')],
      instances: INSTANCES,
      rules: [
        rule('first', [charge('one', 'far')]),
        rule('second', [charge('two', 'farther')]),
        rule('third', [charge('one', 'near')]),
      ],
    });
    const stream = begin(host, { path: '/who' });
    const [first, second, third] = host.calls;
    assert.equal(host.calls.length, 3);
    assert.equal(Object.fromEntries(second!.headers)['x-value'], '/who');
    host.answerHttpCall(third!.token, { status: 429 });
    host.answerHttpCall(second!.token, { status: 200 });
    assert.equal(stream.paused, true);
    host.answerHttpCall(first!.token, { status: 429 });
    const outcome = stream.close();
    assert.equal(outcome.body, 'RESOURCE_EXHAUSTED:Quota is exhausted for: far,near');
    assert.equal(outcome.details, 'mixer_access_denied{first}');
  });

  it('fails with 503 when nobody answers, or passes where `onError` says so', async () => {
    const denied = await serveLater(far());
    const stream = begin(denied);
    answer(denied, 'one', 503);
    const outcome = stream.close();
    assert.equal(outcome.status, 503);
    assert.equal(outcome.body, 'UNAVAILABLE:one:quota could not be charged');
    assert.match(logText(denied), /rule rate: handler failed: UNAVAILABLE:one/);
    const allowed = await serveLater(far({ onError: { quota: 'ALLOW' } }));
    const other = begin(allowed);
    answer(allowed, 'one', 503);
    assert.equal(other.close().status, 200);
  });

  it('fails with the code and the words of the adapter', async () => {
    const host = await serveLater(far());
    const stream = begin(host);
    answer(host, 'one', 500, 'broken');
    const outcome = stream.close();
    assert.equal(outcome.status, 500);
    assert.equal(outcome.body, 'INTERNAL:one:broken');
  });

  it('fails at once without a cluster', async () => {
    const host = await serveLater(far());
    host.clusters.unknown.add('one');
    const outcome = begin(host).close();
    assert.equal(outcome.status, 503);
  });

  it('repeats a charge that nobody answered as often as the connection allows', async () => {
    const host = await serveLater(far({}, { retry: { maxRetry: 1 } }));
    const stream = begin(host);
    host.failHttpCall(callTo(host, 'one').token, 'refused');
    assert.equal(stream.paused, true);
    host.advance(1100);
    answer(host, 'one', 200);
    assert.equal(stream.close().status, 200);
    assert.equal(calls(host, 'one', 'retried'), 1);
  });

  it('gives up when the time of the action is over', async () => {
    const host = await serveLater(far({ timeout: '200ms' }));
    const stream = begin(host);
    host.advance(300);
    const outcome = stream.close();
    assert.equal(outcome.status, 504);
  });

  it('forgets a stream that ends while it waits', async () => {
    const host = await serveLater(far());
    const stream = begin(host);
    const { token } = callTo(host, 'one');
    stream.close();
    const other = begin(host);
    host.answerHttpCall(token, { status: 429 });
    assert.equal(other.paused, true);
    answer(host, 'one', 200);
    assert.equal(other.close().status, 200);
  });

  it(`asks ${WAIT_COUNT_MAX} quotas of one request, and denies one with more`, async () => {
    const many = (count: number): Document => ({
      handlers: [later('one')],
      instances: INSTANCES.slice(0, 1),
      rules: Array.from({ length: count }, (_, index) => rule(`r${index}`, [charge('one', 'far')])),
    });
    const fits = await serveLater(many(WAIT_COUNT_MAX));
    const stream = begin(fits);
    assert.equal(fits.calls.length, WAIT_COUNT_MAX);
    for (const { token } of [...fits.calls]) fits.answerHttpCall(token, { status: 200 });
    assert.equal(stream.close().status, 200);
    const outcome = begin(await serveLater(many(WAIT_COUNT_MAX + 1))).close();
    assert.equal(outcome.body, 'RESOURCE_EXHAUSTED:one:too many quotas for one request');
  });
});

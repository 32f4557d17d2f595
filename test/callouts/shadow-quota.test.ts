// SHADOW for quotas that ask a backend: counters of their own, no stream waits, and what they would have denied is
// counted and logged when the answer comes.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SHADOW_CALL_COUNT_MAX } from '../../assembly/shared/limits.ts';
import type { Host } from '../../tools/host/host.ts';
import { begin, callTo, calls, counter, later, logText, rule, serveLater } from './support.ts';

const INSTANCES = [
  { name: 'far', template: 'quota' },
  { name: 'who', template: 'quota', params: { dimensions: { who: 'request.path' } } },
];
const HANDLERS = [later('one'), later('two'), later('here', {}, { local: true })];
const SHADOW = { mode: 'SHADOW' };
const NO = {
  handler: 'here',
  instances: [{ template: 'listentry', params: { value: '"no"' } }],
};

const charge = (handler: string, instance = 'far', more: object = {}): object => ({
  handler,
  instances: [instance],
  ...more,
});
const serve = (...rules: object[]): Promise<Host> =>
  serveLater({ handlers: HANDLERS, instances: INSTANCES, rules });
const answer = (host: Host, cluster: string, status: number, body = ''): void =>
  host.answerHttpCall(callTo(host, cluster).token, { status, body });
const denials = (host: Host, name = 'r'): number =>
  counter(host, `mixer_rule_shadow_denied_total.rule=${name};`);
const errors = (host: Host): number => counter(host, 'mixer_rule_errors_total.rule=r;');

describe('a quota in SHADOW mode that asks a backend', () => {
  it('is charged elsewhere while the request goes on', async () => {
    const host = await serve(rule('r', [charge('one')], SHADOW));
    const stream = begin(host);
    assert.equal(stream.paused, false);
    assert.equal(stream.close().status, 200);
    assert.equal(Object.fromEntries(callTo(host, 'one').headers)[':path'], '/shadow-quota');
  });

  it('counts and logs what it would have denied, also after the stream has gone', async () => {
    const host = await serve(rule('r', [charge('one')], SHADOW));
    begin(host).close();
    assert.equal(denials(host), 0);
    answer(host, 'one', 429);
    assert.equal(denials(host), 1);
    assert.match(
      logText(host),
      /rule r: would have denied \(SHADOW\): RESOURCE_EXHAUSTED:Quota is exhausted for: far/,
    );
    assert.equal(calls(host, 'one', 'answered'), 1);
    assert.equal(calls(host, 'one', 'abandoned'), 0);
  });

  it('counts nothing where the backend grants', async () => {
    const host = await serve(rule('r', [charge('one')], SHADOW));
    begin(host).close();
    answer(host, 'one', 200);
    assert.equal(denials(host), 0);
  });

  it('has its dimensions when the answer comes, whatever other requests had meanwhile', async () => {
    const host = await serve(rule('r', [charge('one', 'who')], SHADOW));
    begin(host, { path: '/first' }).close();
    const first = callTo(host, 'one').token;
    begin(host, { path: '/second' }).close();
    host.answerHttpCall(first, { status: 500 });
    assert.match(logText(host), /would have denied \(SHADOW\): INTERNAL:one:\/first/);
  });

  it('does as onError says where the backend fails', async () => {
    const denied = await serve(rule('r', [charge('one')], SHADOW));
    begin(denied).close();
    answer(denied, 'one', 503);
    assert.deepEqual([denials(denied), errors(denied)], [1, 1]);
    const allowed = await serve(rule('r', [charge('one')], { ...SHADOW, onError: 'ALLOW' }));
    begin(allowed).close();
    answer(allowed, 'one', 503);
    assert.deepEqual([denials(allowed), errors(allowed)], [0, 1]);
  });

  it('would have denied at once without a cluster', async () => {
    const host = await serve(rule('r', [charge('one')], SHADOW));
    host.clusters.unknown.add('one');
    assert.equal(begin(host).close().status, 200);
    assert.equal(denials(host), 1);
  });

  it('counts a request once, however many of its quotas are exhausted', async () => {
    const host = await serve(rule('r', [charge('one'), charge('two', 'who')], SHADOW));
    begin(host).close();
    answer(host, 'two', 429);
    answer(host, 'one', 429);
    assert.equal(denials(host), 1);
  });

  it('is charged beside an enforced one of the same rule, which alone holds the stream', async () => {
    const host = await serve(rule('r', [charge('one', 'far', SHADOW), charge('two')]));
    const stream = begin(host);
    assert.equal(stream.paused, true);
    answer(host, 'two', 200);
    assert.equal(stream.paused, false);
    assert.equal(stream.close().status, 200);
    answer(host, 'one', 429);
    assert.equal(denials(host), 1);
  });

  it('is charged after an enforced denial as well', async () => {
    const host = await serve(rule('closed', [NO]), rule('r', [charge('one')], SHADOW));
    assert.equal(begin(host).close().status, 403);
    answer(host, 'one', 429);
    assert.equal(denials(host), 1);
  });

  it('is one side of a rollout', async () => {
    const rollout = { percent: 0, by: 'request.path' };
    const host = await serve(rule('r', [charge('one')], { rollout }));
    begin(host).close();
    begin(host).close();
    const [first, second] = host.calls.map(({ token }) => token);
    host.answerHttpCall(first!, { status: 429 });
    host.answerHttpCall(second!, { status: 200 });
    const side = (verdict: string): number =>
      counter(host, `mixer_rollout_total.rule=r;side=shadow;verdict=${verdict};`);
    assert.deepEqual([side('deny'), side('allow')], [1, 1]);
  });

  it(`is asked at most ${SHADOW_CALL_COUNT_MAX} times at once, and what was not is counted`, async () => {
    const host = await serve(rule('r', [charge('one')], SHADOW));
    const dropped = 'mixer_dropped_total.adapter=mixer;reason=shadow_not_asked;';
    for (let at = 0; at < SHADOW_CALL_COUNT_MAX; at++) begin(host).close();
    assert.equal(counter(host, dropped), 0);
    begin(host).close();
    assert.equal(host.calls.length, SHADOW_CALL_COUNT_MAX);
    assert.equal(counter(host, dropped), 1);
  });

  it('is forgotten with its document', async () => {
    const host = await serve(rule('r', [charge('one', 'who')], SHADOW));
    const stream = begin(host);
    const { token } = callTo(host, 'one');
    const rules = [rule('s', [charge('two')], SHADOW)];
    const next = { handlers: HANDLERS, instances: INSTANCES, rules };
    assert.equal(host.reconfigure(JSON.stringify(next)), true);
    assert.equal(stream.close().status, 200);
    if (host.calls.some((call) => call.token === token))
      host.answerHttpCall(token, { status: 429 });
    assert.equal(begin(host).close().status, 200);
    answer(host, 'two', 429);
    assert.equal(denials(host, 's'), 1);
  });
});

// `rollout` of a single action: it is enforced for a part of the traffic, the rest of its rule for all of it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ACTION_ROLLOUT_COUNT_MAX, WAIT_COUNT_MAX } from '../../assembly/shared/limits.ts';
import { Host } from '../../tools/host/host.ts';
import { begin, callTo, counter, later, logText, rule, serveLater } from './support.ts';

const BY = 'request.headers["x-user"]';
const HANDLERS = [later('gate'), later('ids'), later('here', {}, { local: true })];
const COUNT = 200;
const users = Array.from({ length: COUNT }, (_, at) => `user-${at}`);

/** A local check that denies where `header` says `no`. */
function says(header: string, more: object = {}): object {
  const value = `request.headers["${header}"] | "yes"`;
  return { handler: 'here', instances: [{ template: 'listentry', params: { value } }], ...more };
}

const part = (percent: number, by = BY): object => ({ rollout: { percent, by } });
const serve = (...rules: object[]): Promise<Host> => serveLater({ handlers: HANDLERS, rules });
const userHeaders = (user: string, ...no: string[]): [string, string][] => [
  ['x-user', user],
  ...no.map((name): [string, string] => [name, 'no']),
];
const statusFor = (host: Host, user: string, ...no: string[]): number =>
  begin(host, { headers: userHeaders(user, ...no) }).close().status;
const enforcedFor = (host: Host, header: string): string[] =>
  users.filter((user) => statusFor(host, user, header) === 403);
const counted = (host: Host, action: string, side: string, verdict: string): number =>
  counter(host, `mixer_rollout_total.rule=r;action=${action};side=${side};verdict=${verdict};`);
const shadowDenied = (host: Host): number =>
  counter(host, 'mixer_rule_shadow_denied_total.rule=r;');

async function refusal(...rules: object[]): Promise<string> {
  const configuration = JSON.stringify({ handlers: HANDLERS, rules });
  const host = await Host.load({ wasm: 'dist/test/later.wasm', configuration });
  assert.equal(host.start(), false);
  return logText(host);
}

describe('an action with a rollout', () => {
  it('denies a part of the callers, always the same, and its rule denies all others besides', async () => {
    const host = await serve(rule('r', [says('x-a', part(30)), says('x-b')]));
    const enforced = enforcedFor(host, 'x-a');
    assert.ok(enforced.length > COUNT * 0.18 && enforced.length < COUNT * 0.42);
    assert.deepEqual(enforcedFor(host, 'x-a'), enforced);
    assert.equal(enforcedFor(host, 'x-b').length, COUNT);
  });

  it('counts the verdicts of both sides under its name or its position', async () => {
    const host = await serve(rule('r', [says('x-a', { name: 'trial', ...part(50) })]));
    const enforced = enforcedFor(host, 'x-a').length;
    for (const user of users) assert.equal(statusFor(host, user), 200);
    assert.equal(counted(host, 'trial', 'enforced', 'deny'), enforced);
    assert.equal(counted(host, 'trial', 'enforced', 'allow'), enforced);
    assert.equal(counted(host, 'trial', 'shadow', 'deny'), COUNT - enforced);
    assert.equal(counted(host, 'trial', 'shadow', 'allow'), COUNT - enforced);
    assert.equal(shadowDenied(host), COUNT - enforced);
    const unnamed = await serve(rule('r', [says('x-b'), says('x-a', part(0))]));
    statusFor(unnamed, 'ann', 'x-a');
    assert.equal(counted(unnamed, '1', 'shadow', 'deny'), 1);
  });

  it('chooses by itself: two actions of a rule have different parts, each with its verdict', async () => {
    const host = await serve(rule('r', [says('x-a', part(50)), says('x-b', part(50))]));
    const first = enforcedFor(host, 'x-a');
    const second = enforcedFor(host, 'x-b');
    const both = first.filter((user) => second.includes(user)).length;
    assert.ok(both > COUNT * 0.12 && both < COUNT * 0.38, `${both} of ${COUNT}`);
    const neither = users.find((user) => !first.includes(user) && !second.includes(user))!;
    const before = ['0', '1'].map((action) => counted(host, action, 'shadow', 'deny'));
    const denials = shadowDenied(host);
    assert.equal(statusFor(host, neither, 'x-a', 'x-b'), 200);
    const after = ['0', '1'].map((action) => counted(host, action, 'shadow', 'deny'));
    assert.deepEqual(
      after,
      before.map((count) => count + 1),
    );
    assert.equal(shadowDenied(host), denials + 1);
  });

  it('waits for its backend on the enforced side only, and counts a late verdict', async () => {
    const ask = (percent: number): Promise<Host> =>
      serve(rule('r', [{ handler: 'gate', ...part(percent) }]));
    const enforced = await ask(100);
    const waiting = begin(enforced, { headers: userHeaders('ann') });
    assert.equal(waiting.paused, true);
    enforced.answerHttpCall(callTo(enforced, 'gate').token, { status: 403 });
    assert.equal(waiting.close().status, 403);
    assert.equal(counted(enforced, '0', 'enforced', 'deny'), 1);
    const shadow = await ask(0);
    assert.equal(begin(shadow, { headers: userHeaders('ann') }).close().status, 200);
    shadow.answerHttpCall(callTo(shadow, 'gate').token, { status: 403 });
    assert.equal(counted(shadow, '0', 'shadow', 'deny'), 1);
  });

  it('is counted as skipped where not all of it could be asked', async () => {
    const instances = Array.from({ length: WAIT_COUNT_MAX + 1 }, () => ({
      template: 'checknothing',
    }));
    const host = await serve(rule('r', [{ handler: 'gate', instances, ...part(0) }]));
    assert.equal(begin(host, { headers: userHeaders('ann') }).close().status, 200);
    for (const { token } of [...host.calls]) host.answerHttpCall(token, { status: 200 });
    const verdicts = ['allow', 'deny', 'skipped'];
    assert.deepEqual(
      verdicts.map((verdict) => counted(host, '0', 'shadow', verdict)),
      [0, 0, 1],
    );
  });

  it('is a quota as well, charged to counters of its own for the rest', async () => {
    const charge = { handler: 'gate', instances: [{ template: 'quota' }], ...part(0) };
    const host = await serve(rule('r', [charge]));
    assert.equal(begin(host, { headers: userHeaders('ann') }).close().status, 200);
    const call = callTo(host, 'gate');
    assert.equal(Object.fromEntries(call.headers)[':path'], '/shadow-quota');
    host.answerHttpCall(call.token, { status: 429 });
    assert.equal(counted(host, '0', 'shadow', 'deny'), 1);
  });

  it('is chosen by outputs of earlier rules', async () => {
    const who = { name: 'who', handler: 'ids' };
    const host = await serve(
      rule('id', [who]),
      rule('r', [says('x-a', part(100, 'who.output.user'))]),
    );
    const statusOf = (user?: string): number => {
      const stream = begin(host, { headers: [['x-a', 'no']] });
      const headers: [string, string][] = user === undefined ? [] : [['x-user', user]];
      host.answerHttpCall(callTo(host, 'ids').token, { headers });
      return stream.close().status;
    };
    assert.equal(statusOf('ann'), 403);
    assert.equal(statusOf(), 200);
    const inside = rule('r', [who, says('x-a', part(1, 'who.output.user'))]);
    assert.match(await refusal(inside), /E0323 .*who\.output\.user/);
  });

  it('leaves a match that fails to what is enforced', async () => {
    const match = 'request.auth.principal == "ann"';
    for (const [percent, status] of [
      [0, 200],
      [100, 500],
    ] as const) {
      const host = await serve(rule('r', [says('x-a', part(percent))], { match }));
      assert.equal(statusFor(host, 'ann'), status);
    }
    const shadow = await serve(rule('r', [says('x-a', { mode: 'SHADOW' })], { match }));
    assert.equal(statusFor(shadow, 'ann'), 200);
  });

  it('is refused in SHADOW mode, beside a rollout of its rule, and where nothing could deny', async () => {
    const both = { mode: 'SHADOW', ...part(1) };
    assert.match(await refusal(rule('r', [says('x-a', both)])), /E0211 .*SHADOW/);
    assert.match(await refusal(rule('r', [says('x-a', part(1))], part(1))), /E0211 .*rollout/);
    assert.match(await refusal(rule('r', [says('x-a', part(101))])), /E0204 /);
    const enforced = says('x-a', { mode: 'ENFORCE', ...part(100) });
    const host = await serve(rule('r', [enforced], { mode: 'SHADOW' }));
    assert.equal(statusFor(host, 'ann', 'x-a'), 403);
  });

  it(`stands at ${ACTION_ROLLOUT_COUNT_MAX} actions of a rule, and at no more`, async () => {
    const many = (count: number): object =>
      rule(
        'r',
        Array.from({ length: count }, () => says('x-a', part(0))),
      );
    const host = await serve(many(ACTION_ROLLOUT_COUNT_MAX));
    assert.equal(statusFor(host, 'ann', 'x-a'), 200);
    assert.equal(counted(host, `${ACTION_ROLLOUT_COUNT_MAX - 1}`, 'shadow', 'deny'), 1);
    const text = await refusal(many(ACTION_ROLLOUT_COUNT_MAX + 1));
    assert.match(text, new RegExp(`rollout[^]*at most ${ACTION_ROLLOUT_COUNT_MAX} actions`));
  });
});

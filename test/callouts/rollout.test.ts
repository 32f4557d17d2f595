// `rollout`: a rule is enforced for a part of the traffic, the rest is in SHADOW mode; both sides are counted.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WAIT_COUNT_MAX } from '../../assembly/shared/limits.ts';
import { Host } from '../../tools/host/host.ts';
import { begin, callTo, counter, later, logText, rule, serveLater } from './support.ts';

const BY = 'request.headers["x-user"]';
const HANDLERS = [later('gate'), later('here', {}, { local: true })];
const COUNT = 400;

const NO = {
  handler: 'here',
  instances: [{ template: 'listentry', params: { value: 'request.headers["x-say"] | "no"' } }],
};

type Percent = number | string;

function partly(percent: Percent, by = BY, name = 'r'): object {
  return rule(name, [NO], { rollout: { percent, by } });
}

const serve = (...rules: object[]): Promise<Host> => serveLater({ handlers: HANDLERS, rules });

function statusFor(host: Host, user: string | null, say = 'no', worker = 0): number {
  const headers: [string, string][] = [['x-say', say]];
  if (user !== null) headers.push(['x-user', user]);
  return begin(host, { headers }, worker).close().status;
}

const users = Array.from({ length: COUNT }, (_, at) => `user-${at}`);
const enforcedFor = (host: Host, worker = 0): string[] =>
  users.filter((user) => statusFor(host, user, 'no', worker) === 403);

function counted(host: Host, side: string, verdict: string, name = 'r'): number {
  return counter(host, `mixer_rollout_total.rule=${name};side=${side};verdict=${verdict};`);
}

async function refusal(rules: object[]): Promise<string> {
  const configuration = JSON.stringify({ handlers: HANDLERS, rules });
  const host = await Host.load({ wasm: 'dist/test/later.wasm', configuration });
  assert.equal(host.start(), false);
  return logText(host);
}

describe('the part for which a rule is enforced', () => {
  it('is about as large as the percentage says', async () => {
    const enforced = enforcedFor(await serve(partly(25))).length;
    assert.ok(enforced > COUNT * 0.17 && enforced < COUNT * 0.33, `${enforced} of ${COUNT}`);
  });

  it('is nobody at 0 and everybody at 100', async () => {
    assert.equal(enforcedFor(await serve(partly(0))).length, 0);
    assert.equal(enforcedFor(await serve(partly(100))).length, COUNT);
  });

  it('is the same again, on another worker and in another process', async () => {
    const host = await serveLater({ handlers: HANDLERS, rules: [partly(30)] }, { workers: 2 });
    const first = enforcedFor(host);
    assert.deepEqual(enforcedFor(host), first);
    assert.deepEqual(enforcedFor(host, 1), first);
    assert.deepEqual(enforcedFor(await serve(partly(30))), first);
  });

  it('keeps those it has while the percentage grows', async () => {
    const few = enforcedFor(await serve(partly('12.34')));
    const more = new Set(enforcedFor(await serve(partly(50))));
    assert.ok(few.length > 0);
    assert.ok(few.every((user) => more.has(user)));
  });

  it('is another one for a rule of another name', async () => {
    const one = enforcedFor(await serve(partly(50)));
    const other = enforcedFor(await serve(partly(50, BY, 'other')));
    const both = one.filter((user) => other.includes(user)).length;
    assert.ok(both > COUNT * 0.15 && both < COUNT * 0.35, `${both} of ${COUNT}`);
  });

  it('is chosen by values of any type', async () => {
    const host = await serve(partly(100, 'source.ip'), partly(100, 'source.port', 'port'));
    assert.equal(statusFor(host, null), 403);
    const half = await serve(partly(50, 'source.port'));
    const ports = Array.from({ length: 60 }, (_, at) => BigInt(40_000 + at));
    const enforced = ports.filter(
      (port) => begin(half, { properties: { 'source.port': port } }).close().status === 403,
    ).length;
    assert.ok(enforced > 15 && enforced < 45, `${enforced} of ${ports.length}`);
  });

  it('has nobody without a value, not even at 100', async () => {
    const host = await serve(partly(100, 'request.auth.principal'));
    assert.equal(statusFor(host, 'ann'), 200);
    assert.equal(counted(host, 'shadow', 'deny'), 1);
  });
});

describe('both sides of a rollout', () => {
  it('are counted with their verdicts', async () => {
    const host = await serve(partly(50));
    const enforced = enforcedFor(host).length;
    for (const user of users) assert.equal(statusFor(host, user, 'yes'), 200);
    assert.equal(counted(host, 'enforced', 'deny'), enforced);
    assert.equal(counted(host, 'enforced', 'allow'), enforced);
    assert.equal(counted(host, 'shadow', 'deny'), COUNT - enforced);
    assert.equal(counted(host, 'shadow', 'allow'), COUNT - enforced);
    assert.equal(counter(host, 'mixer_rule_denied_total.rule=r;'), enforced);
    assert.equal(counter(host, 'mixer_rule_shadow_denied_total.rule=r;'), COUNT - enforced);
  });

  it('ask a backend: one waits for it, the other does not', async () => {
    const ask = (percent: number): Promise<Host> =>
      serve(rule('r', ['gate'], { rollout: { percent, by: BY } }));
    const headers: [string, string][] = [['x-user', 'ann']];
    const enforced = await ask(100);
    const waiting = begin(enforced, { headers });
    enforced.answerHttpCall(callTo(enforced, 'gate').token, { status: 403 });
    assert.equal(waiting.close().status, 403);
    assert.equal(counted(enforced, 'enforced', 'deny'), 1);
    const shadow = await ask(0);
    assert.equal(begin(shadow, { headers }).close().status, 200);
    assert.equal(counted(shadow, 'shadow', 'deny'), 0);
    shadow.answerHttpCall(callTo(shadow, 'gate').token, { status: 403 });
    assert.equal(counted(shadow, 'shadow', 'deny'), 1);
    assert.equal(counted(shadow, 'shadow', 'allow'), 0);
  });

  it('change headers only where the rule is enforced', async () => {
    const more = {
      requestHeaderOperations: [{ name: 'x-new', values: ['"yes"'] }],
      responseHeaderOperations: [{ name: 'x-new', values: ['"yes"'] }],
    };
    for (const percent of [0, 100]) {
      const host = await serve(rule('r', [], { ...more, rollout: { percent, by: BY } }));
      const { upstreamHeaders, headers } = begin(host, { headers: [['x-user', 'ann']] }).close();
      const isNew = ([name]: [string, string]): boolean => name === 'x-new';
      assert.equal(upstreamHeaders?.some(isNew), percent === 100);
      assert.equal(headers.some(isNew), percent === 100);
      assert.equal(counted(host, percent === 100 ? 'enforced' : 'shadow', 'allow'), 1);
    }
  });

  it('change the response alone where the rule is enforced', async () => {
    const more = { responseHeaderOperations: [{ name: 'x-new', values: ['"yes"'] }] };
    for (const percent of [0, 100]) {
      const host = await serve(rule('r', [], { ...more, rollout: { percent, by: BY } }));
      const { headers } = begin(host, { headers: [['x-user', 'ann']] }).close();
      assert.equal(
        headers.some(([name]) => name === 'x-new'),
        percent === 100,
      );
    }
  });

  it('fail as they are: a match that fails denies the enforced side only', async () => {
    const match = 'request.auth.principal == "ann"';
    for (const percent of [0, 100]) {
      const host = await serve(rule('r', [NO], { match, rollout: { percent, by: BY } }));
      assert.equal(statusFor(host, 'ann'), percent === 100 ? 500 : 200);
    }
  });

  it('are chosen behind what `by` reads', async () => {
    const who = { name: 'who', handler: 'gate' };
    const host = await serve(rule('id', [who]), partly(100, 'who.output.user'));
    const known = begin(host);
    host.answerHttpCall(callTo(host, 'gate').token, { headers: [['x-user', 'ann']] });
    assert.equal(known.close().status, 403);
    const unknown = begin(host);
    host.answerHttpCall(callTo(host, 'gate').token, {});
    assert.equal(unknown.close().status, 200);
  });
});

describe('the shadow side, where not all was asked', () => {
  const LOCAL = {
    handler: 'here',
    instances: [{ template: 'listentry', params: { value: 'request.headers["x-say"] | "yes"' } }],
  };
  const many = (count: number): object[] =>
    Array.from({ length: count }, () => ({ handler: 'gate' }));
  const aside = { rollout: { percent: 0, by: BY } };
  const answerAll = (host: Host, status = 200): void =>
    [...host.calls].forEach(({ token }) => host.answerHttpCall(token, { status }));
  const verdicts = (host: Host): number[] =>
    ['allow', 'deny', 'skipped'].map((verdict) => counted(host, 'shadow', verdict));

  it('is no allowance: it is counted apart, from one question too many on', async () => {
    for (const [count, expected] of [
      [WAIT_COUNT_MAX, [1, 0, 0]],
      [WAIT_COUNT_MAX + 1, [0, 0, 1]],
    ] as const) {
      const host = await serve(rule('r', many(count), aside));
      assert.equal(begin(host).close().status, 200);
      answerAll(host);
      assert.deepEqual(verdicts(host), expected);
    }
  });

  it('is a denial where one is known all the same', async () => {
    const host = await serve(rule('r', many(WAIT_COUNT_MAX + 1), aside));
    begin(host).close();
    answerAll(host, 403);
    assert.deepEqual(verdicts(host), [0, 1, 0]);
  });

  it('is skipped where a denial spared what it reads', async () => {
    const value = 'conditional((tier.output.user | "") == "", "yes", "no")';
    const behind = { handler: 'here', instances: [{ template: 'listentry', params: { value } }] };
    const host = await serve(
      rule('closed', [LOCAL]),
      rule('far', [{ name: 'tier', handler: 'gate' }]),
      rule('r', [LOCAL, behind], { match: 'request.path != "/other"', ...aside }),
    );
    assert.equal(statusFor(host, 'ann', 'no'), 403);
    assert.deepEqual(verdicts(host), [0, 1, 0]);
    const spared = await serve(
      rule('closed', [LOCAL]),
      rule('far', [{ name: 'tier', handler: 'gate' }]),
      rule('r', [behind], aside),
    );
    assert.equal(statusFor(spared, 'ann', 'no'), 403);
    assert.deepEqual(verdicts(spared), [0, 0, 1]);
  });

  it('is skipped where the client went away before it could be asked', async () => {
    const behind = {
      handler: 'here',
      instances: [{ template: 'listentry', params: { value: 'who.output.user' } }],
    };
    const host = await serve(
      rule('id', [{ name: 'who', handler: 'gate' }]),
      rule('r', [LOCAL, behind], aside),
    );
    begin(host).abort();
    assert.deepEqual(verdicts(host), [0, 0, 1]);
  });
});

describe('a rollout', () => {
  it('has a percentage from 0 to 100 with two decimals, and a value', async () => {
    await serve(partly('99.99'));
    assert.match(await refusal([partly(100.01)]), /E0204 /);
    assert.match(await refusal([partly(-1)]), /E0204 /);
    assert.match(await refusal([partly(1.005)]), /E0204 .*two decimals/s);
    assert.match(await refusal([rule('r', [NO], { rollout: { percent: 1 } })]), /E0202 .*by/);
    assert.match(await refusal([rule('r', [NO], { rollout: { by: BY } })]), /E0202 .*percent/);
    assert.match(await refusal([partly(1, 'request.headers')]), /E0303 /);
  });

  it('is not for a rule in SHADOW mode', async () => {
    const more = { mode: 'SHADOW', rollout: { percent: 1, by: BY } };
    assert.match(await refusal([rule('r', [NO], more)]), /E0211 /);
  });

  it('is not for a rule with nothing to enforce', async () => {
    assert.match(await refusal([rule('r', [], { rollout: { percent: 1, by: BY } })]), /E0418 /);
  });
});

// SHADOW behind an enforced denial: rules of later stages run where all that they read is known by then.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Host } from '../../tools/host/host.ts';
import { begin, callTo, counter, later, rule, serveLater } from './support.ts';

const WHO = { name: 'who', handler: 'ids' };
const SHADOW = { mode: 'SHADOW' };
const IS_ANN = '(who.output.user | "") == "ann"';

function here(value: string, more: object = {}): object {
  return { handler: 'here', instances: [{ template: 'listentry', params: { value } }], ...more };
}

const NO = here('"no"');

const serve = (...rules: object[]): Promise<Host> =>
  serveLater({
    handlers: [
      ...['ids', 'gate', 'trial', 'tiers'].map((name) => later(name)),
      later('here', {}, { local: true }),
    ],
    rules,
  });
const denials = (host: Host, name = 'r'): number =>
  counter(host, `mixer_rule_shadow_denied_total.rule=${name};`);
const errors = (host: Host): number => counter(host, 'mixer_rule_errors_total.rule=r;');
const identify = (host: Host, user: string): void =>
  host.answerHttpCall(callTo(host, 'ids').token, { headers: [['x-user', user]] });
const asked = (host: Host): string[] => host.calls.map(({ cluster }) => cluster);

describe('a rule in SHADOW mode that reads an output, behind an enforced denial', () => {
  it('runs where the output was known when a local check denied', async () => {
    const known = here('request.headers["x-user"] | "-"', { name: 'who' });
    const host = await serve(
      rule('id', [known]),
      rule('closed', [NO]),
      rule('r', [NO], { ...SHADOW, match: IS_ANN }),
    );
    assert.equal(begin(host, { headers: [['x-user', 'ann']] }).close().status, 403);
    assert.equal(denials(host), 1);
    assert.equal(begin(host, { headers: [['x-user', 'bob']] }).close().status, 403);
    assert.equal(denials(host), 1);
  });

  it('does not run where the denial came before the action that would have given it', async () => {
    const known = here('request.headers["x-user"] | "-"', { name: 'who' });
    const host = await serve(
      rule('closed', [NO]),
      rule('id', [known]),
      rule('r', [NO], { ...SHADOW, match: '(who.output.user | "none") == "none"' }),
      rule('s', [here('who.output.user')], SHADOW),
    );
    assert.equal(begin(host, { headers: [['x-user', 'ann']] }).close().status, 403);
    assert.deepEqual([denials(host), denials(host, 's'), errors(host)], [0, 0, 0]);
  });

  it('does not run where a backend would have been asked, and nothing is asked for it', async () => {
    const match = '(who.output.user | "none") == "none"';
    const host = await serve(
      rule('id', [WHO]),
      rule('closed', [NO]),
      rule('r', ['trial'], { ...SHADOW, match }),
    );
    assert.equal(begin(host).close().status, 403);
    assert.deepEqual(asked(host), []);
  });

  it('runs where the backend had said who it is, and another one denies in the same round', async () => {
    const host = await serve(
      rule('id', [WHO]),
      rule('gate', ['gate']),
      rule('r', [NO], { ...SHADOW, match: IS_ANN }),
    );
    const stream = begin(host);
    identify(host, 'ann');
    host.answerHttpCall(callTo(host, 'gate').token, { status: 403 });
    assert.equal(stream.close().status, 403);
    assert.equal(denials(host), 1);
  });

  it('does not run where the backend has not answered yet', async () => {
    const match = '(who.output.user | "none") == "none"';
    const host = await serve(
      rule('gate', ['gate']),
      rule('id', [WHO]),
      rule('r', [NO], { ...SHADOW, match }),
    );
    const stream = begin(host);
    host.answerHttpCall(callTo(host, 'gate').token, { status: 403 });
    assert.equal(stream.close().status, 403);
    assert.equal(denials(host), 0);
  });

  it('runs in a stage far behind, after a denial in one between', async () => {
    const host = await serve(
      rule('id', [WHO]),
      rule('closed', [NO], { match: IS_ANN }),
      rule('tier', [{ name: 'tier', handler: 'tiers' }], { match: IS_ANN }),
      rule('s', [NO], { ...SHADOW, match: '(tier.output.user | "none") == "none"' }),
      rule('r', ['trial'], { ...SHADOW, match: IS_ANN }),
    );
    const stream = begin(host);
    identify(host, 'ann');
    assert.deepEqual(asked(host), ['trial']);
    assert.equal(stream.close().status, 403);
    host.answerHttpCall(callTo(host, 'trial').token, { status: 403 });
    assert.deepEqual([denials(host), denials(host, 's')], [1, 0]);
  });

  it('runs its later actions too, each where what it reads is known', async () => {
    const local = here('request.headers["x-user"] | "-"', { name: 'who' });
    const host = await serve(
      rule('id', [local]),
      rule('closed', [NO]),
      rule('far', [{ name: 'tier', handler: 'tiers' }]),
      rule('r', [
        here('conditional(who.output.user == "ann", "no", "yes")', SHADOW),
        here('conditional((tier.output.user | "") == "", "no", "yes")', SHADOW),
      ]),
    );
    assert.equal(begin(host, { headers: [['x-user', 'bob']] }).close().status, 403);
    assert.deepEqual([denials(host), errors(host)], [0, 0]);
    assert.equal(begin(host, { headers: [['x-user', 'ann']] }).close().status, 403);
    assert.deepEqual([denials(host), errors(host)], [1, 0]);
  });

  it('is the shadow side of a rollout as well', async () => {
    const known = here('request.headers["x-user"] | "-"', { name: 'who' });
    const host = await serve(
      rule('id', [known]),
      rule('closed', [NO]),
      rule('r', [NO], { rollout: { percent: 0, by: 'who.output.user' } }),
    );
    assert.equal(begin(host, { headers: [['x-user', 'ann']] }).close().status, 403);
    assert.equal(counter(host, 'mixer_rollout_total.rule=r;side=shadow;verdict=deny;'), 1);
  });

  it('leaves no report of a rule that the request never reached', async () => {
    const known = here('request.headers["x-user"] | "-"', { name: 'who' });
    const responseHeaderOperations = [{ name: 'x-seen', values: ['"yes"'] }];
    const host = await serve(
      rule('id', [known]),
      rule('closed', [NO]),
      rule('r', [NO], { ...SHADOW, match: IS_ANN, responseHeaderOperations }),
    );
    const { status, headers } = begin(host, { headers: [['x-user', 'ann']] }).close();
    assert.equal(status, 403);
    assert.equal(
      headers.some(([name]) => name === 'x-seen'),
      false,
    );
  });
});

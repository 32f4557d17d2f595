// SHADOW for checks that ask a backend: the stream never waits, and what they would have denied is counted and logged
// when the answer comes.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Host } from '../../tools/host/host.ts';
import { begin, callTo, calls, counter, later, logText, rule, serveLater } from './support.ts';

const SHADOW = { mode: 'SHADOW' };
const HANDLERS = [
  ...['trial', 'gate', 'ids'].map((name) => later(name)),
  later('kept', {}, { validDuration: '60s', validUseCount: 100 }),
  later('here', {}, { local: true }),
];

const serve = (...rules: object[]): Promise<Host> => serveLater({ handlers: HANDLERS, rules });
const denials = (host: Host, name = 'r'): number =>
  counter(host, `mixer_rule_shadow_denied_total.rule=${name};`);
const errors = (host: Host): number => counter(host, 'mixer_rule_errors_total.rule=r;');
const pending = (host: Host): string[] => host.calls.map(({ cluster }) => cluster);

function here(value: string): object {
  return { handler: 'here', instances: [{ template: 'listentry', params: { value } }] };
}

function answer(host: Host, cluster: string, status: number, body = ''): void {
  host.answerHttpCall(callTo(host, cluster).token, { status, body });
}

describe('a check in SHADOW mode that asks a backend', () => {
  it('is asked while the request goes on', async () => {
    const host = await serve(rule('r', ['trial'], SHADOW));
    const stream = begin(host);
    assert.deepEqual(pending(host), ['trial']);
    assert.equal(stream.close().status, 200);
  });

  it('counts and logs what it would have denied, when the answer comes', async () => {
    const host = await serve(rule('r', ['trial'], SHADOW));
    const stream = begin(host);
    assert.equal(denials(host), 0);
    answer(host, 'trial', 403, 'not you');
    assert.equal(denials(host), 1);
    assert.match(
      logText(host),
      /rule r: would have denied \(SHADOW\): PERMISSION_DENIED:trial:not you/,
    );
    assert.equal(stream.close().status, 200);
  });

  it('is judged after the stream has gone', async () => {
    const host = await serve(rule('r', ['trial'], SHADOW));
    begin(host).close();
    answer(host, 'trial', 403);
    assert.equal(denials(host), 1);
    assert.equal(calls(host, 'trial', 'answered'), 1);
    assert.equal(calls(host, 'trial', 'abandoned'), 0);
  });

  it('counts nothing where the backend allows', async () => {
    const host = await serve(rule('r', ['trial'], SHADOW));
    begin(host).close();
    answer(host, 'trial', 200);
    assert.equal(denials(host), 0);
  });

  it('sets no header and gives no output', async () => {
    const more = { requestHeaderOperations: [{ name: 'x-user', values: ['who.output.user'] }] };
    const shadow = { name: 'who', handler: 'trial', ...SHADOW };
    const host = await serve(rule('r', [shadow]), rule('s', [], more));
    const stream = begin(host);
    const headers: [string, string][] = [
      ['x-user', 'ann'],
      ['x-set', 'yes'],
    ];
    host.answerHttpCall(callTo(host, 'trial').token, { status: 200, headers });
    const names = stream.close().upstreamHeaders?.map(([name]) => name);
    assert.equal(names?.includes('x-user'), false);
    assert.equal(names.includes('x-set'), false);
  });

  it('is asked even after an enforced denial', async () => {
    const host = await serve(rule('closed', [here('"no"')]), rule('r', ['trial'], SHADOW));
    assert.equal(begin(host).close().status, 403);
    answer(host, 'trial', 403);
    assert.equal(denials(host), 1);
  });

  it('does not hold the answer of an enforced one, whichever comes first', async () => {
    const host = await serve(rule('r', ['trial'], SHADOW), rule('s', ['gate']));
    const stream = begin(host);
    answer(host, 'gate', 200);
    assert.equal(stream.close().status, 200);
    answer(host, 'trial', 403);
    assert.equal(denials(host), 1);
  });

  it('would have denied where the backend fails and onError denies', async () => {
    const host = await serve(rule('r', ['trial'], SHADOW));
    begin(host).close();
    answer(host, 'trial', 503);
    assert.equal(denials(host), 1);
    assert.equal(errors(host), 1);
  });

  it('would have allowed where the backend fails and onError allows', async () => {
    const host = await serve(rule('r', ['trial'], { ...SHADOW, onError: 'ALLOW' }));
    begin(host).close();
    answer(host, 'trial', 503);
    assert.equal(denials(host), 0);
    assert.equal(errors(host), 1);
  });

  it('counts a request once, however many of its checks would have denied', async () => {
    const host = await serve(rule('r', ['trial', 'gate'], SHADOW));
    begin(host).close();
    answer(host, 'trial', 403);
    answer(host, 'gate', 403);
    assert.equal(denials(host), 1);
  });

  it('counts each rule by itself', async () => {
    const host = await serve(rule('r', ['trial'], SHADOW), rule('s', [here('"no"')], SHADOW));
    begin(host).close();
    answer(host, 'trial', 403);
    assert.deepEqual([denials(host), denials(host, 's')], [1, 1]);
  });

  it('uses and fills the check cache', async () => {
    const host = await serve(rule('r', ['kept'], SHADOW));
    begin(host).close();
    answer(host, 'kept', 403);
    begin(host).close();
    assert.deepEqual(pending(host), []);
    assert.equal(denials(host), 2);
    assert.equal(counter(host, 'mixer_check_cache_total.handler=kept;result=hit;'), 1);
  });

  it('is asked behind what it reads', async () => {
    const who = { name: 'who', handler: 'ids' };
    const more = { ...SHADOW, match: '(who.output.user | "") == "ann"' };
    const host = await serve(rule('id', [who]), rule('r', ['trial'], more));
    const stream = begin(host);
    assert.deepEqual(pending(host), ['ids']);
    host.answerHttpCall(callTo(host, 'ids').token, { headers: [['x-user', 'ann']] });
    assert.deepEqual(pending(host), ['trial']);
    assert.equal(stream.close().status, 200);
    answer(host, 'trial', 403);
    assert.equal(denials(host), 1);
  });

  it('is asked at most 1,024 times at once, and what was not asked is counted', async () => {
    const host = await serve(rule('r', ['trial'], SHADOW));
    for (let at = 0; at < 1_024; at++) begin(host).close();
    const dropped = 'mixer_dropped_total.adapter=mixer;reason=shadow_not_asked;';
    assert.equal(counter(host, dropped), 0);
    begin(host).close();
    assert.equal(host.calls.length, 1_024);
    assert.equal(counter(host, dropped), 1);
    host.answerHttpCall(host.calls[0]!.token, { status: 200 });
    begin(host).close();
    assert.equal(host.calls.length, 1_024);
  });
});

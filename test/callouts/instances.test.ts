// Questions to backends whose instance cannot be evaluated, and answers that come while other calls come and go.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Host } from '../../tools/host/host.ts';
import { begin, callTo, calls, later, logText, rule, serveLater } from './support.ts';

/** Of a client that says no address. */
const FAILING = 'ip(request.headers["x-ip"] | "none")';
const WHO = { name: 'who', template: 'listentry', params: { value: FAILING } };
const USE = { name: 'use', template: 'quota', params: { dimensions: { who: FAILING } } };

function asking(instance: object & { name: string }, onError?: unknown): Promise<Host> {
  const more = onError === undefined ? {} : { onError };
  return serveLater({
    handlers: [later('backend')],
    instances: [instance],
    rules: [rule('r', [{ handler: 'backend', instances: [instance.name] }], more)],
  });
}

for (const [what, instance, own, other] of [
  ['a check', WHO, 'check', 'quota'],
  ['a quota', USE, 'quota', 'check'],
] as const)
  describe(`${what} of a backend whose instance cannot be evaluated`, () => {
    it('denies without a question, and says why', async () => {
      const host = await asking(instance);
      const { status, body } = begin(host).close();
      assert.deepEqual([status, body], [500, 'INTERNAL:backend:instance could not be evaluated']);
      assert.equal(host.calls.length, 0);
      assert.match(logText(host), /rule r/);
    });

    it('passes without a question where onError says so, for it alone or for all', async () => {
      for (const onError of ['ALLOW', { [own]: 'ALLOW', [other]: 'DENY' }]) {
        const host = await asking(instance, onError);
        assert.equal(begin(host).close().status, 200);
        assert.equal(host.calls.length, 0);
      }
    });

    it('denies where onError lets only others pass', async () => {
      const host = await asking(instance, { match: 'ALLOW', [own]: 'DENY', [other]: 'ALLOW' });
      assert.equal(begin(host).close().status, 500);
    });
  });

describe('a quota whose instance cannot be evaluated, behind one that asks', () => {
  it('leaves that one as it is', async () => {
    const host = await serveLater({
      handlers: [later('backend')],
      instances: [{ name: 'all', template: 'quota' }, USE],
      rules: [rule('r', [{ handler: 'backend', instances: ['all', 'use'] }], { onError: 'ALLOW' })],
    });
    for (const [answer, status] of [
      [200, 200],
      [429, 429],
    ] as const) {
      const stream = begin(host);
      host.answerHttpCall(callTo(host, 'backend').token, { status: answer });
      assert.equal(stream.close().status, status);
    }
  });
});

describe('an answer that others overtake', () => {
  it('finds its stream, however many calls came and went meanwhile', async () => {
    const host = await serveLater({
      handlers: [later('backend')],
      rules: [rule('r', ['backend'])],
    });
    const newest = (): number => host.calls.at(-1)!.token;
    const slow: { stream: ReturnType<typeof begin>; token: number }[] = [];
    for (let call = 0; call < 1_100; call++) {
      const stream = begin(host);
      const token = newest();
      // Some stay, at each place that a later call could be given.
      if (call % 97 === 0 || call % 256 >= 254) slow.push({ stream, token });
      else {
        host.answerHttpCall(token, { status: 200 });
        assert.equal(stream.close().status, 200, `call ${call}`);
      }
    }
    for (const [index, { stream, token }] of slow.entries()) {
      assert.equal(stream.paused, true);
      host.answerHttpCall(token, { status: index % 2 === 0 ? 200 : 403 });
      assert.equal(stream.close().status, index % 2 === 0 ? 200 : 403, `slow call ${index}`);
    }
  });
});

describe('a gRPC question', () => {
  it('is given up with the stream that waits for it', async () => {
    const authz = { name: 'authz', adapter: 'extauthz', connection: { cluster: 'authz' } };
    const configuration = JSON.stringify({ handlers: [authz], rules: [rule('r', ['authz'])] });
    const host = await Host.load({ wasm: 'dist/extauthz.wasm', configuration });
    assert.ok(host.start(), logText(host));
    const stream = begin(host);
    assert.equal(host.calls.length, 1);
    stream.close();
    assert.equal(host.calls.length, 0);
    assert.equal(calls(host, 'authz', 'abandoned'), 1);
  });
});

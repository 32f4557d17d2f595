// A stream that goes on behind an answer is the stream that was stopped: the same values, the same rules, whatever a
// client sends to fill the memory in which a waiting stream keeps what is read later.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CAPTURE_SIZE_MAX_BYTES } from '../../assembly/shared/limits.ts';
import type { Host } from '../../tools/host/host.ts';
import type { RequestInput } from '../../tools/host/types.ts';
import { claim, inbound, WEB } from '../rules/peer-documents.ts';
import { metadataText } from '../support/peers.ts';
import { begin, callTo, later, rule, serveLater } from './support.ts';

const PAID = 'request.path == "/paid"';
const CHARGE = { handler: 'meter', instances: ['use'] };
const INSTANCES = [{ name: 'use', template: 'quota' }];
const HANDLERS = [later('gate'), later('meter')];
const FILLER = 'f'.repeat(CAPTURE_SIZE_MAX_BYTES + 1000);

/** Response headers that show what was kept of two request headers. */
const KEPT = {
  responseHeaderOperations: ['x-first', 'x-second'].map((name) => ({
    name: `${name}-kept`,
    values: [`request.headers["${name}"] | "none"`],
  })),
};

function answer(
  host: Host,
  cluster: string,
  status: number,
  headers: [string, string][] = [],
): void {
  host.answerHttpCall(callTo(host, cluster).token, { status, headers });
}

const asked = (host: Host): string[] => host.calls.map(({ cluster }) => cluster).sort();

describe('a request behind the answer to a check', () => {
  const filled: RequestInput = { path: '/paid', headers: [['x-first', FILLER]] };

  it('is charged by the rule that matched it, however much of it is kept for later', async () => {
    const kept = {
      name: 'x-path',
      values: ['request.path'],
    };
    const host = await serveLater({
      handlers: HANDLERS,
      instances: INSTANCES,
      rules: [
        rule('kept', [], KEPT),
        rule('paid', ['gate', CHARGE], { match: PAID, responseHeaderOperations: [kept] }),
      ],
    });
    begin(host, filled);
    answer(host, 'gate', 200);
    assert.deepEqual(asked(host), ['meter']);
  });

  it('is checked by the rules of later stages as if nothing had been kept', async () => {
    const who = { name: 'who', handler: 'gate' };
    const host = await serveLater({
      handlers: HANDLERS,
      rules: [
        rule('kept', [], KEPT),
        rule('id', [who]),
        rule('ann', ['meter'], {
          match: '(who.output.user | "") == "ann" && (request.headers["x-second"] | "") == "s"',
        }),
      ],
    });
    begin(host, {
      headers: [
        ['x-first', FILLER],
        ['x-second', 's'],
      ],
    });
    answer(host, 'gate', 200, [['x-user', 'ann']]);
    assert.deepEqual(asked(host), ['meter']);
  });

  it('is charged by a rule that reads what its client’s proxy said, whose header has gone', async () => {
    const host = await serveLater({
      peers: 'HEADERS',
      handlers: HANDLERS,
      instances: INSTANCES,
      rules: [rule('front', ['gate', CHARGE], { match: '(source.namespace | "") == "front"' })],
    } as never);
    begin(host, inbound({ headers: claim(metadataText(WEB)) }));
    answer(host, 'gate', 200);
    assert.deepEqual(asked(host), ['meter']);
  });

  it('is charged by its own rules, whatever another request matched meanwhile', async () => {
    const host = await serveLater({
      handlers: HANDLERS,
      instances: INSTANCES,
      rules: [
        rule('paid', ['gate', CHARGE], { match: PAID }),
        rule('free', ['gate'], { match: 'request.path == "/free"' }),
      ],
    });
    begin(host, { path: '/paid' });
    const { token } = callTo(host, 'gate');
    const free = begin(host, { path: '/free' });
    host.answerHttpCall(token, { status: 200 });
    assert.deepEqual(asked(host), ['gate', 'meter']);
    answer(host, 'gate', 200);
    assert.equal(free.close().status, 200);
  });

  it('keeps for later as much as one that never waited', async () => {
    const host = await serveLater({
      handlers: HANDLERS,
      rules: [rule('kept', ['gate'], KEPT)],
    });
    const size = Math.floor(CAPTURE_SIZE_MAX_BYTES * 0.7);
    const stream = begin(host, { headers: [['x-first', 'v'.repeat(size)]] });
    answer(host, 'gate', 200);
    const found = stream.close().headers.find(([name]) => name === 'x-first-kept');
    assert.equal(found?.[1].length, size);
  });
});

describe('a match that cannot be evaluated when the answer has come', () => {
  it('denies as it would have before: nothing says any more that the rule applied', async () => {
    const host = await serveLater({
      handlers: HANDLERS,
      instances: INSTANCES,
      rules: [rule('paid', ['gate', CHARGE], { match: 'source.ip == ip("10.0.0.7")' })],
    });
    const stream = begin(host, { properties: { 'source.address': '10.0.0.7:1234' } });
    host.faults.fail('proxy_get_property', 10);
    answer(host, 'gate', 200);
    host.faults.clear();
    const { status, details } = stream.close();
    assert.deepEqual([status, details], [500, 'mixer_access_denied{paid}']);
  });
});

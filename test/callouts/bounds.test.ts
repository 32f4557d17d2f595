// What happens beyond the bounds of questions to backends: nothing that is too much lets a request pass.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { VERDICT_EXTRA_SIZE_MAX_BYTES, WAIT_COUNT_MAX } from '../../assembly/shared/limits.ts';
import { begin, callTo, later, rule, serveLater } from './support.ts';

const CHARGE = { handler: 'meter', instances: ['use'] };
const INSTANCES = [{ name: 'use', template: 'quota' }];
const HANDLERS = [later('gate'), later('meter')];

describe('more questions than one request may ask', () => {
  const many = Array.from({ length: WAIT_COUNT_MAX + 1 }, () => 'gate');

  it('do not spare a later check whose failure denies', async () => {
    const host = await serveLater({
      handlers: HANDLERS,
      rules: [rule('many', many, { onError: 'ALLOW' }), rule('strict', ['meter'])],
    });
    const stream = begin(host);
    assert.equal(stream.close().status, 429);
  });

  it('do not spare a later quota of the same rule whose failure denies', async () => {
    const use = { handler: 'meter', instances: ['use'], onError: 'ALLOW' };
    const host = await serveLater({
      handlers: HANDLERS,
      instances: INSTANCES,
      rules: [rule('many', [...many.map(() => use), CHARGE])],
    });
    const stream = begin(host);
    assert.equal(stream.close().status, 429);
  });
});

describe('a denial whose answer carries more than fits', () => {
  it('denies all the same, where a failure would let the request pass', async () => {
    const host = await serveLater({
      handlers: [later('gate')],
      rules: [rule('r', ['gate'], { onError: 'ALLOW' })],
    });
    const stream = begin(host);
    const why = 'y'.repeat(VERDICT_EXTRA_SIZE_MAX_BYTES);
    host.answerHttpCall(callTo(host, 'gate').token, { status: 403, headers: [['x-why', why]] });
    assert.equal(stream.close().status, 403);
  });
});

describe('a stream that could not be remembered', () => {
  const stopped = 1;

  it('is refused, be it a request or a connection', async () => {
    const host = await serveLater({ handlers: HANDLERS, rules: [rule('r', ['gate'])] });
    const unknown = 987_654;
    assert.equal(host.callExport('proxy_on_request_headers', unknown, 0, 0), stopped);
    assert.equal(host.callExport('proxy_on_new_connection', unknown), stopped);
  });
});

describe('many streams whose time is over at once', () => {
  it('need no more memory than one after the other', async () => {
    const response = { headers: { 'x-long': '${request.headers["x-first"]}' } };
    const host = await serveLater({
      handlers: [later('gate', { timeout: '1s' })],
      rules: [rule('r', ['gate'], { response })],
    });
    const streams = Array.from({ length: 200 }, () =>
      begin(host, { headers: [['x-first', 'f'.repeat(4000)]] }),
    );
    const before = host.memorySizeBytes();
    host.advance(60_000);
    assert.deepEqual([...new Set(streams.map((stream) => stream.close().status))], [504]);
    assert.ok(host.memorySizeBytes() - before < 2 ** 20, `${host.memorySizeBytes() - before}`);
  });
});

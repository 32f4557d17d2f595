import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { begin, callTo, calls, logText, serveLater, single } from './support.ts';

const RETRY = { maxRetry: 2, baseRetryWait: '80ms', maxRetryWait: '1s' };

describe('a call that fails', () => {
  it('is made again after a while, and its answer counts', async () => {
    const host = await serveLater(single({ retry: RETRY }));
    const stream = begin(host);
    host.failHttpCall(callTo(host, 'backend').token, 'refused');
    assert.equal(stream.paused, true);
    assert.equal(host.calls.length, 0);
    host.advance(79);
    assert.equal(host.calls.length, 0);
    host.advance(200);
    host.answerHttpCall(callTo(host, 'backend').token, { status: 200 });
    assert.equal(stream.close().status, 200);
    assert.equal(calls(host, 'backend', 'retried'), 1);
  });

  it('is made no more often than the connection says', async () => {
    const host = await serveLater(single({ retry: RETRY }));
    const stream = begin(host);
    for (let attempt = 0; attempt < 3; attempt++) {
      host.failHttpCall(callTo(host, 'backend').token, 'refused');
      host.advance(1100);
    }
    assert.equal(stream.close().status, 503);
    assert.equal(calls(host, 'backend', 'unreachable'), 3);
  });

  it('is not made again once the time of the action is over', async () => {
    const host = await serveLater(single({ retry: RETRY }, { timeout: '100ms' }));
    const stream = begin(host);
    host.advance(50);
    host.failHttpCall(callTo(host, 'backend').token, 'refused');
    assert.equal(stream.close().status, 503);
  });

  it('is not made again when the backend answered', async () => {
    const host = await serveLater(single({ retry: RETRY }));
    const stream = begin(host);
    host.answerHttpCall(callTo(host, 'backend').token, { status: 500 });
    assert.equal(stream.close().status, 403);
  });

  it('waits a time that differs from request to request', async () => {
    const host = await serveLater(single({ retry: { ...RETRY, baseRetryWait: '400ms' } }));
    const times = new Set<number>();
    for (let count = 0; count < 8; count++) {
      const stream = begin(host);
      host.failHttpCall(callTo(host, 'backend').token, 'timeout');
      let waited = 0;
      for (; host.calls.length === 0 && waited < 2000; waited += 20) host.advance(20);
      times.add(waited);
      assert.ok(waited >= 400 && waited <= 860, `${waited} ms`);
      host.answerHttpCall(callTo(host, 'backend').token, { status: 200 });
      stream.close();
    }
    assert.ok(times.size > 2, [...times].join(', '));
  });

  it('ends with the stream that waits for it', async () => {
    const host = await serveLater(single({ retry: RETRY }));
    const stream = begin(host);
    host.failHttpCall(callTo(host, 'backend').token, 'refused');
    stream.close();
    host.advance(2000);
    assert.equal(host.calls.length, 0);
  });
});

describe('a backend that keeps failing', () => {
  it('is not asked for a while, and then by one request alone', async () => {
    const host = await serveLater(single());
    for (let count = 0; count < 5; count++) {
      const stream = begin(host);
      host.failHttpCall(callTo(host, 'backend').token, 'refused');
      assert.equal(stream.close().status, 503);
    }
    assert.match(logText(host), /does not answer; it is not asked for a while/);
    assert.equal(begin(host).close().status, 503);
    assert.equal(host.calls.length, 0);
    assert.equal(calls(host, 'backend', 'circuit_open'), 1);
    host.advance(1001);
    const probe = begin(host);
    assert.equal(begin(host).close().status, 503);
    host.answerHttpCall(callTo(host, 'backend').token, { status: 200 });
    assert.equal(probe.close().status, 200);
    assert.match(logText(host), /the backend answers again/);
    assert.equal(begin(host).paused, true);
  });

  it('is left alone for longer when the try fails as well', async () => {
    const host = await serveLater(single());
    const fail = (): void => {
      const stream = begin(host);
      host.failHttpCall(callTo(host, 'backend').token, 'refused');
      stream.close();
    };
    for (let count = 0; count < 5; count++) fail();
    host.advance(1001);
    fail();
    host.advance(1500);
    assert.equal(begin(host).close().status, 503);
    assert.equal(host.calls.length, 0);
    host.advance(600);
    assert.equal(begin(host).paused, true);
  });

  it('is tried by another request when the one that tried has gone', async () => {
    const host = await serveLater(single());
    for (let count = 0; count < 5; count++) {
      const stream = begin(host);
      host.failHttpCall(callTo(host, 'backend').token, 'refused');
      stream.close();
    }
    host.advance(1001);
    const probe = begin(host);
    const { token } = callTo(host, 'backend');
    probe.close();
    host.answerHttpCall(token, { status: 200 });
    assert.equal(begin(host).paused, true);
  });
});

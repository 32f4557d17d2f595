import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { begin, callTo, calls, later, logText, rule, serveLater, single } from './support.ts';

describe('a check that asks a backend', () => {
  it('pauses the request, and lets it go on when the answer allows', async () => {
    const host = await serveLater(single());
    const stream = begin(host);
    assert.equal(stream.paused, true);
    host.answerHttpCall(callTo(host, 'backend').token, { status: 200 });
    assert.equal(stream.paused, false);
    assert.equal(stream.close().status, 200);
    assert.equal(calls(host, 'backend', 'answered'), 1);
  });

  it('answers the client when the answer denies, with its message and headers', async () => {
    const host = await serveLater(single());
    const stream = begin(host);
    const headers: [string, string][] = [['x-why', 'no ticket']];
    host.answerHttpCall(callTo(host, 'backend').token, { status: 403, body: 'closed', headers });
    const outcome = stream.close();
    assert.equal(outcome.status, 403);
    assert.equal(outcome.body, 'PERMISSION_DENIED:backend:closed');
    assert.equal(outcome.details, 'mixer_access_denied{r}');
    assert.deepEqual(
      outcome.headers.find(([name]) => name === 'x-why'),
      ['x-why', 'no ticket'],
    );
  });

  it('sends method, path, authority and the trace context of the request', async () => {
    const host = await serveLater(single());
    begin(host, {
      headers: [
        ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
        ['x-request-id', 'abc'],
        ['cookie', 'secret=1'],
      ],
    });
    const sent = Object.fromEntries(callTo(host, 'backend').headers);
    assert.equal(sent[':method'], 'GET');
    assert.equal(sent[':path'], '/check');
    assert.equal(sent[':authority'], 'backend');
    assert.equal(sent['traceparent'], '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
    assert.equal(sent['x-request-id'], 'abc');
    assert.equal(sent['cookie'], undefined);
  });

  it('sets a header of the request as the answer wants it', async () => {
    const host = await serveLater(single());
    const stream = begin(host, { headers: [['x-set', 'forged']] });
    const headers: [string, string][] = [['x-set', 'ours']];
    host.answerHttpCall(callTo(host, 'backend').token, { headers });
    const { upstreamHeaders } = stream.close();
    assert.deepEqual(
      upstreamHeaders?.filter(([name]) => name === 'x-set'),
      [['x-set', 'ours']],
    );
  });

  it('fails when the answer carries a header that could split a message', async () => {
    const host = await serveLater(single());
    const stream = begin(host);
    host.answerHttpCall(callTo(host, 'backend').token, { headers: [['x-set', 'a\r\nb: c']] });
    assert.equal(stream.close().status, 500);
  });

  it('forgets a stream that ends while it waits, and its answer changes nothing', async () => {
    const host = await serveLater(single());
    const stream = begin(host);
    const { token } = callTo(host, 'backend');
    stream.close();
    const other = begin(host);
    host.answerHttpCall(token, { status: 403 });
    assert.equal(other.paused, true);
    host.answerHttpCall(callTo(host, 'backend').token, { status: 200 });
    assert.equal(other.close().status, 200);
  });
});

describe('checks that ask several backends', () => {
  const two = {
    handlers: [later('first'), later('second')],
    rules: [rule('a', ['first']), rule('b', ['second'])],
  };

  it('ask them at the same time', async () => {
    const host = await serveLater(two);
    begin(host);
    assert.deepEqual(
      host.calls.map(({ cluster }) => cluster),
      ['first', 'second'],
    );
  });

  it('let the earliest denial of the document win, whichever comes first', async () => {
    const host = await serveLater(two);
    const stream = begin(host);
    host.answerHttpCall(callTo(host, 'second').token, { status: 403, body: 'b' });
    assert.equal(stream.paused, true);
    host.answerHttpCall(callTo(host, 'first').token, { status: 403, body: 'a' });
    assert.equal(stream.close().body, 'PERMISSION_DENIED:first:a');
  });

  it('deny as soon as everything before the denial has passed', async () => {
    const host = await serveLater(two);
    const stream = begin(host);
    host.answerHttpCall(callTo(host, 'first').token, { status: 403, body: 'a' });
    assert.equal(stream.close().body, 'PERMISSION_DENIED:first:a');
  });

  it('let a later denial stand when the earlier backend allows', async () => {
    const host = await serveLater(two);
    const stream = begin(host);
    host.answerHttpCall(callTo(host, 'second').token, { status: 403, body: 'b' });
    host.answerHttpCall(callTo(host, 'first').token, { status: 200 });
    assert.equal(stream.close().body, 'PERMISSION_DENIED:second:b');
  });

  it('ask no more than 32 for one request, and fail beyond', async () => {
    const handlers = Array.from({ length: 33 }, (_, index) => later(`h${index}`));
    const rules = handlers.map((_, index) => rule(`r${index}`, [`h${index}`]));
    const host = await serveLater({ handlers, rules });
    assert.equal(begin(host).close().status, 429);
    const fits = await serveLater({ handlers: handlers.slice(1), rules: rules.slice(1) });
    assert.equal(begin(fits).paused, true);
  });
});

describe('a backend that does not answer', () => {
  for (const [reason, status] of [
    ['timeout', 504],
    ['refused', 503],
    ['reset', 503],
  ] as const) {
    it(`denies with ${status} after ${reason}, as onError says when nothing is said`, async () => {
      const host = await serveLater(single());
      const stream = begin(host);
      host.failHttpCall(callTo(host, 'backend').token, reason);
      assert.equal(stream.close().status, status);
      assert.match(
        logText(host),
        /rule r: handler failed: (UNAVAILABLE|DEADLINE_EXCEEDED):backend/,
      );
    });
  }

  it('lets the request pass with onError ALLOW', async () => {
    const host = await serveLater(single({}, { onError: 'ALLOW' }));
    const stream = begin(host);
    host.failHttpCall(callTo(host, 'backend').token, 'timeout');
    assert.equal(stream.close().status, 200);
  });

  it('gets the time of the connection, and the shorter time of an action', async () => {
    const host = await serveLater(single({ timeout: '700ms' }));
    begin(host);
    assert.equal(callTo(host, 'backend').timeoutMs, 700);
    const shorter = await serveLater(single({ timeout: '700ms' }, { timeout: '200ms' }));
    begin(shorter);
    const { timeoutMs } = callTo(shorter, 'backend');
    assert.ok(timeoutMs > 190 && timeoutMs <= 200, `${timeoutMs}`);
  });

  it('does not keep a request longer than the action, even when Envoy forgets the call', async () => {
    const host = await serveLater(single({ timeout: '2s' }));
    const stream = begin(host);
    host.advance(3000);
    assert.equal(stream.close().status, 504);
  });

  it('is told apart from a body that is too large to be read', async () => {
    const host = await serveLater(single());
    const stream = begin(host);
    const body = new Uint8Array(1_048_577);
    host.answerHttpCall(callTo(host, 'backend').token, { status: 403, body });
    assert.equal(stream.close().status, 500);
    const fits = begin(host);
    host.answerHttpCall(callTo(host, 'backend').token, { status: 403, body: body.slice(1) });
    assert.equal(fits.close().status, 403);
  });
});

describe('a cluster that cannot be asked', () => {
  it('is one logged state of the handler when Envoy does not have it', async () => {
    const host = await serveLater(single());
    host.clusters.unknown.add('backend');
    assert.equal(begin(host).close().status, 503);
    assert.equal(begin(host).close().status, 503);
    assert.equal(logText(host).match(/Envoy has no cluster of this name/g)?.length, 1);
    assert.equal(calls(host, 'backend', 'unknown_cluster'), 2);
    host.clusters.unknown.delete('backend');
    begin(host);
    assert.match(logText(host), /handler backend, cluster backend: Envoy has the cluster now/);
  });

  it('fails at once when it has no endpoint', async () => {
    const host = await serveLater(single());
    host.clusters.empty.add('backend');
    const outcome = begin(host).close();
    assert.equal(outcome.status, 503);
    assert.equal(outcome.body, 'UNAVAILABLE:backend:the cluster has no endpoint');
    assert.equal(calls(host, 'backend', 'no_endpoint'), 1);
  });
});

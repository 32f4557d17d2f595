// The echo upstream and the request function that tests are built on: what goes in byte for byte
// comes out in the echo.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import { startUpstream, type Echo, type Upstream } from '../../tools/envoy/upstream.ts';

describe('the echo upstream', () => {
  let upstream: Upstream;
  before(async () => {
    upstream = await startUpstream();
  });
  after(() => upstream.stop());

  it('answers with what it got, repeated headers apart', async () => {
    const answer = await request(upstream.url, {
      method: 'POST',
      path: '/a//b?c=%2F',
      body: 'text',
      headers: [
        ['Host', 'example.com'],
        ['X-A', '1'],
        ['x-a', '2'],
        ['x-empty', ''],
      ],
    });
    const echo = JSON.parse(answer.body) as Echo;
    assert.deepEqual(
      [echo.method, echo.path, echo.protocol, echo.body],
      ['POST', '/a//b?c=%2F', 'HTTP/1.1', 'text'],
    );
    assert.deepEqual(echo.headers['x-a'], ['1', '2']);
    assert.equal(echo.headers['x-empty'], '');
    assert.equal(echo.headers['host'], 'example.com');
    assert.deepEqual(upstream.requests.at(-1), echo);
  });

  it('answers with the status and headers that the path asks for', async () => {
    const answer = await request(upstream.url, { path: '/status/503?header=x-b:c:d' });
    assert.deepEqual([answer.status, answer.headers['x-b']], [503, 'c:d']);
    assert.equal((await request(upstream.url, { path: '/status/204' })).body, '');
  });

  it('answers to any path, and leaves out a header that there cannot be', async () => {
    for (const path of ['//', '///?q', '//a:b@[', '/%', '/?header=a%20b:c', '/?header=x:%0A']) {
      const answer = await request(upstream.url, { path });
      assert.equal((JSON.parse(answer.body) as Echo).path, path);
    }
  });

  it('answers late where asked to', async () => {
    await assert.rejects(
      request(upstream.url, { path: '/delay/5000', timeoutMs: 50 }),
      /no answer/,
    );
  });

  it('speaks HTTP/2 without TLS, and gRPC in trailers', async () => {
    const plain = await request(upstream.url, { http2: true, path: '/x' });
    assert.equal((JSON.parse(plain.body) as Echo).protocol, 'HTTP/2.0');
    const grpc = await request(upstream.url, {
      http2: true,
      method: 'POST',
      path: '/s/M',
      headers: [['content-type', 'application/grpc']],
      body: Buffer.alloc(5),
    });
    assert.deepEqual([grpc.status, grpc.trailers['grpc-status'], grpc.body.length], [200, '0', 5]);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RequestInput } from '../../tools/host/host.ts';
import { said, startProbe } from './support.ts';

const post = { method: 'POST', body: 'hello' } satisfies RequestInput;

describe('bodies', () => {
  it('are shown whole once a chunk was buffered, and can be replaced', async () => {
    const script = [
      'reqh remove 0 content-length',
      'reqb0 return 1',
      'reqb1 buffer 0 0',
      'reqb1 setbuffer 0 0 4294967295 NEW',
    ];
    const host = await startProbe(script);
    assert.equal(host.request({ ...post, body: ['he', 'llo'] }).upstreamBody, 'NEW');
    assert.deepEqual(said(host, 'reqb1'), [
      "buffer 0 0 = 0 'hello'",
      'setbuffer 0 0 4294967295 NEW = 0',
    ]);
  });

  it('can be prepended and appended to, but not changed in the middle', async () => {
    const script = [
      'reqb0 setbuffer 0 0 0 HEAD-',
      'reqb0 setbuffer 0 99 0 -TAIL',
      'reqb0 setbuffer 0 3 2 mid',
      'reqb0 buffer 0 5 5',
    ];
    const host = await startProbe(script);
    assert.equal(host.request(post).upstreamBody, 'HEAD-hello-TAIL');
    assert.deepEqual(
      said(host, 'reqb0').map((line) => line.split(' = ')[1]),
      ['0', '0', '2', "0 'hello'"],
    );
  });

  it('lose a chunk that is neither passed nor buffered', async () => {
    const host = await startProbe(['reqb0 return 3']);
    assert.equal(host.request(post).upstreamBody, '');
  });

  it('are answered with 413 beyond the buffer, and with a reset in the response', async () => {
    const host = await startProbe(['reqb0 return 1', 'respb0 return 1']);
    assert.equal(host.request({ method: 'POST', body: 'x'.repeat(1_100_000) }).status, 413);
    const { reset, status } = host.request({ response: { body: 'x'.repeat(1_100_000) } });
    assert.deepEqual([reset, status], [true, 200]);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HostOptions, RequestInput } from '../../tools/host/host.ts';
import { allSaid, last, said, startProbe } from './support.ts';

const CALL = 'http up 500 %method:GET,%path:/,%authority:a';
const post = { method: 'POST', body: 'hello' } satisfies RequestInput;

async function order(
  script: string[],
  input: RequestInput = {},
  options: Partial<HostOptions> = {},
): Promise<string[]> {
  const events = ['reqh', 'reqb', 'reqt', 'resph', 'respb', 'respt', 'log', 'done', 'delete'];
  const host = await startProbe([...script, ...events.map((event) => `${event} note`)], options);
  host.request(input);
  return allSaid(host)
    .filter((line) => line.endsWith('note = 0'))
    .map((line) => line.split(' ')[0] ?? '');
}

describe('the life of a stream', () => {
  it('ends with log, done and delete, in this order', async () => {
    assert.deepEqual(await order([]), ['reqh', 'resph', 'log', 'done', 'delete']);
  });

  it('shows bodies over HTTP/1 as chunks and an empty end', async () => {
    const host = await startProbe(['reqb note', 'respb note']);
    host.request({ ...post, body: ['he', 'llo'], response: { body: 'answer' } });
    const sizes = (event: string): string[] =>
      said(host, event).filter((line) => line.startsWith('size'));
    assert.deepEqual(sizes('reqb'), ['size 2 end 0', 'size 3 end 0', 'size 0 end 1']);
    assert.deepEqual(sizes('respb'), ['size 6 end 0', 'size 0 end 1']);
  });

  it('shows bodies and trailers over HTTP/2', async () => {
    const input: RequestInput = {
      ...post,
      protocol: 'HTTP/2',
      trailers: [['x-t', '1']],
      response: { body: 'b', trailers: [['x-u', '2']] },
    };
    assert.deepEqual(await order([], input), [
      'reqh',
      'reqb',
      'reqt',
      'resph',
      'respb',
      'respt',
      'log',
      'done',
      'delete',
    ]);
    const { trailers: _, ...without } = input;
    const host = await startProbe([
      'reqb note',
      'reqt header 1 x-t',
      'respt header 3 x-u',
      'respt add 3 x-more 3',
      'log header 3 x-u',
    ]);
    const outcome = host.request(input);
    host.request(without);
    assert.deepEqual(outcome.trailers, [
      ['x-u', '2'],
      ['x-more', '3'],
    ]);
    assert.deepEqual(said(host, 'reqt'), ['n 1', "header 1 x-t = 0 '1'"]);
    assert.deepEqual(
      said(host, 'reqb').filter((line) => line.startsWith('size')),
      ['size 5 end 0', 'size 5 end 1'],
    );
  });

  it('does not deliver trailers over HTTP/1', async () => {
    assert.ok(!(await order([], { ...post, trailers: [['x-t', '1']] })).includes('reqt'));
  });

  it('reaches the plugin only in on_log when an earlier filter has answered', async () => {
    const input = { skipRequestHeaders: true, response: { status: 401 } };
    assert.deepEqual(await order([], input), ['log', 'done', 'delete']);
    const host = await startProbe([
      'log header 0 :path',
      'log header 2 :status',
      'log property response/code',
    ]);
    assert.equal(host.request({ ...input, path: '/x' }).status, 401);
    const seen = [
      "header 0 :path = 0 '/x'",
      "header 2 :status = 0 '401'",
      'property response/code = 0 x9101000000000000',
    ];
    assert.deepEqual(said(host, 'log'), seen);
  });

  it('tells in the flags that the client has gone', async () => {
    const host = await startProbe([
      'reqh return 1',
      'log property response/flags',
      'log property response/code_details',
    ]);
    const outcome = host.request({});
    assert.deepEqual([outcome.status, outcome.paused, outcome.reset], [0, true, true]);
    const seen = [
      'property response/flags = 0 x0040000000000000',
      "property response/code_details = 0 'downstream_remote_disconnect'",
    ];
    assert.deepEqual(said(host, 'log'), seen);
  });

  it('goes step by step, several at a time', async () => {
    const host = await startProbe(['reqh note', 'resph note', 'log note', 'delete note']);
    const first = host.open({ path: '/1' }).requestHeaders();
    const second = host.open({ path: '/2' }).requestHeaders();
    second.responseHeaders({ status: 204 }).log();
    first.responseHeaders({ status: 201 });
    assert.equal(second.close().status, 204);
    assert.equal(first.close().status, 201);
    const notes = allSaid(host)
      .filter((line) => line.endsWith('note = 0'))
      .map((line) => line.split(' ').slice(0, 2).join(' '));
    assert.deepEqual(notes, [
      'reqh 2',
      'reqh 3',
      'resph 3',
      'log 3',
      'resph 2',
      'delete 3',
      'log 2',
      'delete 2',
    ]);
  });

  it('measures its duration with the clock of the host', async () => {
    const host = await startProbe(['log property request/duration']);
    host.request({ response: { delayMs: 2 } });
    assert.equal(said(host, 'log')[0], 'property request/duration = 0 x80841e0000000000');
  });
});

describe('what a headers callback returns', () => {
  for (const [value, continues] of [
    [0, true],
    [1, false],
    [2, true],
    [3, false],
    [4, false],
    [9, false],
  ] as const) {
    it(`${continues ? 'lets the request go on' : 'stops the request'} for ${value}`, async () => {
      const host = await startProbe([`reqh return ${value}`]);
      assert.equal(host.request({}).paused, !continues);
    });
  }

  it('keeps the body back with the headers, and shows it at once after they go on', async () => {
    const host = await startProbe([
      `reqh ${CALL}`,
      'reqh return 1',
      'reqb note',
      'answer effectivelast',
      'answer continue 0',
    ]);
    const stream = host.open(post).run();
    assert.deepEqual(said(host, 'reqb'), []);
    host.answerHttpCall(4);
    assert.deepEqual(said(host, 'reqb'), ['size 5 end 1', 'note = 0']);
    assert.equal(stream.outcome.upstreamBody, 'hello');
  });

  it('is answered with 413 when it buffers more than a connection may', async () => {
    const host = await startProbe(['reqh return 3']);
    assert.equal(host.request({ method: 'POST', body: 'x'.repeat(1_100_000) }).status, 413);
  });

  it('holds only the headers with allow_on_headers_stop_iteration, which stay writable in the body', async () => {
    const script = [
      'reqh return 1',
      'reqb0 header 0 :path',
      'reqb0 replace 0 x-late yes',
      'resph header 0 :path',
    ];
    const host = await startProbe(script, { allowOnHeadersStopIteration: true });
    const { upstreamHeaders } = host.request(post);
    assert.ok(upstreamHeaders?.some(([name]) => name === 'x-late'));
    assert.equal(last(said(host, 'resph')), "header 0 :path = 0 '/'");
  });
});

describe('continue_stream and close_stream', () => {
  it('take effect after the callback, and drop the request headers at once', async () => {
    const host = await startProbe(['reqh continue 0', 'reqh header 0 :path', 'reqh return 1']);
    const { status } = host.request({});
    assert.equal(last(said(host, 'reqh')), "header 0 :path = 2 ''");
    assert.equal(status, 200);
  });

  it('are harmless where nothing is paused, twice, in on_log, and after a reply', async () => {
    for (const script of [
      ['reqh continue 0', 'reqh continue 0'],
      ['resph continue 0'],
      ['log continue 0', 'log continue 1', 'done continue 1'],
    ]) {
      assert.equal((await startProbe(script)).request({}).status, 200);
    }
    assert.equal(
      (await startProbe(['reqh reply 403 d b', 'reqh continue 0'])).request({}).status,
      403,
    );
  });

  it('know four kinds of stream', async () => {
    const host = await startProbe([
      'reqh continue 2',
      'reqh continue 3',
      'reqh continue 4',
      'reqh close 3',
      'reqh close 4',
    ]);
    host.request({});
    assert.deepEqual(
      said(host, 'reqh')
        .slice(1)
        .map((line) => line.slice(-2)),
      ['=0', '12', '=2', '=0', '=2'].map((end) => end.replace('=', ' ')),
    );
  });

  it('reset the stream with their own details', async () => {
    const host = await startProbe(['reqh close 0', 'log property response/code_details']);
    const outcome = host.request({});
    assert.deepEqual(
      [outcome.reset, outcome.status, outcome.details],
      [true, 0, 'wasm_close_stream'],
    );
    assert.equal(said(host, 'log')[0], "property response/code_details = 0 'wasm_close_stream'");
  });
});

describe('set_effective_context', () => {
  it('lends the maps and properties of a paused stream, until the callback is over', async () => {
    const script = [
      'conf tick 10',
      'reqh return 1',
      'tick header 0 :path',
      'tick effective 2',
      'tick header 0 :path',
      'tick setproperty a b',
    ];
    const host = await startProbe(script);
    const stream = host.open({ path: '/x' }).requestHeaders();
    host.advance(20);
    const once = [
      "header 0 :path = 2 ''",
      'effective 2 = 0',
      "header 0 :path = 0 '/x'",
      'setproperty a b = 0',
    ];
    assert.deepEqual(said(host, 'tick'), [...once, ...once]);
    assert.ok(stream.outcome.filterState.has('wasm.a'));
  });

  it('answers 2 for a context that is gone or never was', async () => {
    const host = await startProbe(['conf tick 10', 'tick effective 2', 'tick effective 77']);
    host.request({});
    host.advance(10);
    assert.deepEqual(said(host, 'tick'), ['effective 2 = 2', 'effective 77 = 2']);
  });
});

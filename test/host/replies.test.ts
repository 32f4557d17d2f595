import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Host, Outcome, RequestInput } from '../../tools/host/host.ts';
import { allSaid, last, said, startProbe } from './support.ts';

async function outcomeOf(
  script: string[],
  input: RequestInput = {},
): Promise<Outcome & { host: Host }> {
  const host = await startProbe(script);
  return { ...host.request(input), host };
}

const grpc = {
  method: 'POST',
  headers: [['content-type', 'application/grpc']],
} satisfies RequestInput;

describe('a local reply from a request callback', () => {
  it('goes out after the callback, whatever that returns, and never reaches the upstream', async () => {
    for (const script of [
      ['reqh reply 403 why no x-why:policy'],
      ['reqh reply 403 why no x-why:policy', 'reqh return 1'],
    ]) {
      const { status, body, headers, localReply, details, upstreamHeaders } =
        await outcomeOf(script);
      assert.deepEqual(
        { status, body, localReply, details, upstreamHeaders },
        { status: 403, body: 'no', localReply: true, details: 'why', upstreamHeaders: null },
      );
      assert.deepEqual(headers, [
        ['x-why', 'policy'],
        ['content-length', '2'],
        ['content-type', 'text/plain'],
      ]);
    }
  });

  it('runs the own response callbacks, then log, done and delete', async () => {
    const events = ['reqh', 'resph', 'respb', 'log', 'done', 'delete'];
    const { host } = await outcomeOf([
      'reqh reply 403 d b',
      ...events.map((event) => `${event} note`),
    ]);
    const order = allSaid(host)
      .map((line) => line.split(' ')[0] ?? '')
      .filter((event) => events.includes(event));
    assert.deepEqual([...new Set(order)], events);
  });

  it('can be changed in on_response_headers', async () => {
    const { headers } = await outcomeOf(['reqh reply 403 d b', 'resph add 2 x-late yes']);
    assert.deepEqual(headers.at(-1), ['x-late', 'yes']);
  });

  it('shows code and details in on_response_headers already', async () => {
    const script = [
      'reqh reply 403 d b',
      'resph property response/code',
      'resph property response/code_details',
    ];
    const { host } = await outcomeOf(script);
    const seen = [
      'property response/code = 0 x9301000000000000',
      "property response/code_details = 0 'd'",
    ];
    assert.deepEqual(said(host, 'resph').slice(1), seen);
  });

  it('has status and body of the first and details of the last when asked for twice', async () => {
    const { status, body, details } = await outcomeOf([
      'reqh reply 403 d1 b1',
      'reqh reply 404 d2 b2',
    ]);
    assert.deepEqual([status, body, details], [403, 'b1', 'd2']);
  });

  it('ignores a second status among its headers and sets the length itself', async () => {
    const { status, headers } = await outcomeOf([
      'reqh reply 403 d body %status:200,content-length:99',
    ]);
    assert.deepEqual(
      [status, headers],
      [
        403,
        [
          ['content-length', '4'],
          ['content-type', 'text/plain'],
        ],
      ],
    );
  });

  it('has no content type without a body, and keeps a given one with it', async () => {
    assert.deepEqual((await outcomeOf(['reqh reply 403 d _ content-type:a/b'])).headers, []);
    const { headers } = await outcomeOf(['reqh reply 403 d {} content-type:application/json']);
    assert.ok(
      headers.some(([name, value]) => name === 'content-type' && value === 'application/json'),
    );
  });

  it('writes blanks in details as underscores', async () => {
    assert.equal((await outcomeOf(['reqh reply 403 a~b b'])).details, 'a_b');
  });

  it('keeps repeated set-cookie lines', async () => {
    const { headers } = await outcomeOf(['reqh reply 403 d _ set-cookie:a,set-cookie:b']);
    assert.deepEqual(headers, [
      ['set-cookie', 'a'],
      ['set-cookie', 'b'],
    ]);
  });

  it('has no body for HEAD', async () => {
    const { body, headers } = await outcomeOf(['reqh reply 403 d body'], { method: 'HEAD' });
    assert.deepEqual([body, headers[0]], ['', ['content-length', '4']]);
  });

  it('works from the request body, when the upstream has been asked already', async () => {
    const { status, upstreamHeaders } = await outcomeOf(['reqb1 reply 413 d b'], {
      method: 'POST',
      body: 'hello',
    });
    assert.equal(status, 413);
    assert.ok(upstreamHeaders);
  });
});

describe('a local reply to a gRPC request', () => {
  it('is trailers only, with the given status', async () => {
    const { status, grpcStatus, headers, body } = await outcomeOf(
      ['reqh reply 403 d no~entry x-why:p 9'],
      grpc,
    );
    assert.deepEqual([status, grpcStatus, body], [200, 9, '']);
    const expected = [
      ['content-type', 'application/grpc'],
      ['grpc-status', '9'],
      ['grpc-message', 'no entry'],
      ['x-why', 'p'],
    ];
    assert.deepEqual(headers, expected);
  });

  for (const [http, mapped] of [
    [400, 13],
    [401, 16],
    [403, 7],
    [404, 12],
    [429, 14],
    [503, 14],
    [500, 2],
  ] as const) {
    it(`maps ${http} to ${mapped}`, async () => {
      assert.equal((await outcomeOf([`reqh reply ${http} d b`], grpc)).grpcStatus, mapped);
      assert.equal((await outcomeOf([`reqh reply ${http} d b _ 17`], grpc)).grpcStatus, mapped);
    });
  }

  it('logs the HTTP status 200', async () => {
    const { host } = await outcomeOf(['reqh reply 403 d b', 'log property response/code'], grpc);
    assert.equal(last(said(host, 'log')), 'property response/code = 0 xc800000000000000');
  });
});

describe('a local reply from a response callback', () => {
  it('replaces the answer from on_response_headers, past the later callbacks', async () => {
    const { status, body, host } = await outcomeOf(['resph reply 502 d b', 'respb note'], {
      response: { body: 'x' },
    });
    assert.deepEqual([status, body], [502, 'b']);
    assert.deepEqual(said(host, 'respb'), []);
  });

  it('cuts the answer off from on_response_body: 200 and the details in the log', async () => {
    const script = [
      'respb0 reply 502 d b',
      'log property response/code',
      'log property response/code_details',
    ];
    const { reset, status, host } = await outcomeOf(script, { response: { body: 'x' } });
    assert.deepEqual([reset, status], [true, 200]);
    const seen = [
      'property response/code = 0 xc800000000000000',
      "property response/code_details = 0 'd'",
    ];
    assert.deepEqual(said(host, 'log'), seen);
  });

  it('answers a paused stream from on_tick', async () => {
    const host = await startProbe([
      'conf tick 100',
      'reqh return 1',
      'tick effective 2',
      'tick reply 429 late no',
    ]);
    const stream = host.open({}).run();
    assert.equal(stream.paused, true);
    host.advance(100);
    assert.deepEqual(
      [stream.outcome.status, stream.outcome.body, stream.paused],
      [429, 'no', false],
    );
  });

  it('does nothing without a stream', async () => {
    const host = await startProbe(['conf reply 500 d b', 'tick reply 500 d b', 'conf tick 10']);
    host.advance(10);
    assert.equal(said(host, 'conf')[0], 'reply 500 d b = 0');
    assert.equal(host.request({}).status, 200);
  });
});

describe('what Envoy itself answers', () => {
  for (const [name, script, status, details] of [
    ['404 to a request without path', 'reqh remove 0 :path', 404, 'route_not_found'],
    [
      '503 to a request without method',
      'reqh remove 0 :method',
      503,
      'filter_removed_required_request_headers{missing_required_header:_:method}',
    ],
    [
      '503 to a line break in a request header',
      'reqh replace 0 x-a a\\rb',
      503,
      'filter_removed_required_request_headers{invalid_header_value_for:_x-a}',
    ],
    [
      '502 to a response without status',
      'resph remove 2 :status',
      502,
      'filter_removed_required_response_headers{missing_required_header:_:status}',
    ],
  ] as const) {
    it(`is ${name}`, async () => {
      const outcome = await outcomeOf([script]);
      assert.deepEqual(
        [outcome.status, outcome.details, outcome.localReply],
        [status, details, true],
      );
    });
  }
});

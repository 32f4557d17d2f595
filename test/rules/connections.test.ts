// A document's rules on TCP connections, in the emulator: when the check happens, what a denial, a callout and the
// report interval do.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Host } from '../../tools/host/host.ts';
import { calls, callTo, later, rule, serveLater } from '../callouts/support.ts';
import { jsonLines } from '../telemetry/documents.ts';
import { denier, get, logText, serve } from './serve.ts';

const PEER = 'spiffe://cluster.local/ns/shop/sa/web';
const DENIED = 7;
const TRAFFIC = {
  event: 'connection.event | "request"',
  received: 'connection.received.bytes | 0',
  receivedTotal: 'connection.received.bytes_total | 0',
  sentTotal: 'connection.sent.bytes_total | 0',
  error: 'check.error_message | ""',
};
const LOG = { name: 'log', adapter: 'stdio' };
const SEEN = { name: 'seen', template: 'logentry', params: { variables: TRAFFIC } };
const LOGGED = { name: 'logged', actions: [{ handler: 'log', instances: ['seen'] }] };

function documentWith(rules: object[], more: object = {}): object {
  return {
    handlers: [LOG, denier('closed', DENIED, 'shut')],
    instances: [SEEN],
    rules: [...rules, LOGGED],
    ...more,
  };
}

const shut = (match: string): object => ({ name: 'shut', match, actions: [{ handler: 'closed' }] });

function events(host: Host): unknown[] {
  return jsonLines(host).map((line) => line['event']);
}

describe('the check of a connection', () => {
  it('is made when it opens: a denied one never reaches the upstream', async () => {
    const host = await serve(documentWith([shut('source.ip == ip("127.0.0.1")')]));
    const { outcome } = host.connect().open();
    assert.deepEqual([outcome.closed, outcome.upstreamOpened], [true, false]);
    assert.deepEqual(
      jsonLines(host).map((line) => [line['event'], line['error']]),
      [['close', 'PERMISSION_DENIED:closed:shut']],
    );
    assert.equal(Buffer.from(outcome.filterState.get('wasm.mixer_rule') ?? []).toString(), 'shut');
  });

  it('is made at the first bytes where it asks who the peer is', async () => {
    const document = documentWith([shut(`source.principal == "${PEER.slice(9)}"`)]);
    const host = await serve(document);
    const properties = { 'connection.uri_san_peer_certificate': PEER };
    const connection = host.connect({ properties }).open();
    assert.deepEqual([connection.outcome.closed, events(host)], [false, []]);
    const { closed, upstreamData } = connection.downstreamData('hello').outcome;
    assert.deepEqual([closed, upstreamData], [true, '']);
    assert.deepEqual(events(host), ['close']);
  });

  it('is made at the first bytes of the upstream when the server speaks first', async () => {
    const host = await serve(documentWith([shut(`source.principal == "${PEER.slice(9)}"`)]));
    const properties = { 'connection.uri_san_peer_certificate': PEER };
    const { closed, downstreamData } = host
      .connect({ properties })
      .open()
      .upstreamData('220 ready').outcome;
    assert.deepEqual([closed, downstreamData], [true, '']);
  });

  it('happens once, however many bytes come', async () => {
    const host = await serve(documentWith([shut('source.ip == ip("192.0.2.1")')]));
    host.connect().open().downstreamData('a').upstreamData('b').downstreamData('c').close();
    host.advance(1000);
    assert.equal(host.metrics().get('mixer_checks_total'), 1);
    assert.deepEqual(events(host), ['open', 'close']);
  });

  it('denies by onError where a rule reads what only requests have', async () => {
    const host = await serve(documentWith([shut('request.path == "/a"')]));
    assert.equal(host.connect().open().outcome.closed, true);
    assert.match(logText(host), /request\.path/);
    assert.equal(host.request({ ...get('/b') }).status, 200);
  });

  it('passes there with onError: ALLOW, or where context.protocol keeps the rule to requests', async () => {
    const allowed = { ...shut('request.path == "/a"'), onError: 'ALLOW' };
    const kept = shut('context.protocol != "tcp" && request.path == "/a"');
    for (const each of [allowed, kept]) {
      const host = await serve(documentWith([each]));
      assert.equal(host.connect().open().downstreamData('x').outcome.upstreamData, 'x');
      assert.equal(host.request({ ...get('/a') }).status, 403);
    }
  });

  it('lets a connection pass whose denial is in SHADOW mode', async () => {
    const shadow = { ...shut('source.ip == ip("127.0.0.1")'), mode: 'SHADOW' };
    const host = await serve(documentWith([shadow]));
    assert.equal(host.connect().open().outcome.closed, false);
  });

  it('leaves header operations of the document to requests', async () => {
    const marked = {
      name: 'marked',
      requestHeaderOperations: [{ name: 'x-a', operation: 'REPLACE', values: ['"b"'] }],
    };
    const host = await serve(documentWith([marked]));
    const { upstreamData, trapped } = host.connect().open().downstreamData('x').close();
    assert.deepEqual([upstreamData, trapped], ['x', false]);
  });
});

describe('a connection whose check waits for an answer', () => {
  const waiting = (): Promise<Host> =>
    serveLater({ handlers: [later('backend')], rules: [rule('r', ['backend'])] });

  it('is held until the answer allows', async () => {
    const host = await waiting();
    const connection = host.connect().open();
    assert.deepEqual([connection.paused, connection.outcome.upstreamOpened], [true, false]);
    host.answerHttpCall(callTo(host, 'backend').token, { status: 200 });
    assert.equal(connection.paused, false);
    assert.equal(connection.downstreamData('hello').close().upstreamData, 'hello');
    assert.equal(calls(host, 'backend', 'answered'), 1);
  });

  it('is closed when the answer denies', async () => {
    const host = await waiting();
    const connection = host.connect().open();
    host.answerHttpCall(callTo(host, 'backend').token, { status: 403, body: 'no' });
    const { closed, upstreamOpened } = connection.outcome;
    assert.deepEqual([closed, upstreamOpened], [true, false]);
  });

  it('is closed by onError when no answer comes in time', async () => {
    const host = await waiting();
    const connection = host.connect().open();
    host.advance(31_000);
    assert.equal(connection.outcome.closed, true);
  });

  it('may end before the answer comes, which then does nothing', async () => {
    const host = await waiting();
    const first = host.connect().open();
    const { token } = callTo(host, 'backend');
    first.abort();
    const second = host.connect().open();
    host.answerHttpCall(token, { status: 403 });
    assert.equal(second.paused, true);
    assert.equal(second.outcome.closed, false);
  });

  it('is held at its first bytes where the check asks who the peer is, and then gets them all', async () => {
    const match = '(source.principal | "") != "nobody"';
    const host = await serveLater({
      handlers: [later('backend')],
      rules: [rule('r', ['backend'], { match })],
    });
    const connection = host.connect().open().downstreamData('ab');
    assert.equal(connection.paused, true);
    connection.downstreamData('cd');
    assert.equal(connection.outcome.upstreamData, '');
    host.answerHttpCall(callTo(host, 'backend').token, { status: 200 });
    assert.equal(connection.downstreamData('ef').close().upstreamData, 'abcdef');
  });
});

describe('the reports of a connection', () => {
  it('are made when it opens, after each interval while it lives, and when it closes', async () => {
    const host = await serve(documentWith([]));
    const connection = host.connect().open();
    host.advance(9_000);
    assert.deepEqual(events(host), ['open']);
    host.advance(1_000);
    assert.deepEqual(events(host), ['open', 'continue']);
    connection.downstreamData('hello').upstreamData('you').close();
    host.advance(30_000);
    const names = ['event', 'received', 'receivedTotal', 'sentTotal'];
    assert.deepEqual(
      jsonLines(host).map((line) => names.map((name) => line[name])),
      [
        ['open', 0, 0, 0],
        ['continue', 0, 0, 0],
        ['close', 5, 5, 3],
      ],
    );
  });

  it('count bytes once that are shown again because they were held', async () => {
    const match = '(source.principal | "") != "nobody"';
    const host = await serve({
      handlers: [LOG, { name: 'asked', adapter: 'opa', connection: { cluster: 'asked' } }],
      instances: [SEEN],
      rules: [rule('r', ['asked'], { match }), LOGGED],
    });
    const connection = host.connect().open().downstreamData('ab').downstreamData('cd');
    host.answerHttpCall(callTo(host, 'asked').token, { status: 200, body: '{"result":true}' });
    assert.equal(connection.downstreamData('ef').close().upstreamData, 'abcdef');
    assert.deepEqual(
      jsonLines(host).map((line) => [line['event'], line['received'], line['receivedTotal']]),
      [
        ['open', 4, 4],
        ['close', 2, 6],
      ],
    );
  });

  for (const [interval, expected] of [
    ['1s', 20],
    ['24h', 0],
  ] as const) {
    it(`may come every ${interval}`, async () => {
      const host = await serve(documentWith([], { reportInterval: interval }));
      host.connect().open();
      host.advance(20_000);
      assert.equal(events(host).filter((event) => event === 'continue').length, expected);
    });
  }

  for (const interval of ['999ms', '86400001ms', '0s', '-1s']) {
    it(`may not come every ${interval}`, async () => {
      await assert.rejects(serve(documentWith([], { reportInterval: interval })), /reportInterval/);
    });
  }
});

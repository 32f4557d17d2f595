// Sessions of the bypass adapter, on the emulator: what the adapter is told, what carries the id, and what becomes of
// requests, reports and the session itself when the adapter does not do as it should.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  BYPASS_SESSION_ID_SIZE_MAX_BYTES,
  BYPASS_SESSION_WAIT_MAX_MS,
  BYPASS_SESSION_WAIT_MS,
} from '../../assembly/shared/limits.ts';
import { Host } from '../../tools/host/host.ts';
import type { Outcome, PendingCall } from '../../tools/host/types.ts';

const TICK_MS = 500;
const OK = '';
const UNAVAILABLE = 14;
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const NO_SESSION = 'handler ours: no session: the adapter refuses the configuration';
const ID_TYPE = 'google.protobuf.Any.type_url';

/** A document whose adapter has sessions. */
function documentOf(more: object = {}): object {
  const params = {
    sessionBased: true,
    params: { typeUrl: 'type.test/Params', value: 'CgZzdHJpY3Q=' },
  };
  return {
    handlers: [{ name: 'ours', adapter: 'bypass', connection: { cluster: 'adapter' }, params }],
    instances: [
      { name: 'entry', template: 'listentry', params: { value: 'request.headers["x-user"] | ""' } },
      {
        name: 'line',
        template: 'logentry',
        params: { severity: '"info"', variables: { size: 'request.size' } },
      },
      { name: 'calls', template: 'quota', params: { dimensions: { ip: 'source.ip' } } },
    ],
    rules: [
      {
        name: 'check',
        match: 'request.path == "/check"',
        actions: [{ handler: 'ours', instances: ['entry'] }],
      },
      {
        name: 'open',
        match: 'request.path == "/open"',
        onError: 'ALLOW',
        actions: [{ handler: 'ours', instances: ['entry'] }],
      },
      {
        name: 'charge',
        match: 'request.path == "/charge"',
        actions: [{ handler: 'ours', instances: ['calls'] }],
      },
      {
        name: 'log',
        match: 'request.path == "/log"',
        actions: [{ handler: 'ours', instances: ['line'] }],
      },
    ],
    ...more,
  };
}

async function start(): Promise<Host> {
  const configuration = JSON.stringify(documentOf());
  const host = await Host.load({ wasm: 'dist/bypass.wasm', configuration });
  assert.ok(host.start(), logOf(host));
  return host;
}

// Envoy's main thread ticks as well, and has a session of its own: here it is left alone.
const WORKER = 0;
const VM = 'worker 0';
const logsOf = (host: Host): string[] =>
  host.logs.filter(({ vm }) => vm === VM).map(({ text }) => text);
const logOf = (host: Host): string => logsOf(host).join('\n');
const callsOf = (host: Host): PendingCall[] => host.calls.filter(({ worker }) => worker === WORKER);
const answer = (host: Host, { token }: PendingCall, message: Uint8Array | string): void =>
  host.answerGrpcCall(token, message, WORKER);
const close = (host: Host, { token }: PendingCall, code: number): void =>
  host.closeGrpcCall(token, code, '', WORKER);

/** The one call that is under way, which is to this method. */
function call(host: Host, method: string): PendingCall {
  assert.deepEqual(
    callsOf(host).map((each) => each.method),
    [method],
  );
  return callsOf(host)[0]!;
}

/** A field of bytes whose size fits one byte. */
const field = (number: number, value: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from([(number << 3) | 2, Buffer.byteLength(value)]), Buffer.from(value)]);
const session = (id: string): Buffer => field(1, id);
const status = (code: number, message: string): Buffer =>
  Buffer.concat([Buffer.from([0x08, code]), field(2, message)]);

function open(host: Host, id = 's1'): void {
  answer(host, call(host, 'Validate'), OK);
  answer(host, call(host, 'CreateSession'), session(id));
}

async function opened(id = 's1'): Promise<Host> {
  const host = await start();
  host.advance(TICK_MS);
  open(host, id);
  return host;
}

const get = (host: Host, path: string): Outcome => host.open({ path }).run().close();

function carries(each: PendingCall, id: string): void {
  const text = Buffer.from(each.body).toString('latin1');
  assert.ok(text.includes(`${ID_TYPE}\x12${String.fromCharCode(id.length)}${id}`), text);
  assert.ok(!text.includes('type.test/Params'));
}

describe('a session of the bypass adapter', () => {
  it('is validated and created on the tick, with configuration and the types of all instances', async () => {
    const host = await start();
    host.advance(TICK_MS);
    const validate = call(host, 'Validate');
    assert.equal(validate.service, 'istio.mixer.adapter.model.v1beta1.InfrastructureBackend');
    const text = Buffer.from(validate.body).toString('latin1');
    for (const part of ['type.test/Params', 'strict', 'type.googleapis.com/listentry.Type'])
      assert.ok(text.includes(part), part);
    // An entry of a map: a name, and the number of its type: INT64, IP_ADDRESS.
    assert.ok(text.includes('\x0a\x04size\x10\x02'));
    assert.ok(text.includes('\x0a\x02ip\x10\x06'));
    answer(host, validate, OK);
    assert.deepEqual(call(host, 'CreateSession').body, validate.body);
  });

  it('is what checks, charges and reports carry instead of the configuration', async () => {
    const host = await opened();
    const checked = host.open({ path: '/check' }).run();
    carries(call(host, 'HandleListEntry'), 's1');
    answer(host, call(host, 'HandleListEntry'), OK);
    assert.equal(checked.close().status, 200);
    const charged = host.open({ path: '/charge' }).run();
    carries(call(host, 'HandleQuota'), 's1');
    close(host, call(host, 'HandleQuota'), PERMISSION_DENIED);
    charged.close();
    get(host, '/log');
    host.advance(TICK_MS);
    carries(call(host, 'HandleLogEntry'), 's1');
  });

  it('is missed until it is there: onError decides, and nothing is asked', async () => {
    const host = await start();
    const { status: code, body } = get(host, '/check');
    assert.deepEqual([code, body], [503, 'UNAVAILABLE:ours:the adapter has no session']);
    assert.equal(get(host, '/charge').status, 503);
    assert.equal(get(host, '/open').status, 200);
    assert.equal(callsOf(host).length, 0);
  });

  it('lets reports wait for it', async () => {
    const host = await start();
    get(host, '/log');
    host.advance(TICK_MS);
    open(host);
    host.advance(TICK_MS);
    carries(call(host, 'HandleLogEntry'), 's1');
  });

  it('is asked for again after a wait that doubles up to its bound, and says why once', async () => {
    const host = await start();
    const waits: number[] = [];
    for (let at = 0, waited = 0; waits.length < 7; at++) {
      assert.ok(at < 200);
      host.advance(TICK_MS);
      waited += TICK_MS;
      const [asked] = callsOf(host);
      if (asked === undefined) continue;
      answer(host, asked, field(1, status(3, 'not "so"\nplease')));
      waits.push(waited);
      waited = 0;
    }
    const doubled = [0, 1, 2, 3, 4, 5].map((power) =>
      Math.min(BYPASS_SESSION_WAIT_MS << power, BYPASS_SESSION_WAIT_MAX_MS),
    );
    assert.deepEqual(waits.slice(1), doubled);
    assert.deepEqual(
      logsOf(host).filter((text) => text.includes('no session')),
      [`${NO_SESSION}: ${String.raw`not \"so\"\nplease`}; asked for again`],
    );
    host.advance(BYPASS_SESSION_WAIT_MAX_MS);
    open(host);
    assert.match(logOf(host), /handler ours: the adapter has a session again/);
  });

  it('is not taken where the answer is none', async () => {
    const long = BYPASS_SESSION_ID_SIZE_MAX_BYTES;
    const sized = (size: number): Buffer =>
      Buffer.concat([Buffer.from([0x0a, (size & 127) | 128, size >> 7]), Buffer.alloc(size, 'x')]);
    for (const [said, why] of [
      [OK, /session id is empty or too long/],
      [sized(long + 1), /session id is empty or too long/],
      [Buffer.from([0x0a, 0x7f, 1]), /answer is not understood/],
      [field(2, status(8, 'no more')), /refuses the configuration: no more/],
      [field(2, Buffer.from([0x08])), /answer is not understood/],
    ] as const) {
      const host = await start();
      host.advance(TICK_MS);
      answer(host, call(host, 'Validate'), OK);
      answer(host, call(host, 'CreateSession'), said);
      assert.match(logOf(host), why);
      assert.equal(get(host, '/check').status, 503);
    }
    const host = await start();
    host.advance(TICK_MS);
    answer(host, call(host, 'Validate'), OK);
    answer(host, call(host, 'CreateSession'), sized(long));
    host.open({ path: '/check' }).run();
    call(host, 'HandleListEntry');
  });

  it('is asked for again where nobody answers, or the adapter serves no sessions', async () => {
    for (const [code, why] of [
      [UNAVAILABLE, /does not answer/],
      [12, /does it serve InfrastructureBackend/],
    ] as const) {
      const host = await start();
      host.advance(TICK_MS);
      close(host, call(host, 'Validate'), code);
      assert.match(logOf(host), why);
      host.advance(BYPASS_SESSION_WAIT_MS);
      open(host);
      host.open({ path: '/check' }).run();
      call(host, 'HandleListEntry');
    }
  });

  it('is begun anew when the adapter no longer knows it, and the old one is closed', async () => {
    const host = await opened('s1');
    const stream = host.open({ path: '/check' }).run();
    close(host, call(host, 'HandleListEntry'), NOT_FOUND);
    assert.equal(stream.close().status, 500);
    assert.match(logOf(host), /handler ours: no session: the adapter no longer knows it/);
    assert.equal(get(host, '/check').status, 503);
    host.advance(TICK_MS);
    const closing = call(host, 'CloseSession');
    assert.deepEqual(Buffer.from(closing.body), session('s1'));
    answer(host, closing, OK);
    host.advance(BYPASS_SESSION_WAIT_MS);
    open(host, 's2');
    host.open({ path: '/check' }).run();
    carries(call(host, 'HandleListEntry'), 's2');
  });

  it('stays where a call is refused for another reason', async () => {
    const host = await opened();
    const stream = host.open({ path: '/check' }).run();
    close(host, call(host, 'HandleListEntry'), PERMISSION_DENIED);
    stream.close();
    host.advance(BYPASS_SESSION_WAIT_MS);
    host.open({ path: '/check' }).run();
    carries(call(host, 'HandleListEntry'), 's1');
  });

  it('takes reports along that the one before did not deliver', async () => {
    const host = await opened('s1');
    get(host, '/log');
    host.advance(TICK_MS);
    const first = call(host, 'HandleLogEntry');
    carries(first, 's1');
    close(host, first, NOT_FOUND);
    host.advance(TICK_MS);
    answer(host, call(host, 'CloseSession'), OK);
    host.advance(BYPASS_SESSION_WAIT_MS);
    open(host, 's2');
    host.advance(2 * TICK_MS);
    const again = call(host, 'HandleLogEntry');
    carries(again, 's2');
    const idOf = ({ body }: PendingCall): string =>
      /[0-9A-F]{32}/.exec(Buffer.from(body).toString('latin1'))![0];
    assert.equal(idOf(again), idOf(first));
  });

  it('is closed by the next document that asks the same adapter', async () => {
    const host = await opened('s1');
    assert.ok(host.reconfigure(JSON.stringify(documentOf({ reportInterval: '11s' }))));
    host.advance(TICK_MS);
    const methods = callsOf(host).map(({ method }) => method);
    assert.deepEqual(methods.sort(), ['CloseSession', 'Validate']);
    const closing = callsOf(host).find(({ method }) => method === 'CloseSession')!;
    assert.deepEqual(Buffer.from(closing.body), session('s1'));
  });
});

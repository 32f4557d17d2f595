import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WrongUse } from '../../tools/host/host.ts';
import { last, said, startProbe } from './support.ts';

const HEADERS = '%method:GET,%path:/side,%authority:a';
const SERVICE = '0a060a0467727063'; // GrpcService{envoy_grpc{cluster_name: "grpc"}}
const ask = [`reqh http up 500 ${HEADERS}`, 'reqh return 1'];

describe('an HTTP call', () => {
  it('is recorded with all that it carries, under tokens 4, 8, 12', async () => {
    const host = await startProbe([
      'reqh http up 500 %method:POST,%path:/p,%authority:a,x-m:1 body-text x-t:2',
      'reqh return 1',
    ]);
    host.open({}).run();
    host.open({}).run();
    host.open({}).run();
    assert.deepEqual(
      host.calls.map(({ token }) => token),
      [4, 8, 12],
    );
    const [call] = host.calls;
    assert.ok(call);
    assert.deepEqual(
      [call.kind, call.cluster, call.timeoutMs, call.worker],
      ['http', 'up', 500, 0],
    );
    assert.deepEqual(call.headers, [
      [':method', 'POST'],
      [':path', '/p'],
      [':authority', 'a'],
      ['x-m', '1'],
      ['content-length', '9'],
    ]);
    assert.equal(Buffer.from(call.body).toString(), 'body-text');
    assert.deepEqual(call.trailers, [['x-t', '2']]);
  });

  it('is answered on the root, from where the stream can be changed and continued', async () => {
    const host = await startProbe([
      ...ask,
      'answer header 6 :status',
      'answer buffer 4 0',
      'answer header 0 :path',
      'answer effectivelast',
      'answer header 0 :path',
      'answer replace 0 x-late yes',
      'answer continue 0',
      'answer header 0 :path',
      'answer header 6 x-a',
    ]);
    const stream = host.open({ path: '/x' }).run();
    assert.equal(stream.paused, true);
    host.answerHttpCall(4, { status: 201, headers: [['x-a', 'b']], body: 'yes' });
    assert.deepEqual(said(host, 'answer'), [
      'token 4 2 3 0',
      "header 6 :status = 0 '201'",
      "buffer 4 0 = 0 'yes'",
      "header 0 :path = 2 ''",
      'effectivelast = 0',
      "header 0 :path = 0 '/x'",
      'replace 0 x-late yes = 0',
      'continue 0 = 0',
      "header 0 :path = 2 ''",
      "header 6 x-a = 0 'b'",
    ]);
    assert.equal(stream.outcome.status, 200);
    assert.ok(stream.outcome.upstreamHeaders?.some(([name]) => name === 'x-late'));
    assert.deepEqual(host.calls, []);
  });

  it('can deny the stream', async () => {
    const host = await startProbe([...ask, 'answer effectivelast', 'answer reply 403 by~call no']);
    host.answerCalls(() => ({ status: 403 }));
    const { status, body, details } = host.request({});
    assert.deepEqual([status, body, details], [403, 'no', 'by_call']);
  });

  it('ends with 504 at its deadline, with 503 when refused', async () => {
    const host = await startProbe([
      ...ask,
      'answer header 6 :status',
      'answer buffer 4 0',
      'answer status',
    ]);
    host.open({}).run();
    host.advance(499);
    assert.deepEqual(said(host, 'answer'), []);
    host.advance(1);
    assert.deepEqual(said(host, 'answer').slice(1), [
      "header 6 :status = 0 '504'",
      "buffer 4 0 = 0 'upstream request timeout'",
      "status = 0 0 ''",
    ]);
    host.open({}).run();
    host.failHttpCall(8, 'refused');
    assert.equal(said(host, 'answer').at(-3), "header 6 :status = 0 '503'");
  });

  it('shows a reset as no headers and status 11', async () => {
    const host = await startProbe([...ask, 'answer header 6 :status', 'answer status']);
    host.open({}).run();
    host.failHttpCall(4, 'reset');
    assert.deepEqual(said(host, 'answer'), [
      'token 4 0 0 0',
      "header 6 :status = 2 ''",
      "status = 0 11 'reset'",
    ]);
  });

  it('is refused at once, with token 0, for what Envoy refuses', async () => {
    const host = await startProbe([
      `reqh http nowhere 100 ${HEADERS}`,
      'reqh http up 100 %method:GET,%path:/',
      `reqh http up -1 ${HEADERS}`,
      `reqh http empty 100 ${HEADERS}`,
    ]);
    host.clusters.unknown.add('nowhere');
    host.clusters.empty.add('empty');
    host.request({});
    assert.deepEqual(
      said(host, 'reqh')
        .slice(1)
        .map((line) => line.split(' = ')[1]),
      ['2 0', '2 0', '2 0', '10 0'],
    );
    assert.deepEqual(host.calls, []);
  });

  it('outlives its stream, whose context is gone when the answer comes', async () => {
    const host = await startProbe([
      `log http up 500 ${HEADERS}`,
      'answer effectivelast',
      'answer continue 0',
    ]);
    host.request({});
    host.answerHttpCall(4);
    assert.deepEqual(said(host, 'answer').slice(1), ['effectivelast = 2', 'continue 0 = 0']);
  });

  it('is made by each VM for itself when on_configure makes it', async () => {
    const host = await startProbe([`conf http up 500 ${HEADERS}`], { workers: 2 });
    assert.deepEqual(
      host.calls.map(({ worker, token }) => [worker, token]),
      [
        ['main', 4],
        [0, 4],
        [1, 4],
      ],
    );
    host.answerHttpCall(4, {}, 1);
    assert.deepEqual(
      host.calls.map(({ worker }) => worker),
      ['main', 0],
    );
    assert.throws(() => host.answerHttpCall(4, {}, 1), WrongUse);
  });
});

describe('a gRPC call', () => {
  const call = `reqh grpc ${SERVICE} 100 a.B Method x-m:1 text`;

  it('is answered by one message', async () => {
    const host = await startProbe([call, 'message buffer 5 0', 'closed note']);
    host.request({});
    const [pending] = host.calls;
    assert.ok(pending);
    assert.deepEqual(
      [pending.token, pending.cluster, pending.service, pending.method],
      [5, 'grpc', 'a.B', 'Method'],
    );
    host.answerGrpcCall(5, 'hello');
    assert.deepEqual(said(host, 'message'), ['token 5 size 5', "buffer 5 0 = 0 'hello'"]);
    assert.deepEqual([said(host, 'closed'), host.calls], [[], []]);
  });

  it('fails with a code and a text, the code of which stays', async () => {
    const host = await startProbe([call, 'closed status', 'reqh status']);
    host.request({});
    host.closeGrpcCall(5, 7, 'no way');
    host.request({});
    assert.deepEqual(said(host, 'closed'), ['token 5 status 7', "status = 0 7 'no way'"]);
    assert.equal(last(said(host, 'reqh')), "status = 0 7 ''");
  });

  it('misses its deadline with 14', async () => {
    const host = await startProbe([call, 'closed status']);
    host.request({});
    host.advance(100);
    assert.deepEqual(said(host, 'closed'), [
      'token 5 status 14',
      "status = 0 14 'upstream request timeout{response_timeout}'",
    ]);
  });

  it('to an unknown cluster fails at once, and closes with a token that nobody was told', async () => {
    const host = await startProbe([
      call,
      'closed note',
      'reqh grpcplain zzz.zzz.local 100 a.B M _ x',
    ]);
    host.clusters.unknown.add('grpc').add('zzz.zzz.local');
    host.request({});
    assert.deepEqual(
      said(host, 'reqh')
        .slice(1)
        .map((line) => line.split(' = ')[1]),
      ['10 777', '4 777'],
    );
    assert.equal(said(host, 'closed')[0], 'token 5 status 14');
  });

  it('can be cancelled, after which nothing comes', async () => {
    const host = await startProbe([
      call,
      'reqh grpccancel 5',
      'reqh grpccancel 5',
      'reqh grpccancel 4',
      'reqh grpcsend 5 x 0',
    ]);
    host.request({});
    assert.deepEqual(
      said(host, 'reqh')
        .slice(2)
        .map((line) => line.slice(-1)),
      ['0', '1', '2', '2'],
    );
    assert.deepEqual(host.calls, []);
  });

  it('streams messages both ways, with metadata and a close', async () => {
    const host = await startProbe([
      `reqh grpcstream ${SERVICE} a.B Stream _`,
      'reqh grpcsend 6 one 0',
      'reqh grpcsend 6 two 1',
      'initial header 4 x-i',
      'message buffer 5 0',
      'trailing header 5 x-t',
      'closed status',
    ]);
    host.request({});
    const [pending] = host.calls;
    assert.ok(pending);
    assert.deepEqual(
      [pending.messages.map((message) => Buffer.from(message).toString()), pending.halfClosed],
      [['one', 'two'], true],
    );
    host.grpcMetadata(6, 'initial', [['x-i', '1']]);
    host.answerGrpcCall(6, 'a');
    host.answerGrpcCall(6, 'b');
    host.grpcMetadata(6, 'trailing', [['x-t', '2']]);
    host.closeGrpcCall(6, 0);
    assert.deepEqual(said(host, 'initial'), ['token 6 n 1', "header 4 x-i = 0 '1'"]);
    assert.deepEqual(said(host, 'message'), [
      'token 6 size 1',
      "buffer 5 0 = 0 'a'",
      'token 6 size 1',
      "buffer 5 0 = 0 'b'",
    ]);
    assert.deepEqual(said(host, 'trailing'), ['token 6 n 1', "header 5 x-t = 0 '2'"]);
    assert.deepEqual(said(host, 'closed'), ['token 6 status 0', "status = 0 0 ''"]);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Host } from '../../tools/host/host.ts';
import type { CallAnswer, HostOptions } from '../../tools/host/types.ts';
import { begin, callTo, counter, later, rule, serveLater } from './support.ts';

const VALUE = 'request.headers["x-value"] | "none"';

/** One cached handler that is asked about one header, or about what an instance says. */
function document(
  params: object,
  value = VALUE,
  instance: object = { template: 'listentry', params: { value } },
): Parameters<typeof serveLater>[0] {
  return {
    handlers: [later('backend', {}, { validDuration: '10s', validUseCount: 100, ...params })],
    rules: [rule('r', [{ handler: 'backend', instances: [instance] }])],
  };
}

function serve(params: object = {}, options: Partial<HostOptions> = {}): Promise<Host> {
  return serveLater(document(params), options);
}

/** Whether a request with this header asked the backend; the answer is given where it did. */
function asks(host: Host, value: string, answer: CallAnswer = {}, worker = 0): boolean {
  const stream = begin(host, { headers: [['x-value', value]] }, worker);
  const isAsked = host.calls.length > 0;
  if (isAsked) host.answerHttpCall(callTo(host, 'backend').token, answer);
  const { status } = stream.close();
  assert.equal(status, (answer.status ?? 200) === 200 ? 200 : 403);
  return isAsked;
}

describe('the check cache', () => {
  it('remembers what a backend said of one question', async () => {
    const host = await serve();
    assert.equal(asks(host, 'a'), true);
    assert.equal(asks(host, 'a'), false);
    assert.equal(asks(host, 'b'), true);
    const name = 'mixer_check_cache_total.handler=backend;result=';
    assert.equal(counter(host, `${name}hit;`), 1);
    assert.equal(counter(host, `${name}miss;`), 2);
  });

  it('remembers denials with their message', async () => {
    const host = await serve();
    assert.equal(asks(host, 'a', { status: 403, body: 'closed' }), true);
    const outcome = begin(host, { headers: [['x-value', 'a']] }).close();
    assert.equal(outcome.body, 'PERMISSION_DENIED:backend:closed');
  });

  it('forgets when the time of the verdict is over', async () => {
    const host = await serve();
    asks(host, 'a');
    host.advance(9_900);
    assert.equal(asks(host, 'a'), false);
    host.advance(200);
    assert.equal(asks(host, 'a'), true);
  });

  it('uses a verdict as often as the backend allowed, on all workers together', async () => {
    const host = await serve({ validUseCount: 12 }, { workers: 3 });
    let asked = 0;
    let cached = 0;
    asks(host, 'a');
    for (let count = 0; asked === 0; count++) {
      assert.ok(count < 100);
      if (asks(host, 'a', {}, count % 3)) asked++;
      else cached++;
    }
    assert.ok(cached <= 12 && cached >= 3, `${cached} uses`);
  });

  it('shares verdicts between workers', async () => {
    const host = await serve({}, { workers: 2 });
    assert.equal(asks(host, 'a', {}, 0), true);
    assert.equal(asks(host, 'a', {}, 1), false);
  });

  it('asks again where a bit of a shared verdict is not as it was written', async () => {
    const host = await serve({}, { workers: 2 });
    assert.equal(asks(host, 'a', { status: 403 }, 0), true);
    const [key = assert.fail()] = host.sharedData
      .keys()
      .filter((each) => Buffer.from(each).includes('mixer.checks'));
    const written = host.sharedData.get(key) ?? assert.fail();
    for (let bit = 0; bit < written.length * 8; bit += 3) {
      const spoilt = Uint8Array.from(written);
      spoilt[bit >> 3]! ^= 1 << (bit & 7);
      host.sharedData.set(key, spoilt);
      // The other worker never gets an answer that it could remember.
      const stream = begin(host, { headers: [['x-value', 'a']] }, 1);
      if (host.calls.length > 0) host.failHttpCall(callTo(host, 'backend').token, 'refused');
      assert.equal(stream.close().status, 503, `bit ${bit} of ${written.length * 8}`);
    }
    host.sharedData.set(key, written);
    assert.equal(begin(host, { headers: [['x-value', 'a']] }, 1).close().status, 403);
  });

  it('takes no uses that another worker has taken at the same moment', async () => {
    const host = await serve({ validUseCount: 12 }, { workers: 2 });
    asks(host, 'a');
    const casMismatch = 8;
    host.faults.fail('proxy_set_shared_data', casMismatch, { times: 1 });
    assert.equal(asks(host, 'a', {}, 1), true);
    assert.equal(asks(host, 'a', {}, 1), false);
  });

  it('keeps no verdict that carries headers for one caller', async () => {
    const host = await serve();
    const headers: [string, string][] = [['x-set', 'alice']];
    assert.equal(asks(host, 'a', { headers }), true);
    assert.equal(asks(host, 'a', { headers }), true);
  });

  it('takes a credential out of the request where a remembered verdict wants it', async () => {
    const places = { requestHeaders: ['x-key'] };
    const instance = { template: 'apikey', params: { apiKey: places } };
    const host = await serveLater(document({}, '', instance), { workers: 2 });
    const upstream = (worker: number): [string, string][] => {
      const stream = begin(host, { headers: [['x-key', 'k']] }, worker);
      for (const { token } of host.calls)
        host.answerHttpCall(token, { headers: [['x-hide', 'yes']] });
      return stream.close().upstreamHeaders ?? assert.fail();
    };
    for (const worker of [0, 0, 1])
      assert.equal(
        upstream(worker).find(([name]) => name === 'x-key'),
        undefined,
      );
    assert.equal(counter(host, 'mixer_check_cache_total.handler=backend;result=hit;'), 2);
  });

  it('keeps no failure', async () => {
    const host = await serve();
    const stream = begin(host, { headers: [['x-value', 'a']] });
    host.failHttpCall(callTo(host, 'backend').token, 'refused');
    assert.equal(stream.close().status, 503);
    assert.equal(asks(host, 'a'), true);
  });

  it('keeps nothing where the handler allows no time', async () => {
    const host = await serve({ validDuration: '0s' });
    assert.equal(asks(host, 'a'), true);
    assert.equal(asks(host, 'a'), true);
    assert.equal(counter(host, 'mixer_check_cache_total.handler=backend;result=miss;'), 0);
  });

  it('never answers for another document', async () => {
    const host = await serve();
    asks(host, 'a');
    assert.ok(host.reconfigure(JSON.stringify(document({ validUseCount: 99 }))));
    assert.equal(asks(host, 'a'), true);
  });

  it('tells two handlers apart that are asked the same', async () => {
    const kept = { validDuration: '10s', validUseCount: 100 };
    const instance = { name: 'same', template: 'listentry', params: { value: '"x"' } };
    const host = await serveLater({
      handlers: [later('first', {}, kept), later('second', {}, kept)],
      instances: [instance],
      rules: [
        rule(
          'r',
          ['first', 'second'].map((handler) => ({ handler, instances: ['same'] })),
        ),
      ],
    });
    const stream = begin(host);
    host.answerHttpCall(callTo(host, 'first').token, { status: 200 });
    host.answerHttpCall(callTo(host, 'second').token, { status: 403, body: 'closed' });
    stream.close();
    const { body } = begin(host).close();
    assert.deepEqual([host.calls.length, body], [0, 'PERMISSION_DENIED:second:closed']);
  });

  it('tells questions apart whose values only look alike when they are joined', async () => {
    const host = await serve();
    asks(host, 'a\u0001');
    assert.equal(asks(host, 'a'), true);
    assert.equal(asks(host, ''), true);
  });

  it('asks each time about a value that is too long to be remembered', async () => {
    const host = await serve();
    const long = 'x'.repeat(2_100);
    assert.equal(asks(host, long), true);
    assert.equal(asks(host, long), true);
    const fits = 'x'.repeat(1_900);
    assert.equal(asks(host, fits), true);
    assert.equal(asks(host, fits), false);
  });

  it('is bounded: old verdicts give way, and memory stays as it is', async () => {
    const host = await serve({ validUseCount: 1_000_000 });
    const ask = (from: number, count: number): void => {
      for (let at = from; at < from + count; at++) asks(host, `value-${at}`);
    };
    ask(0, 10_000);
    const size = host.memorySizeBytes();
    ask(10_000, 3_000);
    assert.ok(host.memorySizeBytes() - size <= 1_048_576, `${host.memorySizeBytes() - size}`);
  });
});

// A header operation whose value is not fit for a header: what the upstream gets, what is counted, what is logged.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { HEADER_VALUE_SIZE_MAX_BYTES } from '../../assembly/shared/limits.ts';
import { get, logText, serve, upstreamHeader } from './serve.ts';

const COPY = { name: 'x-copy', values: ['request.headers["x-long"] | ""'] };
const DROPPED = 'mixer_dropped_total.adapter=mixer;reason=header_too_long;';

async function copied(size: number, more = {}): Promise<[string | undefined, number, string]> {
  const rules = [{ name: 'copy', requestHeaderOperations: [{ ...COPY, ...more }] }];
  const host = await serve({ rules });
  const headers = { 'x-copy': 'theirs', 'x-long': 'v'.repeat(size) };
  const { upstreamHeaders } = host.request(get('/', headers));
  host.tick();
  const count = host.metrics().get(DROPPED) ?? 0;
  return [upstreamHeader(upstreamHeaders, 'x-copy'), Number(count), logText(host)];
}

describe('a value of a header operation', () => {
  for (const [what, name, value, isCounted] of [
    ['could split a message', 'x-copy', '"a" + request.query_params["q"]', true],
    ['could split the request line', ':path', '"/a b" + request.query_params["q"]', true],
    ['is empty', 'x-copy', 'request.query_params["none"]', false],
  ] as const) {
    it(`that ${what} is not written, and is ${isCounted ? 'an error of the rule' : 'no error'}`, async () => {
      const rules = [{ name: 'copy', requestHeaderOperations: [{ name, values: [value] }] }];
      const host = await serve({ rules });
      const { upstreamHeaders } = host.request(get('/?q=b%0d%0ax:%20y', { 'x-copy': 'theirs' }));
      host.tick();
      const written = upstreamHeader(upstreamHeaders, name);
      assert.equal(written, name === ':path' ? '/?q=b%0d%0ax:%20y' : undefined);
      const errors = host.metrics().get('mixer_rule_errors_total.rule=copy;') ?? 0;
      assert.equal(errors, isCounted ? 1 : 0);
    });
  }

  it('is written as long as it may be', async () => {
    const [value, count, log] = await copied(HEADER_VALUE_SIZE_MAX_BYTES);
    assert.equal(value?.length, HEADER_VALUE_SIZE_MAX_BYTES);
    assert.deepEqual([count, log], [0, '']);
  });

  it('that is one byte longer is as good as absent, counted, and logged by rule and header', async () => {
    const [value, count, log] = await copied(HEADER_VALUE_SIZE_MAX_BYTES + 1);
    assert.deepEqual([value, count], [undefined, 1]);
    assert.match(log, /rule copy: value of more than 16384 bytes is not written to header x-copy/);
  });

  it('that is too long leaves the header as it is where the operation says so', async () => {
    const [value, count] = await copied(HEADER_VALUE_SIZE_MAX_BYTES + 1, { ifAbsent: 'KEEP' });
    assert.deepEqual([value, count], ['theirs', 1]);
  });
});

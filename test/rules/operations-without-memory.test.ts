// What becomes of header operations where a callback has no memory left: none is lost.

import assert from 'node:assert/strict';
import { it } from 'node:test';

import { ARENA_SIZE_MAX_BYTES } from '../../assembly/shared/limits.ts';
import { get, serve, upstreamHeader } from './serve.ts';

/** The largest text that the rules below copy, and the sum of what a callback can take. */
const TEXT_SIZE_BYTES = ARENA_SIZE_MAX_BYTES / 16;
const ALL_BYTES = 4 * ARENA_SIZE_MAX_BYTES;
const LEAST_SIZE_BYTES = 8;

/** An operation that takes memory and changes nothing that the test looks at. */
function taking(name: string): object {
  const values = [`request.headers["${name}"] + request.headers["${name}"]`];
  return { name: 'x-taken', values, ifAbsent: 'KEEP' };
}

it('operations are applied in order where no memory is left to keep them', async () => {
  const headers: Record<string, string> = { 'x-secret': 'theirs', 'x-user': 'theirs' };
  const operations: object[] = [{ name: 'x-order', values: ['"first"'] }];
  for (let size = TEXT_SIZE_BYTES; size >= LEAST_SIZE_BYTES; size /= 2) {
    headers[`x-${size}`] = 'v'.repeat(size / 2);
    const count = size === TEXT_SIZE_BYTES ? ALL_BYTES / size : 2;
    for (let at = 0; at < count; at++) operations.push(taking(`x-${size}`));
  }
  operations.push({ name: 'x-secret', operation: 'REMOVE' });
  operations.push({ name: 'x-user', values: ['"ours"'] });
  operations.push({ name: 'x-order', values: ['"last"'], operation: 'APPEND' });
  const host = await serve({ rules: [{ name: 'all', requestHeaderOperations: operations }] });
  const { upstreamHeaders } = host.request(get('/', headers));
  assert.equal(upstreamHeader(upstreamHeaders, 'x-secret'), undefined);
  assert.equal(upstreamHeader(upstreamHeaders, 'x-user'), 'ours');
  const order = upstreamHeaders?.filter(([name]) => name === 'x-order').map(([, value]) => value);
  assert.deepEqual(order, ['first', 'last']);
});

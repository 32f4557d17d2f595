// A credential that is to be hidden, where a callback has used all its memory up: it never reaches the upstream.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { it } from 'node:test';

import { ARENA_SIZE_MAX_BYTES } from '../../assembly/shared/limits.ts';
import type { Host } from '../../tools/host/host.ts';
import type { Outcome } from '../../tools/host/types.ts';
import { get, serve, upstreamHeader } from '../rules/serve.ts';

const SECRET = 'key-of-a-caller';
/** Texts that checks join until nothing is left, and the sum of what a callback can take. */
const TEXT_SIZE_BYTES = ARENA_SIZE_MAX_BYTES / 16;
const ALL_BYTES = 4 * ARENA_SIZE_MAX_BYTES;
const LEAST_SIZE_BYTES = 8;

/** A list entry of two copies of a header, which stand in the callback's memory. */
function taking(size: number): object {
  const value = `request.headers["x-${size}"] + request.headers["x-${size}"]`;
  return { template: 'listentry', params: { value } };
}

/** Starts with a key that is checked first, and checks behind it that take so many bytes each. */
async function started(place: object, sizes: readonly number[]): Promise<Host> {
  const sha256 = createHash('sha256').update(SECRET).digest('hex');
  const instance = { template: 'apikey', params: { api: '"shop"', apiKey: place } };
  const keys = { keys: [{ consumer: 'a', sha256 }], hideCredentials: true };
  const handler = { adapter: 'apikey', params: keys };
  const takers = sizes.map((size) => ({ handler: 'any', instances: [taking(size)] }));
  return serve({
    handlers: [{ name: 'any', adapter: 'noop' }],
    rules: [
      { name: 'keys', actions: [{ handler, instances: [instance] }] },
      { name: 'takers', onError: 'ALLOW', actions: takers },
    ],
  });
}

function request(host: Host, sizes: readonly number[], path: string): Outcome {
  const headers = Object.fromEntries(sizes.map((size) => [`x-${size}`, 'v'.repeat(size / 2)]));
  return host.request(get(path, { cookie: `a=1; key=${SECRET}`, 'x-key': SECRET, ...headers }));
}

function sizesThatTakeAll(): number[] {
  const sizes: number[] = [];
  for (let size = TEXT_SIZE_BYTES; size >= LEAST_SIZE_BYTES; size /= 2)
    sizes.push(...Array<number>(size === TEXT_SIZE_BYTES ? ALL_BYTES / size : 2).fill(size));
  return sizes;
}

for (const [what, place, name] of [
  ['a query parameter', { queryParameters: ['key'] }, ':path'],
  ['a cookie', { cookies: ['key'] }, 'cookie'],
  ['a header', { requestHeaders: ['x-key'] }, 'x-key'],
] as const) {
  it(`${what} that is hidden does not go on, whatever memory is left`, async () => {
    for (const sizes of [[], sizesThatTakeAll()]) {
      const host = await started(place, sizes);
      const { status, upstreamHeaders } = request(host, sizes, `/a?key=${SECRET}&b=1`);
      assert.doesNotMatch(upstreamHeader(upstreamHeaders, name) ?? '', new RegExp(SECRET));
      if (sizes.length === 0) assert.equal(status, 200);
    }
  });
}

it('a query parameter that there is no memory to hide refuses the request', async () => {
  const sizes = sizesThatTakeAll();
  const host = await started({ queryParameters: ['key'] }, sizes);
  assert.equal(request(host, sizes, `/a?key=${SECRET}&b=1`).status, 503);
});

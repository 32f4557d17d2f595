// Values that later phases need, of requests that have more of them than a stream has room for.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { get, serve } from './serve.ts';

const LONG = ['x-a', 'x-b', 'x-c', 'x-d'];
const document = {
  handlers: [{ name: 'log', adapter: 'stdio' }],
  instances: [
    {
      name: 'i',
      template: 'logentry',
      params: {
        variables: {
          ...Object.fromEntries(LONG.map((name) => [name, `request.headers["${name}"]`])),
          path: 'request.path',
          host: 'request.host',
        },
      },
    },
  ],
  rules: [
    {
      name: 'told',
      match: 'request.path.startsWith("/admin")',
      actions: [{ handler: 'log', instances: ['i'] }],
    },
    {
      name: 'kept',
      match: 'request.path.startsWith("/admin")',
      responseHeaderOperations: [{ name: 'x-frame-options', values: ['"DENY"'] }],
    },
  ],
};

async function outcome(
  ...sizes: number[]
): Promise<{ frame?: string; sizes: number[]; line: Record<string, string> }> {
  const host = await serve(document);
  const headers = Object.fromEntries(LONG.map((name, at) => [name, 'v'.repeat(sizes[at]!)]));
  const answer = host.request(get('/admin?q=1', headers));
  host.advance(1000);
  const text = host.logs.map((line) => line.text).find((line) => line.includes('"instance":"i"'));
  const line = JSON.parse(text!.slice(text!.indexOf('{'))) as Record<string, string>;
  const frame = answer.headers.find(([name]) => name === 'x-frame-options')?.[1];
  return {
    ...(frame === undefined ? {} : { frame }),
    sizes: LONG.map((name) => line[name]!.length),
    line,
  };
}

for (const sizes of [
  [10, 10, 10, 10],
  [1900, 1900, 1900, 1900],
  [1900, 1900, 3000, 10],
  [4000, 4000, 4000, 4000],
])
  it(`headers of ${sizes.join(', ')} bytes are kept with the path and the host`, async () => {
    const kept = await outcome(...sizes);
    assert.equal(kept.frame, 'DENY');
    assert.deepEqual(kept.sizes, sizes);
    assert.equal(kept.line['path'], '/admin?q=1');
  });

it('a header that is too long is cut, wherever it stands, and keeps no short value away', async () => {
  for (const sizes of [
    [17_000, 1, 1, 1],
    [1, 1, 17_000, 1],
    [9000, 9000, 1, 70],
  ]) {
    const { frame, line, sizes: kept } = await outcome(...sizes);
    assert.equal(frame, 'DENY');
    assert.equal(line['path'], '/admin?q=1');
    assert.ok(kept.every((size, at) => size === sizes[at] || sizes[at]! > 8000));
    assert.ok(kept.reduce((sum, size) => sum + size) < 17_000);
  }
});

// Headers with many lines: all of them are read, in their order, and they cost memory for their bytes, not for the
// number of times that they could be copied.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Host } from '../../tools/host/host.ts';
import { serve, upstreamHeader } from './serve.ts';

const LINE_COUNT = 2_000;
const LINE = 'v'.repeat(20);
const MEMORY_GROWTH_MAX_BYTES = 1 << 20;

/** Copies three headers, so that they are read together. */
function reader(): Promise<Host> {
  const copies = ['a', 'b', 'cookie'].flatMap((name) => [
    { name: `copy-${name}`, values: [`request.headers["${name}"] | ""`] },
    // A key that is known when a request comes only is looked up in the map.
    { name: `found-${name}`, values: [`request.headers[request.headers["key"] + "${name}"] | ""`] },
  ]);
  return serve({ rules: [{ name: 'copy', requestHeaderOperations: copies }] });
}

describe('a header with several lines', () => {
  it('reads as all of them in their order, also where the lines of two alternate', async () => {
    const host = await reader();
    const headers: [string, string][] = [
      ['a', '1'],
      ['b', ''],
      ['cookie', 'x=1'],
      ['a', ''],
      ['b', 'one that is longer than all before it'],
      ['cookie', 'y=2'],
      ['a', '3'],
      ['b', 'z'],
      ['a', '4'],
      ['cookie', 'z=3'],
    ];
    const { upstreamHeaders } = host.request({ path: '/', headers });
    for (const how of ['copy', 'found']) {
      const seen = ['a', 'b', 'cookie'].map((name) =>
        upstreamHeader(upstreamHeaders, `${how}-${name}`),
      );
      assert.deepEqual(seen, [
        '1,,3,4',
        ',one that is longer than all before it,z',
        'x=1; y=2; z=3',
      ]);
    }
  });

  it('reads without the blanks around each line, which HTTP/2 carries and HTTP/1 takes away', async () => {
    const host = await reader();
    const headers: [string, string][] = [
      ['a', ' \t one two\t'],
      ['b', ' x'],
      ['b', '\t '],
      ['b', 'y '],
      ['cookie', ' x=1 '],
    ];
    const { upstreamHeaders } = host.request({ path: '/', headers });
    for (const how of ['copy', 'found']) {
      const seen = ['a', 'b', 'cookie'].map((name) =>
        upstreamHeader(upstreamHeaders, `${how}-${name}`),
      );
      assert.deepEqual(seen, ['one two', 'x,,y', 'x=1'], how);
    }
  });

  it('is found by its whole name, however long that is', async () => {
    // Those of 63 bytes and more are looked up together.
    const names = [64, 62, 63, 65, 130].map((size) => 'n'.repeat(size));
    const copies = names.map((name) => ({
      name: `copy-${name.length}`,
      values: [`request.headers["${name}"] | "none"`],
    }));
    const host = await serve({ rules: [{ name: 'copy', requestHeaderOperations: copies }] });
    const seen = (headers: [string, string][]): (string | undefined)[] => {
      const { upstreamHeaders } = host.request({ path: '/', headers });
      return copies.map(({ name }) => upstreamHeader(upstreamHeaders, name));
    };
    const others = names.map((name): [string, string] => [`x${name.slice(1)}`, 'other']);
    const own = names.map((name): [string, string] => [name, String(name.length)]);
    assert.deepEqual(seen([...others, ...own, ...own]), [
      '64,64',
      '62,62',
      '63,63',
      '65,65',
      '130,130',
    ]);
    assert.deepEqual(seen(others), Array(5).fill('none'));
    assert.deepEqual(seen(own.slice(2)), ['none', 'none', '63', '65', '130']);
  });

  it('costs memory for its bytes, however many lines there are', async () => {
    const host = await reader();
    host.request({ path: '/', headers: [] });
    const before = host.memorySizeBytes();
    const headers = Array.from({ length: LINE_COUNT }, (_, line): [string, string] => [
      line % 2 === 0 ? 'a' : 'b',
      LINE,
    ]);
    const { status } = host.request({ path: '/', headers });
    assert.equal(status, 200);
    const growth = host.memorySizeBytes() - before;
    assert.ok(growth <= MEMORY_GROWTH_MAX_BYTES, `${growth} bytes for ${LINE_COUNT} lines`);
  });
});

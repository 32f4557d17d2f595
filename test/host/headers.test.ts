import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HeaderMap } from '../../tools/host/headers.ts';
import { packPairs, unpackPairs } from '../../tools/host/pairs.ts';
import { last, said, startProbe } from './support.ts';

const EVENTS = ['reqh', 'reqb', 'resph', 'respb', 'log', 'done', 'delete'];

async function statuses(call: string, from = 0): Promise<Record<string, string>> {
  const host = await startProbe(EVENTS.map((event) => `${event} ${call}`));
  host.request({ body: 'hello', response: { body: 'answer' } });
  const status = (event: string): string =>
    last(said(host, event).filter((line) => line.startsWith(call)));
  return Object.fromEntries(
    EVENTS.slice(from).map((event) => [event, / = (\d+)/.exec(status(event))?.[1] ?? '']),
  );
}

describe('header maps by phase', () => {
  it('show request headers in their callback and in on_log alone', async () => {
    const seen = { reqh: '0', reqb: '2', resph: '2', respb: '2', log: '0', done: '2', delete: '2' };
    assert.deepEqual(await statuses('header 0 :path'), seen);
  });

  it('show response headers in their callback and in on_log alone', async () => {
    const seen = { reqh: '2', reqb: '2', resph: '0', respb: '2', log: '0', done: '2', delete: '2' };
    assert.deepEqual(await statuses('header 2 :status'), seen);
  });

  it('can be written only in their own callback', async () => {
    const request = {
      reqh: '0',
      reqb: '2',
      resph: '2',
      respb: '2',
      log: '2',
      done: '2',
      delete: '2',
    };
    assert.deepEqual(await statuses('add 0 x-a b'), request);
    assert.deepEqual(await statuses('replace 2 x-a b'), { ...request, reqh: '2', resph: '0' });
  });

  it('read as no pairs, without an error, where they are unavailable', async () => {
    const host = await startProbe(['resph pairs 0', 'reqh pairs 2', 'reqh pairs 8']);
    host.request({});
    assert.equal(last(said(host, 'resph')), "pairs 0 = 0 ''");
    assert.deepEqual(said(host, 'reqh').slice(1), ["pairs 2 = 0 ''", "pairs 8 = 2 ''"]);
  });

  it('answer 1 for request trailers in on_log, which never shows them', async () => {
    assert.equal((await statuses('header 1 x'))['log'], '1');
  });

  it('make trailers by a write, or by asking their size, in the last body callback', async () => {
    const host = await startProbe([
      'reqb1 mapsize 1',
      'respb1 add 3 x-made yes',
      'log header 3 x-made',
    ]);
    const outcome = host.request({ body: 'hello', response: { body: 'answer' } });
    assert.equal(last(said(host, 'reqb1')), 'mapsize 1 = 0 0');
    assert.equal(last(said(host, 'log')), "header 3 x-made = 0 'yes'");
    assert.deepEqual(outcome.trailers, [['x-made', 'yes']]);
  });
});

describe('header values', () => {
  const run = async (
    script: string[],
    headers: [string, string | Uint8Array][],
  ): Promise<string[]> => {
    const host = await startProbe(script.map((line) => `reqh ${line}`));
    host.request({ headers });
    return said(host, 'reqh').slice(1);
  };

  it('are the first of a repeated header, and all joined as a property', async () => {
    const script = ['header 0 x-dup', 'property request/headers/x-dup'];
    const seen = await run(script, [
      ['x-dup', 'one'],
      ['X-Dup', 'two'],
    ]);
    assert.deepEqual(seen, [
      "header 0 x-dup = 0 'one'",
      "property request/headers/x-dup = 0 'one,two'",
    ]);
  });

  it('are joined at once for inline headers, but not for cookies over HTTP/1', async () => {
    const seen = await run(
      ['header 0 user-agent', 'header 0 cookie'],
      [
        ['user-agent', 'a'],
        ['user-agent', 'b'],
        ['cookie', 'a=1'],
        ['cookie', 'b=2'],
      ],
    );
    assert.deepEqual(seen, ["header 0 user-agent = 0 'a,b'", "header 0 cookie = 0 'a=1'"]);
  });

  it('tell absent from empty', async () => {
    const seen = await run(['header 0 x-none', 'header 0 x-empty'], [['x-empty', '']]);
    assert.deepEqual(seen, ["header 0 x-none = 1 ''", "header 0 x-empty = 0 ''"]);
  });

  it('keep bytes above 127 as they are', async () => {
    const seen = await run(['header 0 x-bin'], [['x-bin', Uint8Array.of(0xff, 0x80, 0x41)]]);
    assert.deepEqual(seen, ['header 0 x-bin = 0 xff8041']);
  });

  it('are found by any case of the name, and the host under both its names', async () => {
    const seen = await run(
      ['header 0 X-A', 'header 0 host', 'header 0 :authority'],
      [
        ['x-a', 'v'],
        ['host', 'h'],
      ],
    );
    assert.deepEqual(seen, [
      "header 0 X-A = 0 'v'",
      "header 0 host = 0 'h'",
      "header 0 :authority = 0 'h'",
    ]);
  });

  it('reach the upstream as they were left', async () => {
    const host = await startProbe([
      'reqh replace 0 x-a new',
      'reqh remove 0 x-b',
      'reqh add 0 x-c 1',
      'reqh add 0 x-c 2',
    ]);
    const { upstreamHeaders } = host.request({
      headers: [
        ['x-a', '1'],
        ['x-a', '2'],
        ['x-b', '3'],
      ],
    });
    const own = upstreamHeaders?.filter(([name]) => /^x-[abc]$/.test(name));
    assert.deepEqual(own, [
      ['x-a', 'new'],
      ['x-c', '1'],
      ['x-c', '2'],
    ]);
  });

  it('leave no repeated line behind a replacement', () => {
    const map = new HeaderMap('response', [
      ['a', '1'],
      ['b', '2'],
      ['A', '3'],
    ]);
    map.replace('a', '4');
    assert.deepEqual(map.entries, [
      ['a', '4'],
      ['b', '2'],
    ]);
  });
});

describe('packed pairs', () => {
  it('come back as they went', () => {
    const entries: [string, string][] = [
      ['a', ''],
      ['', 'b'],
      [':path', '/\xff\0'],
    ];
    assert.deepEqual(unpackPairs(packPairs(entries)), entries);
  });

  for (const [name, hex] of [
    ['is too short', '0100'],
    ['ends early', '01000000 01000000 01000000 6100 62'],
    ['has bytes behind its end', '00000000 00'],
    ['lacks a terminator', '01000000 01000000 01000000 6101 6200'],
    ['counts too many', '01040000'],
  ] as const) {
    it(`are empty, without an error, when the blob ${name}`, () => {
      assert.deepEqual(unpackPairs(Buffer.from(hex.replaceAll(' ', ''), 'hex')), []);
    });
  }

  it('wipe the map when they do not decode', async () => {
    const host = await startProbe(['reqh setraw 0 ffff', 'reqh pairs 0']);
    const outcome = host.request({});
    assert.deepEqual(said(host, 'reqh').slice(1), ['setraw 0 ffff = 0', "pairs 0 = 0 ''"]);
    assert.equal(outcome.status, 404);
    assert.equal(outcome.details, 'route_not_found');
  });
});

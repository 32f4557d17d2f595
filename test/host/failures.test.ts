import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WrongUse } from '../../tools/host/host.ts';
import type { FailurePolicy } from '../../tools/host/host.ts';
import { allSaid, last, said, startProbe } from './support.ts';

const trapping = (
  event: string,
  failurePolicy: FailurePolicy = 'FAIL_CLOSED',
): ReturnType<typeof startProbe> =>
  startProbe([`${event}@bad trap`], { failurePolicy, workers: 2 });
const bad = { headers: [['x-do', 'bad']] as [string, string][], response: { body: 'answer' } };

describe('a trap', () => {
  for (const [event, status, reset] of [
    ['reqh', 503, false],
    ['resph', 503, false],
    ['respb', 200, true],
    ['log', 200, false],
    ['done', 200, false],
  ] as const) {
    it(`in ${event} gives that client ${status}${reset ? ' and cuts it off' : ''}`, async () => {
      const host = await trapping(event);
      const outcome = host.request(bad);
      assert.deepEqual([outcome.status, outcome.reset, outcome.trapped], [status, reset, true]);
      if (status === 503) assert.equal(outcome.details, 'wasm_fail_stream');
    });
  }

  it('is told with callback and reason', async () => {
    const host = await trapping('reqh');
    host.request(bad);
    assert.equal(host.traps.length, 1);
    assert.deepEqual(
      [host.traps[0]?.callback, host.traps[0]?.reason],
      ['proxy_on_request_headers', 'unreachable'],
    );
    assert.match(host.traps[0]?.stack ?? '', /script\/run/);
  });

  it('ends the VM of its worker for every stream and plugin in it, and no other', async () => {
    const host = await trapping('reqh');
    host.addPlugin({ pluginName: 'second', configuration: 'reqh note' });
    const open = host.open({}).requestHeaders();
    host.request(bad);
    assert.equal(open.responseHeaders().close().status, 503);
    assert.deepEqual(
      [host.request({}).status, host.request({ plugin: 'second' }).status],
      [503, 503],
    );
    assert.equal(host.request({}, 1).status, 200);
  });

  it('lets no later callback of the VM run', async () => {
    const host = await startProbe([
      'reqh@bad trap',
      'log note',
      'done note',
      'delete note',
      'tick note',
      'conf tick 1',
    ]);
    host.request(bad);
    host.advance(5);
    assert.ok(!allSaid(host).some((line) => /^(log|done|delete|tick) /.test(line)));
  });

  it('closes for ever, skips the plugin, or loads it anew, by the failure policy', async () => {
    const next = async (policy: FailurePolicy): Promise<number[]> => {
      const host = await trapping('reqh', policy);
      host.advance(10);
      const now = [host.request(bad).status, host.request({}).status];
      host.advance(2000);
      return [...now, host.request({}).status];
    };
    assert.deepEqual(await next('FAIL_CLOSED'), [503, 503, 503]);
    assert.deepEqual(await next('FAIL_OPEN'), [503, 200, 200]);
    assert.deepEqual(await next('FAIL_RELOAD'), [503, 503, 200]);
  });

  it('is followed by a fresh VM at once when the old one is older than the back-off', async () => {
    const host = await trapping('reqh', 'FAIL_RELOAD');
    host.advance(1000);
    host.request(bad);
    assert.equal(host.request({}).status, 200);
    assert.equal(host.request({}).trapped, false);
  });

  it('in the answer of a call leaves the paused stream waiting', async () => {
    const script = [
      'reqh http up 500 %method:GET,%path:/,%authority:a',
      'reqh return 1',
      'answer trap',
    ];
    const host = await startProbe(script);
    const stream = host.open({}).run();
    host.answerHttpCall(4);
    assert.deepEqual([stream.paused, stream.outcome.trapped], [true, true]);
  });

  it('is also a full stack', async () => {
    const host = await startProbe(['reqh overflow']);
    assert.equal(host.request({}).trapped, true);
    assert.match(host.traps[0]?.reason ?? '', /call stack/);
  });

  it('is not an allocator without memory: the call fails with 6', async () => {
    const host = await startProbe([
      'reqh forget',
      'reqh header 0 :path',
      'reqh property request/path',
    ]);
    host.request({});
    assert.deepEqual(said(host, 'reqh').slice(2), [
      "header 0 :path = 6 ''",
      "property request/path = 6 ''",
    ]);
  });

  it('is not an address outside the memory: the call fails with 6', async () => {
    const host = await startProbe(['reqh headerat 0 4294967290 20']);
    host.request({});
    assert.equal(last(said(host, 'reqh')), 'headerat 0 4294967290 20 = 6');
  });
});

describe('faults on demand', () => {
  it('make a host call fail once, and then no more', async () => {
    const host = await startProbe(['reqh header 0 :path', 'reqh header 0 :path']);
    host.faults.fail('proxy_get_header_map_value', 10, { times: 2 }); // The probe itself reads one header first.
    host.request({});
    assert.deepEqual(said(host, 'reqh').slice(1), [
      "header 0 :path = 10 ''",
      "header 0 :path = 0 '/'",
    ]);
  });

  it('last until they are cleared', async () => {
    const host = await startProbe(['reqh set a b 0']);
    host.faults.fail('proxy_set_shared_data', 8);
    host.request({});
    host.request({});
    host.faults.clear();
    host.request({});
    assert.deepEqual(
      said(host, 'reqh')
        .filter((line) => line.startsWith('set'))
        .map((line) => line.slice(-1)),
      ['8', '8', '0'],
    );
  });

  it('are refused for a name that is no host call', async () => {
    const host = await startProbe([]);
    assert.throws(() => host.faults.fail('proxy_nothing', 1), WrongUse);
  });
});

describe('a capability restriction', () => {
  const least = [
    'proxy_on_context_create',
    'proxy_on_configure',
    'proxy_log',
    'proxy_get_buffer_bytes',
    'proxy_get_header_map_value',
  ];

  it('lets denied imports return 10, or 76 for WASI, and logs each time', async () => {
    const allowed = [...least, 'proxy_on_request_headers'];
    const host = await startProbe(
      ['reqh property request/path', 'reqh random', 'reqh header 0 :path'],
      { allowedCapabilities: allowed },
    );
    host.request({});
    assert.deepEqual(
      said(host, 'reqh')
        .slice(1)
        .map((line) => line.split(' = ')[1]?.split(' ')[0]),
      ['10', '76', '0'],
    );
    const denied = host.logs.filter(
      ({ text }) => text === 'Attempted call to restricted capability: proxy_get_property',
    );
    assert.equal(denied.length, 1);
  });

  it('does not call denied callbacks: without on_request_headers requests pass', async () => {
    const script = ['reqh reply 403 d b'];
    assert.equal(
      (await startProbe(script, { allowedCapabilities: least })).request({}).status,
      200,
    );
    const all = [...least, 'proxy_on_request_headers', 'proxy_send_local_response'];
    assert.equal((await startProbe(script, { allowedCapabilities: all })).request({}).status, 403);
  });
});

describe('counts and trace', () => {
  it('count host calls by name', async () => {
    const host = await startProbe(['reqh header 0 :path', 'log time']);
    host.resetCallCounts();
    host.request({});
    const counts = Object.fromEntries(host.callCounts());
    assert.deepEqual(counts, {
      proxy_get_header_map_value: 2,
      proxy_log: 3,
      proxy_get_current_time_nanoseconds: 1,
    });
  });

  it('record the last calls and callbacks when asked', async () => {
    const host = await startProbe(['reqh time']);
    host.trace.enable(4);
    host.request({});
    const names = host.trace.entries().map(({ name }) => name);
    assert.deepEqual(names, [
      'proxy_on_response_headers',
      'proxy_on_log',
      'proxy_on_done',
      'proxy_on_delete',
    ]);
    assert.match(host.trace.toString(), /^worker 0 2 proxy_on_response_headers\(2, 1, 1\) = 0$/m);
    host.trace.disable();
    host.request({});
    assert.equal(host.trace.entries().length, 4);
  });

  it('are the same in two runs', async () => {
    const run = async (): Promise<string> => {
      const host = await startProbe([
        'reqh random',
        'reqh header 0 x-request-id',
        'conf tick 10',
        'tick random',
      ]);
      host.trace.enable(1000);
      host.request({});
      host.advance(100);
      return host.trace.toString();
    };
    assert.equal(await run(), await run());
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allSaid, said, startProbe } from './support.ts';

const results = (lines: readonly string[]): (string | undefined)[] =>
  lines.map((line) => line.split(' = ')[1]);

describe('shared data', () => {
  it('holds values with versions that are global and only grow', async () => {
    const host = await startProbe([
      'reqh get k',
      'reqh set k v 0',
      'reqh set j w 0',
      'reqh get k',
      'reqh get j',
      'reqh set k x 0',
      'reqh get k',
    ]);
    host.request({});
    assert.deepEqual(results(said(host, 'reqh').slice(1)), [
      "1 '' 0",
      '0',
      '0',
      "0 'v' 1",
      "0 'w' 2",
      '0',
      "0 'x' 3",
    ]);
  });

  it('refuses a stale version, and creates a missing key whatever the version', async () => {
    const host = await startProbe([
      'reqh set k v 99',
      'reqh set k w 99',
      'reqh set k x 1',
      'reqh get k',
    ]);
    host.request({});
    assert.deepEqual(results(said(host, 'reqh').slice(1)), ['0', '8', '0', "0 'x' 2"]);
  });

  it('keeps an empty value, for there is no removal', async () => {
    const host = await startProbe(['reqh set k v 0', 'reqh set k _ 0', 'reqh get k']);
    host.request({});
    assert.equal(results(said(host, 'reqh')).at(-1), "0 '' 2");
  });

  it('is one for all workers, and for the test', async () => {
    const host = await startProbe(['reqh set from-guest v 0', 'log get from-test'], { workers: 2 });
    host.sharedData.set('from-test', Buffer.from('t'));
    host.request({}, 1);
    assert.equal(Buffer.from(host.sharedData.get('from-guest') ?? []).toString(), 'v');
    assert.equal(said(host, 'log', 'worker 1')[0], "get from-test = 0 't' 1");
    assert.deepEqual([host.sharedData.keys().length, host.sharedData.sizeBytes], [2, 21]);
  });

  it('is shared by modules of the same vm_id in one process, and by no others', async () => {
    const first = await startProbe(['reqh set k v 0'], { vmId: 'a' });
    const same = await startProbe(['reqh get k'], { vmId: 'a', beside: first, pluginName: 'same' });
    const other = await startProbe(['log get k'], {
      vmId: 'b',
      beside: first,
      pluginName: 'other',
    });
    first.request({});
    same.request({});
    other.request({});
    const gets = allSaid(first)
      .filter((line) => line.includes(' get k'))
      .map((line) => line.split(' = ')[1]);
    assert.deepEqual(gets, ["0 'v' 1", "1 '' 0"]);
  });
});

describe('shared queues', () => {
  it('give the same token for the same name, and are found across VMs', async () => {
    const host = await startProbe(
      [
        'reqh register q',
        'reqh register q',
        'reqh register r',
        'reqh resolve _ q',
        'reqh resolve vm r',
        'reqh resolve other q',
      ],
      { vmId: 'vm' },
    );
    host.request({});
    assert.deepEqual(results(said(host, 'reqh').slice(1)), [
      '0 1',
      '0 1',
      '0 2',
      '0 1',
      '0 2',
      '1 0',
    ]);
  });

  it('tell the last registrant, after the call, on its root', async () => {
    const host = await startProbe(
      ['conf register q', 'reqh enqueue 1 item', 'reqh note', 'queue dequeue 1', 'queue dequeue 1'],
      { workers: 2 },
    );
    host.request({}, 0);
    assert.deepEqual(said(host, 'queue', 'worker 1'), [
      'token 1',
      "dequeue 1 = 0 'item'",
      "dequeue 1 = 7 ''",
    ]);
    assert.deepEqual(said(host, 'queue', 'worker 0'), []);
  });

  it('answer 1 for tokens that nobody has', async () => {
    const host = await startProbe(['reqh enqueue 9 x', 'reqh dequeue 9']);
    host.request({});
    assert.deepEqual(results(said(host, 'reqh').slice(1)), ['1', "1 ''"]);
  });
});

describe('metrics', () => {
  const run = async (...lines: string[]): Promise<(string | undefined)[]> => {
    const host = await startProbe(lines.map((line) => `reqh ${line}`));
    host.request({});
    return results(said(host, 'reqh').slice(1));
  };

  it('have ids whose low bits tell their type, new ones for each definition', async () => {
    assert.deepEqual(
      await run('define 0 a', 'define 0 a', 'define 1 b', 'define 2 c', 'define 3 d'),
      ['0 4', '0 8', '0 5', '0 6', '2 0'],
    );
  });

  it('count up alone, by record as much as by increment', async () => {
    const seen = await run(
      'define 0 a',
      'increment a 1',
      'increment a 0',
      'increment a -1',
      'record a 5',
      'metric a',
    );
    assert.deepEqual(seen.slice(1), ['0', '2', '2', '0', '0 6']);
  });

  it('gauge up and down, and wrap below zero', async () => {
    const seen = await run('define 1 a', 'increment a -3', 'metric a', 'record a 7', 'metric a');
    assert.deepEqual(seen.slice(1), ['0', '0 18446744073709551613', '0', '0 7']);
  });

  it('record in histograms, and neither add nor read there', async () => {
    const host = await startProbe([
      'reqh define 2 a',
      'reqh record a 42',
      'reqh record a 42',
      'reqh record a 7',
      'reqh increment a 1',
      'reqh metric a',
    ]);
    host.request({});
    assert.deepEqual(results(said(host, 'reqh').slice(2)), ['0', '0', '0', '2', '2 0']);
    assert.deepEqual(host.metrics().get('a'), [
      { value: 7, count: 1 },
      { value: 42, count: 2 },
    ]);
  });

  it('answer 1 for unknown ids, and 2 where the id is of no type', async () => {
    assert.deepEqual(
      await run(
        'increment 400 1',
        'record 400 1',
        'metric 400',
        'increment 403 1',
        'record 403 1',
        'metric 403',
      ),
      ['1', '1', '1 0', '2', '1', '2 0'],
    );
  });

  it('are one by name in the process, over workers, plugins and the canary', async () => {
    const host = await startProbe(
      ['conf define 0 a', 'conf increment a 1', 'reqh increment a 10'],
      { workers: 2 },
    );
    host.addPlugin({
      pluginName: 'second',
      configuration: 'reqh define 0 a\nreqh increment a 100',
    });
    host.request({}, 0);
    host.request({}, 1);
    host.request({ plugin: 'second' });
    assert.equal(host.metrics().get('a'), 4 + 20 + 100);
  });
});

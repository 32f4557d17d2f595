import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allSaid, last, said, startProbe } from './support.ts';

const deny = (status: number): string => `reqh reply ${status} d b`;

describe('a new configuration', () => {
  it('starts a new root in the same VM, beside the old one', async () => {
    const host = await startProbe(['reqh callbacks']);
    host.request({});
    assert.equal(host.reconfigure('reqh callbacks'), true);
    assert.equal(host.reconfigure('reqh  callbacks\nreqh callbacks'), true);
    const created = allSaid(host).filter((line) => line.startsWith('create'));
    assert.deepEqual(created, ['create 1 14', 'create 3 30']);
  });

  it('counts for the next request; streams under way keep the old one to their end', async () => {
    const host = await startProbe(['log note', deny(401)]);
    const old = host.open({}).requestHeaders();
    assert.equal(host.reconfigure([deny(403), 'log time'].join('\n')), true);
    assert.equal(host.request({}).status, 403);
    assert.equal(old.close().status, 401);
    assert.deepEqual(
      said(host, 'log').map((line) => line.split(' ')[0]),
      ['time', 'note'],
    );
  });

  it('ends the old root after its last stream: done, then delete', async () => {
    const host = await startProbe(['done note', 'delete note']);
    const stream = host.open({}).requestHeaders();
    host.reconfigure('reqh note');
    const ends = (): string[] => allSaid(host).filter((line) => /^(done|delete) 1 /.test(line));
    assert.deepEqual(ends(), []);
    stream.close();
    assert.deepEqual(ends(), ['done 1 note = 0', 'delete 1 note = 0']);
  });

  it('waits for an old root that has more to do, until it calls proxy_done', async () => {
    const script = [
      'conf tick 50',
      'done return 0',
      'done http up 500 %method:GET,%path:/,%authority:a',
      'answer done',
      'answer done',
      'delete note',
    ];
    const host = await startProbe(script);
    host.reconfigure('reqh note');
    const deleted = (): boolean => allSaid(host).includes('delete 1 note = 0');
    assert.equal(deleted(), false);
    host.answerHttpCall(4, {}, 0);
    assert.deepEqual(said(host, 'answer').slice(1), ['done = 0', 'done = 1']);
    assert.equal(deleted(), true);
  });

  it('leaves the old one in force when it is refused', async () => {
    const host = await startProbe([deny(401)]);
    assert.equal(host.reconfigure([deny(403), 'conf return 0'].join('\n')), false);
    assert.equal(host.request({}).status, 401);
    assert.equal(host.reconfigure(deny(402)), true);
    assert.equal(host.request({}).status, 402);
  });

  it('changes nothing when it is the same', async () => {
    const host = await startProbe([deny(401)]);
    assert.equal(host.reconfigure(deny(401)), true);
    assert.equal(allSaid(host).filter((line) => line.startsWith('create')).length, 1);
  });

  it('keeps shared data and metrics', async () => {
    const host = await startProbe(['conf define 0 a', 'conf increment a 1', 'reqh set k v 0']);
    host.request({});
    host.reconfigure('conf define 0 a\nconf increment a 1\nreqh get k');
    host.request({});
    assert.equal(host.metrics().get('a'), 6);
    assert.equal(last(said(host, 'reqh')), "get k = 0 'v' 1");
  });

  it('stops the timer of the old root', async () => {
    const host = await startProbe(['conf tick 10', 'tick note']);
    host.reconfigure('reqh note');
    host.advance(100);
    assert.deepEqual(said(host, 'tick'), []);
  });
});

describe('several plugins in one VM', () => {
  it('have roots of their own in one memory', async () => {
    const host = await startProbe(['reqh property plugin_name'], { pluginName: 'first' });
    assert.equal(
      host.addPlugin({
        pluginName: 'second',
        configuration: 'reqh callbacks\nreqh property plugin_name',
      }),
      true,
    );
    host.request({ direction: 'inbound' });
    host.request({ direction: 'outbound', plugin: 'second' });
    assert.deepEqual(
      said(host, 'reqh').filter((line) => line.startsWith('property')),
      ["property plugin_name = 0 'first'", "property plugin_name = 0 'second'"],
    );
    assert.match(said(host, 'reqh').find((line) => line.startsWith('callbacks')) ?? '', / 2$/);
  });

  it('are refused one by one', async () => {
    const host = await startProbe([deny(403)]);
    assert.equal(host.addPlugin({ pluginName: 'second', configuration: 'conf return 0' }), false);
    assert.equal(host.request({}).status, 403);
  });
});

describe('a module beside', () => {
  it('can be called by its exports, and its memory read', async () => {
    const host = await startProbe([]);
    assert.equal(host.callExport('sum', 2, 3), 5);
    assert.equal(host.readBytes(0, 8).length, 8);
    assert.ok(host.memorySizeBytes() >= 65_536);
    assert.throws(() => host.callExport('nothing'), /no export nothing/);
  });
});

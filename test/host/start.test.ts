import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeStruct } from '../../tools/host/protobuf.ts';
import { allSaid, last, loadProbe, said, startProbe } from './support.ts';

const SEQUENCE = ['create 1', 'start 1', 'configure 1'];
const steps = (lines: readonly string[]): string[] =>
  lines.map((line) => line.split(' ').slice(0, 2).join(' '));

describe('starting', () => {
  it('runs create, start and configure in the canary, the main VM and each worker', async () => {
    const host = await startProbe([], { workers: 2 });
    assert.deepEqual(
      [...new Set(host.logs.map(({ vm }) => vm))],
      ['canary', 'main', 'worker 0', 'worker 1'],
    );
    for (const vm of ['canary', 'main', 'worker 0', 'worker 1'])
      assert.deepEqual(steps(allSaid(host, vm)), SEQUENCE);
  });

  it('gives each VM a memory of its own', async () => {
    const host = await startProbe(['reqh callbacks'], { workers: 2 });
    host.request({}, 0);
    host.request({}, 0);
    host.request({}, 1);
    assert.equal(
      last(said(host, 'reqh').filter((line) => line.startsWith('callbacks'))),
      'callbacks = 0 7 1',
    );
    assert.equal(last(said(host, 'reqh', 'worker 1')), 'callbacks = 0 2 1');
  });

  it('shows the plugin configuration at create and configure, the VM configuration at start', async () => {
    const host = await startProbe(['conf buffer 7 0 4', 'conf buffer 6 0'], {
      vmConfiguration: 'vm text',
    });
    assert.deepEqual(allSaid(host).slice(0, 3), [
      'create 1 33',
      "start 1 7 'vm text' plugin 1",
      'configure 1 33',
    ]);
    assert.deepEqual(said(host, 'conf'), ["buffer 7 0 4 = 0 'conf'", "buffer 6 0 = 0 'vm text'"]);
  });

  it('shows no plugin configuration outside of them', async () => {
    const host = await startProbe(['reqh buffer 7 0', 'tick buffer 7 0', 'conf tick 1']);
    host.request({});
    host.tick();
    assert.equal(last(said(host, 'reqh')), "buffer 7 0 = 1 ''");
    assert.equal(last(said(host, 'tick')), "buffer 7 0 = 1 ''");
  });

  it('is refused when configure answers 0, and then only the canary has run', async () => {
    const host = await loadProbe(['conf return 0']);
    assert.equal(host.start(), false);
    assert.deepEqual([...new Set(host.logs.map(({ vm }) => vm))], ['canary']);
    assert.match(last(host.logs.map(({ text }) => text)), /^Unable to create Wasm plugin plugin$/);
  });

  it('is refused when start answers 0, and when configure traps', async () => {
    assert.equal((await loadProbe([], { vmConfiguration: 'refuse' })).start(), false);
    const trapped = await loadProbe(['conf trap']);
    assert.equal(trapped.start(), false);
    assert.equal(trapped.traps[0]?.callback, 'proxy_on_configure');
  });

  it('leaves a worker that alone refuses without the plugin: requests pass', async () => {
    const host = await startProbe(['conf refusefrom 4', 'reqh reply 403 d b'], { workers: 2 });
    assert.equal(host.request({}, 0).status, 403);
    assert.equal(host.request({}, 1).status, 200);
    assert.ok(
      host.logs.some(({ text }) => text === 'Failed to configure thread-local Wasm plugin'),
    );
  });

  it('takes no further configuration once a worker has refused one', async () => {
    const host = await startProbe(['conf refusefrom 4'], { workers: 2 });
    assert.equal(host.reconfigure('reqh note'), false);
  });

  it('hands a Struct over as protobuf bytes', async () => {
    const bytes = encodeStruct({ a: 1, b: 'x' });
    assert.equal(
      Buffer.from(bytes).toString('hex'),
      '0a0e0a01611209110000000000' + '00f03f0a080a016212031a0178',
    );
    const host = await startProbe([], { configuration: bytes });
    assert.equal(allSaid(host)[0], `create 1 ${bytes.length}`);
  });

  it('counts context ids up in each VM and never uses one twice', async () => {
    const host = await startProbe(['reqh note']);
    host.request({});
    host.request({});
    assert.deepEqual(
      allSaid(host)
        .filter((line) => line.startsWith('reqh'))
        .map((line) => line.split(' ')[1]),
      ['2', '2', '3', '3'],
    );
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { last, said, startProbe } from './support.ts';

const value = (line: string | undefined): string => line?.split(' = ')[1] ?? '';

describe('clocks', () => {
  it('stand still until they are moved, the wall clock in microseconds', async () => {
    const host = await startProbe(['reqh time', 'reqh clock 0', 'reqh clock 1', 'reqh clock 2'], {
      nowMs: 1000,
    });
    host.request({});
    assert.deepEqual(said(host, 'reqh').slice(1).map(value), [
      '0 1000000000',
      '0 1000000000',
      '0 1000000000',
      '58 0',
    ]);
    host.advance(1.5004);
    host.request({});
    assert.deepEqual(said(host, 'reqh').slice(6).map(value), [
      '0 1001500000',
      '0 1001500000',
      '0 1001500000',
      '58 0',
    ]);
  });

  it('can be set back on the wall without the monotonic one', async () => {
    const host = await startProbe(['reqh time', 'reqh clock 1'], { nowMs: 1000 });
    host.clock.setWall(10);
    host.request({});
    assert.deepEqual(said(host, 'reqh').slice(1).map(value), ['0 10000000', '0 1000000000']);
  });

  it('can step with each read', async () => {
    const host = await startProbe(['reqh time', 'reqh time'], { nowMs: 0 });
    host.clock.stepPerReadUs = 1;
    host.request({});
    assert.deepEqual(said(host, 'reqh').slice(1).map(value), ['0 1000', '0 2000']);
  });
});

describe('the timer', () => {
  it('fires after its period, in the main VM and in each worker', async () => {
    const host = await startProbe(['conf tick 100', 'tick time'], { nowMs: 0, workers: 2 });
    host.advance(350);
    for (const vm of ['main', 'worker 0', 'worker 1']) {
      assert.deepEqual(said(host, 'tick', vm).map(value), [
        '0 100000000',
        '0 200000000',
        '0 300000000',
      ]);
    }
    assert.deepEqual(said(host, 'tick', 'canary'), []);
  });

  it('ends with period 0, and starts again with another one', async () => {
    const host = await startProbe([
      'conf tick 100',
      'tick note',
      'reqh@off tick 0',
      'reqh@on tick 10',
    ]);
    host.request({ headers: [['x-do', 'off']] });
    host.advance(1000);
    assert.deepEqual(said(host, 'tick'), []);
    host.request({ headers: [['x-do', 'on']] });
    host.advance(20);
    assert.equal(said(host, 'tick').length, 2);
  });

  it('fires at once when the test says so', async () => {
    const host = await startProbe(['conf tick 100000', 'tick note']);
    host.tick();
    host.tick();
    assert.equal(said(host, 'tick').length, 2);
  });
});

describe('randomness and environment', () => {
  it('repeats with the seed and differs between calls', async () => {
    const bytes = async (seed: number): Promise<string[]> => {
      const host = await startProbe(['reqh random', 'reqh random'], { seed });
      host.request({});
      return said(host, 'reqh').slice(1);
    };
    const [first, second] = await bytes(1);
    assert.deepEqual(await bytes(1), [first, second]);
    assert.notEqual(first, second);
    assert.notDeepEqual(await bytes(2), [first, second]);
  });

  it('gives at most 65536 bytes at once', async () => {
    const host = await startProbe(['reqh randomsize 65536', 'reqh randomsize 65537']);
    host.request({});
    assert.deepEqual(said(host, 'reqh').slice(1).map(value), ['0', '28']);
  });

  it('shows the configured environment and nothing else', async () => {
    const host = await startProbe(['reqh environ'], { environment: { NAME: 'value' } });
    host.request({});
    assert.equal(last(said(host, 'reqh')), "environ = 0 1 'NAME=value'");
  });
});

describe('the log', () => {
  it('keeps level, text and context, and drops what is below its level', async () => {
    const host = await startProbe([
      'reqh log 1 quiet',
      'reqh log 4 loud',
      'reqh log 6 nothing',
      'reqh level',
    ]);
    host.request({});
    const own = host.logs.filter(({ text }) => ['quiet', 'loud', 'nothing'].includes(text));
    assert.deepEqual(own, [{ level: 'error', text: 'loud', context: 2, vm: 'worker 0' }]);
    assert.deepEqual(said(host, 'reqh').slice(1).map(value), ['0', '0', '2', '0 2']);
  });

  it('can be turned up while it runs', async () => {
    const host = await startProbe(['reqh log 0 detail', 'reqh level']);
    host.setLogLevel('trace');
    host.request({});
    assert.ok(host.logs.some(({ text, level }) => text === 'detail' && level === 'trace'));
    assert.equal(last(said(host, 'reqh')), 'level = 0 0');
  });

  it('takes what is printed: 1 as information, 2 as error, others not', async () => {
    const host = await startProbe([
      'reqh print 1 out\\n',
      'reqh print 2 err',
      'reqh print 3 none',
      'reqh exit',
    ]);
    host.request({});
    const printed = host.logs.filter(({ text }) => ['out', 'err', 'none'].includes(text));
    assert.deepEqual(
      printed.map(({ level, text }) => [level, text]),
      [
        ['info', 'out'],
        ['error', 'err'],
      ],
    );
    assert.deepEqual(said(host, 'reqh').slice(1).map(value), ['0 4', '0 3', '8 0', '0']);
  });
});

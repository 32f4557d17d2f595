import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allSaid, said, startProbe } from './support.ts';

const EVENTS = ['conn', 'down', 'up', 'upclose', 'downclose', 'done', 'log', 'delete'];
/** A line for each event, so that the probe tells of it. */
const WATCH = EVENTS.map((event) => `${event} note`);
const CALL = 'http up 500 %method:GET,%path:/,%authority:a';

describe('a TCP connection', () => {
  it('runs in the order that Envoy was seen to have', async () => {
    const host = await startProbe(WATCH);
    const connection = host.connect().open().downstreamData('hello').upstreamData('world');
    connection.downstreamData('', true).upstreamData('', true);
    const outcome = connection.close();
    const events = allSaid(host).map((line) => line.split(' ')[0]);
    const order = events.filter(
      (event, at) => EVENTS.includes(event ?? '') && event !== events[at - 1],
    );
    assert.deepEqual(order, [
      'conn',
      'down',
      'up',
      'down',
      'up',
      'upclose',
      'downclose',
      'done',
      'log',
      'delete',
    ]);
    assert.deepEqual(
      said(host, 'down').filter((line) => line.startsWith('size')),
      ['size 5 end 0', 'size 0 end 1'],
    );
    assert.deepEqual(said(host, 'upclose')[0], 'type 0');
    assert.deepEqual(said(host, 'downclose')[0], 'type 1');
    assert.equal(outcome.upstreamData, 'hello');
    assert.equal(outcome.downstreamData, 'world');
  });

  it('never reaches the upstream when it is closed in on_new_connection', async () => {
    const host = await startProbe(['conn close 2', 'conn return 1']);
    const outcome = host.connect().open().downstreamData('hello').close();
    assert.deepEqual(
      [outcome.closed, outcome.upstreamOpened, outcome.upstreamData],
      [true, false, ''],
    );
  });

  it('is closed from a data callback before its bytes pass', async () => {
    const host = await startProbe(['down close 2', 'down return 1']);
    const outcome = host.connect().open().downstreamData('secret').outcome;
    assert.deepEqual(
      [outcome.closed, outcome.upstreamOpened, outcome.upstreamData],
      [true, true, ''],
    );
  });

  it('shows held data again with what follows', async () => {
    const host = await startProbe(['down return 1']);
    const connection = host.connect().open().downstreamData('ab').downstreamData('cd');
    assert.equal(connection.paused, true);
    assert.equal(connection.outcome.upstreamData, '');
  });

  it('waits in on_new_connection until it is continued from an answer', async () => {
    const host = await startProbe([
      `conn ${CALL}`,
      'conn return 1',
      'down note',
      'answer effectivelast',
      'answer continue 2',
    ]);
    const connection = host.connect().open().downstreamData('hello');
    assert.equal(connection.paused, true);
    assert.deepEqual(said(host, 'down'), []);
    host.answerHttpCall(host.calls[0]?.token ?? 0);
    assert.equal(connection.paused, false);
    // Envoy reads nothing before the TCP proxy has begun: the filter sees the bytes now, once.
    assert.deepEqual(
      said(host, 'down').filter((line) => line.startsWith('size')),
      ['size 5 end 0'],
    );
    assert.equal(connection.close().upstreamData, 'hello');
  });

  it('knows its peer only once data has come', async () => {
    const host = await startProbe([
      'conn property connection.mtls',
      'down property connection.mtls',
    ]);
    host
      .connect({ properties: { 'connection.mtls': true } })
      .open()
      .downstreamData('x')
      .close();
    const [early = '', late = ''] = [said(host, 'conn')[1], said(host, 'down')[1]];
    assert.notEqual(early.split(' = ')[1], late.split(' = ')[1]);
  });

  it('hands values on as filter state', async () => {
    const host = await startProbe(['conn setproperty mine yes']);
    const { filterState } = host.connect().open().close();
    assert.equal(Buffer.from(filterState.get('wasm.mine') ?? []).toString(), 'yes');
  });

  it('is closed when the filter traps, and so are the next ones', async () => {
    const host = await startProbe(['down trap']);
    const first = host.connect().open().downstreamData('x').outcome;
    assert.deepEqual([first.closed, first.trapped, first.upstreamData], [true, true, '']);
    assert.equal(host.connect().open().outcome.closed, true);
  });
});

// A document is exchanged while traffic flows: what a client and an operator see.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { denying } from './support/documents.ts';
import { Client, sendLoad } from './support/load.ts';

const UPDATE_COUNT = 6;

describe('a reload', () => {
  let envoy: RunningEnvoy;
  before(async () => {
    envoy = await startEnvoy({ document: denying('/a'), reloadable: true, concurrency: 2 });
  });
  after(() => envoy.stop());

  async function apply(path: string): Promise<void> {
    assert.equal(await envoy.updateDocument(JSON.stringify(denying(path))), 'applied');
  }

  it('loses no request under load, and every answer is that of one of the documents', async () => {
    let isDone = false;
    const load = sendLoad(envoy.url, {
      connections: 8,
      next: (index) => (isDone ? null : { path: index % 2 === 0 ? '/a' : '/b' }),
    });
    for (let update = 0; update < UPDATE_COUNT; update++) await apply(update % 2 ? '/a' : '/b');
    isDone = true;
    const { statuses, lost, connectionCount } = await load;
    assert.equal(lost, 0);
    assert.deepEqual([...statuses.keys()].sort(), [200, 403]);
    assert.equal(connectionCount, 8, 'no connection was closed');
  });

  it('holds for the next request on a connection that is already open', async () => {
    const client = new Client(envoy.url);
    await apply('/a');
    assert.deepEqual(
      [await client.send({ path: '/a' }), await client.send({ path: '/b' })],
      [403, 200],
    );
    await apply('/b');
    assert.deepEqual(
      [await client.send({ path: '/a' }), await client.send({ path: '/b' })],
      [200, 403],
    );
    assert.equal(client.connectionCount, 1);
    client.close();
  });

  it('with a wrong document is counted and leaves the old one in force on every worker', async () => {
    await apply('/b');
    const name = 'extension_config_discovery.http_filter.mixer.config_fail';
    const before = Number((await envoy.stats(name))[name]);
    assert.equal(await envoy.updateDocument('{"rulez":[]}'), 'refused');
    assert.equal(Number((await envoy.stats(name))[name]), before + 1);
    const { statuses, lost } = await sendLoad(envoy.url, {
      connections: 8,
      next: (index) => (index < 64 ? { path: '/b' } : null),
    });
    assert.deepEqual([...statuses, lost], [[403, 64], 0]);
    assert.match(envoy.log(), /E0201 unknown field `rulez`/);
    await apply('/a');
  });

  it('keeps what was counted', async () => {
    await apply('/a');
    const client = new Client(envoy.url);
    const denied = async (): Promise<number> =>
      Number(
        (await envoy.stats('mixer_rule_denied_total'))[
          'wasmcustom.mixer_rule_denied_total.rule=r;'
        ],
      );
    const before = await envoy.waitFor(async () => {
      const first = await denied();
      return first > 0 && first === (await denied()) ? first : null;
    });
    await apply('/b');
    assert.equal(await client.send({ path: '/b' }), 403);
    client.close();
    await envoy.waitFor(async () => (await denied()) > before);
  });
});

describe('a wrong document at the start', () => {
  it('keeps Envoy from starting, with the line, the field and what was expected', async () => {
    await assert.rejects(
      startEnvoy({
        document: { handlers: [{ name: 'x', adapter: 'dennier' }] },
        described: { features: [], labels: [] },
      }),
      /ended with code 1 before it was ready[^]*E0404 unknown adapter `dennier`/,
    );
  });
});

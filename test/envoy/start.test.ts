// What the tools promise about a running Envoy: refusals with its last words, reloads, an end that is noticed.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';

import { EnvoyNotReady } from '../../tools/envoy/errors.ts';
import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';

/** A document that denies one path. */
function denying(path: string): object {
  return {
    handlers: [{ name: 'closed', adapter: 'denier', params: { status: { code: 7 } } }],
    rules: [
      { name: 'r', match: `request.url_path == "${path}"`, actions: [{ handler: 'closed' }] },
    ],
  };
}

describe('startEnvoy', () => {
  it('rejects with what Envoy said when the document is wrong', async () => {
    const start = startEnvoy({ document: { rulez: [] } });
    await assert.rejects(start, (error: Error) => {
      assert.ok(error instanceof EnvoyNotReady);
      assert.match(error.message, /ended with code 1 before it was ready/);
      assert.match(error.message, /unknown field `rulez`/);
      return true;
    });
  });

  it('gives each listener its own document and address', async () => {
    const envoy = await startEnvoy({
      listeners: [
        { name: 'in', document: denying('/a'), direction: 'INBOUND' },
        { name: 'out', document: denying('/b'), direction: 'OUTBOUND' },
      ],
    });
    try {
      const statuses = await Promise.all(
        ['in', 'out'].flatMap((name) =>
          ['/a', '/b'].map(
            async (path) => (await request(envoy.urls[name] ?? '', { path })).status,
          ),
        ),
      );
      assert.deepEqual(statuses, [403, 200, 200, 403]);
    } finally {
      await envoy.stop();
    }
  });

  it('tells when Envoy ends by itself, and leaves no files behind', async () => {
    const envoy = await startEnvoy({ document: {} });
    process.kill(envoy.pid, 'SIGKILL');
    assert.equal(await envoy.ended, 'was ended by SIGKILL');
    await envoy.stop();
    assert.ok(!existsSync(envoy.folder));
  });
});

describe('a reloadable Envoy', () => {
  let envoy: RunningEnvoy;
  before(async () => {
    envoy = await startEnvoy({ document: denying('/a'), reloadable: true });
  });
  after(() => envoy.stop());

  async function statusOf(path: string): Promise<number> {
    return (await request(envoy.url, { path })).status;
  }

  it('takes a good document', async () => {
    assert.deepEqual([await statusOf('/a'), await statusOf('/b')], [403, 200]);
    assert.equal(await envoy.updateDocument(JSON.stringify(denying('/b'))), 'applied');
    assert.deepEqual([await statusOf('/a'), await statusOf('/b')], [200, 403]);
  });

  it('keeps the old document when the new one is wrong', async () => {
    assert.equal(await envoy.updateDocument('{"rulez":[]}'), 'refused');
    assert.equal(await statusOf('/b'), 403);
    assert.match(envoy.log(), /E0201 unknown field `rulez`/);
  });

  it('gets what a document newly needs of Envoy', async () => {
    const operation = { name: 'x-new', operation: 'REPLACE', values: ['"yes"'] };
    const document = { rules: [{ name: 'r', responseHeaderOperations: [operation] }] };
    assert.equal(await envoy.updateDocument(JSON.stringify(document)), 'applied');
    assert.equal((await request(envoy.url)).headers['x-new'], 'yes');
  });
});

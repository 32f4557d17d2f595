// `root_id` stands for the document where Envoy does not announce streams: a document under another's id would be in
// force for its streams, so it is refused, with the id to write.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { EnvoyNotReady } from '../../tools/envoy/errors.ts';
import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { denying } from './support/documents.ts';
import { capabilitiesOf, mixerPlugin, startPatched, type Fields } from './support/patched.ts';

const EDITED = JSON.stringify(denying('/edited'));

/** Starts with a document in whose place somebody wrote another, and with what else they changed. */
function startEdited(patch: (plugin: Fields) => void): Promise<RunningEnvoy> {
  return startPatched({
    document: denying('/rendered'),
    patch: (bootstrap) => {
      const plugin = mixerPlugin(bootstrap);
      (plugin['configuration'] as Fields)['value'] = EDITED;
      patch(plugin);
    },
  });
}

async function assertInForce(envoy: RunningEnvoy): Promise<void> {
  try {
    assert.equal((await request(envoy.url, { path: '/edited' })).status, 403);
    assert.equal((await request(envoy.url, { path: '/rendered' })).status, 200);
  } finally {
    await envoy.stop();
  }
}

describe('a rendered configuration whose document was edited', () => {
  it('is refused under the old root_id with the one to write, and serves under that', async () => {
    const error = await startEdited(() => undefined).then(
      async (envoy) => {
        await envoy.stop();
        return assert.fail('Envoy took it');
      },
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof EnvoyNotReady);
    const [, rootId] = /root_id must be ([0-9a-f]{32})/.exec(error.message) ?? [];
    assert.ok(rootId !== undefined, error.message);
    await assertInForce(await startEdited((plugin) => (plugin['root_id'] = rootId)));
  });

  it('serves under any root_id where Envoy announces streams', async () => {
    await assertInForce(
      await startEdited((plugin) => {
        delete plugin['root_id'];
        capabilitiesOf(plugin)['proxy_on_context_create'] = {};
      }),
    );
  });
});

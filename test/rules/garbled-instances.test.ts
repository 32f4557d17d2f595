// An adapter's own instances that are no JSON: without them a rule would ask nothing, and let everything pass.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Host } from '../../tools/host/host.ts';
import { logText } from './serve.ts';

async function started(instances: object): Promise<{ isStarted: boolean; log: string }> {
  const handler = { adapter: 'rogue', params: { garbled: true } };
  const rules = [{ name: 'r', actions: [{ handler, ...instances }] }];
  const configuration = JSON.stringify({ rules });
  const host = await Host.load({ wasm: 'dist/test/rogue.wasm', configuration });
  return { isStarted: host.start(), log: logText(host) };
}

it('refuse the document that relies on them, and say so', async () => {
  const { isStarted, log } = await started({});
  assert.equal(isStarted, false);
  assert.match(log, /E0407/);
  assert.match(log, /the adapter's own are no JSON/);
});

it('do no harm where the document gives its own', async () => {
  const instances = [{ template: 'listentry', params: { value: 'request.path' } }];
  assert.equal((await started({ instances })).isStarted, true);
});

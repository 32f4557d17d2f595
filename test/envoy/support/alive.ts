// That no VM has trapped since the start: nothing was reloaded, and Envoy's log says nothing of it.

import assert from 'node:assert/strict';

import type { RunningEnvoy } from '../../../tools/envoy/running.ts';

export async function assertAlive(envoy: RunningEnvoy): Promise<void> {
  const stats = await envoy.stats('^wasm\\..*(vm_reload|crash)');
  assert.ok(Object.keys(stats).length > 0);
  assert.deepEqual(
    Object.values(stats).filter((value) => value !== 0),
    [],
  );
  assert.doesNotMatch(envoy.log(), /Function: .* failed|Wasm VM failed (?!Failed to configure)/);
}

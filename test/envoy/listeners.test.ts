// Inbound and outbound listener of one sidecar: same plugin name, same document, so one VM and one
// root; what belongs to a listener must not stick to the root.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { showing } from './support/documents.ts';
import { startPatched } from './support/patched.ts';

const OURS = { WORKLOAD_NAME: 'shop-v1', NAMESPACE: 'web' };

describe('two listeners that share a VM', () => {
  let envoy: RunningEnvoy;
  before(async () => {
    envoy = await startPatched({
      document: showing({
        'saw-kind': 'context.reporter.kind',
        'saw-source': 'source.workload.name | "unknown"',
        'saw-destination': 'destination.workload.name | "unknown"',
      }),
      listeners: [
        { name: 'in', direction: 'INBOUND' },
        { name: 'out', direction: 'OUTBOUND' },
      ],
      patch: (bootstrap) => {
        Object.assign(bootstrap['node'] as object, { metadata: OURS });
      },
    });
  });
  after(() => envoy.stop());

  async function saw(listener: string): Promise<(string | undefined)[]> {
    const answer = await request(envoy.urls[listener] ?? '');
    const { headers } = JSON.parse(answer.body) as { headers: Record<string, string> };
    return [headers['saw-kind'], headers['saw-source'], headers['saw-destination']];
  }

  it('keep their own direction and their own side of the connection, in any order', async () => {
    for (const listener of ['in', 'out', 'out', 'in', 'in', 'out']) {
      const expected =
        listener === 'in' ? ['inbound', 'unknown', 'shop-v1'] : ['outbound', 'shop-v1', 'unknown'];
      assert.deepEqual(await saw(listener), expected, listener);
    }
  });

  it('really share one VM on each thread', async () => {
    const stats = await envoy.stats('wasm_vm_count|runtime.v8.active');
    // Up to 1.36 the count has another name.
    const shared = stats['wasm.wasm_vm_count'] ?? stats['wasm.envoy.wasm.runtime.v8.active'];
    assert.equal(shared, 3);
  });
});

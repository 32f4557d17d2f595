// Bounds of the adapter rbac, and what it says of connections.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { RBAC_PATTERN_COUNT_MAX, RBAC_POLICY_COUNT_MAX } from '../../assembly/shared/limits.ts';
import { ROOT } from '../../tools/build/root.ts';
import { Host } from '../../tools/host/index.ts';

const WASM = join(ROOT, 'dist', 'mixer.wasm');

async function hostOf(policies: readonly object[]): Promise<{ host: Host; isUp: boolean }> {
  const configuration = JSON.stringify({
    handlers: [{ name: 'authz', adapter: 'rbac', params: { policies } }],
    rules: [{ name: 'access', actions: [{ handler: 'authz' }] }],
  });
  const host = await Host.load({ wasm: WASM, configuration, pluginName: 'mixer' });
  return { host, isUp: host.start() };
}

function logOf(host: Host): string {
  return host.logs.map(({ text }) => text).join('\n');
}

describe('limits of rbac', () => {
  const policiesOf = (count: number): object[] =>
    Array.from({ length: count }, (_, index) => ({
      name: `p${index}`,
      rules: [{ to: [{ operation: { paths: [`/${index}`] } }] }],
    }));

  it('takes as many policies as the limit says, and finds the last one', async () => {
    const { host, isUp } = await hostOf(policiesOf(RBAC_POLICY_COUNT_MAX));
    assert.ok(isUp, logOf(host));
    assert.equal(host.request({ path: `/${RBAC_POLICY_COUNT_MAX - 1}` }).status, 200);
    assert.equal(host.request({ path: `/${RBAC_POLICY_COUNT_MAX}` }).status, 403);
  });

  it('refuses one more', async () => {
    const { host, isUp } = await hostOf(policiesOf(RBAC_POLICY_COUNT_MAX + 1));
    assert.equal(isUp, false);
    assert.match(logOf(host), /E0219/);
  });

  const pathsOf = (count: number): object[] => {
    const paths = Array.from({ length: count }, (_, index) => `/${index}`);
    return [{ name: 'all', rules: [{ to: [{ operation: { paths } }] }] }];
  };

  it('takes as many values as the limit says, and finds the last one', async () => {
    const { host, isUp } = await hostOf(pathsOf(RBAC_PATTERN_COUNT_MAX));
    assert.ok(isUp, logOf(host));
    assert.equal(host.request({ path: `/${RBAC_PATTERN_COUNT_MAX - 1}` }).status, 200);
  });

  it('refuses one value more', async () => {
    const { host, isUp } = await hostOf(pathsOf(RBAC_PATTERN_COUNT_MAX + 1));
    assert.equal(isUp, false);
    assert.match(logOf(host), /E0219/);
  });
});

describe('rbac and TCP connections', () => {
  const isClosed = async (policies: readonly object[], source: string): Promise<boolean> => {
    const { host, isUp } = await hostOf(policies);
    assert.ok(isUp, logOf(host));
    const properties = { 'source.address': source, 'connection.requested_server_name': 'a.test' };
    const connection = host.connect({ properties }).open();
    connection.downstreamData('x');
    return connection.close().upstreamData === '';
  };

  it('decides by addresses and the server name', async () => {
    const rules = [{ from: [{ source: { remoteIpBlocks: ['10.0.0.0/8'] } }] }];
    assert.equal(await isClosed([{ name: 'near', rules }], '10.1.1.1:5'), false);
    assert.equal(await isClosed([{ name: 'near', rules }], '11.1.1.1:5'), true);
  });

  it('allows none by what only HTTP has, and denies all by it, as Istio does', async () => {
    const rules = [{ to: [{ operation: { notMethods: ['GET'] } }] }];
    assert.equal(await isClosed([{ name: 'http', rules }], '10.1.1.1:5'), true);
    const deny = [{ to: [{ operation: { methods: ['GET'] } }] }];
    assert.equal(
      await isClosed([{ name: 'http', action: 'DENY', rules: deny }], '10.1.1.1:5'),
      true,
    );
  });
});

// What becomes of requests behind a trap, by failure policy, and of a worker whose filter refused: on a real Envoy,
// with the project's own runtime and an adapter that does what none may do.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { request, type RequestOptions } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { assertBypassed, assertCounted, countedBy } from './support/alerts.ts';
import { mixerPlugin, startPatched } from './support/patched.ts';

const WASM = 'dist/test/rogue.wasm';
/** Envoy makes no new VM before a second has passed since the last one. */
const RELOAD_TIMEOUT_MS = 10_000;
const REFUSED_COUNT = 5;

const valued = (value: string): RequestOptions => ({ headers: [['x-value', value]] });
const CLOSED = valued('closed');
const OPEN = valued('open');
const TRAP = valued('trap');

function start(failurePolicy: string, params: object = {}): Promise<RunningEnvoy> {
  const value = 'request.headers["x-value"] | ""';
  return startPatched({
    wasm: WASM,
    document: {
      handlers: [{ name: 'door', adapter: 'rogue', params }],
      instances: [{ name: 'value', template: 'listentry', params: { value } }],
      rules: [{ name: 'doors', actions: [{ handler: 'door', instances: ['value'] }] }],
    },
    patch: (bootstrap) => {
      mixerPlugin(bootstrap)['failure_policy'] = failurePolicy;
    },
  });
}

async function statusOf(envoy: RunningEnvoy, options: RequestOptions): Promise<number> {
  return (await request(envoy.url, options)).status;
}

/** The filter decides, then a request traps: it is answered with 503. */
async function trap(envoy: RunningEnvoy): Promise<void> {
  assert.deepEqual([await statusOf(envoy, CLOSED), await statusOf(envoy, OPEN)], [403, 200]);
  await assertCounted(envoy, 'A1', 0);
  assert.equal(await statusOf(envoy, TRAP), 503);
}

async function run(
  failurePolicy: string,
  test: (envoy: RunningEnvoy) => Promise<void>,
  params: object = {},
): Promise<void> {
  const envoy = await start(failurePolicy, params);
  try {
    await test(envoy);
  } finally {
    await envoy.stop();
  }
}

describe('a trap', () => {
  it('with FAIL_RELOAD costs its own request; a new VM decides as before, and the alert sees it', async () => {
    await run('FAIL_RELOAD', async (envoy) => {
      await trap(envoy);
      await envoy.waitFor(async () => {
        const status = await statusOf(envoy, CLOSED);
        assert.ok(status === 403 || status === 503, `${status}`);
        return status === 403;
      }, RELOAD_TIMEOUT_MS);
      assert.equal(await statusOf(envoy, OPEN), 200);
      assert.ok((await countedBy(envoy, 'A4')) >= 1);
    });
  });

  it('with FAIL_OPEN opens the door to every request from then on, and the alert sees each', async () => {
    await run('FAIL_OPEN', async (envoy) => {
      await trap(envoy);
      await assertCounted(envoy, 'A1', 1);
      await assertBypassed(envoy, CLOSED);
      assert.equal(await countedBy(envoy, 'A4'), 0, 'no VM is made anew');
    });
  });

  it('with FAIL_CLOSED closes it for good, and the alert sees each request', async () => {
    await run('FAIL_CLOSED', async (envoy) => {
      await trap(envoy);
      for (let sent = 0; sent < REFUSED_COUNT; sent++)
        assert.equal(await statusOf(envoy, OPEN), 503);
      await assertCounted(envoy, 'A1', 1 + REFUSED_COUNT);
      assert.equal(await countedBy(envoy, 'A4'), 0, 'no VM is made anew');
    });
  });
});

describe('a worker whose filter refuses what the main thread took', () => {
  /** The canary and the main thread. */
  const accepted = 2;

  it('has no filter, whatever the failure policy, and the alert sees each request', async () => {
    for (const policy of ['FAIL_RELOAD', 'FAIL_CLOSED']) {
      await run(
        policy,
        async (envoy) => {
          await assertBypassed(envoy, CLOSED);
          assert.match(envoy.log(), /Failed to configure thread-local Wasm plugin/);
        },
        { accepted },
      );
    }
  });
});

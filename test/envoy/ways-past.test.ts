// Ways past the filter, each on a real Envoy, with what an operator can watch for: docs/security.md lists them. What is
// shown here is what Envoy does with configuration that is not ours; rendered configuration has none of it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { sampleValue } from '../../tools/envoy/exposition.ts';
import { request, type RequestOptions } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { assertBypassed, assertCounted, countedBy } from './support/alerts.ts';
import { denying } from './support/documents.ts';
import { httpConnections, mixerPlugin, startPatched, type Fields } from './support/patched.ts';

const CLOSED: RequestOptions = { path: '/closed' };

/** Starts with the rendered configuration, changed. */
function startChanged(change: (http: Fields, plugin: Fields) => void): Promise<RunningEnvoy> {
  return startPatched({
    document: denying('/closed'),
    patch: (bootstrap) => change(httpConnections(bootstrap), mixerPlugin(bootstrap)),
  });
}

function firstRoute(http: Fields): Fields {
  const routes = http['route_config'] as { virtual_hosts: { routes: Fields[] }[] };
  return routes.virtual_hosts[0]!.routes[0]!;
}

async function assertBypassedAndStop(envoy: RunningEnvoy): Promise<void> {
  try {
    await assertBypassed(envoy, CLOSED);
  } finally {
    await envoy.stop();
  }
}

describe('the alert about requests that nobody checked', () => {
  it('is silent with rendered configuration', async () => {
    const envoy = await startChanged(() => undefined);
    try {
      for (const path of ['/closed', '/open']) await request(envoy.url, { path });
      await envoy.waitFor(
        async () => sampleValue(await envoy.prometheus(), 'mixer_checks_total') === 2,
      );
      assert.equal(await countedBy(envoy, 'A1'), 0);
    } finally {
      await envoy.stop();
    }
  });
});

describe('a way past the filter', () => {
  it('is a route that disables it', async () => {
    const envoy = await startChanged((http) => {
      firstRoute(http)['typed_per_filter_config'] = {
        mixer: {
          '@type': 'type.googleapis.com/envoy.config.route.v3.FilterConfig',
          disabled: true,
        },
      };
    });
    await assertBypassedAndStop(envoy);
  });

  it('is a capability list without proxy_on_request_headers', async () => {
    const envoy = await startChanged((_, plugin) => {
      // Up to 1.39 the list stands in the plugin, from then on in its VM.
      const vm = plugin['vm_config'] as Fields;
      const list = (vm['capability_restriction_config'] ??
        plugin['capability_restriction_config']) as { allowed_capabilities: Fields };
      delete list.allowed_capabilities['proxy_on_request_headers'];
    });
    await assertBypassedAndStop(envoy);
  });

  it('is a path that is rewritten behind it', async () => {
    const envoy = await startChanged((http) => {
      const route = firstRoute(http)['route'] as Fields;
      route['regex_rewrite'] = { pattern: { regex: '^/open' }, substitution: '/closed' };
    });
    try {
      const answer = await request(envoy.url, { path: '/open' });
      const echo = JSON.parse(answer.body) as { path: string; headers: Record<string, string> };
      assert.equal(echo.path, '/closed');
      assert.equal(echo.headers['x-envoy-original-path'], '/open', 'what to watch for');
      assert.equal((await request(envoy.url, CLOSED)).status, 403);
    } finally {
      await envoy.stop();
    }
  });

  it('is not FAIL_OPEN at the start: a refused document stops Envoy all the same', async () => {
    for (const policy of ['FAIL_OPEN', 'FAIL_CLOSED', 'FAIL_RELOAD']) {
      const started = startPatched({
        document: { rulez: [] },
        patch: (bootstrap) => {
          mixerPlugin(bootstrap)['failure_policy'] = policy;
        },
      });
      await assert.rejects(started, /E0201 unknown field `rulez`/, policy);
    }
  });
});

describe('a first document that is refused, by ECDS', () => {
  it('closes the listener to requests until a good one comes, and is counted', async () => {
    const envoy = await startEnvoy({ document: { rulez: [] }, reloadable: true });
    try {
      const before = await request(envoy.url, CLOSED);
      assert.equal(before.status, 500, before.body);
      await assertCounted(envoy, 'A2', 1);
      assert.equal(sampleValue(await envoy.prometheus(), 'mixer_build_info'), undefined, 'A3');
      assert.match(envoy.log(), /E0201 unknown field `rulez`/);
      assert.equal(await envoy.updateDocument(JSON.stringify(denying('/closed'))), 'applied');
      assert.equal((await request(envoy.url, CLOSED)).status, 403);
      assert.equal((await request(envoy.url, { path: '/open' })).status, 200);
      await envoy.waitFor(async () =>
        (await envoy.prometheus()).some(({ name }) => name === 'mixer_build_info'),
      );
    } finally {
      await envoy.stop();
    }
  });
});

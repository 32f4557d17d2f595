// Ways past the filter, each on a real Envoy, with what an operator can watch for: docs/security.md lists them. What is
// shown here is what Envoy does with configuration that is not ours; rendered configuration has none of it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { request, type RequestOptions } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { denying } from './support/documents.ts';
import { httpConnections, startPatched } from './support/patched.ts';

const CLOSED: RequestOptions = { path: '/closed' };
const STATISTICS_TIMEOUT_MS = 5_000;
const PASSED_COUNT = 5;

type Fields = Record<string, unknown>;

/** Starts with the rendered configuration, changed. */
function startChanged(change: (http: Fields) => void): Promise<RunningEnvoy> {
  return startPatched({
    document: denying('/closed'),
    patch: (bootstrap) => change(httpConnections(bootstrap)),
  });
}

function firstRoute(http: Fields): Fields {
  const routes = http['route_config'] as { virtual_hosts: { routes: Fields[] }[] };
  return routes.virtual_hosts[0]!.routes[0]!;
}

function plugin(http: Fields): Fields {
  const filters = http['http_filters'] as { name: string; typed_config: { config: Fields } }[];
  return filters.find(({ name }) => name === 'mixer')!.typed_config.config;
}

async function stat(envoy: RunningEnvoy, name: string): Promise<number> {
  return Number(Object.values(await envoy.stats(name))[0] ?? 0);
}

/** The alert of docs/security.md: requests that Envoy took and the filter did not check. */
async function uncheckedRequests(envoy: RunningEnvoy): Promise<number> {
  const taken = await stat(envoy, '^http\\.ingress\\.downstream_rq_total$');
  return taken - (await stat(envoy, 'mixer_checks_total'));
}

/** Requests pass that a rule denies, and the alert sees every one. */
async function assertBypassed(envoy: RunningEnvoy): Promise<void> {
  try {
    for (let sent = 0; sent < PASSED_COUNT; sent++)
      assert.equal((await request(envoy.url, CLOSED)).status, 200);
    await envoy.waitFor(
      async () => (await uncheckedRequests(envoy)) === PASSED_COUNT,
      STATISTICS_TIMEOUT_MS,
    );
  } finally {
    await envoy.stop();
  }
}

describe('the alert about requests that nobody checked', () => {
  it('is silent with rendered configuration', async () => {
    const envoy = await startChanged(() => undefined);
    try {
      for (const path of ['/closed', '/open']) await request(envoy.url, { path });
      await envoy.waitFor(async () => (await stat(envoy, 'mixer_checks_total')) === 2);
      assert.equal(await uncheckedRequests(envoy), 0);
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
    await assertBypassed(envoy);
  });

  it('is a capability list without proxy_on_request_headers', async () => {
    const envoy = await startChanged((http) => {
      const vm = plugin(http)['vm_config'] as Fields;
      const list = vm['capability_restriction_config'] as { allowed_capabilities: Fields };
      delete list.allowed_capabilities['proxy_on_request_headers'];
    });
    await assertBypassed(envoy);
  });

  it('is a path that is rewritten behind it', async () => {
    const envoy = await startChanged((http) => {
      const route = firstRoute(http)['route'] as Fields;
      route['regex_rewrite'] = { pattern: { regex: '^/open' }, substitution: '/closed' };
    });
    try {
      const answer = await request(envoy.url, { path: '/open' });
      assert.equal((JSON.parse(answer.body) as { path: string }).path, '/closed');
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
          plugin(httpConnections(bootstrap))['failure_policy'] = policy;
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
      assert.ok((await stat(envoy, 'http_filter\\.mixer\\.config_fail')) >= 1);
      assert.match(envoy.log(), /E0201 unknown field `rulez`/);
      assert.equal(await envoy.updateDocument(JSON.stringify(denying('/closed'))), 'applied');
      assert.equal((await request(envoy.url, CLOSED)).status, 403);
      assert.equal((await request(envoy.url, { path: '/open' })).status, 200);
    } finally {
      await envoy.stop();
    }
  });
});

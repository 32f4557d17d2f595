// Filters around ours, on a real Envoy: one in front that answers itself, or that changes what rules read.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { request, type RequestOptions } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { assertBypassed, assertCounted } from './support/alerts.ts';
import { httpConnections, httpFilters, startPatched, type Fields } from './support/patched.ts';

const FILTERS = 'type.googleapis.com/envoy.extensions.filters.http';
const GUEST: RequestOptions = { headers: [['x-role', 'guest']] };

const DOCUMENT = {
  handlers: [{ name: 'closed', adapter: 'denier', params: { status: { code: 7 } } }],
  rules: [
    {
      name: 'admins',
      match: 'request.headers["x-role"] != "admin"',
      actions: [{ handler: 'closed' }],
    },
  ],
};

/** Answers every request with 200. */
const ANSWERS: Fields = {
  name: 'envoy.filters.http.fault',
  typed_config: {
    '@type': `${FILTERS}.fault.v3.HTTPFault`,
    abort: { http_status: 200, percentage: { numerator: 100 } },
  },
};

/** Makes every client an administrator. */
const CHANGES: Fields = {
  name: 'envoy.filters.http.header_mutation',
  typed_config: {
    '@type': `${FILTERS}.header_mutation.v3.HeaderMutation`,
    mutations: {
      request_mutations: [
        {
          append: {
            header: { key: 'x-role', value: 'admin' },
            append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
          },
        },
      ],
    },
  },
};

/** Rendered configuration, with another filter first or last before the router. */
function startWith(other: Fields, place: 'first' | 'last'): Promise<RunningEnvoy> {
  return startPatched({
    document: DOCUMENT,
    patch: (bootstrap) => {
      const filters = httpFilters(bootstrap);
      const router = filters.at(-1);
      const ours = filters.slice(0, -1);
      const ordered = place === 'first' ? [other, ...ours] : [...ours, other];
      httpConnections(bootstrap)['http_filters'] = [...ordered, router];
    },
  });
}

async function run(
  other: Fields,
  place: 'first' | 'last',
  test: (envoy: RunningEnvoy) => Promise<void>,
): Promise<void> {
  const envoy = await startWith(other, place);
  try {
    await test(envoy);
  } finally {
    await envoy.stop();
  }
}

describe('a filter in front of ours', () => {
  it('that answers is asked by nobody: the alert sees each request', async () => {
    await run(ANSWERS, 'first', (envoy) => assertBypassed(envoy, GUEST));
  });

  it('that changes a header decides what rules read, and no alert can know', async () => {
    await run(CHANGES, 'first', async (envoy) => {
      assert.equal((await request(envoy.url, GUEST)).status, 200);
      await envoy.waitFor(async () =>
        (await envoy.prometheus()).some(
          ({ name, value }) => name === 'mixer_checks_total' && value === 1,
        ),
      );
      await assertCounted(envoy, 'A1', 0);
    });
  });
});

describe('a filter behind ours', () => {
  it('neither answers nor changes what a rule denies', async () => {
    for (const other of [ANSWERS, CHANGES]) {
      await run(other, 'last', async (envoy) => {
        assert.equal((await request(envoy.url, GUEST)).status, 403);
        await assertCounted(envoy, 'A1', 0);
      });
    }
  });
});

describe('rendered configuration', () => {
  it('has ours last, right before the router', async () => {
    let names: unknown[] = [];
    const envoy = await startPatched({
      document: DOCUMENT,
      patch: (bootstrap) => {
        names = httpFilters(bootstrap).map(({ name }) => name);
      },
    });
    await envoy.stop();
    assert.deepEqual(names.slice(-2), ['mixer', 'envoy.filters.http.router']);
  });
});

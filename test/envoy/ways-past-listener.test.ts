// A listener without our filter, on a real Envoy: nothing of ours sees its requests, the alert about listeners does.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { countedBy } from './support/alerts.ts';
import { denying } from './support/documents.ts';
import { startPatched, type Fields } from './support/patched.ts';

const CLOSED = { path: '/closed' };
const SENT_COUNT = 5;

type Listener = Fields & {
  filter_chains: { filters: { typed_config: Fields }[] }[];
};

/** Rendered configuration; `change` is given a second listener, a copy of the first that others would write. */
function start(change: ((listener: Listener, http: Fields) => void) | null): Promise<RunningEnvoy> {
  return startPatched({
    document: denying('/closed'),
    patch: (bootstrap) => {
      if (change === null) return;
      const { listeners } = bootstrap['static_resources'] as { listeners: Listener[] };
      const second = structuredClone(listeners[0]!);
      second['name'] = 'second';
      const http = second.filter_chains[0]!.filters[0]!.typed_config;
      http['stat_prefix'] = 'second';
      change(second, http);
      listeners.push(second);
    },
  });
}

const withoutOurs = (http: Fields): void => {
  const filters = http['http_filters'] as Fields[];
  http['http_filters'] = filters.filter(({ name }) => name !== 'mixer');
};

/** Where Envoy itself says that the second listener listens. */
async function secondUrl(envoy: RunningEnvoy): Promise<string> {
  const answer = await fetch(`${envoy.adminUrl}/listeners?format=json`);
  const { listener_statuses: all } = (await answer.json()) as {
    listener_statuses: {
      name: string;
      local_address: { socket_address: { port_value: number } };
    }[];
  };
  const port = all.find(({ name }) => name === 'second')?.local_address.socket_address.port_value;
  return `http://127.0.0.1:${port ?? assert.fail('no second listener')}`;
}

describe('a listener without the filter', () => {
  it('passes what a rule denies, and only the alert over all listeners sees it', async () => {
    const envoy = await start((_, http) => withoutOurs(http));
    try {
      const second = await secondUrl(envoy);
      assert.equal((await request(envoy.url, CLOSED)).status, 403);
      await envoy.waitFor(async () => (await countedBy(envoy, 'A1')) === 0);
      for (let at = 0; at < SENT_COUNT; at++)
        assert.equal((await request(second, CLOSED)).status, 200);
      await envoy.waitFor(async () => (await countedBy(envoy, 'A7')) === SENT_COUNT);
      assert.equal(await countedBy(envoy, 'A1'), 0);
    } finally {
      await envoy.stop();
    }
  });

  it('is seen by no alert where it has no HTTP: the listeners that Envoy names tell', async () => {
    const envoy = await start((listener, http) => {
      const { route_config: routes } = http as {
        route_config: { virtual_hosts: { routes: { route: { cluster: string } }[] }[] };
      };
      const { cluster } = routes.virtual_hosts[0]!.routes[0]!.route;
      const type = 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';
      listener.filter_chains[0]!.filters = [
        {
          name: 'envoy.filters.network.tcp_proxy',
          typed_config: { '@type': type, stat_prefix: 'second', cluster },
        } as unknown as { typed_config: Fields },
      ];
    });
    try {
      assert.equal((await request(await secondUrl(envoy), CLOSED)).status, 200);
      await envoy.waitFor(async () =>
        (await envoy.prometheus()).some(
          ({ name, labels, value }) =>
            name === 'envoy_tcp_downstream_cx_total' &&
            labels['envoy_tcp_prefix'] === 'second' &&
            value === 1,
        ),
      );
      assert.equal(await countedBy(envoy, 'A7'), 0);
    } finally {
      await envoy.stop();
    }
  });

  it('is none that `render` writes', async () => {
    const envoy = await start(null);
    try {
      for (const path of ['/closed', '/open']) await request(envoy.url, { path });
      await envoy.waitFor(async () => (await countedBy(envoy, 'A1')) === 0);
      assert.equal(await countedBy(envoy, 'A7'), 0);
    } finally {
      await envoy.stop();
    }
  });
});

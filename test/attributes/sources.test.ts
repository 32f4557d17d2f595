// A declared attribute of each source, on a running Envoy.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { WASM_PATH } from '../../tools/render/defaults.ts';
import type { Config } from '../../tools/render/types.ts';
import * as mesh from './support/listeners.ts';
import { probingDocument, seenLines } from './support/probing.ts';

const LEVELS = {
  filter_metadata: { own: { level: 7, name: 'seven', list: ['a', 'b'], yes: true } },
};

/** The path of a value in the metadata of a route, cluster or listener. */
function of(owner: string, key: string): string[] {
  return ['xds', `${owner}_metadata`, 'filter_metadata', 'own', key];
}

function dynamic(...rest: string[]): string[] {
  return ['metadata', 'filter_metadata', 'dynamic', ...rest];
}

const text = (source: object): object => ({ type: 'STRING', ...source });

/** Name, declaration, value at the check. */
const AT_CHECK: [string, object, unknown][] = [
  ['state', text({ property: ['filter_state', 'own.state'] }), 'kept'],
  ['dynamic', text({ property: dynamic('who') }), 'me'],
  ['dynamicNumber', { type: 'DOUBLE', property: dynamic('half') }, 0.5],
  ['dynamicMap', { type: 'STRING_MAP', property: dynamic('map') }, 'map[a:b]'],
  ['routeName', text({ property: ['xds', 'route_name'] }), 'all'],
  ['routeLevel', { type: 'INT64', property: of('route', 'level') }, 7],
  ['routeList', text({ property: of('route', 'list') }), 'a,b'],
  ['clusterName', text({ property: of('cluster', 'name') }), 'seven'],
  ['listenerYes', { type: 'BOOL', property: of('listener', 'yes') }, true],
  ['node', text({ property: ['xds', 'node', 'metadata', 'NAME'] }), 'cart-1'],
  ['nodeId', text({ property: ['xds', 'node', 'id'] }), mesh.NODE['id']],
  ['header', { type: 'DURATION', requestHeader: 'x-patience' }, '1m30s'],
  ['cookie', { type: 'INT64', cookie: 'n' }, 42],
  ['parameter', { type: 'IP_ADDRESS', queryParameter: 'ip' }, '10.1.2.3'],
  ['expression', text({ value: 'header2 + "!"' }), 'hi!'],
  ['header2', text({ requestHeader: 'x-two' }), 'hi'],
  ['peer', { type: 'IP_ADDRESS', property: ['source', 'address'] }, '127.0.0.1'],
];

/** Name, declaration, value in the log. */
const IN_LOG: [string, object, unknown][] = [
  ['cost', { type: 'DOUBLE', responseHeader: 'x-cost' }, 1.25],
  ['code', { type: 'INT64', property: ['response', 'code'] }, 200],
  ['upstream', { type: 'IP_ADDRESS', property: ['upstream', 'address'] }, '127.0.0.1'],
  ['wrong', { type: 'BOOL', responseHeader: 'x-cost' }, undefined],
];

let envoy: RunningEnvoy;

before(async () => {
  const attributes = Object.fromEntries(
    [...AT_CHECK, ...IN_LOG].map(([name, each]) => [name, each]),
  );
  const check = Object.fromEntries(AT_CHECK.map(([name]) => [name, name]));
  const log = Object.fromEntries(
    IN_LOG.filter(([name]) => name !== 'wrong').map(([name]) => [name, name]),
  );
  const document = probingDocument({ attributes, check, log }) as { rules: Config[] };
  document.rules.push({ name: 'fails', match: 'wrong | false', actions: [{ handler: 'log' }] });
  const filter = await mesh.filterOf(document, WASM_PATH);
  const before = [
    mesh.stateFilter('own.state', 'kept'),
    mesh.metadataFilter('dynamic', { who: 'me', half: 0.5, map: { a: 'b' } }),
  ];
  const filters = [mesh.httpConnections('all', [...before, filter('f')], 'app', LEVELS)];
  const listener = { name: 'all', port: 0, filters, metadata: LEVELS } as const;
  envoy = await startEnvoy({
    bootstrap: ({ upstreamPort }) =>
      mesh.bootstrap(
        [{ ...listener, direction: 'INBOUND' }],
        [mesh.cluster('app', upstreamPort, { metadata: LEVELS })],
      ),
  });
});
after(() => envoy.stop());

describe('on Envoy, a declared attribute', () => {
  it('has the value of its source at the check', async () => {
    const { body } = await request(envoy.url, {
      path: '/?ip=10.1.2.3',
      headers: [
        ['x-show', 'check'],
        ['x-patience', '90s'],
        ['x-two', 'hi'],
        ['cookie', 'a=b; n=42'],
      ],
    });
    const expected = Object.fromEntries(AT_CHECK.map(([name, , value]) => [name, value]));
    assert.deepEqual(JSON.parse(body), expected);
  });

  it('has it in the log, where a value of another type fails its rule only', async () => {
    await request(envoy.url, { path: '/?header=x-cost:1.25' });
    const line = await envoy.waitFor(() => seenLines(envoy.log())[0]);
    const { cost, code, upstream } = line;
    assert.deepEqual({ cost, code, upstream }, { cost: 1.25, code: 200, upstream: '127.0.0.1' });
    await envoy.waitFor(() =>
      /rule fails: could not be evaluated: wrong type: wrong/.test(envoy.log()),
    );
  });
});

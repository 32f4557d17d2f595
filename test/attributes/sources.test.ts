// A declared attribute of each source, on a running Envoy.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { fromJson, toBinary } from '@bufbuild/protobuf';
import { StructSchema } from '@bufbuild/protobuf/wkt';

import { request } from '../../tools/envoy/request.ts';
import type { RunningEnvoy } from '../../tools/envoy/running.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { WASM_PATH } from '../../tools/render/defaults.ts';
import type { Config } from '../../tools/render/types.ts';
import { fixture } from '../host/support.ts';
import * as mesh from './support/listeners.ts';
import { probingDocument, seenLines } from './support/probing.ts';
import { scriptFilter } from './support/script.ts';

const LEVELS = {
  filter_metadata: { own: { level: 7, name: 'seven', list: ['a', 'b'], yes: true } },
};

const DYNAMIC = {
  who: 'me',
  half: 0.5,
  map: { a: 'b' },
  blank: { a: '', b: '' },
  list: ['a', 'b'],
  deep: { s: 'x', a: { b: ['c', 'd'] } },
};

/** A Struct `{ k: "v", n: 7 }`, and the declaration of filter state that holds such bytes. */
const STRUCT = toHex(toBinary(StructSchema, fromJson(StructSchema, { k: 'v', n: 7 })));
const NAME = Buffer.from('structState');
const TYPE = Buffer.from('type.googleapis.com/google.protobuf.Struct');
const PROTOBUF = 3;
const DECLARATION = toHex(
  Buffer.concat([
    Buffer.of(0x0a, NAME.length),
    NAME,
    Buffer.of(0x10, PROTOBUF, 0x1a, TYPE.length),
    TYPE,
  ]),
);

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** The path of a value in the metadata of a route, cluster or listener. */
function of(owner: string, ...rest: string[]): string[] {
  return ['xds', `${owner}_metadata`, 'filter_metadata', 'own', ...rest];
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
  ['mapKeys', text({ value: 'dynamicMap["a"] + dynamicMap["none"] + "."' }), 'b.'],
  ['mapElse', text({ value: 'dynamicMap["none"] | "else"' }), 'else'],
  ['noMap', { type: 'STRING_MAP', property: dynamic('none') }, null],
  ['noMapElse', text({ value: '(noMap | dynamicMap)["a"]' }), 'b'],
  ['blankMap', { type: 'STRING_MAP', property: dynamic('blank') }, 'map[a: b:]'],
  ['listNoMap', { type: 'STRING_MAP', property: dynamic('list') }, null],
  ['textNoMap', { type: 'STRING_MAP', property: dynamic('who') }, null],
  ['deepMap', { type: 'STRING_MAP', property: dynamic('deep') }, 'map[s:x]'],
  ['deepInCel', text({ language: 'CEL', value: 'deepMap.a.b[1] + deepMap.s' }), 'dx'],
  ['routeMap', { type: 'STRING_MAP', property: of('route') }, 'map[list:a,b name:seven]'],
  ['stateMap', { type: 'STRING_MAP', property: ['structState'] }, 'map[k:v]'],
  ['stateKey', text({ value: 'stateKeys["k"]' }), 'v'],
  ['stateKeys', { type: 'STRING_MAP', property: ['filter_state', 'wasm.structState'] }, 'map[k:v]'],
  ['stateInCel', { type: 'DOUBLE', language: 'CEL', value: 'stateMap.n' }, 7],
  ['textState', { type: 'STRING_MAP', property: ['filter_state', 'own.state'] }, null],
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
    mesh.metadataFilter('dynamic', DYNAMIC),
    scriptFilter(fixture('probe'), [
      `conf foreign declare_property ${DECLARATION}`,
      `reqh setbytes structState ${STRUCT}`,
    ]),
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

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RequestInput } from '../../tools/host/host.ts';
import { last, said, startProbe } from './support.ts';

const EVENTS = ['reqh', 'reqb', 'resph', 'respb', 'log', 'done', 'delete'];
const STREAM = EVENTS.join();

/** The callbacks in which the property can be read. */
async function readableIn(property: string): Promise<string> {
  const host = await startProbe(EVENTS.map((event) => `${event} property ${property}`));
  host.request({
    body: 'hello',
    headers: [['x-a', 'b']],
    response: { headers: [['x-up', '1']], body: 'answer' },
  });
  return EVENTS.filter((event) =>
    last(said(host, event)).startsWith(`property ${property} = 0`),
  ).join();
}

async function read(property: string, input: RequestInput = {}, event = 'reqh'): Promise<string> {
  const host = await startProbe([`${event} property ${property}`]);
  host.request(input);
  return last(said(host, event)).replace(`property ${property} = `, '');
}

describe('the phases of properties', () => {
  for (const [property, events] of Object.entries({
    'request/path': 'reqh,log',
    'request/url_path': 'reqh,log',
    'request/query': 'reqh,log',
    'request/method': 'reqh,log',
    'request/host': 'reqh,log',
    'request/headers/x-a': 'reqh,log',
    'request/protocol': STREAM,
    'request/time': STREAM,
    'request/size': STREAM,
    'request/total_size': STREAM,
    'request/duration': 'log,done,delete',
    'response/code': 'resph,respb,log,done,delete',
    'response/code_details': 'resph,respb,log,done,delete',
    'response/grpc_status': 'resph,respb,log,done,delete',
    'response/flags': STREAM,
    'response/headers/x-up': 'resph,log',
    'source/address': STREAM,
    'destination/port': STREAM,
    'connection/id': STREAM,
    'connection/mtls': STREAM,
    'connection/requested_server_name': STREAM,
    'connection/uri_san_peer_certificate': '',
    'upstream/address': 'reqb,resph,respb,log,done,delete',
    'upstream/local_address': 'resph,respb,log,done,delete',
    'xds/cluster_name': STREAM,
    'xds/listener_direction': STREAM,
    plugin_name: STREAM,
    'node/id': '',
    request: '',
  })) {
    it(`make ${property} readable in ${events || 'none'}`, async () => {
      assert.equal(await readableIn(property), events);
    });
  }

  it('leave only node and plugin names where there is no stream', async () => {
    const host = await startProbe(
      [
        'property xds/node/id',
        'property plugin_root_id',
        'property request/time',
        'property source/address',
      ].map((line) => `conf ${line}`),
      { node: { id: 'n-1' }, rootId: 'r' },
    );
    const seen = [
      "xds/node/id = 0 'n-1'",
      "plugin_root_id = 0 'r'",
      "request/time = 1 ''",
      "source/address = 1 ''",
    ];
    assert.deepEqual(
      said(host, 'conf'),
      seen.map((line) => `property ${line}`),
    );
  });
});

describe('the encoding of properties', () => {
  it('is 8 bytes little endian for integers, one byte for truth, text for text', async () => {
    assert.equal(await read('response/code', {}, 'log'), '0 xc800000000000000');
    assert.equal(await read('connection/mtls'), '0 x00');
    assert.equal(await read('request/query', { path: '/a?b=c' }), "0 'b=c'");
    assert.equal(await read('request/query', { path: '/a' }), "0 ''");
  });

  it('is a double in metadata, and pairs for maps and lists', async () => {
    const node = { metadata: { n: 7, flag: true, list: ['a', 'b'], none: null } };
    const names = ['n', 'flag', 'list', 'nope', 'none'];
    const host = await startProbe(
      names.map((name) => `conf property xds/node/metadata/${name}`),
      { node },
    );
    assert.deepEqual(
      said(host, 'conf').map((line) => line.split(' = ')[1]),
      [
        '0 x0000000000001c40',
        '0 x01',
        '0 x0200000001000000000000000100000000000000610000620000',
        "1 ''",
        "3 ''",
      ],
    );
  });

  it('is an empty map of four zero bytes for headers that are away', async () => {
    assert.equal(await read('request/headers', {}, 'resph'), '0 x00000000');
  });

  it('fails with 3 for an empty path and for objects that cannot be listed', async () => {
    assert.equal(await read('_'), "3 ''");
    for (const whole of ['request', 'connection', 'xds', 'filter_state'])
      assert.equal(await read(whole), "3 ''");
  });

  it('takes a trailing NUL, but no dots for NULs', async () => {
    assert.equal(await read('request/path/', { path: '/x' }), "0 '/x'");
    const host = await startProbe(['reqh dotted request.path']);
    host.request({});
    assert.equal(last(said(host, 'reqh')), "dotted request.path = 1 ''");
  });

  it('is empty in requests of an unreadable length', async () => {
    assert.equal(await read('request/size', { headers: [['content-length', 'x']] }), "1 ''");
  });
});

describe('properties that the test gives', () => {
  it('replace what the host would answer, in the same phases', async () => {
    const properties = { 'source.address': '10.1.2.3:4567', 'request.path': '/given' };
    assert.equal(await read('source/address', { properties }), "0 '10.1.2.3:4567'");
    assert.equal(await read('source/port', { properties }), '0 xd711000000000000');
    assert.equal(await read('request/path', { properties }, 'resph'), "1 ''");
  });

  it('can be absent, and of every type', async () => {
    const properties = {
      'connection.tls_version': 'TLSv1.3',
      'connection.mtls': true,
      'xds.route_name': undefined,
    };
    assert.equal(await read('connection/tls_version', { properties }), "0 'TLSv1.3'");
    assert.equal(await read('connection/mtls', { properties }), '0 x01');
    assert.equal(await read('xds/route_name', { properties }), "1 ''");
    assert.equal(
      await read('request/size', { properties: { 'request.size': 258 } }),
      '0 x0201000000000000',
    );
    assert.equal(
      await read('request/raw', { properties: { 'request.raw': Uint8Array.of(1, 2) } }),
      '0 x0102',
    );
  });

  it('reach into dynamic metadata whose names hold dots', async () => {
    const path = 'metadata/filter_metadata/envoy.filters.http.jwt_authn/payload/tenant';
    const properties = {
      'metadata.filter_metadata': { 'envoy.filters.http.jwt_authn': { payload: { tenant: 'a' } } },
    };
    assert.equal(await read(path, { properties }), "0 'a'");
    assert.equal(
      await read(path, {
        properties: {
          'metadata.filter_metadata.envoy.filters.http.jwt_authn': { payload: { tenant: 'b' } },
        },
      }),
      "0 'b'",
    );
    const flat = { 'metadata.filter_metadata.envoy.filters.http.jwt_authn.payload.tenant': 3 };
    assert.equal(await read(path, { properties: flat }), '0 x0000000000000840');
    assert.equal(await read(path.replace('tenant', 'other'), { properties }), "1 ''");
  });

  it('tell the direction of the listener', async () => {
    assert.equal(
      await read('xds/listener_direction', { direction: 'outbound' }),
      '0 x0200000000000000',
    );
    assert.equal(await read('xds/listener_direction'), '0 x0000000000000000');
  });
});

describe('filter state', () => {
  it('is written under wasm., read by its bare name, and shown in the outcome', async () => {
    const host = await startProbe([
      'reqh setproperty verdict denied',
      'log property verdict',
      'log setproperty late 1',
    ]);
    const { filterState } = host.request({});
    assert.equal(said(host, 'log')[0], "property verdict = 0 'denied'");
    assert.deepEqual(
      [...filterState].map(([key, value]) => [key, Buffer.from(value).toString()]),
      [
        ['wasm.verdict', 'denied'],
        ['wasm.late', '1'],
      ],
    );
  });

  it('cannot be written without a stream, nor change what other filters own', async () => {
    const host = await startProbe([
      'conf setproperty a b',
      'reqh setproperty request x',
      'reqh property request',
    ]);
    host.request({});
    assert.equal(last(said(host, 'conf')), 'setproperty a b = 1');
    assert.deepEqual(said(host, 'reqh').slice(1), [
      'setproperty request x = 0',
      "property request = 3 ''",
    ]);
  });

  it('is read-only after the first write when on_configure declared it so', async () => {
    const host = await startProbe([
      'conf foreign declare_property 0a01621001',
      'conf foreign declare_property 0a0162',
      'reqh setproperty b 1',
      'reqh setproperty b 2',
      'reqh property b',
    ]);
    host.request({});
    assert.deepEqual(
      said(host, 'conf').map((line) => line.slice(-1)),
      ['0', '2'],
    );
    assert.deepEqual(said(host, 'reqh').slice(1), [
      'setproperty b 1 = 0',
      'setproperty b 2 = 2',
      "property b = 0 '1'",
    ]);
  });

  it('takes the well-known keys of Envoy through the foreign function, and no others', async () => {
    const host = await startProbe([
      'reqh foreign set_envoy_filter_state 0a0c656e766f792e737472696e67120162',
      'reqh property filter_state/envoy.string',
      'reqh foreign set_envoy_filter_state 0a0161120162',
      'reqh foreign clear_route_cache',
      'reqh foreign compress 00',
    ]);
    host.request({});
    const results = said(host, 'reqh')
      .slice(1)
      .map((line) => line.split(' = ')[1]);
    assert.deepEqual(results, ['0', "0 'b'", '1', '0', '1']);
  });
});

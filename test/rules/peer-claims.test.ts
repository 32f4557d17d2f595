// What others say of themselves: when it is believed, how much of it is read, and who may say nothing at all.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Host } from '../../tools/host/host.ts';
import type { Outcome, RequestInput } from '../../tools/host/types.ts';
import { bytesField, concat, entry, valueOf } from '../config/wire.ts';
import { metadataText } from '../support/peers.ts';
import {
  claim,
  documentOf,
  dropped,
  inbound,
  logged,
  namesOf,
  NODE,
  OF_WEB,
  outbound,
  UNKNOWN,
  WEB,
  type Seen,
} from './peer-documents.ts';
import { serve } from './serve.ts';

const CLIENT_SAN = 'connection.uri_san_peer_certificate';
const UPSTREAM_SAN = 'upstream.uri_san_peer_certificate';
describe('a peer’s word', () => {
  async function callers(text: string, more: RequestInput = {}): Promise<[Seen, Host, Outcome]> {
    const host = await serve(documentOf('HEADERS'), { node: NODE });
    const outcome = host.request(inbound({ headers: claim(text), ...more }));
    return [logged(host, 'source'), host, outcome];
  }

  it('counts for nothing where the certificate names another namespace', async () => {
    const properties = { [CLIENT_SAN]: 'spiffe://cluster.local/ns/other/sa/thief' };
    const [seen, host, { upstreamHeaders }] = await callers(metadataText(WEB), { properties });
    assert.deepEqual(seen, { ...UNKNOWN, namespace: 'other' });
    assert.equal(dropped(host, 'peer_contradicted'), 1);
    assert.deepEqual(namesOf(upstreamHeaders), []);
    const upstream = await serve(documentOf('HEADERS'), { node: NODE });
    upstream.request(
      outbound({
        properties: { [UPSTREAM_SAN]: 'spiffe://cluster.local/ns/other/sa/thief' },
        response: { headers: claim(metadataText(WEB)) },
      }),
    );
    assert.deepEqual(logged(upstream, 'destination'), { ...UNKNOWN, namespace: 'other' });
  });

  it('is completed by the certificate', async () => {
    const properties = { [CLIENT_SAN]: 'spiffe://cluster.local/ns/front/sa/web-account' };
    const [seen] = await callers(metadataText({ NAME: 'web-7', NAMESPACE: 'front' }), {
      properties,
    });
    assert.equal(seen['serviceAccount'], 'web-account');
    assert.equal(seen['uid'], 'kubernetes://web-7.front');
  });

  it('counts for nothing when it is given twice', async () => {
    const headers = [...claim(metadataText(WEB)), ...claim(metadataText(WEB))];
    const [seen, host, { upstreamHeaders }] = await callers('', { headers });
    assert.deepEqual(seen, UNKNOWN);
    assert.equal(dropped(host, 'peer_malformed'), 1);
    assert.deepEqual(namesOf(upstreamHeaders), []);
  });

  const malformed: readonly (readonly [string, string])[] = [
    ['no base64', '*****'],
    ['no Struct', metadataText(Buffer.from('hello'))],
    ['a cut Struct', metadataText(WEB).slice(0, 40)],
    ['control bytes in a name', metadataText({ NAME: 'a\nb' })],
    ['bytes that are no UTF-8', metadataText(entry('NAME', bytesField(3, Uint8Array.of(0xff))))],
    ['a label that is cut', metadataText(entry('LABELS', bytesField(5, Uint8Array.of(10, 9))))],
  ];
  for (const [what, text] of malformed) {
    it(`counts for nothing when it is ${what}`, async () => {
      const [seen, host] = await callers(text);
      assert.deepEqual(seen, UNKNOWN);
      assert.equal(dropped(host, 'peer_malformed'), 1);
    });
  }

  it('may say more than is asked, in any kind of value', async () => {
    const more = {
      ...WEB,
      PORTS: [80, 443],
      ISTIO: true,
      PLATFORM: { a: { b: 1 } },
      NOTHING: null,
    };
    const [seen] = await callers(metadataText(more));
    assert.deepEqual(seen, OF_WEB);
    const numbered = { ...WEB, OWNER: 7, LABELS: { team: 'blue', size: 3 } };
    assert.deepEqual((await callers(metadataText(numbered)))[0], { ...OF_WEB, owner: '?' });
  });

  it('is read up to 8192 bytes, and no longer one is', async () => {
    const of = (size: number): string => metadataText({ ...WEB, FILL: 'x'.repeat(size) });
    const exact = of(0);
    let fill = 8192 - exact.length;
    while (of(fill).length > 8192) fill--;
    assert.equal(of(fill).length, 8192);
    const [seen] = await callers(of(fill));
    assert.deepEqual(seen, OF_WEB);
    const [unknown, host] = await callers(of(fill + 3));
    assert.deepEqual(unknown, UNKNOWN);
    assert.equal(dropped(host, 'peer_too_long'), 1);
  });

  it('has 64 labels, and further ones are left out', async () => {
    const labels = (count: number): Uint8Array =>
      concat(
        ...Array.from({ length: count }, (_, at) => entry(`l${at}`, valueOf('x'))),
        entry('team', valueOf('blue')),
      );
    const of = (count: number): string =>
      metadataText(entry('LABELS', bytesField(5, labels(count))));
    assert.equal((await callers(of(63)))[0]['team'], 'blue');
    assert.equal((await callers(of(64)))[0]['team'], '?');
  });
});

describe('peers: FILTER_STATE', () => {
  const STATE = {
    type: 'deployment',
    workload: 'web',
    name: 'web-7',
    cluster: 'west',
    namespace: 'front',
    service: 'web',
    revision: 'v1',
    app: 'web',
    version: 'v1',
    identity: 'spiffe://cluster.local/ns/front/sa/web',
    labels: { team: 'blue' },
  };

  for (const key of ['downstream_peer', 'wasm.downstream_peer']) {
    it(`knows the caller from ${key}`, async () => {
      const host = await serve(documentOf('FILTER_STATE'), { node: NODE });
      host.request(inbound({ properties: { [`filter_state.${key}`]: STATE } }));
      assert.deepEqual(logged(host, 'source'), OF_WEB);
    });
  }

  it('knows the upstream from upstream_peer', async () => {
    const host = await serve(documentOf('FILTER_STATE'), { node: NODE });
    host.request(outbound({ properties: { 'filter_state.upstream_peer': STATE } }));
    assert.deepEqual(logged(host, 'destination'), OF_WEB);
  });

  it('knows the peers of TCP connections', async () => {
    const host = await serve(tcpDocument(), { node: NODE });
    const properties = { 'filter_state.downstream_peer': STATE };
    host.connect({ direction: 'inbound', properties }).open().downstreamData('x').close();
    assert.deepEqual(logged(host, 'source'), OF_WEB);
    assert.equal(
      host.connect({ direction: 'inbound' }).open().downstreamData('x').outcome.closed,
      true,
    );
  });

  it('believes no header, and leaves both as they are', async () => {
    const host = await serve(documentOf('FILTER_STATE'), { node: NODE });
    const { upstreamHeaders } = host.request(inbound({ headers: claim(metadataText(WEB)) }));
    assert.deepEqual(logged(host, 'source'), UNKNOWN);
    assert.equal(namesOf(upstreamHeaders).length, 2);
  });

  it('takes a Struct that was kept as bytes, and nothing else', async () => {
    const host = await serve(documentOf('FILTER_STATE'), { node: NODE });
    const state = (value: unknown): RequestInput =>
      inbound({ properties: { 'filter_state.downstream_peer': value } });
    host.request(state(Buffer.from(metadataText(WEB), 'base64')));
    assert.deepEqual(logged(host, 'source'), OF_WEB);
    host.request(state('hello'));
    assert.deepEqual(logged(host, 'source'), UNKNOWN);
    assert.equal(dropped(host, 'peer_malformed'), 1);
  });
});

/** Only `web` may connect. */
function tcpDocument(): object {
  const document = documentOf('FILTER_STATE') as { handlers: object[]; rules: object[] };
  document.handlers.push({ name: 'closed', adapter: 'denier' });
  const match = '(source.workload.name | "") != "web"';
  document.rules.unshift({ name: 'only-web', match, actions: [{ handler: 'closed' }] });
  return document;
}

describe('without the exchange', () => {
  it('NONE believes no header and changes none', async () => {
    const host = await serve(documentOf('NONE'), { node: NODE });
    const { upstreamHeaders } = host.request(inbound({ headers: claim(metadataText(WEB)) }));
    assert.deepEqual(logged(host, 'source'), UNKNOWN);
    assert.equal(namesOf(upstreamHeaders).length, 2);
  });

  it('STRIP believes no header and removes both', async () => {
    const host = await serve(documentOf('STRIP'), { node: NODE });
    const { upstreamHeaders } = host.request(inbound({ headers: claim(metadataText(WEB)) }));
    assert.deepEqual(logged(host, 'source'), UNKNOWN);
    assert.deepEqual(namesOf(upstreamHeaders), []);
  });

  it('a document costs the same as before', async () => {
    const calls = async (more: object): Promise<number> => {
      const { peers: _, ...document } = documentOf('NONE') as { peers: string };
      const host = await serve({ ...document, ...more }, { node: NODE });
      host.request(inbound());
      const before = total(host.callCounts());
      host.request(inbound());
      return total(host.callCounts()) - before;
    };
    assert.equal(await calls({}), await calls({ peers: 'NONE' }));
  });

  it('a claim is nothing that `debug` may trust', async () => {
    const debug = { allowFrom: 'source.namespace == "ops"' };
    await serve({ peers: 'NONE', debug });
    for (const peers of ['HEADERS', 'FILTER_STATE']) {
      await assert.rejects(serve({ peers, debug }), /E0430/);
    }
  });
});

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

// `peers: HEADERS`: proxies tell each other who they are, and the headers end with them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { RequestInput } from '../../tools/host/types.ts';
import {
  ID_HEADER,
  METADATA_HEADER,
  metadataText,
  readMetadata,
  type Metadata,
} from '../support/peers.ts';
import {
  claim,
  documentOf,
  inbound,
  logged,
  namesOf,
  NODE,
  OF_WEB,
  outbound,
  UNKNOWN,
  WEB,
} from './peer-documents.ts';
import { serve, upstreamHeader } from './serve.ts';

describe('peers: HEADERS, inbound', () => {
  it('knows the caller from its proxy’s header, at the check and in reports', async () => {
    const closed = { name: 'closed', adapter: 'denier' };
    const rule = {
      name: 'blue',
      match: '(source.labels["team"] | "") == "blue"',
      actions: [{ handler: closed }],
    };
    const host = await serve({ ...documentOf('HEADERS'), rules: [rule] }, { node: NODE });
    assert.equal(host.request(inbound()).status, 200);
    assert.equal(host.request(inbound({ headers: claim(metadataText(WEB)) })).status, 400);
    const reporting = await serve(documentOf('HEADERS'), { node: NODE });
    reporting.request(inbound({ headers: claim(metadataText(WEB)) }));
    assert.deepEqual(logged(reporting, 'source'), OF_WEB);
    assert.equal(logged(reporting, 'destination')['workload.name'], 'cart');
  });

  it('lets neither header through to the application', async () => {
    const host = await serve(documentOf('HEADERS'), { node: NODE });
    const { upstreamHeaders } = host.request(inbound({ headers: claim(metadataText(WEB)) }));
    assert.deepEqual(namesOf(upstreamHeaders), []);
  });

  it('answers in kind, and only whom has asked', async () => {
    const host = await serve(documentOf('HEADERS'), { node: NODE });
    const headers = claim('of the application', 'of the application');
    const asked = host.request(
      inbound({ headers: claim(metadataText(WEB)), response: { headers } }),
    );
    const told = new Map(asked.headers);
    assert.equal(told.get(ID_HEADER), NODE.id);
    assert.equal(readMetadata(told.get(METADATA_HEADER) ?? '')['NAME'], 'cart-1');
    const unasked = host.request(inbound({ response: { headers } }));
    assert.deepEqual(namesOf(unasked.headers), []);
    const half = host.request(inbound({ headers: [[ID_HEADER, 'client']], response: { headers } }));
    assert.deepEqual(namesOf(half.headers), [ID_HEADER]);
  });

  it('tells a denied client too who it is', async () => {
    const rules = [{ name: 'no', actions: [{ handler: { name: 'closed', adapter: 'denier' } }] }];
    const host = await serve({ peers: 'HEADERS', rules }, { node: NODE });
    const answer = host.request(inbound({ headers: claim(metadataText(WEB)) }));
    assert.equal(answer.status, 400);
    assert.equal(new Map(answer.headers).get(ID_HEADER), NODE.id);
  });

  it('asks a listener without direction as an inbound one', async () => {
    const host = await serve(documentOf('HEADERS'), { node: NODE });
    host.request({ headers: claim(metadataText(WEB)) });
    assert.deepEqual(logged(host, 'source'), OF_WEB);
  });
});

describe('peers: HEADERS, outbound', () => {
  const say = (metadata: Metadata): RequestInput =>
    outbound({ response: { headers: claim(metadataText(metadata), 'server') } });

  it('tells the upstream who calls, whatever the application says', async () => {
    const host = await serve(documentOf('HEADERS'), { node: NODE });
    const { upstreamHeaders } = host.request(outbound({ headers: claim(metadataText(WEB)) }));
    assert.equal(upstreamHeader(upstreamHeaders, ID_HEADER), NODE.id);
    assert.deepEqual(readMetadata(upstreamHeader(upstreamHeaders, METADATA_HEADER) ?? ''), {
      NAME: 'cart-1',
      NAMESPACE: 'shop',
      WORKLOAD_NAME: 'cart',
      OWNER: 'kubernetes://apis/apps/v1/namespaces/shop/deployments/cart',
      SERVICE_ACCOUNT: 'cart',
      CLUSTER_ID: 'east',
      LABELS: { app: 'cart', version: 'v2', zone: 'a' },
    });
    assert.equal(namesOf(upstreamHeaders).length, 2);
    assert.equal(logged(host, 'source')['workload.name'], 'cart');
  });

  it('knows the upstream from its answer, which ends here', async () => {
    const host = await serve(documentOf('HEADERS'), { node: NODE });
    const { headers } = host.request(say(WEB));
    assert.deepEqual(namesOf(headers), []);
    assert.deepEqual(logged(host, 'destination'), OF_WEB);
    host.request(outbound());
    assert.deepEqual(logged(host, 'destination'), UNKNOWN);
  });

  it('lets response headers be made of it', async () => {
    const operation = { name: 'x-served-by', values: ['destination.workload.name'] };
    const rules = [{ name: 'show', responseHeaderOperations: [operation] }];
    const host = await serve({ peers: 'HEADERS', rules }, { node: NODE });
    assert.equal(new Map(host.request(say(WEB)).headers).get('x-served-by'), 'web');
  });

  it('says nothing to services outside the mesh', async () => {
    const host = await serve(documentOf('HEADERS'), { node: NODE });
    const istio = (metadata: object): Record<string, unknown> => ({
      'xds.cluster_metadata.filter_metadata.istio': metadata,
    });
    for (const properties of [
      istio({ external: true }),
      istio({ disable_mx: true }),
      { 'xds.cluster_name': 'PassthroughCluster' },
    ]) {
      const headers = claim(metadataText(WEB));
      const { upstreamHeaders } = host.request(outbound({ headers, properties }));
      assert.deepEqual(namesOf(upstreamHeaders), [], JSON.stringify(properties));
    }
    const properties = istio({ external: false });
    assert.equal(namesOf(host.request(outbound({ properties })).upstreamHeaders).length, 2);
  });

  it('says nothing of itself where its node has nothing to say', async () => {
    const host = await serve(documentOf('HEADERS'), { node: { id: 'x', metadata: {} } });
    const { upstreamHeaders } = host.request(outbound());
    assert.deepEqual(namesOf(upstreamHeaders), [ID_HEADER]);
  });
});

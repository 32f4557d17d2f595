// Rendered lists leave `proxy_on_delete` out, so that nobody says when a root or a stream is gone.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Host } from '../../tools/host/host.ts';
import { capabilities } from '../../tools/render/capabilities.ts';
import { FILTER_NAME } from '../../tools/render/filter.ts';
import { rootIdOf } from '../../tools/render/root-id.ts';
import { denier, get, serve } from './serve.ts';

const RELOAD_COUNT = 40;
/** As many times the places that the table of streams has at first. */
const STREAM_COUNT = 20 * 1_024;
const TICK_MS = 500;
const CAPABILITIES = capabilities(['response']);

function serveAs(json: string, allowedCapabilities = CAPABILITIES): Promise<Host> {
  const rootId = rootIdOf(FILTER_NAME, json);
  return serve(json, { pluginName: FILTER_NAME, rootId, allowedCapabilities });
}

function reload(host: Host, json: string): void {
  assert.ok(host.reconfigure(json, FILTER_NAME, rootIdOf(FILTER_NAME, json)));
}

function closed(rule: string, handlerCount = 1): string {
  const handlers = Array.from({ length: handlerCount }, (_, at) => denier(`closed${at}`, 7));
  return JSON.stringify({ handlers, rules: [{ name: rule, actions: [{ handler: 'closed0' }] }] });
}

function denied(host: Host, rule: string): unknown {
  return host.metrics().get(`mixer_rule_denied_total.rule=${rule};`);
}

describe('a document whose end nobody tells', () => {
  it('hands over what it has counted with the next tick of another', async () => {
    const host = await serveAs(closed('old'));
    host.request(get('/'));
    reload(host, closed('new'));
    host.request(get('/'));
    host.advance(TICK_MS);
    assert.equal(denied(host, 'old'), 1);
    assert.equal(denied(host, 'new'), 1);
  });

  it('is in force for its streams until the last has ended', async () => {
    const host = await serveAs(closed('old'));
    const under = host.open(get('/'));
    reload(host, '{}');
    host.advance(TICK_MS * 10);
    assert.equal(under.requestHeaders().close().status, 403);
    assert.equal(host.request(get('/')).status, 200);
  });

  it('leaves its memory to those that follow', async () => {
    const host = await serveAs(closed('r0', 200));
    const sizes = Array.from({ length: RELOAD_COUNT }, (_, at) => {
      reload(host, closed(`r${at + 1}`, 200));
      return host.memorySizeBytes();
    });
    assert.equal(sizes.at(-1), sizes[3], sizes.join(', '));
  });
});

it('streams that are logged are forgotten without a call of the host', async () => {
  const host = await serveAs(closed('r'));
  host.resetCallCounts();
  for (let at = 0; at < STREAM_COUNT; at++) host.request(get('/'));
  assert.equal(host.callCounts().get('proxy_set_effective_context') ?? 0, 0);
});

describe('streams whose end nobody tells, and that are not logged', () => {
  const document = JSON.stringify({
    rules: [
      {
        name: 'r',
        responseHeaderOperations: [
          { name: 'x-path', operation: 'REPLACE', values: ['request.path'] },
        ],
      },
    ],
  });
  const unlogged = CAPABILITIES.filter((name) => name !== 'proxy_on_log');

  it('give their memory back', async () => {
    const host = await serveAs(document, unlogged);
    const send = (): number => {
      for (let at = 0; at < STREAM_COUNT; at++) host.request(get(`/${at}`));
      return host.memorySizeBytes();
    };
    const size = send();
    assert.equal(send(), size);
  });

  it('are told from those that live', async () => {
    const host = await serveAs(document, unlogged);
    const living = Array.from({ length: 600 }, (_, at) =>
      host.open(get(`/living/${at}`)).requestHeaders(),
    );
    for (let at = 0; at < STREAM_COUNT; at++) host.request(get(`/${at}`));
    const paths = living.map((stream) =>
      new Map(stream.responseHeaders().close().headers).get('x-path'),
    );
    assert.deepEqual(
      paths,
      paths.map((_, at) => `/living/${at}`),
    );
  });
});

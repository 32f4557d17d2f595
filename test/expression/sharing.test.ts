// What the compiler saves, seen from outside: host calls of whole requests on the emulator.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '../../tools/build/root.ts';
import { Host } from '../../tools/host/host.ts';

const WASM = join(ROOT, 'dist/mixer.wasm');
const HANDLERS = [{ name: 'closed', adapter: 'denier' }];

interface Served {
  readonly status: number;
  readonly calls: ReadonlyMap<string, number>;
}

async function start(attributes: object, matches: readonly string[]): Promise<Host> {
  const rules = matches.map((match, index) => ({
    name: `r${index}`,
    match,
    actions: [{ handler: 'closed' }],
  }));
  const document = { attributes, handlers: HANDLERS, rules };
  const host = await Host.load({ wasm: WASM, configuration: JSON.stringify(document) });
  assert.ok(host.start(), host.logs.map(({ text }) => text).join('\n'));
  return host;
}

async function serve(attributes: object, matches: readonly string[]): Promise<Served> {
  const host = await start(attributes, matches);
  host.request({ path: '/warm' });
  host.resetCallCounts();
  const { status } = host.request({ path: '/x', properties: { route_name: 'main' } });
  return { status, calls: new Map(host.callCounts()) };
}

const ROUTE = { 'my.route': { type: 'STRING', property: ['route_name'] } };

describe('what a document shares', () => {
  it('reads a property once, however many rules and declared attributes use it', async () => {
    const attributes = { ...ROUTE, named: { type: 'STRING', value: 'my.route | "none"' } };
    const matches = Array.from({ length: 20 }, (_, index) => `named + "p${index}" == "other"`);
    const { status, calls } = await serve(attributes, matches);
    assert.equal(status, 200);
    assert.equal(calls.get('proxy_get_property'), 1);
  });

  it('reads nothing for a condition that is constant', async () => {
    const { status, calls } = await serve(ROUTE, ['1 == 2 && my.route == "a"']);
    assert.equal(status, 200);
    assert.equal(calls.get('proxy_get_property') ?? 0, 0);
  });

  it('makes the same calls for a thousand rules on one attribute as for one', async () => {
    const match = (index: number): string => `request.url_path == "/p${index}" && my.route == "a"`;
    const one = await serve(ROUTE, [match(0)]);
    const many = await serve(
      ROUTE,
      Array.from({ length: 1_000 }, (_, index) => match(index)),
    );
    assert.deepEqual(many.calls, one.calls);
    assert.equal(many.calls.get('proxy_get_property') ?? 0, 0);
  });

  it('does not count as attributes of the document, and is judged alike where no more are shared', async () => {
    const match = (index: number): string =>
      `(request.headers["x-${index % 4000}"] | "a${index}") == "yes"`;
    const rules = Array.from({ length: 4_200 }, (_, index) => match(index));
    const host = await start({}, rules);
    assert.equal(host.request({ path: '/' }).status, 200);
    for (const name of ['x-0', 'x-2047', 'x-2048', 'x-3999']) {
      assert.equal(host.request({ path: '/', headers: [[name, 'yes']] }).status, 400, name);
    }
  });
});

// What one document may take while it is configured is bounded, far below what a VM of Envoy's has: a document is
// refused in every VM or in none, whatever was loaded there before. Standard instances are made once for all handlers.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';

import { ROOT } from '../../tools/build/root.ts';
import { describe as described, type Description } from '../../tools/host/describe.ts';
import { Host } from '../../tools/host/host.ts';
import { matchingPatterns } from './generated.ts';

const WASM = join(ROOT, 'dist/mixer.wasm');
/** About 175 kB each: so many surely fit, and so many surely do not. */
const [FITTING_COUNT, EXCESSIVE_COUNT] = [850, 1_000];

/** The document that comes, the one that goes, and what is left of the one before. */
const FEW = 3;
const RELOAD_COUNT = 30;

const ask = (document: string): Promise<Description> => described(WASM, document);

/** Rules of 250 actions, each with a handler of its own and no instances. */
function withoutInstances(adapter: string, count: number): string {
  const names = Array.from({ length: count }, (_, index) => `h${index}`);
  const rules = Array.from({ length: Math.ceil(count / 250) }, (_, rule) => ({
    name: `r${rule}`,
    actions: names.slice(rule * 250, (rule + 1) * 250).map((handler) => ({ handler })),
  }));
  return JSON.stringify({ handlers: names.map((name) => ({ name, adapter })), rules });
}

describe('what a document takes', () => {
  /** The largest count that is accepted. */
  let most = FITTING_COUNT;
  before(async () => {
    let least = EXCESSIVE_COUNT;
    while (least - most > 1) {
      const middle = Math.floor((least + most) / 2);
      if ((await ask(matchingPatterns(middle))).accepted) most = middle;
      else least = middle;
    }
  });

  it('is refused one pattern past the bound, once, where that stands', async () => {
    assert.ok(most > FITTING_COUNT && most < EXCESSIVE_COUNT - 1, `${most} patterns`);
    const { accepted, diagnostics } = await ask(matchingPatterns(most + 1));
    assert.equal(accepted, false);
    assert.deepEqual(
      diagnostics.map(({ code, message }) => `${code} ${message}`),
      ['E0433 the document takes more than 167772160 bytes of memory'],
    );
    assert.match(diagnostics[0]?.pointer ?? '', /^(?:|\/rules\/\d+(?:\/match)?)$/);
  });

  it('is judged alike in a VM that holds other documents', async () => {
    const host = await Host.load({ wasm: WASM, configuration: matchingPatterns(most, '1') });
    assert.equal(host.start(), true);
    const stream = host.open({ path: '/deny' });
    assert.equal(host.reconfigure(matchingPatterns(most, '2')), true);
    assert.equal(host.reconfigure(matchingPatterns(most + 1, '3')), false);
    assert.equal(host.reconfigure(matchingPatterns(most, '4')), true);
    assert.equal(host.request({ path: '/deny' }).status, 400);
    assert.equal(stream.requestHeaders().close().status, 400);
    assert.deepEqual(host.traps, []);
  });

  it('tells one of the patterns of a list alone', async () => {
    const overrides = Array.from({ length: 50_000 }, (_, index) => `${index}[ab]{1000}`);
    const params = { entryType: 'REGEX', overrides };
    const handlers = [{ name: 'paths', adapter: 'list', params }];
    const instances = [{ name: 'path', template: 'listentry', params: { value: 'request.path' } }];
    const rules = [{ name: 'r', actions: [{ handler: 'paths', instances: ['path'] }] }];
    const { diagnostics } = await ask(JSON.stringify({ handlers, instances, rules }));
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['E0433'],
    );
    assert.match(diagnostics[0]?.pointer ?? '', /^\/handlers\/0\/params\/overrides\/\d+$/);
  });

  for (const [adapter, count] of [
    ['stdio', 1_000],
    ['prometheus', 500],
  ] as const)
    it(`is little for ${count} handlers of ${adapter} with its own instances`, async () => {
      const { accepted, handlers } = await ask(withoutInstances(adapter, count));
      assert.equal(accepted, true);
      assert.equal(handlers.length, count);
      assert.deepEqual(handlers.at(-1)?.standardInstances, handlers[0]?.standardInstances);
      assert.ok((handlers[0]?.standardInstances.length ?? 0) > 1);
    });
});

it('documents that follow each other faster than ticks take the memory of a few', async () => {
  const document = (revision: number): string =>
    JSON.stringify({
      revision: String(revision),
      ...JSON.parse(withoutInstances('prometheus', 20)),
    });
  const host = await Host.load({ wasm: WASM, configuration: document(0) });
  assert.equal(host.start(), true);
  const sizes = Array.from({ length: RELOAD_COUNT }, (_, revision) => {
    assert.equal(host.reconfigure(document(revision + 1)), true);
    return host.memorySizeBytes();
  });
  assert.equal(sizes.at(-1), sizes[FEW - 1], sizes.join(', '));
});

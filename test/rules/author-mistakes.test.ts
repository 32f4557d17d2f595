// What an adapter's author got wrong: the document is refused, and the operator reads whose mistake it is.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Host } from '../../tools/host/host.ts';
import { logText } from './serve.ts';

/** Starts a document whose only action asks the adapter `rogue`. */
async function started(
  params: object,
  action: object = {},
): Promise<{ isStarted: boolean; log: string }> {
  const handlers = [{ name: 'mine', adapter: 'rogue', params }];
  const rules = [{ name: 'r', actions: [{ handler: 'mine', ...action }] }];
  const configuration = JSON.stringify({ handlers, rules });
  const host = await Host.load({ wasm: 'dist/test/rogue.wasm', configuration });
  return { isStarted: host.start(), log: logText(host) };
}

describe("an adapter's own instances", () => {
  // Without them the rule would ask nothing, and let everything pass.
  for (const [what, ownInstances] of [
    ['are no JSON', '{"name":'],
    ['are no list', '{"name":"x"}'],
    ['are none', '[]'],
  ]) {
    it(`that ${what} refuse the document that relies on them, and say so`, async () => {
      const { isStarted, log } = await started({ ownInstances });
      assert.equal(isStarted, false);
      assert.match(log, /E0407/);
      assert.match(log, /the adapter's own are no JSON/);
    });
  }

  it('do no harm where the document gives its own', async () => {
    const instances = [{ template: 'listentry', params: { value: 'request.path' } }];
    const { isStarted } = await started({ ownInstances: '{"name":' }, { instances });
    assert.equal(isStarted, true);
  });

  for (const [what, instance, message] of [
    [
      'an unknown template',
      { name: 'seen', template: 'listentri' },
      'E0405 unknown template `listentri`',
    ],
    [
      'a wrong expression',
      { name: 'seen', template: 'listentry', params: { value: 'request.pathh' } },
      'E0301 unknown attribute `request.pathh`',
    ],
    [
      'a template that the adapter does not take',
      { name: 'seen', template: 'quota' },
      'E0406 template `quota` is not served',
    ],
  ] as const) {
    it(`that have ${what} are told as the adapter's fault, at the handler`, async () => {
      const { isStarted, log } = await started({ ownInstances: JSON.stringify([instance]) });
      assert.equal(isStarted, false);
      const column = '{"handlers":['.length + 1;
      assert.ok(
        log.includes(`: 1:${column}: ${message}\n  at /handlers/0 (adapter rogue itself, `),
      );
    });
  }

  it('are told apart by their names', async () => {
    const ownInstances = JSON.stringify([
      { name: 'first', template: 'listentry', params: { value: 'source.ipp' } },
      { name: 'second', template: 'listentri' },
    ]);
    const { log } = await started({ ownInstances });
    assert.match(log, /E0301 .*\n {2}at \/handlers\/0 \(adapter rogue itself, instance first\)/);
    assert.match(log, /E0405 .*\n {2}at \/handlers\/0 \(adapter rogue itself, instance second\)/);
  });
});

it('an adapter that builds no handler and reports nothing refuses the document by its name', async () => {
  const instances = [{ template: 'listentry', params: { value: 'request.path' } }];
  const { isStarted, log } = await started({ isWordless: true }, { instances });
  assert.equal(isStarted, false);
  assert.match(log, /E0432 adapter `rogue` gave no handler and no reason\n {2}at \/handlers\/0/);
  assert.match(log, /expected an error of its own where `build` returns null/);
});

// What a document keeps of each request is bounded by one block of memory: at the bound it serves, one past it the
// document is refused, instead of every request.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { parse } from 'yaml';

import { ROOT } from '../../tools/build/root.ts';
import { Host } from '../../tools/host/host.ts';
import { keeping } from './generated.ts';

const WASM = join(ROOT, 'dist/mixer.wasm');
/** (64 KiB − 112 bytes of head − 160 of texts) / 16. */
const KEPT_MAX = 4_079;

/** A host with the document, and a rule that reads nothing but denies: without memory it answers 503. */
async function load(count: number): Promise<Host> {
  const document = parse(keeping(count)) as { rules: object[] };
  document.rules.push({
    name: 'closed',
    match: 'request.headers["x-closed"] == "yes"',
    actions: [{ handler: { adapter: 'denier' } }],
  });
  return Host.load({ wasm: WASM, configuration: JSON.stringify(document) });
}

it('serves requests of which as much is kept as fits', async () => {
  const host = await load(KEPT_MAX);
  assert.equal(host.start(), true);
  assert.equal(host.request({ headers: [['x-1', 'a']] }).status, 200);
  assert.equal(host.request({ headers: [['x-closed', 'yes']] }).status, 400);
});

it('refuses a document that would keep more', async () => {
  const host = await load(KEPT_MAX + 1);
  assert.equal(host.start(), false);
  const errors = host.logs.filter(({ text }) => text.includes('E0431'));
  assert.match(errors[0]?.text ?? '', /E0431 65552 bytes would be kept of each request/);
});

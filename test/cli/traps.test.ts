// An adapter that traps, on the emulator: `mixer test` says where in the adapter's own source it did, and with
// `--trace` which host calls of that request came before.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';

import { ROOT } from '../../tools/build/root.ts';
import { mixer, withFiles, type MixerResult } from './mixer.ts';

const HANDLER = 'test/adapters/rogue/handler.ts';
const ROGUE = join(ROOT, 'dist/test/rogue.wasm');
const CASES = `
cases:
- name: traps
  document:
    handlers: [ { name: door, adapter: rogue } ]
    instances: [ { name: asked, template: listentry, params: { value: 'request.headers["x-value"]' } } ]
    rules: [ { name: doors, actions: [ { handler: door, instances: [asked] } ] } ]
  requests:
  - { headers: { x-value: open }, expect: { status: 200 } }
  - { headers: { x-value: trap }, expect: { status: 200 } }
`;

/** `file:line:` of the statement that traps. */
function trapPlace(): string {
  const lines = readFileSync(join(ROOT, HANDLER), 'utf8').split('\n');
  return `${HANDLER}:${lines.findIndex((line) => line.includes('unreachable()')) + 1}:`;
}

describe('a trap in an adapter', () => {
  const results: MixerResult[] = [];
  before(async () => {
    await withFiles({ 'trap.cases.yaml': CASES }, async (cwd) => {
      for (const flags of [[], ['--trace']])
        results.push(await mixer(['test', '--wasm', ROGUE, ...flags], { cwd }));
    });
  });

  it('is a failure with file and line of the statement, and of those that called it', () => {
    const { code, stdout } = results[0]!;
    assert.equal(code, 1);
    assert.match(stdout, /proxy_on_request_headers trapped: unreachable/);
    const [, frame = ''] = / 0x[0-9a-f]+ - \S+ {2}(\S+)$/m.exec(stdout) ?? [];
    assert.ok(frame.startsWith(trapPlace()), stdout);
    assert.match(stdout, /assembly\/rule\/\S+\.ts:\d+:\d+$/m);
    assert.match(stdout, /0 passed, 1 failed\n$/);
  });

  it('has the host calls of its request below it with --trace, not those of requests before', () => {
    const { stdout } = results[1]!;
    assert.ok(stdout.includes(trapPlace()), stdout);
    const [, calls = ''] = stdout.split('the host calls');
    assert.match(calls, /request 2/);
    assert.match(calls, /proxy_on_request_headers\(\d+, \d+, 1\) trapped: unreachable\n/);
    assert.match(calls, /^ {6}proxy_get_header_map/m);
    assert.doesNotMatch(calls, /request 1\b/);
  });
});

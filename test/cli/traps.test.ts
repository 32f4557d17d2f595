// A filter that traps, on the emulator and on Envoy: `mixer test`, `run` and `check` say where in the author's own
// source it did, and with `--trace` which host calls of that request came before.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';

import { finishModule } from '../../tools/build/finish.ts';
import { ROOT } from '../../tools/build/root.ts';
import { trapsInLog } from '../../tools/envoy/trap-log.ts';
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

describe('a trap in a real Envoy', () => {
  it('is the same failure of a case there, and told once however often it happened', async () => {
    const { code, stdout } = await withFiles({ 'trap.cases.yaml': CASES }, (cwd) =>
      mixer(['test', '--on', 'envoy', '--wasm', ROGUE], { cwd }),
    );
    assert.equal(code, 1);
    assert.match(
      stdout,
      /expected no trap\n *got +proxy_on_request_headers trapped: unreachable\n/,
    );
    assert.ok(stdout.includes(trapPlace()), stdout);
    assert.match(stdout, /0 passed, 1 failed\n$/);
  });

  it('stands below the log lines of mixer run', async () => {
    const document = JSON.stringify({
      handlers: [{ name: 'door', adapter: 'rogue' }],
      rules: [
        {
          name: 'doors',
          actions: [
            {
              handler: 'door',
              instances: [
                { template: 'listentry', params: { value: 'request.headers["x-value"]' } },
              ],
            },
          ],
        },
      ],
    });
    const script = 'requests: [ { name: a trap, path: /, headers: { x-value: trap } } ]';
    const files = { 'a.json': document, 'a.requests.yaml': script };
    const { stdout } = await withFiles(files, (cwd) =>
      mixer(['run', 'a.json', '--once', '--wasm', ROGUE], { cwd }),
    );
    const [, traps = ''] = stdout.split('— traps of the filter\n');
    assert.match(traps, /^ {2}proxy_on_request_headers trapped: unreachable\n/);
    assert.ok(traps.includes(trapPlace()), stdout);
  });

  it('is read from the log with its frames alone, each different one once', () => {
    const trap = (callback: string): string[] => [
      `[2026-11-27 02:29:12.471][638][error][wasm] [a/b.cc:38] Function: ${callback} failed: Uncaught RuntimeError: unreachable`,
      'Proxy-Wasm plugin in-VM backtrace:',
      '  0:  0xa06a - Asker#put',
      '  1:  0x2b8ef - checkAction',
    ];
    const other = '[2026-11-27 02:29:12.472][638][info][main] something else';
    const log = [...trap('proxy_on_log'), other, ...trap('proxy_on_log'), ...trap('proxy_on_tick')];
    const frames = '\n  0xa06a - Asker#put\n  0x2b8ef - checkAction';
    assert.deepEqual(trapsInLog(log.join('\n')), [
      `proxy_on_log trapped: unreachable${frames}`,
      `proxy_on_tick trapped: unreachable${frames}`,
    ]);
  });
});

/** A filter that traps while it is configured; returns its path and `file:line` of the statement. */
function configureTrap(): { wasm: string; place: string } {
  const folder = 'build/test/traps';
  mkdirSync(join(ROOT, folder), { recursive: true });
  const source = `${folder}/configure.ts`;
  const text = readFileSync(join(ROOT, 'test/build/fixtures/trap.ts'), 'utf8').replace(
    /(proxy_on_configure\([^)]*\): u32 \{\n) {2}return 1;/,
    '$1  unreachable();\n  return 1;',
  );
  writeFileSync(join(ROOT, source), text);
  const asc = join(ROOT, 'node_modules/assemblyscript/bin/asc.js');
  const flags = ['--config', 'none', '-O3', '--runtime', 'stub', '--use', 'abort=', '--debug'];
  const out = ['--exportStart', '_initialize', '--sourceMap', '--outFile', `${folder}/named.wasm`];
  execFileSync(process.execPath, [asc, source, ...flags, ...out], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const wasm = join(ROOT, folder, 'configure.wasm');
  finishModule(join(ROOT, folder, 'named.wasm'), wasm, false);
  const line = text.split('\n').findIndex((each) => each.includes('unreachable();')) + 1;
  return { wasm, place: `${source}:${line}:` };
}

describe('a trap while a document is loaded', () => {
  it("is a fault of the author's filter, with file and line, and none of mixer", async () => {
    const { wasm, place } = configureTrap();
    const { code, stderr } = await withFiles({ 'a.yaml': '{}\n' }, (cwd) =>
      mixer(['check', 'a.yaml', '--wasm', wasm], { cwd }),
    );
    assert.equal(code, 1, stderr);
    assert.match(stderr, /configure\.wasm: the module: proxy_on_configure trapped: unreachable\n/);
    assert.ok(stderr.includes(place), stderr);
    assert.doesNotMatch(stderr, /mistake in mixer/);
  });
});

// A trap in a real Envoy, and what somebody sees who pipes its log through `mixer symbolize`.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { before, describe, it } from 'node:test';

import { finishModule } from '../../tools/build/finish.ts';
import { ROOT } from '../../tools/build/root.ts';
import { mapFile } from '../../tools/build/source-map.ts';
import { startEnvoy } from '../../tools/envoy/start.ts';
import { mixer } from './mixer.ts';

const FOLDER = join(ROOT, 'build', 'test', 'symbolize');
const COMPILED = join(FOLDER, 'compiled.wasm');
const TRAP = join(FOLDER, 'trap.wasm');
const SOURCE = 'test/build/fixtures/trap.ts';
const FLAGS = ['--config', 'none', '-O3', '--runtime', 'stub', '--use', 'abort=', '--debug'];
const TRAP_TIMEOUT_MS = 10_000;

/** The line of the source, from 1, that contains a text. */
function lineWith(text: string): number {
  const lines = readFileSync(join(ROOT, SOURCE), 'utf8').split('\n');
  return lines.findIndex((line) => line.includes(text)) + 1;
}

async function trappedLog(): Promise<string> {
  const envoy = await startEnvoy({ wasm: TRAP, described: { features: [], labels: [] } });
  try {
    await fetch(envoy.url);
    const isTold = (): string | null =>
      envoy.log().includes('proxy_on_request_headers\n') ? envoy.log() : null;
    return await envoy.waitFor(isTold, TRAP_TIMEOUT_MS);
  } finally {
    await envoy.stop();
  }
}

describe('mixer symbolize', () => {
  let log = '';
  before(async () => {
    mkdirSync(FOLDER, { recursive: true });
    const asc = join(ROOT, 'node_modules/assemblyscript/bin/asc.js');
    const out = [
      '--exportStart',
      '_initialize',
      '--sourceMap',
      '--outFile',
      relative(ROOT, COMPILED),
    ];
    execFileSync(process.execPath, [asc, SOURCE, ...FLAGS, ...out], {
      cwd: ROOT,
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    finishModule(COMPILED, TRAP, false);
    log = await trappedLog();
  });

  it('shows file and line of the trap, of its caller, and all other lines as they are', async () => {
    const { code, stdout } = await mixer(['symbolize', '--wasm', TRAP], { stdin: log });
    assert.equal(code, 0);
    assert.ok(stdout.includes(`${SOURCE}:${lineWith('unreachable()')}:`), stdout);
    assert.ok(stdout.includes(`${SOURCE}:${lineWith('return place(count)')}:`), stdout);
    const plain = stdout.replaceAll(/ {2}~?test\/\S+:\d+:\d+$/gm, '');
    assert.equal(plain.trimEnd(), log.trimEnd());
  });

  it('falls back to the beginning of the function for the log of another build, and says so', async () => {
    const other = log.replaceAll(/0x[0-9a-f]+ - /g, '0x1 - ');
    const { code, stdout, stderr } = await mixer(['symbolize', '--wasm', TRAP], { stdin: other });
    assert.equal(code, 0);
    assert.match(stdout, /- \S*place {2}~test\/build\/fixtures\/trap\.ts:\d+:/);
    assert.match(stderr, /frames are not of this module/);
  });

  it('names the map that is missing, and the log', async () => {
    const lonely = join(FOLDER, 'lonely.wasm');
    writeFileSync(lonely, readFileSync(TRAP));
    const noMap = await mixer(['symbolize', '--wasm', lonely], { stdin: log });
    assert.equal(noMap.code, 3);
    assert.match(noMap.stderr, /no map at .*lonely\.wasm\.map/);
    const noLog = await mixer(['symbolize', join(FOLDER, 'none.log'), '--wasm', TRAP]);
    assert.equal(noLog.code, 1);
    assert.match(noLog.stderr, /none\.log: no such file/);
    assert.ok(readFileSync(mapFile(TRAP), 'utf8').startsWith('{"version":3'));
  });
});

// How a command ends when its surroundings end it: by signals, with an Envoy running, or with a disk that is full.

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { ROOT } from '../../tools/build/root.ts';
import { EXIT } from '../../tools/cli/errors.ts';

const MIXER = join(ROOT, 'bin', 'mixer.js');
const FULL = '/dev/full';
const READY_TIMEOUT_MS = 60_000;
const HUNG_UP = 129;

/** Where `mixer run` says that the metrics are, once it serves. */
function served(child: ChildProcess): Promise<string> {
  let text = '';
  return new Promise((done, failed) => {
    const timer = setTimeout(
      () => failed(new Error(`not ready in time: ${text}`)),
      READY_TIMEOUT_MS,
    );
    child.stdout?.on('data', (part: Buffer) => {
      text += part.toString();
      const url = /metrics on (\S+)/.exec(text)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      done(url);
    });
  });
}

describe('a command that serves', () => {
  for (const [signal, code] of [
    ['SIGINT', EXIT.done],
    ['SIGTERM', EXIT.done],
    ['SIGHUP', HUNG_UP],
  ] as const) {
    it(`ends with ${code} at ${signal} and leaves no Envoy behind`, async () => {
      const args = [MIXER, 'run', 'envoy/demo.yaml', '--requests', 'none'];
      const child = spawn(process.execPath, args, {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const ended = new Promise((done) => child.once('exit', done));
      try {
        const url = await served(child);
        assert.equal((await fetch(url, { signal: AbortSignal.timeout(5_000) })).status, 200);
        child.kill(signal);
        assert.equal(await ended, code);
        await assert.rejects(fetch(url, { signal: AbortSignal.timeout(5_000) }), /fetch failed/);
      } finally {
        child.kill('SIGTERM');
      }
    });
  }
});

describe('results that cannot be written', () => {
  it('end a command with 3 and one line', { skip: !existsSync(FULL) }, async () => {
    const full = openSync(FULL, 'w');
    const args = [MIXER, 'render', 'envoy/demo.yaml', '--edge', '0'];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', full, 'pipe'] });
    let text = '';
    child.stderr?.on('data', (part: Buffer) => (text += part.toString()));
    const code = await new Promise((done) => child.once('close', done));
    closeSync(full);
    assert.match(text, /^error: the results could not be written: ENOSPC[^\n]*\n$/);
    assert.equal(code, EXIT.environment);
  });
});

describe('results that nobody reads', () => {
  /** Runs a command whose outputs are closed before it writes. */
  async function unread(args: readonly string[], stdin = ''): Promise<unknown> {
    const child = spawn(process.execPath, [MIXER, ...args], { cwd: ROOT });
    child.stdout.destroy();
    child.stderr.destroy();
    child.stdin.on('error', () => undefined).write(stdin);
    const code = new Promise((done) => child.once('close', done));
    if (args.includes('check')) child.stdin.end();
    return code;
  }

  it('leave the exit code what it is: 0 for a good file, 1 for a wrong one', async () => {
    assert.equal(await unread(['check', '-'], 'rules: []'), EXIT.done);
    assert.equal(await unread(['check', '-'], 'rulez: []'), EXIT.files);
  });

  it('end a command that would go on for ever', async () => {
    assert.equal(await unread(['symbolize'], 'a line\n'.repeat(10)), EXIT.done);
  });
});

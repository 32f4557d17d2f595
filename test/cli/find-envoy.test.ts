// Which Envoy is found, and what is said about it. Nothing is installed and no engine is asked
// here: PATH holds only what a test put there.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { MissingEnvironment } from '../../tools/envoy/errors.ts';
import { findEnvoy } from '../../tools/envoy/find.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mixer-find-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An executable file that prints a text. */
function executable(path: string, prints = ''): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, `#!/bin/sh\nprintf '%s' '${prints}'\n`);
  chmodSync(full, 0o755);
  return full;
}

function find(env: NodeJS.ProcessEnv, container = false): ReturnType<typeof findEnvoy> {
  return findEnvoy({
    env: { PATH: join(folder, 'bin'), ...env },
    cache: join(folder, 'cache'),
    container,
  });
}

describe('finding Envoy', () => {
  it('takes what ENVOY names before anything else', () => {
    executable('bin/envoy');
    const path = executable('mine');
    assert.deepEqual(find({ ENVOY: path }), {
      kind: 'binary',
      path,
      from: 'ENVOY',
      why: `${path}, because ENVOY names it`,
    });
  });

  it('refuses an ENVOY that is no program instead of taking another', () => {
    executable('bin/envoy');
    assert.throws(() => find({ ENVOY: join(folder, 'none') }), MissingEnvironment);
  });

  it('takes the first envoy on the PATH, and says what was passed over', () => {
    const path = executable('bin/envoy');
    assert.equal(find({}).why, `${path}, the first on the PATH (ENVOY is not set)`);
  });

  it('takes the cached wheel of the version asked for', () => {
    const path = executable('cache/1.39.3/envoy/_bin/envoy');
    const found = find({ ENVOY_VERSION: '1.39.3' });
    assert.equal(found.from, 'cache');
    assert.equal('path' in found && found.path, path);
    assert.match(found.why, /so the PATH was not searched/);
  });

  it('takes a container where no binary can be had and an engine answers', () => {
    executable('bin/docker', '20.10.24');
    const found = find({ ENVOY_IMAGE: 'proxy:1' });
    assert.ok(found.kind === 'container' && found.image === 'proxy:1');
    assert.match(found.why, /image proxy:1 on engine 20\.10\.24 .*no wheel/);
  });

  it('passes over binaries where a container is wanted', () => {
    executable('bin/envoy');
    executable('bin/docker', '20.10.24');
    assert.equal(find({}, true).kind, 'container');
  });

  it('says everything that was tried and what would help where there is none', () => {
    assert.throws(
      () => find({}),
      (error: Error) => {
        assert.ok(error instanceof MissingEnvironment);
        assert.match(
          error.message,
          /^no Envoy can be had: ENVOY is not set; no envoy on the PATH; no wheel: .*; no docker command\n/,
        );
        assert.match(error.message, /set ENVOY to a binary/);
        return true;
      },
    );
  });
});

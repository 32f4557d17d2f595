// The published entry, as somebody outside uses it: compiled, and run by plain Node on the example of the
// documentation.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { ROOT } from '../../tools/build/root.ts';

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const FOLDER = join(ROOT, 'build/test/testing-entry');
/** A loader of this test run must not help. */
const env = { ...process.env, NODE_OPTIONS: '' };

function node(args: readonly string[], cwd = ROOT): { isOk: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    env: Object.fromEntries(Object.entries(env).filter(([name]) => name !== 'NODE_TEST_CONTEXT')),
    encoding: 'utf8',
  });
  return { isOk: status === 0, output: stdout + stderr };
}

describe('mixer-in-proxy/testing', () => {
  before(() => {
    execFileSync(process.execPath, [TSC, '-p', 'tsconfig.testing.json'], { cwd: ROOT, env });
    mkdirSync(FOLDER, { recursive: true });
  });

  it('runs the example of the documentation under plain Node', () => {
    const [, example] =
      /```js\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, 'docs/testing.md'), 'utf8')) ?? [];
    assert.ok(example);
    writeFileSync(join(FOLDER, 'example.mjs'), example);
    const { isOk, output } = node(['--test', 'example.mjs'], FOLDER);
    assert.ok(isOk, output);
    assert.match(output, /pass 1/);
  });

  it('has types that the compiler of a user reads', () => {
    const use = "import { Host, type Outcome } from 'mixer-in-proxy/testing';\n";
    const rest = 'export const run = (host: Host): Outcome => host.request({ path: "/" });\n';
    writeFileSync(join(FOLDER, 'use.mts'), use + rest);
    const flags = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--types',
      'node',
      '--skipLibCheck',
    ];
    const { isOk, output } = node([TSC, ...flags, join(FOLDER, 'use.mts')]);
    assert.ok(isOk, output);
  });

  it('needs no package but Node itself', () => {
    const script =
      "import { readdirSync, readFileSync } from 'node:fs';" +
      "for (const name of readdirSync('dist/testing', { recursive: true })) if (name.endsWith('.js'))" +
      "for (const [, from] of readFileSync('dist/testing/' + name, 'utf8').matchAll(/from '([^']+)'/g))" +
      "if (!from.startsWith('.') && !from.startsWith('node:')) { console.log(name, from); process.exit(1); }";
    const { isOk, output } = node(['--input-type=module', '-e', script]);
    assert.ok(isOk, output);
  });
});

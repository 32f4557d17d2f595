// `mixer build --for` in an author's folder, whose own adapter no module of the package has: only the one made for the
// document can check it. A module of the package stands in for it, so that nothing is compiled.

import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { writeEntry } from '../../tools/build/build.ts';
import { keptTarget } from '../../tools/build/hand-over.ts';
import { flagsFor, stampFlags, targetJob } from '../../tools/build/jobs.ts';
import { ROOT } from '../../tools/build/root.ts';
import { mapFile } from '../../tools/build/source-map.ts';
import { Stamps } from '../../tools/build/stamp.ts';
import { PACKAGE, linkableAdapters, type Workspace } from '../../tools/build/workspace.ts';
import { mixer, type MixerResult } from '../cli/mixer.ts';

const root = mkdtempSync(join(tmpdir(), 'mixer-for-'));
const workspace: Workspace = { root, prefix: `${PACKAGE}/` };
const BUILT = join(ROOT, 'dist/noop.wasm');
const OUT = 'out/policy.wasm';
/** An author's handler has a method for whatever its adapter takes. */
const HANDLER = `class NoopHandler {
  onCheckNothing() {} onListEntry() {} onQuota() {} onMetric() {} onLogEntry() {} onReportNothing() {}
}`;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** Leaves what a build of the adapter would. */
function pretendBuilt(): void {
  const adapters = linkableAdapters(workspace).filter(({ name }) => name === 'noop');
  const named = { name: 'custom/noop', adapters, out: OUT, exports: [], sizeMaxBytes: null };
  const target = keptTarget({ ...named, cel: false });
  const job = targetJob(target, { root, debug: false }, flagsFor(workspace)(target));
  writeEntry(workspace, target);
  const module = join(root, target.out);
  mkdirSync(dirname(module), { recursive: true });
  copyFileSync(BUILT, module);
  write(mapFile(target.out), '{}');
  new Stamps(root).write(job.name, stampFlags(job), job.out, {});
}

function build(document: string): Promise<MixerResult> {
  write('policy.yaml', document);
  const args = ['build', '--for', 'policy.yaml', '--out', OUT, '--no-hotpath'];
  return mixer(args, { cwd: root });
}

describe('a build for a document of an author', () => {
  before(() => {
    write('package.json', '{ "private": true }');
    mkdirSync(join(root, 'node_modules'));
    symlinkSync(ROOT, join(root, 'node_modules', PACKAGE));
    const file = 'adapters/noop/adapter.ts';
    // An author imports the SDK from the package.
    const text = readFileSync(join(ROOT, file), 'utf8');
    write(file, text.replace(/"[./]+\/assembly\/sdk"/, `"${PACKAGE}/assembly/sdk"`));
    write('adapters/noop/handler.ts', HANDLER);
    pretendBuilt();
  });
  after(() => {
    rmSync(root, { recursive: true });
  });

  const right = 'rules: [ { name: a, actions: [ { handler: { adapter: noop } } ] } ]\n';
  const wrong = right.replace('name: a', 'name: a, match: request.pathh == ""');

  it('leaves nothing where the document is refused, and what stood there stands', async () => {
    write(OUT, 'of an earlier document');
    const { code, stdout, stderr } = await build(wrong);
    assert.match(stderr, /policy\.yaml:1:\d+: E0301 unknown attribute `request\.pathh`/);
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.deepEqual(readdirSync(join(root, dirname(OUT))), ['policy.wasm']);
    assert.equal(readFileSync(join(root, OUT), 'utf8'), 'of an earlier document');
  });

  it('puts the module and its map in place where it is accepted', async () => {
    const { code, stdout, stderr } = await build(right);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, `${OUT}\n`);
    assert.deepEqual(readFileSync(join(root, OUT)), readFileSync(BUILT));
    assert.deepEqual(readdirSync(join(root, dirname(OUT))), ['policy.wasm', 'policy.wasm.map']);
  });
});

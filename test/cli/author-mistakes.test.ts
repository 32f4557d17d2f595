// What an author is told before anything is compiled: an adapter that does not stand alone, or that is not called as
// its folder is.

import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';

import { ROOT } from '../../tools/build/root.ts';
import { mixer, type MixerResult } from './mixer.ts';

const project = mkdtempSync(join(tmpdir(), 'mixer-author-'));
const ADAPTER = 'adapters/mine/adapter.ts';
const HANDLER = 'adapters/mine/handler.ts';

function change(file: string, from: string, to: string): void {
  const path = join(project, file);
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
}

function build(): Promise<MixerResult> {
  return mixer(['build', '--no-hotpath'], { cwd: project });
}

describe('mixer build in a project of an author', () => {
  beforeEach(async () => {
    rmSync(join(project, 'adapters'), { recursive: true, force: true });
    if (!existsSync(join(project, 'node_modules'))) {
      writeFileSync(join(project, 'package.json'), '{ "private": true }');
      mkdirSync(join(project, 'node_modules'));
      symlinkSync(ROOT, join(project, 'node_modules', 'mixer-in-proxy'));
    }
    const { code, stderr } = await mixer(['new', 'adapter', 'mine'], { cwd: project });
    assert.equal(code, 0, stderr);
  });
  after(() => rmSync(project, { recursive: true }));

  for (const module of [
    'mixer-in-proxy/adapters/list/config',
    'mixer-in-proxy/assembly/memory/slice',
    '../other/config',
    'lodash',
  ])
    it(`refuses an import of ${module} with file, line and what may be imported`, async () => {
      change(HANDLER, '\nimport {', `\nimport { A } from "${module}";\nimport {`);
      const { code, stderr } = await build();
      assert.equal(code, 1);
      const place = `${HANDLER}:3: an adapter does not import ${module}\n`;
      assert.ok(stderr.includes(place), stderr);
      assert.match(
        stderr,
        / {2}expected mixer-in-proxy\/assembly\/sdk or a file of adapters\/mine\//,
      );
    });

  it('takes files of the folder at any depth, and leaves tests to import what they like', async () => {
    mkdirSync(join(project, 'adapters/mine/deep'));
    const up = 'import { MineParams } from "../config";\nexport const a = 1;\n';
    writeFileSync(join(project, 'adapters/mine/deep/a.ts'), up);
    writeFileSync(join(project, 'adapters/mine/a.spec.ts'), 'import { b } from "../../b";\n');
    change(
      HANDLER,
      '\nimport {',
      '\nimport { a } from "./deep/a";\nimport { c } from "./gone";\nimport {',
    );
    const { code, stderr } = await build();
    assert.equal(code, 1);
    assert.doesNotMatch(stderr, /an adapter does not import/);
    assert.match(stderr, /File 'adapters\/mine\/gone\.ts' not found/);
  });

  it('refuses a handler without a method for a template that its adapter takes', async () => {
    change(HANDLER, 'onListEntry(', 'onListEntri(');
    change(ADAPTER, 'return Template.ListEntry', 'return Template.Quota | Template.ListEntry');
    const { code, stderr } = await build();
    assert.equal(code, 1);
    for (const [template, method] of [
      ['Quota', 'onQuota'],
      ['ListEntry', 'onListEntry'],
    ])
      assert.match(
        stderr,
        new RegExp(
          `${ADAPTER}:\\d+: the adapter takes Template.${template} and its handler has no ${method}\n {2}expected ${method} `,
        ),
      );
  });

  it('takes a method that another class of the folder has, which the handler may extend', async () => {
    change(HANDLER, 'onListEntry(', 'onListEntri(');
    const base = '// onQuota() {}\nexport class Base { onListEntry(): void {} }\n';
    writeFileSync(join(project, 'adapters/mine/base.ts'), base);
    change(ADAPTER, '\nimport {', '\nimport { c } from "./gone";\nimport {');
    const { code, stderr } = await build();
    assert.equal(code, 1);
    assert.doesNotMatch(stderr, /the adapter takes/);
    assert.match(stderr, /File 'adapters\/mine\/gone\.ts' not found/);
  });

  it('refuses a template of its own that its handler does not take', async () => {
    rmSync(join(project, 'adapters'), { recursive: true });
    const args = ['new', 'adapter', 'mine', '--template', 'own'];
    assert.equal((await mixer(args, { cwd: project })).code, 0);
    change(HANDLER, 'onOwnCheck(', 'onOwn(');
    const { code, stderr } = await build();
    assert.equal(code, 1);
    assert.match(stderr, /takes Template\.OwnCheck and its handler has no onOwnCheck/);
  });

  it('refuses an adapter that calls itself otherwise than its folder', async () => {
    change(ADAPTER, 'return "mine"', 'return "Mine"');
    const { code, stderr } = await build();
    assert.equal(code, 1);
    assert.match(
      stderr,
      /adapters\/mine\/adapter\.ts:10: the adapter calls itself "Mine" and stands in adapters\/mine\//,
    );
    assert.match(stderr, / {2}expected one name for both/);
  });

  it('refuses a folder that cannot be the name of an adapter', async () => {
    for (const [name, reason] of [
      ['MineToo', /adapters\/MineToo: "MineToo" cannot name an adapter: expected lower-case words/],
      ['mixer', /dist\/mixer\.wasm is the module with all adapters; choose another name/],
    ] as const) {
      renameSync(join(project, 'adapters/mine'), join(project, 'adapters', name));
      const { code, stderr } = await build();
      renameSync(join(project, 'adapters', name), join(project, 'adapters/mine'));
      assert.equal(code, 1);
      assert.match(stderr, reason);
    }
  });
});

describe('mixer new adapter', () => {
  it('begins none by the name of the module with all adapters', async () => {
    const { code, stderr } = await mixer(['new', 'adapter', 'mixer']);
    assert.equal(code, 2);
    assert.match(stderr, /dist\/mixer\.wasm is the module with all adapters/);
  });
});

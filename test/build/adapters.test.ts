import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { adaptersOfDocument } from '../../tools/build/document-adapters.ts';
import { adapterClass, findAdapters } from '../../tools/build/find-adapters.ts';
import { allTargets, entryText } from '../../tools/build/targets.ts';

const root = mkdtempSync(join(tmpdir(), 'mixer-targets-'));
after(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

write('adapters/noop/adapter.ts', 'export class Noop extends Adapter {}\n');
write('adapters/denier/adapter.ts', 'export class Denier extends Adapter {}\n');
write('adapters/notes/README.md', 'no adapter\n');
write('test/adapters/waiter/adapter.ts', 'export class Waiter extends Adapter {}\n');

describe('finding adapters', () => {
  it('takes each folder with an adapter.ts, by name', () => {
    assert.deepEqual(findAdapters(root), [
      { name: 'denier', module: 'adapters/denier/adapter', className: 'Denier' },
      { name: 'noop', module: 'adapters/noop/adapter', className: 'Noop' },
    ]);
  });

  it('refuses a file with no adapter and one with two', () => {
    const two = 'export class A extends Adapter {}\nexport class B extends Adapter {}\n';
    assert.throws(
      () => adapterClass('class A {}', 'a.ts'),
      /a\.ts: expected exactly one .* found none/,
    );
    assert.throws(() => adapterClass(two, 'a.ts'), /found A, B/);
  });
});

describe('targets', () => {
  it('are one module with all adapters, one each, and those of tests', () => {
    const outs = allTargets(root, false).map(({ out }) => out);
    assert.deepEqual(outs, [
      'dist/mixer.wasm',
      'dist/denier.wasm',
      'dist/noop.wasm',
      'dist/test/waiter.wasm',
    ]);
  });

  it('include the probe, with all adapters, when there is one', () => {
    write('test/conformance/probe.ts', '');
    const probe = allTargets(root, false).find(({ name }) => name === 'probe');
    rmSync(join(root, 'test/conformance'), { recursive: true });
    assert.deepEqual(
      probe?.adapters.map(({ name }) => name),
      ['denier', 'noop'],
    );
    assert.match(entryText(probe), /export \* from "\.\.\/\.\.\/test\/conformance\/probe";/);
  });

  it('go to a folder of their own with assertions, without a budget', () => {
    const [all] = allTargets(root, true);
    assert.equal(all?.out, 'dist/debug/mixer.wasm');
    assert.equal(all.sizeMaxBytes, null);
  });

  it('install their adapters in the generated entry', () => {
    const [, denier] = allTargets(root, false);
    assert.ok(denier);
    assert.deepEqual(entryText(denier).split('\n').slice(1), [
      'import "../../assembly/abi/abort";',
      'export * from "../../assembly/entry";',
      'import { install } from "../../assembly/runtime/registry";',
      'import { Denier as Denier0 } from "../../adapters/denier/adapter";',
      'install(new Denier0());',
      '',
    ]);
  });
});

describe('the adapters of a document', () => {
  it('are those of its handlers and of handlers inside actions, once each', () => {
    const text = [
      'handlers: [{ name: a, adapter: list }, { name: b, adapter: stdio }]',
      'rules:',
      '- { name: r, actions: [{ handler: a }, { handler: { adapter: denier } }, { handler: { adapter: list } }] }',
    ].join('\n');
    assert.deepEqual(adaptersOfDocument(text, 'a.yaml'), ['denier', 'list', 'stdio']);
  });

  it('are told however their field is spelled, under the names that they have here', () => {
    for (const field of ['adapter', 'Adapter', 'compiledAdapter', 'compiled_adapter']) {
      const text = `Handlers: [{ name: a, ${field}: listchecker }, { name: b, adapters: stdio }]`;
      assert.deepEqual(adaptersOfDocument(text, 'a.yaml'), ['list'], field);
    }
  });

  it('are none when the document is empty or of another shape', () => {
    for (const text of ['', '{}', '[]', 'handlers: 1', 'rules: [1, null]']) {
      assert.deepEqual(adaptersOfDocument(text, 'a.yaml'), []);
    }
  });

  it('cannot be told when the document does not parse', () => {
    assert.throws(() => adaptersOfDocument('{ "a": ', 'a.json'), /^BuildError: a\.json: /);
  });
});

import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, before, describe, it } from 'node:test';
import pino from 'pino';
import { build, readableMessages } from '../../tools/build/build.ts';
import { Compiler } from '../../tools/build/compile.ts';
import { ROOT } from '../../tools/build/root.ts';
import { measure, overBudget, roomOf } from '../../tools/build/size.ts';
import { staleModules, staleTarget, staleText } from '../../tools/build/stale.ts';
import { sourcesOf } from '../../tools/build/stamp.ts';
import { allTargets } from '../../tools/build/targets.ts';
import { readFunctions, readSections } from '../../tools/build/wasm.ts';

const root = mkdtempSync(join(tmpdir(), 'mixer-build-'));
/** One for all builds of this file: its start takes longer than these sources. */
const compiler = new Compiler();
const lines: string[] = [];
const log = pino(
  { base: null, timestamp: false },
  { write: (line: string) => void lines.push(line) },
);

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** A runtime of a few lines with one adapter. */
const SOURCES: Readonly<Record<string, string>> = {
  'assembly/abi/abort.ts':
    'export function abort(m: string | null, f: string | null, l: u32, c: u32): void { unreachable(); }',
  'assembly/runtime/registry.ts': [
    'export abstract class Adapter { abstract answer(value: u32): u32; }',
    'export const adapters: Adapter[] = [];',
    'export function install(adapter: Adapter): void { adapters.push(adapter); }',
  ].join('\n'),
  'assembly/entry.ts': [
    'import { adapters } from "./runtime/registry";',
    'export function proxy_on_request_headers(context: u32, count: u32, end: u32): u32 {',
    '  return adapters.length > 0 ? unchecked(adapters[0]).answer(count) : 0;',
    '}',
  ].join('\n'),
};
const ADAPTER = 'adapters/one/adapter.ts';

function adapter(body: string): string {
  return [
    'import { Adapter } from "../../assembly/runtime/registry";',
    'export class One extends Adapter {',
    `  answer(value: u32): u32 { ${body} }`,
    '}',
  ].join('\n');
}

async function run(hotpath: 'all' | 'off' = 'off'): Promise<string> {
  lines.length = 0;
  await build({ root, targets: allTargets(root, false), debug: false, hotpath, log, compiler });
  return lines.map((line) => (JSON.parse(line) as { msg: string }).msg).join('\n');
}

describe('the build', () => {
  before(() => {
    for (const [path, text] of Object.entries(SOURCES)) write(path, text);
    write(ADAPTER, adapter('return value + 1;'));
    copyFileSync(join(ROOT, 'asconfig.json'), join(root, 'asconfig.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  });
  after(() => {
    compiler.close();
    rmSync(root, { recursive: true });
  });

  it('makes modules that run, with names of functions and nothing else for debuggers', async () => {
    await run();
    const bytes = readFileSync(join(root, 'dist/one.wasm'));
    const { instance } = await WebAssembly.instantiate(bytes);
    const { _initialize, proxy_on_request_headers: answer } = instance.exports as Record<
      string,
      (...args: number[]) => number
    >;
    _initialize?.();
    assert.equal(answer?.(0, 41, 0), 42);
    const custom = readSections(bytes).filter(({ id }) => id === 0);
    assert.deepEqual(
      custom.map(({ name }) => name),
      ['name'],
    );
    assert.ok(
      readFunctions(readSections(bytes)).some(({ name }) => name === 'proxy_on_request_headers'),
    );
  });

  it('builds nothing when nothing changed', async () => {
    assert.match(await run(), /^2 of 2 modules are up to date/);
  });

  it('names modules that are older than their sources, and none where nothing was ever built', () => {
    const stale = (folder: string): string[] =>
      staleModules({ root: folder, prefix: '' }).map(({ name }) => name);
    assert.deepEqual(stale(root), []);
    write(ADAPTER, adapter('return value + 3;'));
    assert.deepEqual(stale(root), ['mixer', 'one']);
    write(ADAPTER, adapter('return value + 1;'));
    write('adapters/two/adapter.ts', adapter('return value;').replace('One', 'Two'));
    assert.deepEqual(stale(root), ['mixer', 'two']);
    rmSync(join(root, 'adapters/two'), { recursive: true });
    assert.deepEqual(stale(mkdtempSync(join(root, 'empty-'))), []);
    const module = join(root, 'dist/one.wasm');
    assert.equal(staleTarget({ root, prefix: '' }, module), undefined);
    write('dist/one.wasm', 'of another build');
    const target = staleTarget({ root, prefix: '' }, module);
    assert.match(staleText([target!], 'build it'), /^dist\/one\.wasm is older .*: build it$/);
  });

  it('knows the code that packs modules as a part of what they are made of', () => {
    const folder = join(ROOT, 'tools/build');
    const sources = [...sourcesOf(join(folder, 'finish.ts'))].map((file) => relative(folder, file));
    for (const file of ['names.ts', 'pack/pack.ts', 'pack/range-encoder.ts', 'wasm-encode.ts'])
      assert.ok(sources.includes(file), file);
  });

  it('builds what read a changed file', async () => {
    await run();
    write(ADAPTER, adapter('return value + 2;'));
    const said = await run();
    assert.match(said, /dist\/mixer\.wasm/);
    assert.match(said, /dist\/one\.wasm/);
  });

  it('builds again what somebody removed', async () => {
    rmSync(join(root, 'dist/one.wasm'));
    assert.match(await run(), /^1 of 2 modules are up to date\ndist\/one\.wasm/);
  });

  it('shows an error of the sources with file, line and column, once', async () => {
    write(ADAPTER, adapter('return valu;'));
    await assert.rejects(run(), ({ message }: Error) => {
      assert.match(message, /adapters\/one\/adapter\.ts:3:36/);
      assert.equal(message.split("Cannot find name 'valu'").length, 2);
      return true;
    });
  });

  it('fails with function, path and advice when an adapter allocates per request', async () => {
    write(ADAPTER, adapter('return new Array<u32>(value).length;'));
    await assert.rejects(run('all'), (error: Error) => {
      const [what, by, reached, expected] = error.message.split('\n');
      assert.match(what!, /^allocates on the hot path: .*One#answer$/);
      assert.match(by!, /^ {2}by calling .*__new$/);
      assert.match(reached!, /^ {2}reached by .*proxy_on_request_headers/);
      assert.match(expected!, /^expected: .*while the document is loaded/);
      return true;
    });
  });
});

describe('what the compiler says', () => {
  const warning = 'WARNING AS201: Conversion.\n 24 │ a\n    └─ ~lib/b.ts:24:2';
  const error = "ERROR TS2304: Cannot find name 'c'.\n 3 │ c\n   └─ adapters/d/handler.ts:3:1";

  it('is its errors alone where there are some, for warnings of a good build are not told either', () => {
    const failure = 'FAILURE 1 compile error(s)';
    assert.equal(readableMessages(`${warning}\n\n\n${error}\n\n${failure}\n`), error);
    assert.equal(readableMessages(`${warning}\n\n${warning}\n`), `${warning}\n\n${warning}`);
  });
});

describe('the size report', () => {
  it('gives each function to its room', () => {
    const names = [
      'assembly/text/ip/parse',
      'adapters/list/handler/ListHandler#onCheck',
      '~lib/rt/tcms/__new',
      '~start',
    ];
    assert.deepEqual(names.map(roomOf), ['assembly/text', 'adapters/list', '~lib', 'entry']);
    assert.equal(roomOf('start:assembly/text/ip'), 'assembly/text');
  });

  it('adds up to the size of the module', () => {
    // An empty module: only its header.
    assert.deepEqual(measure(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)), {
      totalBytes: 8,
      rooms: [['other sections', 8]],
    });
  });

  it('objects one byte past the budget', () => {
    assert.equal(overBudget('a.wasm', 100, 100), null);
    assert.match(
      overBudget('a.wasm', 101, 100) ?? '',
      /^a\.wasm is 101 bytes: at most 100 are allowed/,
    );
  });
});

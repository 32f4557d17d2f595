// What release modules do against the inlining of Envoy's engine, and where instructions are found afterwards.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { TraceMap, originalPositionFor } from '@jridgewell/trace-mapping';
import binaryen from 'assemblyscript/binaryen';

import { readBody } from '../../tools/build/branches.ts';
import { readHints } from '../../tools/build/hints.ts';
import { SMALL_FUNCTION_SIZE_BYTES, withoutInlining } from '../../tools/build/inlining.ts';
import { movedMap } from '../../tools/build/source-map.ts';
import { readBodies } from '../../tools/build/wasm.ts';
import { ModuleReader } from '../../tools/host/module-reader.ts';

const CALL = 0x10;
/** By how much V8 lets functions grow where a quarter of them or less is small, and where half of them or more is. */
const [GROWTH_MIN, GROWTH_MAX] = [2, 5];
/** With what is left nothing but the smallest functions could be inlined. */
const LEFT_MAX_BYTES = 50;
const NAMES = ['cold', 'hot', 'large', 'small'];

const many = (count: number): string =>
  Array.from(
    { length: count },
    (_, at) => `(local.set 0 (i32.add (local.get 0) (i32.const ${at})))`,
  ).join('\n');
const MODULE = assemble(`(module
  ${NAMES.map((name, at) => {
    const count = [12, 12, 300, 2][at]!;
    return `(func $${name} (export "${name}") (param i32) (result i32) (local f64) ${many(count)} (local.get 0))`;
  }).join('\n')})`);
const HOT = readHints('hot -');

function assemble(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

/** The functions that a body calls before anything else. */
function firstCalls(body: Uint8Array): number[] {
  const reader = new ModuleReader(body, readBody(body).codeAt);
  const called: number[] = [];
  while (body[reader.at] === CALL) {
    reader.byte();
    called.push(reader.number());
  }
  return called;
}

/** By function: how many bytes those have that it calls first. */
function spent(module: Uint8Array): number[] {
  const bodies = readBodies(module);
  return bodies
    .slice(0, NAMES.length)
    .map((body) => firstCalls(body).reduce((sum, index) => sum + bodies[index]!.length, 0));
}

describe('a release module', () => {
  const result = withoutInlining(MODULE, NAMES, HOT);
  const [cold, hot, large, small] = NAMES.keys();

  it('leaves the engine nothing to inline in functions that requests do not run', () => {
    const bodies = readBodies(result);
    for (const index of [cold!, large!]) {
      const budget = GROWTH_MIN * bodies[index]!.length;
      const left = budget - spent(result)[index]!;
      assert.ok(left > 0 && left <= LEFT_MAX_BYTES, `${NAMES[index]!}: ${left} of ${budget}`);
    }
  });

  it('calls functions that do nothing for it', async () => {
    const bodies = readBodies(result);
    for (const index of new Set(bodies.slice(0, NAMES.length).flatMap(firstCalls)))
      assert.match(Buffer.from(bodies[index]!).toString('hex'), /^00(01)+0b$/);
    const [before, after] = await Promise.all([MODULE, result].map(functionsOf));
    for (const name of NAMES) assert.equal(after![name]!(7), before![name]!(7), name);
  });

  it('leaves alone what requests run, and small functions', () => {
    assert.deepEqual([spent(result)[hot!], spent(result)[small!]], [0, 0]);
    assert.ok(readBodies(result)[small!]!.length < SMALL_FUNCTION_SIZE_BYTES);
  });

  it('spends more where the engine inlines more: half of the functions are small', () => {
    const text = `(module (func (export "large") (param i32) ${many(90)}) (func (export "small")))`;
    const bodies = readBodies(withoutInlining(assemble(text), ['large', 'small'], HOT));
    const sizes = firstCalls(bodies[0]!).map((index) => bodies[index]!.length);
    const left = GROWTH_MAX * bodies[0]!.length - sizes.reduce((sum, size) => sum + size, 0);
    assert.ok(left > 0 && left <= LEFT_MAX_BYTES, String(left));
  });

  it("leaves an author's own functions to the engine, and not the package's", () => {
    const names = ['adapters/mine/a', 'adapters/mine/b', '~lib/mixer-in-proxy/assembly/c', 'd'];
    const [mine, , packaged] = spent(withoutInlining(MODULE, names, HOT));
    assert.equal(mine, 0);
    assert.ok(packaged! > 0);
  });
});

describe('the map of a module whose functions grew at their beginning', () => {
  it('has each instruction where it is now', () => {
    const lines = [
      [
        [5, 0, 0, 0],
        [12, 0, 1, 0],
      ],
    ] as const;
    const json = JSON.stringify({
      version: 3,
      names: [],
      sources: ['assembly/a.ts'],
      mappings: 'KAAA,OACA',
    });
    const moves = [
      { untilAt: 10, distance: 3 },
      { untilAt: 20, distance: 7 },
    ];
    const map = new TraceMap(movedMap(json, moves));
    const lineAt = (column: number): number | null =>
      originalPositionFor(map, { line: 1, column }).line;
    assert.deepEqual(
      lines[0].map(([column]) => lineAt(column + (column < 10 ? 3 : 7))),
      [1, 2],
    );
    assert.equal(lineAt(18), 1);
  });
});

type Functions = Record<string, (value: number) => number>;

async function functionsOf(module: Uint8Array): Promise<Functions> {
  const { instance } = await WebAssembly.instantiate(Uint8Array.from(module), {});
  return instance.exports as Functions;
}

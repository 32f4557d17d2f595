// What a module tells the engine about its branches, and how it is measured which of them requests take.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import binaryen from 'assemblyscript/binaryen';

import { readBody } from '../../tools/build/branches.ts';
import { BRANCH_HINTS, readHints, withHints } from '../../tools/build/hints.ts';
import { SECTION, readBodies, readSections } from '../../tools/build/wasm.ts';
import { ModuleReader } from '../../tools/host/module-reader.ts';
import { BRANCH, NOT_TAKEN, RAN, TAKEN, counted } from '../bench/counted.ts';

// `choose` has an `if` with two sides, `count` a `br_if` behind a constant that looks like one, and an `if`.
const MODULE = assemble(`(module
  (import "host" "note" (func $note))
  (global $used (mut i32) (i32.const 0))
  (func $plain (export "plain") (call $note))
  (func $choose (export "choose") (param i32) (result i32)
    (if (result i32) (local.get 0) (then (i32.const 7)) (else (i32.const 9))))
  (func $count (export "count") (param i64 i32) (result i32) (local f64)
    (local.set 2 (f64.const 3.5))
    (block
      (global.set $used (i32.const 1549))
      (br_if 0 (i32.eqz (local.get 1)))
      (call $note))
    (if (i64.eqz (local.get 0)) (then (call $note)))
    (global.get $used)))`);
const NAMES = ['plain', 'choose', 'count'];
const FIRST_OWN_FUNCTION = 1;
const [IF, BRANCH_IF] = [0x04, 0x0d];

type Calls = Record<string, (...values: (number | bigint)[]) => number>;
type Counters = Record<string, WebAssembly.Global<'i32'>>;

function assemble(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

/** By function, the places and values of the hints of a module; null where it has no section of them. */
function hintsIn(module: Uint8Array): Map<number, [at: number, value: number][]> | null {
  const section = readSections(module).find(({ name }) => name === BRANCH_HINTS);
  if (!section) return null;
  const reader = new ModuleReader(section.bytes);
  reader.text();
  return new Map(
    Array.from({ length: reader.number() }, () => [
      reader.number(),
      Array.from({ length: reader.number() }, () => {
        const at = reader.number();
        assert.equal(reader.number(), 1, 'a hint has one byte');
        return [at, reader.byte()];
      }),
    ]),
  );
}

async function exportsOf(module: Uint8Array): Promise<Calls & Counters> {
  const imports = { host: { note: () => undefined } };
  const { instance } = await WebAssembly.instantiate(Uint8Array.from(module), imports);
  return instance.exports as Calls & Counters;
}

describe('hints', () => {
  it('stand in front of the code, at the places of the branches, and change nothing else', async () => {
    const hinted = withHints(MODULE, NAMES, readHints('# of two\nchoose 1\ncount 01\n'));
    const sections = readSections(hinted);
    const at = sections.findIndex(({ name }) => name === BRANCH_HINTS);
    assert.equal(sections[at + 1]?.id, SECTION.code);
    assert.deepEqual(
      sections.filter((_, index) => index !== at).map(({ id, bytes }) => [id, bytes]),
      readSections(MODULE).map(({ id, bytes }) => [id, bytes]),
    );
    const hints = hintsIn(hinted);
    assert.deepEqual([...(hints?.keys() ?? [])], [FIRST_OWN_FUNCTION + 1, FIRST_OWN_FUNCTION + 2]);
    const told = [...(hints ?? [])].flatMap(([index, list]) =>
      list.map(([place, value]) => [
        readBodies(hinted)[index - FIRST_OWN_FUNCTION]?.[place],
        value,
      ]),
    );
    assert.deepEqual(told, [
      [IF, 1],
      [BRANCH_IF, 0],
      [IF, 1],
    ]);
    const { choose } = await exportsOf(hinted);
    assert.deepEqual([choose?.(1), choose?.(0)], [7, 9]);
  });

  it('leave out branches of which nothing is known', () => {
    const places = [...(hintsIn(withHints(MODULE, NAMES, readHints('count .0')))?.values() ?? [])];
    assert.deepEqual(
      places.map((list) => list.map(([, value]) => value)),
      [[0]],
    );
  });

  it('are for functions only that have as many branches as was measured', () => {
    const hinted = withHints(MODULE, NAMES, readHints('choose 0\ncount 011'));
    assert.deepEqual([...(hintsIn(hinted)?.keys() ?? [])], [FIRST_OWN_FUNCTION + 1]);
  });

  it("find the package's functions in an author's module", () => {
    const names = ['plain', '~lib/mixer-in-proxy/assembly/choose', 'count'];
    const hinted = withHints(MODULE, names, readHints('assembly/choose 0'));
    assert.equal(hintsIn(hinted)?.size, 1);
  });

  it('make no section where no name is known, or nothing of any branch', () => {
    assert.equal(withHints(MODULE, NAMES, readHints('other 0')), MODULE);
    assert.equal(withHints(MODULE, NAMES, readHints('choose .\ncount ..')), MODULE);
  });
});

describe('an if', () => {
  const optional = (code: string): boolean[] => {
    const module = assemble(`(module (func (export "run") (param i32) (result i32) ${code}))`);
    return readBodies(module).flatMap((body) =>
      readBody(body).branches.map(({ isOptional }) => isOptional),
    );
  };

  it('is optional where it has one side that runs on', () => {
    const one = '(if (local.get 0) (then (local.set 0 (i32.const 2)))) (local.get 0)';
    assert.deepEqual(optional(one), [true]);
  });

  it('is not where it has two sides, or where its one side leaves', () => {
    const two = '(if (result i32) (local.get 0) (then (i32.const 7)) (else (i32.const 9)))';
    assert.deepEqual(optional(two), [false]);
    const leaving = '(if (local.get 0) (then (return (i32.const 7)))) (i32.const 9)';
    assert.deepEqual(optional(leaving), [false]);
  });
});

describe('a module that counts', () => {
  it('does as it did before', async () => {
    const [plain, counting] = [await exportsOf(MODULE), await exportsOf(counted(MODULE))];
    for (const value of [0, 1]) {
      assert.equal(counting['choose']?.(value), plain['choose']?.(value));
      const both = [plain, counting].map(({ count }) => count?.(BigInt(value), 1 - value));
      assert.equal(both[0], both[1]);
    }
  });

  it('tells the functions that ran in the order of their first calls', async () => {
    const { count, choose, ...counters } = await exportsOf(counted(MODULE));
    for (const run of [() => count?.(0n, 0), () => choose?.(0), () => count?.(0n, 0)]) run();
    assert.deepEqual(
      NAMES.map((_, index) => counters[`${RAN}${index}`]?.value),
      [0, 2, 1],
    );
  });

  it('tells of each branch whether it was taken: never, always, both, or not reached', async () => {
    const { count, choose, ...counters } = await exportsOf(counted(MODULE));
    const went = (name: string): number | undefined => counters[`${BRANCH}${name}`]?.value;
    count?.(0n, 5);
    count?.(0n, 6);
    assert.deepEqual(['1:0', '2:0', '2:1'].map(went), [0, NOT_TAKEN, TAKEN]);
    count?.(0n, 0);
    choose?.(0);
    assert.deepEqual(['1:0', '2:0', '2:1'].map(went), [NOT_TAKEN, NOT_TAKEN | TAKEN, TAKEN]);
  });
});

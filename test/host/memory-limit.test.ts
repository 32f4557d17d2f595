import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  MEMORY_MAX_PAGES,
  withMemoryLimit,
  withPlacesOfFile,
} from '../../tools/host/memory-limit.ts';

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** `memory` is exported as `m`. */
const EXPORTS = [7, 5, 1, 1, 0x6d, 2, 0];
const UNREACHABLE = 0;

function memoryOf(section: readonly number[]): WebAssembly.Memory {
  const bytes = Uint8Array.from([...HEADER, 5, section.length, ...section, ...EXPORTS]);
  const module = new WebAssembly.Module(new Uint8Array(withMemoryLimit(bytes)));
  return new WebAssembly.Instance(module).exports['m'] as WebAssembly.Memory;
}

describe('the memory of a VM', () => {
  it('grows to 1 GiB and no further', () => {
    const memory = memoryOf([1, 0, 2]);
    memory.grow(MEMORY_MAX_PAGES - 2);
    assert.equal(memory.buffer.byteLength, 1_073_741_824);
    assert.throws(() => memory.grow(1), RangeError);
  });

  it('ends where the module says', () => {
    const memory = memoryOf([1, 1, 2, 3]);
    memory.grow(1);
    assert.throws(() => memory.grow(1), RangeError);
  });

  it('leaves the places in an error at the bytes of the file', () => {
    const [types, functions, memory] = [
      [1, 4, 1, 0x60, 0, 0],
      [3, 2, 1, 0],
      [5, 3, 1, 0, 2],
    ];
    const exported = [7, 5, 1, 1, 0x72, 0, 0];
    const code = [10, 5, 1, 3, 0, UNREACHABLE, 0x0b];
    const file = Uint8Array.from([HEADER, types, functions, memory, exported, code].flat());
    const limited = withMemoryLimit(file);
    const module = new WebAssembly.Module(new Uint8Array(limited));
    const run = new WebAssembly.Instance(module).exports['r'] as () => void;
    assert.throws(run, ({ stack }: Error) => {
      const told = withPlacesOfFile(stack ?? '', limited.length - file.length);
      assert.match(told, new RegExp(`:0x${(file.length - 2).toString(16)}$`, 'm'));
      return true;
    });
  });
});

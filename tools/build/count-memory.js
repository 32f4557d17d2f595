// Makes the compiler's runtime count the bytes that are asked of the heap, for `assembly/memory/budget.ts`. What is
// asked, not what is taken: how a block is found depends on what was freed before, and on that no document's
// acceptance may depend.
// @ts-check

import { libraryFiles } from 'assemblyscript/asc';

const ALLOCATOR = 'rt/tlsf';
/** What a block takes at most beside its bytes: its head, and its size rounded up. */
const OVERHEAD_BYTES = 16;
const COUNTED = ['__alloc(size: usize)', '__realloc(ptr: usize, size: usize)'];

/** Changes the library of this process's compiler. */
export function countMemory() {
  let text = libraryFiles[ALLOCATOR] ?? '';
  for (const name of COUNTED) {
    const head = `export function ${name}: usize {\n`;
    if (text.split(head).length !== 2)
      throw new Error(`expected one ${name} in ~lib/${ALLOCATOR}: has the compiler changed?`);
    text = text.replace(head, `${head}  asked += size + ${OVERHEAD_BYTES};\n`);
  }
  libraryFiles[ALLOCATOR] =
    `${text}\n@lazy let asked: usize = 0;\n@global export function __asked(): usize { return asked; }\n`;
}

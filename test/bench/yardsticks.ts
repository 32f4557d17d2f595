// Compiles the hand-written filters of fixtures/, which the product is compared with.

import { join } from 'node:path';

import { readableMessages } from '../../tools/build/build.ts';
import { Compiler } from '../../tools/build/compile.ts';
import { ROOT } from '../../tools/build/root.ts';
import { Stamps } from '../../tools/build/stamp.ts';

const FOLDER = 'test/bench/fixtures';
/** Nothing of the project's own settings: no collector, no abort, no assertions. */
const FLAGS: readonly string[] = [
  ...['--config', 'none', '--runtime', 'stub', '--exportStart', '_initialize'],
  ...['--use', 'abort=', '-O3', '--noAssert'],
];

/** The module of one hand-written filter; compiled again only when its sources changed. */
export async function compileYardstick(name: 'w1' | 'empty'): Promise<string> {
  const out = `build/bench/${name}.wasm`;
  const flags = [...FLAGS, '--outFile', out];
  const stamps = new Stamps(ROOT);
  if (stamps.isFresh(`bench/${name}`, flags, out)) return join(ROOT, out);
  const compiler = new Compiler();
  try {
    const compilation = { root: ROOT, entry: `${FOLDER}/${name}.ts`, flags };
    const { ok, messages, inputs } = await compiler.compile(compilation);
    if (!ok) throw new Error(readableMessages(messages));
    stamps.write(`bench/${name}`, flags, out, inputs);
  } finally {
    compiler.close();
  }
  return join(ROOT, out);
}

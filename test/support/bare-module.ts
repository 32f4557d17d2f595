// Compiles a small filter that is no part of the project: yardsticks of the benchmark, and plugins that a test puts
// beside ours. Nothing of the project's own settings: no collector, no abort, no assertions.

import { join } from 'node:path';

import { readableMessages } from '../../tools/build/build.ts';
import { Compiler } from '../../tools/build/compile.ts';
import { ROOT } from '../../tools/build/root.ts';
import { Stamps } from '../../tools/build/stamp.ts';

const FLAGS: readonly string[] = [
  ...['--config', 'none', '--runtime', 'stub', '--exportStart', '_initialize'],
  ...['--use', 'abort=', '-O3', '--noAssert'],
];

/** The module at `out` of the source at `entry`, both from the top folder; compiled only where sources changed. */
export async function compileBare(entry: string, out: string): Promise<string> {
  const flags = [...FLAGS, '--outFile', out];
  const stamps = new Stamps(ROOT);
  const name = out.replace(/^build\//, '').replace(/\.wasm$/, '');
  if (stamps.isFresh(name, flags, out)) return join(ROOT, out);
  const compiler = new Compiler();
  try {
    const { ok, messages, inputs } = await compiler.compile({ root: ROOT, entry, flags });
    if (!ok) throw new Error(readableMessages(messages));
    stamps.write(name, flags, out, inputs);
  } finally {
    compiler.close();
  }
  return join(ROOT, out);
}

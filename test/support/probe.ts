// Compiles an AssemblyScript entry that only a test uses; does nothing when it and all it imports
// are unchanged.

import { basename, join } from "node:path";
import { readableMessages } from "../../tools/build/build.ts";
import { Compiler } from "../../tools/build/compile.ts";
import { ROOT } from "../../tools/build/root.ts";
import { Stamps } from "../../tools/build/stamp.ts";

/**
 * Compiles `entry` (from the project's top folder) with assertions; returns the absolute path of
 * the module.
 */
export async function compileProbe(entry: string): Promise<string> {
  const name = entry.replace(/\.ts$/, "").replaceAll("/", "-");
  const out = `build/probes/${basename(name)}.wasm`;
  const flags = ["--target", "debug", "--outFile", out];
  const stamps = new Stamps(ROOT);
  if (stamps.isFresh(`probe/${name}`, [entry, ...flags], out)) return join(ROOT, out);
  const compiler = new Compiler();
  try {
    const { ok, messages, inputs } = await compiler.compile({ root: ROOT, entry, flags });
    if (!ok) throw new Error(readableMessages(messages));
    stamps.write(`probe/${name}`, [entry, ...flags], out, inputs);
  } finally {
    compiler.close();
  }
  return join(ROOT, out);
}

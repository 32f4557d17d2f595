// Compiles an AssemblyScript entry that only tests use, once for all files of tests: does nothing when it and all it
// imports are unchanged, and waits where another process compiles it.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readableMessages } from '../../tools/build/build.ts';
import { Compiler } from '../../tools/build/compile.ts';
import { ROOT } from '../../tools/build/root.ts';
import { Stamps } from '../../tools/build/stamp.ts';
import { poll } from './poll.ts';

const FOLDER = 'build/probes';
/** With assertions. */
const DEBUG: readonly string[] = ['--target', 'debug'];
/** Longer than the compiler takes on a machine that does other things as well. */
const LOCK_TIMEOUT_MS = 300_000;

/** Compiles `entry` (from the project's top folder); returns the absolute path of the module. */
export async function compileProbe(entry: string, flags = DEBUG): Promise<string> {
  const name = entry.replace(/\.ts$/, '').replaceAll('/', '-');
  const out = `${FOLDER}/${basename(name)}.wasm`;
  mkdirSync(join(ROOT, FOLDER), { recursive: true });
  const lock = join(ROOT, `${out}.lock`);
  await poll(`the compiler of ${entry}`, LOCK_TIMEOUT_MS, () => (take(lock) ? true : null));
  try {
    await compileStale(`probe/${name}`, entry, [...flags, '--outFile', out]);
  } finally {
    rmSync(lock);
  }
  return join(ROOT, out);
}

async function compileStale(name: string, entry: string, flags: readonly string[]): Promise<void> {
  const stamps = new Stamps(ROOT);
  const out = flags.at(-1)!;
  if (stamps.isFresh(name, [entry, ...flags], out)) return;
  const compiler = new Compiler();
  try {
    const { ok, messages, inputs } = await compiler.compile({ root: ROOT, entry, flags });
    if (!ok) throw new Error(readableMessages(messages));
    stamps.write(name, [entry, ...flags], out, inputs);
  } finally {
    compiler.close();
  }
}

/** Takes a lock for this process; one of a process that has ended counts for nothing. */
function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!isRunning(Number(readFileSync(lock, 'utf8')))) rmSync(lock, { force: true });
    return false;
  }
}

function isRunning(pid: number): boolean {
  if (pid === 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

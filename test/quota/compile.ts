// Compiles the probe once for all tests of a process.

import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../tools/build/root.ts';

const COMPILER = 'node_modules/assemblyscript/bin/asc.js';
const ENTRY = 'test/quota/probe.ts';
const OUT = 'build/test/quota-probe.wasm';
const FLAGS = [
  '--runtime',
  'minimal',
  '--exportStart',
  '_initialize',
  '--use',
  'abort=assembly/abi/abort/abort',
];

let compiled: Promise<WebAssembly.Module> | null = null;

/** The compiled probe. Fails with the compiler's words. */
export function compileProbe(): Promise<WebAssembly.Module> {
  return (compiled ??= compile());
}

async function compile(): Promise<WebAssembly.Module> {
  mkdirSync(join(ROOT, 'build/test'), { recursive: true });
  const { NODE_OPTIONS: _, ...env } = process.env;
  await promisify(execFile)(process.execPath, [COMPILER, ENTRY, ...FLAGS, '--outFile', OUT], {
    cwd: ROOT,
    env,
  });
  return WebAssembly.compile(new Uint8Array(await readFile(join(ROOT, OUT))));
}

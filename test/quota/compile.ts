// Compiles the probe of quotas once for all tests, and loads it once for all of a process.

import { readFile } from 'node:fs/promises';

import { compileProbe as compile } from '../support/compile-probe.ts';

const ENTRY = 'test/quota/probe.ts';
/** With assertions; as quick as with an optimizer's work, which takes longer than all tests of quotas. */
const FLAGS = [
  ...['--target', 'debug', '--optimizeLevel', '0'],
  '--runtime',
  'minimal',
  '--exportStart',
  '_initialize',
  '--use',
  'abort=assembly/abi/abort/abort',
];

let loaded: Promise<WebAssembly.Module> | null = null;

/** The compiled probe. Fails with the compiler's words. */
export function compileProbe(): Promise<WebAssembly.Module> {
  return (loaded ??= load());
}

async function load(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(new Uint8Array(await readFile(await compile(ENTRY, FLAGS))));
}

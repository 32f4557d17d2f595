// Compiles a module once per file and refuses what Envoy refuses, with Envoy's words: an unknown import, a wrong
// type, a missing ABI marker or allocator. It does not run anything.

import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ENV_IMPORTS, EXPORTS, WASI_IMPORTS } from './abi.ts';
import { readSignatures } from './signatures.ts';
import type { Signatures } from './signatures.ts';
import type { MemoryLimits } from './module-reader.ts';
import { ModuleRefused } from './errors.ts';
import { withMemoryLimit } from './memory-limit.ts';

/** A module that Envoy would load. */
export interface CheckedModule {
  readonly compiled: WebAssembly.Module;
  /** How much further on its code is than in the file, in bytes. */
  readonly movedBytes: number;
  readonly importedMemory: MemoryLimits | null;
}

const MARKERS = ['proxy_abi_version_0_1_0', 'proxy_abi_version_0_2_0', 'proxy_abi_version_0_2_1'];
const NEWEST = 'proxy_abi_version_0_2_1';

const byPath = new Map<string, { mtimeMs: number; module: Promise<CheckedModule> }>();
const byBytes = new WeakMap<Uint8Array, Promise<CheckedModule>>();

/** Loads from a path (compiled again only when the file changed) or from bytes (once per array). */
export function loadModule(wasm: Uint8Array | string): Promise<CheckedModule> {
  return typeof wasm === 'string' ? fromPath(resolve(wasm)) : fromBytes(wasm);
}

function fromPath(path: string): Promise<CheckedModule> {
  const { mtimeMs } = statSync(path);
  const known = byPath.get(path);
  if (known?.mtimeMs === mtimeMs) return known.module;
  const module = check(readFileSync(path));
  byPath.set(path, { mtimeMs, module });
  return module;
}

function fromBytes(bytes: Uint8Array): Promise<CheckedModule> {
  const known = byBytes.get(bytes) ?? check(bytes);
  byBytes.set(bytes, known);
  return known;
}

async function check(bytes: Uint8Array): Promise<CheckedModule> {
  const signatures = read(bytes);
  const marker = signatures.exports.find(({ name }) => MARKERS.includes(name))?.name;
  if (marker === undefined) throw new ModuleRefused('Missing or unknown Proxy-Wasm ABI version');
  checkImports(signatures, marker);
  checkExports(signatures);
  const limited = withMemoryLimit(bytes);
  const { importedMemory } = signatures;
  const movedBytes = limited.length - bytes.length;
  return { compiled: await compile(limited), movedBytes, importedMemory };
}

function read(bytes: Uint8Array): Signatures {
  try {
    return readSignatures(bytes);
  } catch {
    throw new ModuleRefused('Failed to parse corrupted Wasm module');
  }
}

async function compile(bytes: Uint8Array): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(new Uint8Array(bytes));
  } catch (error) {
    throw new ModuleRefused(`Failed to load Wasm code: ${String(error)}`);
  }
}

function checkImports(signatures: Signatures, marker: string): void {
  for (const { module, name, type } of signatures.imports) {
    const known = knownImport(module, name, marker);
    if (known === undefined) {
      throw new ModuleRefused(
        `Failed to load Wasm module due to a missing import: ${module}.${name}`,
      );
    }
    if (known !== type) {
      throw new ModuleRefused(
        `Failed to load Wasm module due to an import type mismatch: ${module}.${name}, ` +
          `want: ${printed(type)}, but host exports: ${printed(known)}`,
      );
    }
  }
}

function knownImport(module: string, name: string, marker: string): string | undefined {
  if (module === 'wasi_snapshot_preview1' || module === 'wasi_unstable')
    return own(WASI_IMPORTS, name);
  if (module !== 'env' || (name === 'proxy_get_log_level' && marker !== NEWEST)) return undefined;
  return own(ENV_IMPORTS, name);
}

function checkExports({ exports, hasMemory }: Signatures): void {
  for (const { name, type } of exports) {
    const known = own(EXPORTS, name);
    if (known === undefined || known === type) continue;
    throw new ModuleRefused(
      `Bad function signature for: ${name}, want: ${printed(known)}, but the module exports: ${printed(type)}`,
    );
  }
  if (!exports.some(({ name }) => name === 'malloc' || name === 'proxy_on_memory_allocate')) {
    throw new ModuleRefused('Wasm module is missing malloc function.');
  }
  if (!hasMemory) throw new ModuleRefused('Wasm module has no memory.');
}

function own(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** `iiI>i` as `i32 i32 i64 -> i32`, the way Envoy's message shows types. */
function printed(type: string): string {
  const [parameters = '', results = ''] = type.split('>');
  const words = (letters: string): string =>
    letters === '' ? 'void' : Array.from(letters, (letter) => TYPE_WORDS[letter] ?? '?').join(' ');
  return `${words(parameters)} -> ${words(results)}`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = { i: 'i32', I: 'i64', f: 'f32', F: 'f64' };

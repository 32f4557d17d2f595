// The modules that a command runs. What is missing, or is no module at all, is said here, before anything starts it.

import { closeSync, openSync, readSync } from 'node:fs';

import { MissingEnvironment } from '../envoy/errors.ts';
import { FilesWrong } from './errors.ts';

/** How every WebAssembly module begins. */
const MAGIC = Buffer.from('\0asm');

/** The path itself, where a module stands; `what` names it in the message, `advice` says what to do where none does. */
export function moduleFile(path: string, what: string, advice: string): string {
  const head = headOf(path);
  if (head === null) throw new MissingEnvironment(`no ${what} at ${path}: ${advice}`);
  if (!head.equals(MAGIC))
    throw new FilesWrong(`${path}: not a WebAssembly module; expected the path of a built ${what}`);
  return path;
}

// Null where there is no such file; empty for a folder, and for whatever else cannot be read.
function headOf(path: string): Buffer | null {
  const head = Buffer.alloc(MAGIC.length);
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    return head.subarray(0, readSync(file, head, 0, MAGIC.length, 0));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : Buffer.alloc(0);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

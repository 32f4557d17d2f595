// The AssemblyScript compiler as a child process: compiles what its parent sends, one module after another.
// Plain JavaScript run by plain node, for tsx would rewrite the compiler's 14 MB of JavaScript on every start.
// @ts-check

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import asc from 'assemblyscript/asc';
import { countMemory } from './count-memory.js';
import { setWanted, useReleasePasses } from './passes.js';

useReleasePasses();
countMemory();

/** @typedef {{ root: string, entry: string, flags: string[], keepsOrder?: boolean, text?: { file: string, isAll: boolean } }} Task */
/** @typedef {{ ok: boolean, messages: string, inputs: Record<string, string | null> }} Outcome */

/** @param {Task} task @returns {Promise<Outcome>} */
async function compile({ root, entry, flags, keepsOrder = false, text }) {
  const keepText = text ? (/** @type {string} */ kept) => write(root, text.file, kept) : null;
  setWanted({ keepsOrder, keepText, isTextOnly: text?.isAll === true });
  /** Files that were read, by the hash of their bytes; null where the compiler looked and found none. */
  const inputs = /** @type {Record<string, string | null>} */ ({});
  let messages = '';
  const stderr = {
    write: (/** @type {string | Uint8Array} */ text) => void (messages += String(text)),
  };
  const { error } = await asc.main([entry, '--baseDir', root, ...flags], {
    stdout: stderr,
    stderr,
    // A configuration's name comes with its folder apart.
    readFile: (name, folder) => {
      const file = resolve(root, folder, name);
      const bytes = read(file);
      inputs[relative(root, file)] = bytes && createHash('sha256').update(bytes).digest('hex');
      return bytes && bytes.toString('utf8');
    },
    writeFile: (name, contents) => write(root, name, contents),
    listFiles: () => null,
  });
  return { ok: error === null, messages: messages || (error?.message ?? ''), inputs };
}

/** @param {string} root @param {string} name @param {string | Uint8Array} contents */
function write(root, name, contents) {
  const file = resolve(root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, contents);
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}

process.on('message', (/** @type {Task} */ task) => {
  void compile(task).then((outcome) => process.send?.(outcome));
});

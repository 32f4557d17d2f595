// The tools' and tests' TypeScript as JavaScript, below dist/js, in files of the same names, and the command line once
// more in a few files: plain node runs it in a third of the time that a loader needs. What is there counts only while every source is, byte by byte, the one it was
// made of; where one is not, the TypeScript itself is loaded, so that nobody ever runs yesterday's code. Plain
// JavaScript, for the command line asks it first of all.
// @ts-check

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const ROOT = new URL('../../', import.meta.url);

/** Where the JavaScript lies, from the project's top folder. */
export const JAVASCRIPT = 'dist/js';
/** What it was made of: the hash of each source by its path. */
export const MANIFEST = `${JAVASCRIPT}/sources.json`;
/** The command line, in this file and those beside it. The package has these and no others. */
export const COMMAND_LINE = `${JAVASCRIPT}/cli/main.js`;
/** What the command line consists of. */
const OF_COMMAND_LINE = /^(?:tools\/(?!test\/)|assembly\/)/;

/** @param {string} file from the project's top folder */
export function javascriptOf(file) {
  return `${JAVASCRIPT}/${file.replace(/\.ts$/, '.js')}`;
}

/** @param {string} file from the top folder */
export function sourceHash(file, root = ROOT) {
  return createHash('sha256')
    .update(readFileSync(new URL(file, root)))
    .digest('hex');
}

/** Whether the JavaScript of the command line is that of its sources. */
export function isCommandLineFresh(root = ROOT) {
  try {
    /** @type {Record<string, string>} */
    const sources = JSON.parse(readFileSync(new URL(MANIFEST, root), 'utf8'));
    return Object.entries(sources).every(
      ([file, hash]) => !OF_COMMAND_LINE.test(file) || sourceHash(file, root) === hash,
    );
  } catch {
    return false;
  }
}

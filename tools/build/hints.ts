// Tells the engine which branches of a release module requests take: Envoy's moves what is rarely taken to the end of a
// function, so that one request touches less of its code (docs/decisions/0017-branch-hints.md); others pass the section
// over. What is taken is measured by `npm run order`, which writes hints.txt. A function that has another number of
// branches than its line there gets no hints.

import { readFileSync } from 'node:fs';
import { readBody } from './branches.ts';
import { concatenate, encodeNumber, encodeSection, encodeText } from './wasm-encode.ts';
import {
  HEADER_SIZE_BYTES,
  SECTION,
  countImportedFunctions,
  readBodies,
  readSections,
} from './wasm.ts';
import { LIBRARY_PREFIX } from './workspace.ts';

/** Name of the section, by WebAssembly's proposal of branch hints. */
export const BRANCH_HINTS = 'metadata.code.branch_hint';

/** What a line has for a branch that was rarely taken or never, and for one that was nearly whenever it was reached. */
export const [UNLIKELY, LIKELY] = ['0', '1'];
/** For a branch that went both ways, was never reached, or has nothing to move. */
export const EITHER = '.';
/** The line of a function that requests run and that has no branch. */
export const NO_BRANCHES = '-';

const FILE = new URL('hints.txt', import.meta.url);
const HINT_SIZE_BYTES = 1;

/** One character for each branch of a function that requests run, by the function's full name. */
export type Hints = ReadonlyMap<string, string>;

/** The lines of a file of hints. A type's name may have blanks: the last one ends the function's name. */
export function readHints(text = readFileSync(FILE, 'utf8')): Hints {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), line.slice(end + 1).replace(NO_BRANCHES, '')];
    }),
  );
}

/** The module with hints for the functions of these full names, which are those of its own functions in order. */
export function withHints(
  module: Uint8Array,
  names: readonly string[],
  hints: Hints = readHints(),
): Uint8Array {
  const sections = readSections(module);
  const first = countImportedFunctions(sections);
  const entries = readBodies(module).flatMap((body, at) => {
    const line = hints.get(names[at]?.replaceAll(LIBRARY_PREFIX, '') ?? '');
    const hinted = line === undefined ? null : hintsOf(body, line);
    return hinted ? [concatenate([encodeNumber(first + at), hinted])] : [];
  });
  if (entries.length === 0) return module;
  const content = concatenate([encodeText(BRANCH_HINTS), encodeNumber(entries.length), ...entries]);
  const parts = sections.flatMap(({ id, bytes }) => [
    ...(id === SECTION.code ? [encodeSection(SECTION.custom, content)] : []),
    encodeSection(id, bytes),
  ]);
  return concatenate([module.subarray(0, HEADER_SIZE_BYTES), ...parts]);
}

/** The hints of one function; null where the line is not about this body, or knows nothing. */
function hintsOf(body: Uint8Array, line: string): Uint8Array | null {
  const { branches } = readBody(body);
  if (branches.length !== line.length) return null;
  const hints = branches.flatMap(({ at }, index) => {
    if (line[index] === EITHER) return [];
    const value = line[index] === LIKELY ? 1 : 0;
    return [concatenate([encodeNumber(at), Uint8Array.of(HINT_SIZE_BYTES, value)])];
  });
  return hints.length === 0 ? null : concatenate([encodeNumber(hints.length), ...hints]);
}

// Keeps Envoy's V8 from inlining in the cold code of a release module. Binaryen has inlined what pays; V8, as Envoy
// runs it, inlines calls in the order of the text until a budget of bytes is used up, which doubles the machine code of
// a function (docs/decisions/0018-inlining.md). Calls of empty functions at the beginning of a function use its budget
// up, and leave no machine code behind. Engines that inline nothing make the calls, one or two for most functions.

import { ModuleReader } from '../host/module-reader.ts';
import { readBody } from './branches.ts';
import { readHints, type Hints } from './hints.ts';
import { END, call } from './pack/instructions.ts';
import { concatenate, encodeNumber, encodeSection } from './wasm-encode.ts';
import {
  HEADER_SIZE_BYTES,
  SECTION,
  appended,
  countImportedFunctions,
  readBodies,
  readSections,
  type Section,
} from './wasm.ts';
import { LIBRARY_PREFIX } from './workspace.ts';

/** What the names of the compiler's library and of packages begin with. */
const LIBRARY = '~lib/';

/** A function of fewer bytes is a small one for V8 (`kSmallFunctionThreshold`); it may inline what it calls. */
export const SMALL_FUNCTION_SIZE_BYTES = 50;
/** By how much V8 lets a function grow: at least and at most, by how many functions of the module are small. */
const [GROWTH_MIN, GROWTH_MAX] = [2, 5];
/** The parts of small functions between which the growth rises. */
const [SMALL_PART_MIN, SMALL_PART_MAX] = [0.25, 0.5];

/** Bodies of the empty functions, the largest first. */
const EMPTY_SIZES_BYTES: readonly number[] = [512, 384, 256, 192, 128, 96, 64, 48];
const [NO_LOCALS, NO_OPERATION] = [0x00, 0x01];
const FUNCTION_TYPE = 0x60;
const WITHOUT_RESULT = Uint8Array.of(FUNCTION_TYPE, 0, 0);

/**
 * The module whose functions first call empty ones until V8 has no room left to inline in them: those of these full
 * names, which are the module's own functions in order, but for small ones, those that requests run, which have hints,
 * and those of an author's adapters.
 */
export function withoutInlining(
  module: Uint8Array,
  names: readonly string[],
  hints: Hints = readHints(),
): Uint8Array {
  const sections = readSections(module);
  const bodies = readBodies(module);
  const growth = growthOf(bodies);
  const first = countImportedFunctions(sections) + bodies.length;
  const isKept = keeps(names, hints);
  const code = [
    ...bodies.map((body, at) => (isKept(body, names[at]) ? body : spending(body, growth, first))),
    ...EMPTY_SIZES_BYTES.map(emptyBody),
  ];
  const parts = sections.map(({ id, bytes }) => {
    if (id === SECTION.type) return encodeSection(id, appended(bytes, 1, WITHOUT_RESULT));
    if (id === SECTION.function) return encodeSection(id, withEmptyOnes(bytes, sections));
    return encodeSection(id, id === SECTION.code ? vectorOf(code) : bytes);
  });
  return concatenate([module.subarray(0, HEADER_SIZE_BYTES), ...parts]);
}

/** Which functions stay as they are. What has no name was put in by the build. */
function keeps(
  names: readonly string[],
  hints: Hints,
): (body: Uint8Array, name: string | undefined) => boolean {
  const isOfAuthor = names.some((name) => name.includes(LIBRARY_PREFIX));
  return (body, name) =>
    name === undefined ||
    body.length < SMALL_FUNCTION_SIZE_BYTES ||
    hints.has(name.replaceAll(LIBRARY_PREFIX, '')) ||
    (isOfAuthor && !name.startsWith(LIBRARY));
}

/** How many bytes V8 may inline for each byte of a function: `InliningTree::NoLiftoffBudget` of V8 14.6. */
function growthOf(bodies: readonly Uint8Array[]): number {
  const smallCount = bodies.filter(({ length }) => length < SMALL_FUNCTION_SIZE_BYTES).length;
  const part = smallCount / Math.max(bodies.length, 1);
  const scale = (part - SMALL_PART_MIN) / (SMALL_PART_MAX - SMALL_PART_MIN);
  return GROWTH_MIN + (GROWTH_MAX - GROWTH_MIN) * Math.min(Math.max(scale, 0), 1);
}

/** A body with calls of as many empty functions as its budget has room for: one more would really be called. */
function spending(body: Uint8Array, growth: number, first: number): Uint8Array {
  let left = growth * body.length;
  const calls = EMPTY_SIZES_BYTES.flatMap((sizeBytes, index) => {
    const code = call(first + index);
    // The call itself makes the function larger, and so its budget.
    const spentBytes = sizeBytes - growth * code.length;
    const count = Math.floor((left - 1) / spentBytes);
    left -= count * spentBytes;
    return Array.from({ length: count }, () => code).flat();
  });
  const { codeAt } = readBody(body);
  return concatenate([body.subarray(0, codeAt), Uint8Array.from(calls), body.subarray(codeAt)]);
}

function emptyBody(sizeBytes: number): Uint8Array {
  return new Uint8Array(sizeBytes).fill(NO_OPERATION).fill(NO_LOCALS, 0, 1).fill(END, -1);
}

function vectorOf(bodies: readonly Uint8Array[]): Uint8Array {
  const parts = bodies.flatMap((body) => [encodeNumber(body.length), body]);
  return concatenate([encodeNumber(bodies.length), ...parts]);
}

function withEmptyOnes(bytes: Uint8Array, sections: readonly Section[]): Uint8Array {
  const types = sections.find(({ id }) => id === SECTION.type);
  const type = types ? new ModuleReader(types.bytes).number() : 0;
  const entries = EMPTY_SIZES_BYTES.map(() => encodeNumber(type));
  return appended(bytes, entries.length, concatenate(entries));
}

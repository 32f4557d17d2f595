// Packs a module's static data: texts lie there as UTF-16 and tables are sparse, so one compressed block is a third of
// the compiler's segments. The module unpacks itself when it starts (unpack-code.ts). Touches no function of the
// module; a module that does not fit the pattern is returned as it is.

import { ModuleReader } from '../../host/module-reader.ts';
import { concatenate, encodeNumber, encodeSection, encodeText } from '../wasm-encode.ts';
import {
  HEADER_SIZE_BYTES,
  SECTION,
  appended,
  countImportedFunctions,
  readSections,
} from '../wasm.ts';
import type { Section } from '../wasm.ts';
import { compressBlock } from './compress.ts';
import { I32, encodeSigned } from './instructions.ts';
import { NUMBER_FUNCTION_COUNT, scratchEnd, unpackCode } from './unpack-code.ts';

const START_EXPORT = '_initialize';
const PAGE_SIZE_BYTES = 65_536;
const ALIGNMENT_BYTES = 16;
const CONSTANT = 0x41;
const END = 0x0b;

const NUMBER_TO_NUMBER = Uint8Array.of(0x60, 1, I32, 1, I32);

interface StartFunction {
  readonly index: number;
  readonly type: number;
}

interface Image {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** The module with packed data, and the same behaviour. */
export function packData(module: Uint8Array): Uint8Array {
  const sections = readSections(module);
  const image = readImage(sections);
  const start = exportedFunction(sections, START_EXPORT);
  if (image === null || start === null) return module;
  const rewrite = rewrites(sections, image, start);
  const parts = sections.map(({ id, bytes }) => encodeSection(id, rewrite[id]?.(bytes) ?? bytes));
  const result = concatenate([module.subarray(0, HEADER_SIZE_BYTES), ...parts]);
  return result.length < module.length ? result : module;
}

type Rewrites = Readonly<Record<number, (bytes: Uint8Array) => Uint8Array>>;

function rewrites(sections: readonly Section[], image: Image, start: StartFunction): Rewrites {
  const packed = compressBlock(image.bytes);
  const packedAt = Math.ceil((image.at + image.bytes.length) / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
  const firstFunction = functionCount(sections);
  const layout = {
    packedAt,
    packedSizeBytes: packed.length,
    dataAt: image.at,
    dataSizeBytes: image.bytes.length,
    startFunction: start.index,
    firstFunction,
  };
  const numberType = typeCount(sections);
  const types = concatenate([
    ...Array.from({ length: NUMBER_FUNCTION_COUNT }, () => encodeNumber(numberType)),
    encodeNumber(start.type),
  ]);
  const count = NUMBER_FUNCTION_COUNT + 1;
  return {
    [SECTION.type]: (bytes) => appended(bytes, 1, NUMBER_TO_NUMBER),
    [SECTION.function]: (bytes) => appended(bytes, count, types),
    [SECTION.memory]: (bytes) => withPages(bytes, scratchEnd(layout)),
    [SECTION.export]: (bytes) => withExport(bytes, START_EXPORT, firstFunction + count - 1),
    [SECTION.code]: (bytes) => appended(bytes, count, unpackCode(layout)),
    [SECTION.dataCount]: () => encodeNumber(1),
    [SECTION.data]: () => dataSection(packedAt, packed),
  };
}

/** Memory as the segments make it, from an aligned address on; null where a segment's place is not a constant. */
function readImage(sections: readonly Section[]): Image | null {
  const data = sections.find(({ id }) => id === SECTION.data);
  if (!data) return null;
  const reader = new ModuleReader(data.bytes);
  const segments: Image[] = [];
  for (let left = reader.number(); left > 0; left--) {
    if (reader.number() !== 0 || reader.byte() !== CONSTANT) return null;
    const at = reader.number();
    if (reader.byte() !== END) return null;
    segments.push({ at, bytes: reader.take(reader.number()) });
  }
  if (segments.length === 0) return null;
  const first = Math.min(...segments.map((segment) => segment.at));
  const at = Math.floor(first / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
  if (at === 0) return null;
  const end = Math.max(...segments.map((segment) => segment.at + segment.bytes.length));
  const bytes = new Uint8Array(end - at);
  for (const segment of segments) bytes.set(segment.bytes, segment.at - at);
  return { at, bytes };
}

function exportedFunction(sections: readonly Section[], wanted: string): StartFunction | null {
  const exports = sections.find(({ id }) => id === SECTION.export);
  const functions = sections.find(({ id }) => id === SECTION.function);
  if (!exports || !functions) return null;
  const index = readExports(exports.bytes).find(
    ({ name, kind }) => name === wanted && kind === 0,
  )?.index;
  const reader = new ModuleReader(functions.bytes);
  const types = Array.from({ length: reader.number() }, () => reader.number());
  const type = index === undefined ? undefined : types[index - countImportedFunctions(sections)];
  return index === undefined || type === undefined ? null : { index, type };
}

function readExports(bytes: Uint8Array): { name: string; kind: number; index: number }[] {
  const reader = new ModuleReader(bytes);
  return Array.from({ length: reader.number() }, () => ({
    name: reader.text(),
    kind: reader.byte(),
    index: reader.number(),
  }));
}

function functionCount(sections: readonly Section[]): number {
  const functions = sections.find(({ id }) => id === SECTION.function);
  const own = functions ? new ModuleReader(functions.bytes).number() : 0;
  return countImportedFunctions(sections) + own;
}

function typeCount(sections: readonly Section[]): number {
  const types = sections.find(({ id }) => id === SECTION.type);
  return types ? new ModuleReader(types.bytes).number() : 0;
}

function withPages(bytes: Uint8Array, endBytes: number): Uint8Array {
  const reader = new ModuleReader(bytes);
  reader.number();
  const flags = reader.byte();
  const pages = Math.max(reader.number(), Math.ceil(endBytes / PAGE_SIZE_BYTES));
  return concatenate([Uint8Array.of(1, flags), encodeNumber(pages), bytes.subarray(reader.at)]);
}

function withExport(bytes: Uint8Array, wanted: string, target: number): Uint8Array {
  const exports = readExports(bytes);
  const entries = exports.flatMap(({ name, kind, index }) => [
    encodeText(name),
    Uint8Array.of(kind),
    encodeNumber(name === wanted ? target : index),
  ]);
  return concatenate([encodeNumber(exports.length), ...entries]);
}

function dataSection(at: number, packed: Uint8Array): Uint8Array {
  const place = Uint8Array.from([0, CONSTANT, ...encodeSigned(at), END]);
  return concatenate([encodeNumber(1), place, encodeNumber(packed.length), packed]);
}

// The function that a packed module runs first: decodes one LZ4 block into the place of the static data, wipes the
// block, and calls the function that started the module before. Written in WebAssembly's instructions, because it
// must run before any code that the compiler made.

import { concatenate, encodeNumber } from '../wasm-encode.ts';

/** Where things lie in the memory of a packed module. */
export interface Layout {
  /** Address of the compressed block, behind the static data. */
  readonly packedAt: number;
  readonly packedSizeBytes: number;
  /** Address of the static data. */
  readonly dataAt: number;
  /** The function that started the module. */
  readonly startFunction: number;
}

const I32 = 0x7f;
const EMPTY = 0x40;
const END = 0x0b;
const BLOCK = [0x02, EMPTY];
const LOOP = [0x03, EMPTY];
const IF = [0x04, EMPTY];
const ADD = 0x6a;
const SUBTRACT = 0x6b;
const AND = 0x71;
const SHIFT_RIGHT = 0x76;
const IS_ZERO = 0x45;
const EQUAL = 0x46;
const AT_LEAST = 0x4f;
const LOAD_BYTE = [0x2d, 0, 0];
const LOAD_HALF = [0x2f, 0, 0];
const STORE_BYTE = [0x3a, 0, 0];
const MEMORY_COPY = [0xfc, 10, 0, 0];
const MEMORY_FILL = [0xfc, 11, 0];

// Locals; all are i32.
const SOURCE = 0;
const TARGET = 1;
const TOKEN = 2;
const SIZE = 3;
const BYTE = 4;
const FROM = 5;
const LOCAL_COUNT = 6;

const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const tee = (local: number): number[] => [0x22, local];
const branch = (depth: number): number[] => [0x0c, depth];
const branchIf = (depth: number): number[] => [0x0d, depth];
const call = (index: number): number[] => [0x10, ...encodeNumber(index)];
const constant = (value: number): number[] => [0x41, ...encodeSigned(value)];
const advance = (local: number): number[] => [...get(local), ...constant(1), ADD, ...set(local)];

/** The function's entry of the code section. */
export function unpackCode({
  packedAt,
  packedSizeBytes,
  dataAt,
  startFunction,
}: Layout): Uint8Array {
  const code = [
    ...[1, LOCAL_COUNT, I32],
    ...[...constant(packedAt), ...set(SOURCE), ...constant(dataAt), ...set(TARGET)],
    ...[...BLOCK, ...LOOP],
    ...[...get(SOURCE), ...LOAD_BYTE, ...set(TOKEN), ...advance(SOURCE)],
    // Literals.
    ...[...get(TOKEN), ...constant(4), SHIFT_RIGHT, ...set(SIZE), ...readRest()],
    ...[...get(TARGET), ...get(SOURCE), ...get(SIZE), ...MEMORY_COPY],
    ...[...get(TARGET), ...get(SIZE), ADD, ...set(TARGET)],
    ...[...get(SOURCE), ...get(SIZE), ADD, ...tee(SOURCE)],
    ...[...constant(packedAt + packedSizeBytes), AT_LEAST, ...branchIf(1)],
    // A repetition, byte by byte, for it may overlap itself.
    ...[...get(TARGET), ...get(SOURCE), ...LOAD_HALF, SUBTRACT, ...set(FROM)],
    ...[...get(SOURCE), ...constant(2), ADD, ...set(SOURCE)],
    ...[...get(TOKEN), ...constant(15), AND, ...set(SIZE), ...readRest()],
    ...[...get(TARGET), ...get(SIZE), ADD, ...constant(4), ADD, ...set(SIZE)],
    ...LOOP,
    ...[...get(TARGET), ...get(FROM), ...LOAD_BYTE, ...STORE_BYTE],
    ...[...advance(FROM), ...get(TARGET), ...constant(1), ADD, ...tee(TARGET)],
    ...[...get(SIZE), EQUAL, IS_ZERO, ...branchIf(0), END],
    ...[...branch(0), END, END],
    // The memory behind the static data is the heap's: it gets it as the engine gives memory, zeroed.
    ...[...constant(packedAt), ...constant(0), ...constant(packedSizeBytes), ...MEMORY_FILL],
    ...[...call(startFunction), END],
  ];
  return concatenate([encodeNumber(code.length), Uint8Array.from(code)]);
}

// A size of 15 goes on in further bytes, up to one that is not 255.
function readRest(): number[] {
  return [
    ...[...get(SIZE), ...constant(15), EQUAL, ...IF, ...LOOP],
    ...[...get(SOURCE), ...LOAD_BYTE, ...set(BYTE), ...advance(SOURCE)],
    ...[...get(SIZE), ...get(BYTE), ADD, ...set(SIZE)],
    ...[...get(BYTE), ...constant(255), EQUAL, ...branchIf(0), END, END],
  ];
}

/** A signed LEB128 number, as constants are written. */
export function encodeSigned(value: number): number[] {
  const bytes: number[] = [];
  for (let left = value; ; left >>= 7) {
    if (left >= -64 && left < 64) return [...bytes, left & 0x7f];
    bytes.push((left & 0x7f) | 0x80);
  }
}

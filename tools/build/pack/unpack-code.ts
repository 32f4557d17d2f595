// The functions that a packed module runs first: they decode one block (model.ts) into the place of the static data,
// wipe what they used, and call the function that started the module before. Written in WebAssembly's instructions,
// because they must run before any code that the compiler made.

import { concatenate, encodeNumber } from '../wasm-encode.ts';
import * as wasm from './instructions.ts';
import { CONTEXT, LITERAL_CONTEXTS, NEW_SIZE_MIN, ODD_LITERALS } from './model.ts';
import { OFFSET_CONTEXTS, SIZE_BOUNDS } from './model.ts';
import * as bits from './unpack-bits.ts';

const { ADD, SUBTRACT, MULTIPLY, AND, OR, SHIFT_LEFT, SHIFT_RIGHT, EQUAL, IS_ZERO } = wasm;
const { LESS, AT_LEAST, LOAD_BYTE, STORE_BYTE } = wasm;
const { get, set, tee, constant, block, loop, when, branch, branchIf, call } = wasm;
const { CHANCE_SIZE_BYTES, chanceAt } = bits;

/** Where things lie in a packed module. */
export interface Layout {
  /** Address of the compressed block, behind the static data. */
  readonly packedAt: number;
  readonly packedSizeBytes: number;
  /** Address of the static data: even, and at least 2. */
  readonly dataAt: number;
  readonly dataSizeBytes: number;
  /** The function that started the module. */
  readonly startFunction: number;
  /** The number that the first of these functions gets. */
  readonly firstFunction: number;
}

/** How many functions give a number for a number; behind them comes the one that starts the module. */
export const NUMBER_FUNCTION_COUNT = 2;

const ALIGNMENT_BYTES = 4;
const UNPACK_LOCALS = 7;
const [TARGET, IS_BEHIND, WAS_BEHIND, OFFSET, END_AT, NODE, CHANCES] = [0, 1, 2, 3, 4, 5, 6];

/** The functions' entries of the code section. */
export function unpackCode(layout: Layout): Uint8Array {
  const state = stateAt(layout);
  return concatenate([
    body(bits.READ_BIT_LOCALS, bits.readBit(state)),
    body(bits.READ_NUMBER_LOCALS, bits.readNumber(layout.firstFunction)),
    body(UNPACK_LOCALS, unpack(layout, state)),
  ]);
}

/** How far the memory reaches that the functions use. */
export function scratchEnd(layout: Pick<Layout, 'packedAt' | 'packedSizeBytes'>): number {
  return stateAt(layout) + bits.SCRATCH_SIZE_BYTES;
}

function stateAt(layout: Pick<Layout, 'packedAt' | 'packedSizeBytes'>): number {
  const end = layout.packedAt + layout.packedSizeBytes;
  return Math.ceil(end / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
}

function body(localCount: number, code: number[]): Uint8Array {
  const bytes = [1, localCount, wasm.I32, ...code, wasm.END];
  return concatenate([encodeNumber(bytes.length), Uint8Array.from(bytes)]);
}

function unpack(layout: Layout, state: number): number[] {
  const { packedAt, dataAt, dataSizeBytes, startFunction, firstFunction } = layout;
  const flag = [
    ...[...get(IS_BEHIND), ...constant(1), SHIFT_LEFT, ...get(TARGET), ...constant(1), AND, OR],
    ...[...constant(CHANCE_SIZE_BYTES), MULTIPLY, ...constant(chanceAt(state, CONTEXT.flag)), ADD],
    ...call(firstFunction),
  ];
  const step = [
    ...[...get(TARGET), ...constant(dataAt + dataSizeBytes), EQUAL, ...branchIf(1)],
    ...[...get(IS_BEHIND), ...set(WAS_BEHIND), ...flag, ...tee(IS_BEHIND)],
    ...when(repetition(state, firstFunction), literal(state, firstFunction)),
    ...branch(0),
  ];
  return [
    ...[...bits.begin(state, packedAt), ...constant(dataAt), ...set(TARGET), ...block(loop(step))],
    // The memory behind the static data is the heap's: it gets it as the engine gives memory, zeroed.
    ...[...constant(packedAt), ...constant(0), ...constant(scratchEnd(layout) - packedAt)],
    ...[...wasm.MEMORY_FILL, ...call(startFunction)],
  ];
}

function literal(state: number, bitFunction: number): number[] {
  const before = (distance: number): number[] => [
    ...[...get(TARGET), ...constant(distance), SUBTRACT, ...LOAD_BYTE],
  ];
  const kind = when(
    [...before(1), IS_ZERO, ...constant(ODD_LITERALS), ADD],
    [...before(2), ...constant(5), SHIFT_RIGHT],
    wasm.I32,
  );
  const chances = [
    ...[...get(TARGET), ...constant(1), AND, ...kind],
    ...[...constant(LITERAL_CONTEXTS * CHANCE_SIZE_BYTES), MULTIPLY],
    ...[...constant(chanceAt(state, CONTEXT.literal)), ADD, ...set(CHANCES)],
  ];
  const chance = [...get(NODE), ...constant(CHANCE_SIZE_BYTES), MULTIPLY, ...get(CHANCES), ADD];
  return [
    ...[...chances, ...constant(1), ...set(NODE)],
    ...loop([
      ...[...get(NODE), ...constant(1), SHIFT_LEFT, ...chance, ...call(bitFunction), OR],
      ...[...tee(NODE), ...constant(LITERAL_CONTEXTS), LESS, ...branchIf(0)],
    ]),
    ...[...get(TARGET), ...get(NODE), ...STORE_BYTE, ...wasm.advance(TARGET)],
  ];
}

// What stood before is copied byte by byte, for it may overlap itself.
function repetition(state: number, bitFunction: number): number[] {
  const number = (context: number): number[] => [
    ...[...constant(chanceAt(state, context)), ...call(bitFunction + 1)],
  ];
  const isSame = when(
    [...constant(0)],
    [...constant(chanceAt(state, CONTEXT.isSame)), ...call(bitFunction)],
    wasm.I32,
  );
  const atLeast = (size: number): number[] => [...get(END_AT), ...constant(size), AT_LEAST];
  const otherOffset = [
    ...[...number(CONTEXT.size), ...constant(NEW_SIZE_MIN - 1), ADD, ...set(END_AT)],
    ...[...atLeast(SIZE_BOUNDS[0]), ...atLeast(SIZE_BOUNDS[1]), ADD],
    ...[...constant(OFFSET_CONTEXTS * CHANCE_SIZE_BYTES), MULTIPLY],
    ...[...constant(chanceAt(state, CONTEXT.offset)), ADD, ...call(bitFunction + 1)],
    ...set(OFFSET),
  ];
  return [
    ...[...get(WAS_BEHIND), ...isSame],
    ...when([...number(CONTEXT.sameSize), ...set(END_AT)], otherOffset),
    ...[...get(TARGET), ...get(END_AT), ADD, ...set(END_AT)],
    ...loop([
      ...[...get(TARGET), ...get(TARGET), ...get(OFFSET), SUBTRACT, ...LOAD_BYTE, ...STORE_BYTE],
      ...[...wasm.advance(TARGET), ...get(TARGET), ...get(END_AT), LESS, ...branchIf(0)],
    ]),
  ];
}

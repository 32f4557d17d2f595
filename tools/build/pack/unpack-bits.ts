// The decoder's two functions below a block's steps: one bit of the arithmetic code, and one number. Their state stands
// in memory behind the block.

import * as wasm from './instructions.ts';
import {
  ADAPTATION_SHIFT,
  PROBABILITY_BITS,
  PROBABILITY_START,
  RANGE_MIN,
} from './range-encoder.ts';
import { CONTEXT_COUNT } from './model.ts';

const { ADD, SUBTRACT, MULTIPLY, OR, SHIFT_LEFT, SHIFT_RIGHT, LESS } = wasm;
const { LOAD_BYTE, LOAD_HALF, STORE_HALF } = wasm;
const { get, set, tee, constant, load, store, loop, when, branch, call } = wasm;

// The state, then the probabilities.
const RANGE = 0;
const CODE = 4;
const SOURCE = 8;
const STATE_SIZE_BYTES = 16;

/** Each probability has two bytes. */
export const CHANCE_SIZE_BYTES = 2;
/** Memory that the state and the probabilities take. */
export const SCRATCH_SIZE_BYTES = STATE_SIZE_BYTES + CONTEXT_COUNT * CHANCE_SIZE_BYTES;

/** Address of a probability, by the address of the state. */
export function chanceAt(state: number, context: number): number {
  return state + STATE_SIZE_BYTES + context * CHANCE_SIZE_BYTES;
}

/** Instructions that make the state ready for the block at `packedAt`. Its first four bytes have the highest first. */
export function begin(state: number, packedAt: number): number[] {
  const head = [0, 1, 2, 3].flatMap((at) => [
    ...[...constant(packedAt + at), ...LOAD_BYTE, ...constant(24 - 8 * at), SHIFT_LEFT],
    ...(at === 0 ? [] : [OR]),
  ]);
  return [
    ...[...constant(chanceAt(state, 0)), ...constant(PROBABILITY_START & 0xff)],
    ...[...constant(CONTEXT_COUNT * CHANCE_SIZE_BYTES), ...wasm.MEMORY_FILL],
    ...[...constant(state), ...constant(-1), ...store(RANGE)],
    ...[...constant(state), ...head, ...store(CODE)],
    ...[...constant(state), ...constant(packedAt + 4), ...store(SOURCE)],
  ];
}

export const READ_BIT_LOCALS = 5;

/** The bit whose probability lies at the address in local 0. */
export function readBit(state: number): number[] {
  const [chanceAddress, range, code, bound, chance, bit] = [0, 1, 2, 3, 4, 5];
  const zero = [
    ...[...get(bound), ...set(range), ...get(chance), ...constant(2 ** PROBABILITY_BITS)],
    ...[...get(chance), SUBTRACT, ...constant(ADAPTATION_SHIFT), SHIFT_RIGHT, ADD, ...set(chance)],
  ];
  const one = [
    ...[...get(range), ...get(bound), SUBTRACT, ...set(range)],
    ...[...get(code), ...get(bound), SUBTRACT, ...set(code)],
    ...[...get(chance), ...get(chance), ...constant(ADAPTATION_SHIFT), SHIFT_RIGHT, SUBTRACT],
    ...[...set(chance), ...constant(1), ...set(bit)],
  ];
  const from = (field: number): number[] => [...constant(state), ...load(field)];
  const takeByte = [
    ...[...get(range), ...constant(8), SHIFT_LEFT, ...set(range), ...get(code), ...constant(8)],
    ...[SHIFT_LEFT, ...from(SOURCE), ...LOAD_BYTE, OR, ...set(code)],
    ...[...constant(state), ...from(SOURCE), ...constant(1), ADD, ...store(SOURCE), ...branch(1)],
  ];
  return [
    ...[...from(CODE), ...set(code), ...from(RANGE), ...tee(range)],
    ...[...constant(PROBABILITY_BITS), SHIFT_RIGHT],
    ...[...get(chanceAddress), ...LOAD_HALF, ...tee(chance), MULTIPLY, ...set(bound)],
    ...[...get(code), ...get(bound), LESS, ...when(zero, one)],
    ...[...get(chanceAddress), ...get(chance), ...STORE_HALF],
    ...loop([...get(range), ...constant(RANGE_MIN), LESS, ...when(takeByte)]),
    ...[...constant(state), ...get(range), ...store(RANGE)],
    ...[...constant(state), ...get(code), ...store(CODE), ...get(bit)],
  ];
}

export const READ_NUMBER_LOCALS = 2;

/** The number whose probabilities begin at the address in local 0. */
export function readNumber(bitFunction: number): number[] {
  const [chanceAddress, digit, number] = [0, 1, 2];
  const advance = (size: number): number[] => [...get(chanceAddress), ...constant(size), ADD];
  const nextDigit = [
    ...[...advance(CHANCE_SIZE_BYTES), ...call(bitFunction), ...get(digit), SHIFT_LEFT],
    ...[...get(number), OR, ...set(number), ...wasm.advance(digit)],
    ...[...advance(2 * CHANCE_SIZE_BYTES), ...set(chanceAddress), ...branch(1)],
  ];
  return [
    ...loop([...get(chanceAddress), ...call(bitFunction), ...when(nextDigit)]),
    ...[...constant(1), ...get(digit), SHIFT_LEFT, ...get(number), OR],
  ];
}

// The few of WebAssembly's instructions that the build and its measurements write themselves, as bytes: the decoder of
// packed data consists of them, and the counters of `npm run order`.

import { encodeNumber } from '../wasm-encode.ts';

export const I32 = 0x7f;
export const END = 0x0b;
export const ADD = 0x6a;
export const SUBTRACT = 0x6b;
export const MULTIPLY = 0x6c;
export const AND = 0x71;
export const OR = 0x72;
export const SHIFT_LEFT = 0x74;
export const SHIFT_RIGHT = 0x76;
export const IS_ZERO = 0x45;
export const EQUAL = 0x46;
export const SELECT = 0x1b;
export const LESS = 0x49;
export const AT_LEAST = 0x4f;
export const LOAD_BYTE = [0x2d, 0, 0];
export const LOAD_HALF = [0x2f, 0, 0];
export const STORE_BYTE = [0x3a, 0, 0];
export const STORE_HALF = [0x3b, 0, 0];
export const MEMORY_FILL = [0xfc, 11, 0];

const NOTHING = 0x40;

export const get = (local: number): number[] => [0x20, ...encodeNumber(local)];
export const set = (local: number): number[] => [0x21, ...encodeNumber(local)];
export const tee = (local: number): number[] => [0x22, ...encodeNumber(local)];
export const getGlobal = (global: number): number[] => [0x23, ...encodeNumber(global)];
export const setGlobal = (global: number): number[] => [0x24, ...encodeNumber(global)];
export const constant = (value: number): number[] => [0x41, ...encodeSigned(value)];
export const load = (offset: number): number[] => [0x28, 2, ...encodeNumber(offset)];
export const store = (offset: number): number[] => [0x36, 2, ...encodeNumber(offset)];
export const call = (index: number): number[] => [0x10, ...encodeNumber(index)];
export const branch = (depth: number): number[] => [0x0c, depth];
export const branchIf = (depth: number): number[] => [0x0d, depth];
export const block = (code: number[]): number[] => [0x02, NOTHING, ...code, END];
export const loop = (code: number[]): number[] => [0x03, NOTHING, ...code, END];

/** Runs one of two pieces, by what lies on the stack. */
export function when(code: number[], otherwise: number[] = [], result = NOTHING): number[] {
  return [0x04, result, ...code, ...(otherwise.length > 0 ? [0x05, ...otherwise] : []), END];
}

/** Adds one to a local. */
export function advance(local: number): number[] {
  return [...get(local), ...constant(1), ADD, ...set(local)];
}

/** A signed LEB128 number, as constants are written. */
export function encodeSigned(value: number): number[] {
  const bytes: number[] = [];
  for (let left = value; ; left >>= 7) {
    if (left >= -64 && left < 64) return [...bytes, left & 0x7f];
    bytes.push((left & 0x7f) | 0x80);
  }
}

// What the compiler makes of an expression: flat code and constants in the configuration's region.
// Never changed after the verifier has seen it. Both: read by the evaluator per request.

import { ValueType } from "../shared/types";
import { Slice } from "../memory/slice";

/** Size of an instruction. */
export const INSTRUCTION_SIZE_BYTES: usize = 8;

/** How a guard compares its key. */
export const enum GuardKind {
  /** The key equals one of the literals. */
  Equal = 0,
  /** The key starts with one of the literals. */
  Prefix = 1,
}

/**
 * What must hold for a condition to be true at all: the attribute `key` equals, or starts with, one
 * of the literals. While it does not hold, evaluating the condition gives false and no error. Where
 * the key is absent nothing is said: the condition must then be evaluated.
 */
export class Guard {
  constructor(
    readonly key: i32,
    readonly kind: GuardKind,
    readonly literals: Slice[],
    /** Whether the guard says all that the condition says: where it holds, the condition does. */
    readonly isWhole: bool,
  ) {}
}

/** A compiled expression. Lives as long as its configuration's region. */
export class Program {
  /** The first instruction, which is all there is of most fields of instances. */
  first: u64 = 0;
  /** Instructions; see shared/opcodes.ts for their layout. */
  code: usize = 0;
  codeCount: i32 = 0;
  /** Value cells. A set is a cell of type LIST over slices, a pattern one of type DYNAMIC. */
  constants: usize = 0;
  constantCount: i32 = 0;
  /** Deepest evaluation stack, in cells. */
  stackCount: i32 = 0;
  /** Steps that one evaluation takes from the request's budget. */
  cost: i32 = 0;
  /** Attributes that the code reads, each once. */
  attributes: i32[] = [];
  /** Those among them without which an evaluation can fail: they are absent and have no `|`. */
  required: i32[] = [];
  /** For each instruction, where in the expression it comes from: u32 start, u32 end. */
  places: usize = 0;
  /** When the expression can be true at all; filled by compileCondition. */
  guard: Guard | null = null;

  constructor(
    /** The type of the result. */
    public type: ValueType,
  ) {}
}

/** Fields of an instruction word. */
// @ts-ignore: decorator
@inline
export function opOf(word: u64): u32 {
  return (<u32>word) & 0xff;
}

/** The mode of an instruction word. */
// @ts-ignore: decorator
@inline
export function modeOf(word: u64): u32 {
  return ((<u32>word) >> 8) & 0xff;
}

/** The first operand, 16 bits. */
// @ts-ignore: decorator
@inline
export function aOf(word: u64): u32 {
  return (<u32>word) >> 16;
}

/** The second operand, 16 bits. */
// @ts-ignore: decorator
@inline
export function bOf(word: u64): u32 {
  return (<u32>(word >> 32)) & 0xffff;
}

/** The third operand, 16 bits. */
// @ts-ignore: decorator
@inline
export function cOf(word: u64): u32 {
  return <u32>(word >> 48);
}

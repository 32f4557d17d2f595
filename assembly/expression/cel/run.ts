// Runs CEL programs: one loop over flat code on the evaluator's stack. An error is a value like any
// other until the end, so that `&&` and `||` can absorb it; only a budget that is used up ends a
// program at once. A jump costs a step, so that no loop is endless. The verifier has proved
// operands and stack. Hot: no managed allocation, no trap.

import { CelFunction } from "../../shared/cel-functions";
import { Op } from "../../shared/opcodes";
import { ValueType } from "../../shared/types";
import { Bag } from "../../attribute/bag";
import {
  CellState,
  EvaluationError,
  VALUE_SIZE_BYTES,
  boolAt,
  copyValue,
  errorAt,
  setBool,
  textAt,
  typeAt,
} from "../../attribute/value";
import { FAILURE, Outcome, fail, takeSteps } from "../failure";
import { matchesPatternAt } from "../match-pattern";
import { INSTRUCTION_SIZE_BYTES, Program, aOf, bOf, cOf, modeOf, opOf } from "../program";
import { callCel } from "./call";
import { hasKey, makeList, makeMap } from "./collection";
import { combine, isBool, isCondition } from "./logic";
import { foldValue, guardValue, leaveLoop, nextElement, openRange } from "./loop";
import { pushAttribute, pushPresence } from "./attribute";
import { resultAs } from "./result";

/** The value of the program with its stack at `base`, or a cell in state Error. */
export function runCel(program: Program, bag: Bag, base: usize): usize {
  const code = program.code;
  const constants = program.constants;
  let at = code + INSTRUCTION_SIZE_BYTES;
  let top = base;
  while (true) {
    const word = load<u64>(at);
    at += INSTRUCTION_SIZE_BYTES;
    const last = top - VALUE_SIZE_BYTES;
    switch (opOf(word)) {
      case Op.Jump:
      case Op.CelLoop:
        if (!takeSteps(1)) return FAILURE;
        at = target(code, word);
        continue;
      case Op.CelConstant:
        copyValue(top, constants + <usize>bOf(word) * VALUE_SIZE_BYTES);
        break;
      case Op.CelAttribute:
        if (!pushAttribute(bag, aOf(word), top) && !recover(top)) return FAILURE;
        break;
      case Op.CelHasAttribute:
        pushPresence(bag, aOf(word), top);
        break;
      case Op.CelLocal:
        copyValue(top, cellAt(word, base));
        break;
      case Op.CelAnd:
      case Op.CelOr:
        top = last;
        combine(last - VALUE_SIZE_BYTES, last, opOf(word) == Op.CelOr);
        continue;
      case Op.CelSkipFalse:
      case Op.CelSkipTrue:
      case Op.CelCondition:
      case Op.CelBranch:
      case Op.CelIterate:
      case Op.CelNext:
      case Op.CelFold:
      case Op.CelGuard: {
        const goesOn = branch(word, base, last);
        if (goesOn == Outcome.Failed) return FAILURE;
        if (goesOn == Outcome.False) at = target(code, word);
        top += stackChange(opOf(word), goesOn == Outcome.True);
        continue;
      }
      case Op.CelLeave:
        leaveLoop(modeOf(word), cellAt(word, base));
        top = cellAt(word, base) + VALUE_SIZE_BYTES;
        continue;
      case Op.CelReturn:
        return resultAs(<ValueType>aOf(word), last);
      default:
        top = operate(word, top, constants);
        if (top == 0) return FAILURE;
        continue;
    }
    top += VALUE_SIZE_BYTES; // Only what pushes one value comes here.
  }
}

// Whether an instruction that can jump goes on behind itself; Failed: give up.
function branch(word: u64, base: usize, last: usize): Outcome {
  const loop = cellAt(word, base);
  switch (opOf(word)) {
    case Op.CelSkipFalse:
      return isBool(last, false) ? Outcome.False : Outcome.True;
    case Op.CelSkipTrue:
      return isBool(last, true) ? Outcome.False : Outcome.True;
    case Op.CelCondition:
      return <Outcome>isCondition(last);
    case Op.CelBranch:
      return <Outcome>boolAt(last);
    case Op.CelNext:
      return nextElement(loop);
    case Op.CelFold:
      return foldValue(modeOf(word), loop, last);
    case Op.CelGuard:
      return <Outcome>guardValue(loop, last);
    default:
      if (openRange(last) == Outcome.True) return Outcome.True;
      return recover(last) ? Outcome.False : Outcome.Failed;
  }
}

// How many bytes such an instruction leaves the stack longer.
function stackChange(op: u32, goesOn: bool): isize {
  if (op == Op.CelBranch || op == Op.CelFold) return -(<isize>VALUE_SIZE_BYTES);
  if (op == Op.CelGuard) return goesOn ? 0 : -(<isize>VALUE_SIZE_BYTES);
  return op == Op.CelIterate && goesOn ? <isize>VALUE_SIZE_BYTES : 0;
}

// Instructions that make one value of the last ones, none of which may be an error; 0: give up.
function operate(word: u64, top: usize, constants: usize): usize {
  const count = operandCount(word);
  const first = top - <usize>count * VALUE_SIZE_BYTES;
  const end = first + VALUE_SIZE_BYTES;
  for (let cell = first; cell < top; cell += VALUE_SIZE_BYTES) {
    if (typeAt(cell) != CellState.Error) continue;
    copyValue(first, cell);
    return end;
  }
  const constant = constants + <usize>bOf(word) * VALUE_SIZE_BYTES;
  const outcome = apply(word, first, count, constant);
  return outcome == Outcome.Failed && !recover(first) ? 0 : end;
}

function operandCount(word: u64): i32 {
  switch (opOf(word)) {
    case Op.CelCall:
      return bOf(word);
    case Op.CelList:
      return aOf(word);
    case Op.CelMap:
      return aOf(word) << 1;
    default:
      return 1;
  }
}

function apply(word: u64, first: usize, count: i32, constant: usize): Outcome {
  switch (opOf(word)) {
    case Op.CelCall:
      return callCel(<CelFunction>aOf(word), first, count);
    case Op.CelList:
      return makeList(first, count);
    case Op.CelMap:
      return makeMap(first, count >> 1);
    case Op.CelHas:
      return hasKey(first, constant);
    default:
      return matches(first, constant);
  }
}

function matches(cell: usize, pattern: usize): Outcome {
  if (typeAt(cell) != ValueType.String) return fail(EvaluationError.NoSuchOverload, 0);
  const outcome = matchesPatternAt(pattern, textAt(cell));
  if (outcome != Outcome.Failed) setBool(cell, outcome == Outcome.True);
  return outcome;
}

// Makes a value of the error in FAILURE; false when nothing may absorb it.
function recover(cell: usize): bool {
  copyValue(cell, FAILURE);
  return !isFinal(cell);
}

// What runs out is out: an expression that goes on could hide it behind `||`.
function isFinal(cell: usize): bool {
  const error = errorAt(cell);
  return error == EvaluationError.StepsExhausted || error == EvaluationError.OutOfMemory;
}

// Cell a of the stack.
// @ts-ignore: decorator
@inline
function cellAt(word: u64, base: usize): usize {
  return base + <usize>aOf(word) * VALUE_SIZE_BYTES;
}

// @ts-ignore: decorator
@inline
function target(code: usize, word: u64): usize {
  return code + <usize>cOf(word) * INSTRUCTION_SIZE_BYTES;
}

// Runs compiled expressions: one loop over flat code, values in 16-byte cells on a fixed stack. The
// verifier has proved jumps, operands and stack beforehand, so nothing is checked twice. Hot: no
// managed allocation, no trap; a failed evaluation ends in the FAILURE cell.

import { EVALUATION_STACK_MAX } from "../shared/limits";
import { NO_CONSTANT, Op, Sense } from "../shared/opcodes";
import { ValueType } from "../shared/types";
import { Bag } from "../attribute/bag";
import {
  CellState,
  EvaluationError,
  VALUE_SIZE_BYTES,
  boolAt,
  copyValue,
  intAt,
  setBool,
  setState,
  setText,
  textAt,
  typeAt,
} from "../attribute/value";
import { endsWith, equal, startsWith } from "../memory/bytes";
import { FAILED, Slice, isPresent } from "../memory/slice";
import { isInSet } from "./builtins";
import { orderInts } from "./compare";
import { FAILURE, Outcome, fail, takeSteps } from "./failure";
import { linkedCel } from "./language";
import { matchesPatternAt } from "./match-pattern";
import { operate } from "./operations";
import { ordered, testPopped } from "./popped-tests";
import { INSTRUCTION_SIZE_BYTES, Program, aOf, bOf, cOf, modeOf, opOf } from "./program";
import {
  EMPTY,
  absentOutcome,
  elementText,
  presentCell,
  readBool,
  readCell,
  readForTest,
  readText,
} from "./read";
import { isRecording } from "./references";

/** Room for the programs of declared attributes that a program reads, one above the other. */
const NESTED_STACK_COUNT: i32 = 4 * EVALUATION_STACK_MAX;
const STACK: usize = memory.data(16384, 16);

/**
 * The value of a program for the current stream: a value cell, or a cell in state Error; never
 * Absent. Valid until the next evaluation, its texts until the callback ends.
 */
export function evaluate(program: Program, bag: Bag): usize {
  // Most fields of instances are one attribute or a constant: neither needs a stack, or counts.
  const word = program.first;
  if (opOf(word) == Op.ReturnAttribute) return readCell(bag, word);
  if (opOf(word) == Op.ReturnConstant) return constantAt(program.constants, word);
  return run(program, bag, STACK);
}

/** Whether a condition holds; False or True, or Failed with the error in FAILURE. */
export function test(program: Program, bag: Bag): Outcome {
  const cell = run(program, bag, STACK);
  return typeAt(cell) == CellState.Error ? Outcome.Failed : <Outcome>boolAt(cell);
}

/** The cell of an attribute, its program evaluated first if it has one. */
export function readAttribute(attribute: u32, bag: Bag): usize {
  if (bag.programOf(attribute) != 0) prepare(bag, attribute, STACK);
  return bag.read(attribute);
}

/**
 * Evaluates the program of a declared attribute or shared sub-expression into the bag, above the
 * stack of the program that reads it.
 */
export function prepare(bag: Bag, attribute: u32, base: usize): void {
  if (!bag.isUnread(attribute)) return;
  const program = changetype<Program>(bag.programOf(attribute));
  bag.markRead(attribute);
  const target = bag.cellOf(attribute);
  const cell = run(program, bag, base);
  if (typeAt(cell) == CellState.Error && bag.isDeclared(attribute)) {
    setState(target, CellState.Absent);
  } else {
    copyValue(target, cell);
  }
}

function run(program: Program, bag: Bag, base: usize): usize {
  const code = program.code;
  const constants = program.constants;
  const end = base + <usize>program.stackCount * VALUE_SIZE_BYTES;
  if (end > STACK + <usize>NESTED_STACK_COUNT * VALUE_SIZE_BYTES) {
    fail(EvaluationError.OutOfMemory, 0);
    return FAILURE;
  }
  if (!takeSteps(program.cost)) return FAILURE;
  // The next instruction, and the first free cell of the stack.
  let at = code;
  let top = base;
  while (true) {
    const word = load<u64>(at);
    at += INSTRUCTION_SIZE_BYTES;
    const op = opOf(word);
    let outcome: Outcome = Outcome.True;
    // In front of the others: most conditions are made of these, and where a jump by number goes is
    // hard to foretell.
    if (op >= <u32>Op.TestEqual && op <= <u32>Op.TestSet) {
      const text = readText(bag, word);
      outcome = isPresent(text)
        ? testText(op, text, textAt(constantAt(constants, word)))
        : absentOutcome(text, word);
    } else
      switch (op) {
        case Op.Return:
          return top - VALUE_SIZE_BYTES;
        case Op.ReturnConstant:
          return constantAt(constants, word);
        case Op.ReturnAttribute:
          return readCell(bag, word);
        case Op.ReturnPresent: {
          const cell = presentCell(bag, word);
          if (cell != 0) return cell;
          continue;
        }
        case Op.Jump:
          at = target(code, word);
          continue;
        case Op.Pop:
          top -= VALUE_SIZE_BYTES;
          continue;
        case Op.PushConstant:
          copyValue(top, constantAt(constants, word));
          top += VALUE_SIZE_BYTES;
          continue;
        case Op.PushAttribute: {
          const cell = readCell(bag, word);
          if (typeAt(cell) == CellState.Error) return cell;
          top = push(top, cell, word);
          continue;
        }
        case Op.PushPresent: {
          const cell = presentCell(bag, word);
          if (cell == 0) continue;
          if (typeAt(cell) == CellState.Error) return cell;
          top = push(top, cell, word);
          at = target(code, word);
          continue;
        }
        case Op.Prepare:
          prepare(bag, aOf(word), top);
          continue;
        case Op.Cel: {
          const cel = linkedCel();
          if (cel != null) return cel.run(program, bag, base);
          fail(EvaluationError.OutOfMemory, 0);
          return FAILURE;
        }
        case Op.Branch:
          top -= VALUE_SIZE_BYTES;
          outcome = <Outcome>boolAt(top);
          break;
        case Op.TestBool:
          outcome = readBool(bag, word);
          break;
        case Op.TestPattern: {
          const text = readText(bag, word);
          if (isPresent(text)) outcome = matchesPatternAt(constantAt(constants, word), text);
          else outcome = absentOutcome(text, word);
          break;
        }
        case Op.TestInt: {
          const cell = readForTest(bag, word, ValueType.Int64);
          if (cell <= <usize>FAILED) outcome = absentOutcome(cell, word);
          else outcome = ordered(orderInts(intAt(cell), intAt(constantAt(constants, word))), word);
          break;
        }
        case Op.Match:
        case Op.MatchesText:
          top -= 2 * VALUE_SIZE_BYTES;
          outcome = testPopped(word, top, top + VALUE_SIZE_BYTES);
          break;
        case Op.InSet:
        case Op.MatchesPattern:
          top -= VALUE_SIZE_BYTES;
          outcome = testPopped(word, top, constantAt(constants, word));
          break;
        case Op.Equal:
        case Op.Order:
        case Op.StartsWith:
        case Op.EndsWith: {
          let right = constantAt(constants, word);
          if (bOf(word) == NO_CONSTANT) right = top -= VALUE_SIZE_BYTES;
          top -= VALUE_SIZE_BYTES;
          outcome = testPopped(word, top, right);
          break;
        }
        case Op.Lookup:
        case Op.LookupPresent: {
          let key = constantAt(constants, word);
          if (bOf(word) == NO_CONSTANT) key = top -= VALUE_SIZE_BYTES;
          top -= VALUE_SIZE_BYTES;
          let text = elementText(top, textAt(key));
          if (text == FAILED) return FAILURE;
          const mayMiss = op == Op.LookupPresent;
          if (mayMiss && !isPresent(text)) continue;
          if (mayMiss) at = target(code, word);
          else if (!isPresent(text)) text = textAt(EMPTY);
          setText(top, ValueType.String, text);
          top += VALUE_SIZE_BYTES;
          continue;
        }
        default:
          top = operate(word, top, constants);
          if (top == 0) return FAILURE;
          continue;
      }
    // Only tests come here.
    if (outcome == Outcome.Failed) return FAILURE;
    const sense = modeOf(word) & 3;
    if (sense >= <u32>Sense.Push) {
      setBool(top, <bool>((<u32>outcome) ^ (sense & 1)));
      top += VALUE_SIZE_BYTES;
    } else if (<u32>outcome == sense) {
      at = target(code, word);
    }
  }
}

// @ts-ignore: decorator
@inline
function constantAt(constants: usize, word: u64): usize {
  return constants + <usize>bOf(word) * VALUE_SIZE_BYTES;
}

// @ts-ignore: decorator
@inline
function target(code: usize, word: u64): usize {
  return code + <usize>cOf(word) * INSTRUCTION_SIZE_BYTES;
}

// One of the tests of an attribute's text with a constant.
// @ts-ignore: decorator
@inline
function testText(op: u32, text: Slice, constant: Slice): Outcome {
  if (op == Op.TestEqual) return <Outcome>equal(text, constant);
  if (op == Op.TestPrefix) return <Outcome>startsWith(text, constant);
  return op == Op.TestSet ? isInSet(text, constant) : <Outcome>endsWith(text, constant);
}

// A map remembers which attribute it came from while reads of its keys are recorded: where a time
// has its nanoseconds.
// @ts-ignore: decorator
@inline
function push(top: usize, cell: usize, word: u64): usize {
  copyValue(top, cell);
  if (isRecording && typeAt(cell) == ValueType.StringMap) store<u32>(top, aOf(word), 4);
  return top + VALUE_SIZE_BYTES;
}

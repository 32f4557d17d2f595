// What an instruction takes from the evaluation stack and puts there, by types. Cold.

import { NO_CONSTANT, Op } from "../shared/opcodes";
import { FUNCTION_ROWS, FunctionId } from "../shared/functions";
import { VALUE_TYPE_NAMES, ValueType } from "../shared/types";
import { VALUE_SIZE_BYTES, typeAt } from "../attribute/value";
import { FunctionDeclaration, declarationOf } from "./function-table";
import { Program, aOf, bOf, opOf } from "./program";

/**
 * Changes `stack` as the instruction does; results of tests and what is pushed only with a jump are
 * left to the caller. "" when the types are right, else what is wrong.
 */
export function stackEffect(word: u64, stack: u8[], program: Program): string {
  const a = <ValueType>aOf(word);
  switch (<i32>opOf(word)) {
    case Op.Return:
      return take(stack, program.type);
    case Op.ReturnConstant:
      return sameType(constantType(word, program), program.type);
    case Op.ReturnAttribute:
    case Op.ReturnPresent:
      return sameType(<ValueType>bOf(word), program.type);
    case Op.Pop:
      return takeAny(stack);
    case Op.PushConstant:
      return give(stack, constantType(word, program));
    case Op.PushAttribute:
      return give(stack, <ValueType>bOf(word));
    case Op.Branch:
      return take(stack, ValueType.Bool);
    case Op.TestEqual:
    case Op.TestPrefix:
    case Op.TestSuffix:
      return sameType(constantType(word, program), ValueType.String);
    case Op.TestInt:
      return sameType(constantType(word, program), ValueType.Int64);
    case Op.Equal:
    case Op.Order:
      return takePair(word, stack, program, a);
    case Op.StartsWith:
    case Op.EndsWith:
      return takePair(word, stack, program, ValueType.String);
    case Op.InSet:
    case Op.MatchesPattern:
      return take(stack, ValueType.String);
    case Op.Match:
    case Op.MatchesText:
      return takeTexts(stack, 2);
    default:
      return valueEffect(word, stack, program);
  }
}

function valueEffect(word: u64, stack: u8[], program: Program): string {
  switch (<i32>opOf(word)) {
    case Op.Lookup:
      return firstOf(takeKey(word, stack, program), give(stack, ValueType.String));
    case Op.LookupPresent:
      return takeKey(word, stack, program);
    case Op.Join:
      return firstOf(takeTexts(stack, aOf(word)), give(stack, ValueType.String));
    case Op.AddInt:
      return firstOf(takePair(word, stack, program, ValueType.Int64), give(stack, ValueType.Int64));
    case Op.AddDouble:
      return firstOf(
        takePair(word, stack, program, ValueType.Double),
        give(stack, ValueType.Double),
      );
    case Op.Size:
      return firstOf(take(stack, ValueType.String), give(stack, ValueType.Int64));
    case Op.ToLower:
    case Op.Reverse:
      return firstOf(take(stack, ValueType.String), give(stack, ValueType.String));
    case Op.Call: {
      const declaration = declarationOf(<FunctionId>aOf(word));
      return firstOf(takeOperands(stack, declaration), give(stack, declaration.result));
    }
    case Op.Replace:
      return firstOf(takeTexts(stack, 2), give(stack, ValueType.String));
    case Op.Convert:
      return firstOf(take(stack, ValueType.String), give(stack, <ValueType>aOf(word)));
    case Op.Select: {
      const texts = takeTexts(stack, 2);
      return firstOf(firstOf(texts, take(stack, ValueType.Bool)), give(stack, ValueType.String));
    }
    default:
      return "";
  }
}

/** Whether a function that Op.Call runs takes so many operands. */
export function isCall(id: u32, count: u32): bool {
  if (<i32>id < FunctionId.TrimPrefix || <i32>id >= FUNCTION_ROWS.length) return false;
  return declarationOf(<FunctionId>id).parameters.length == <i32>count;
}

function takeKey(word: u64, stack: u8[], program: Program): string {
  const key =
    bOf(word) == NO_CONSTANT
      ? take(stack, ValueType.String)
      : sameType(constantType(word, program), ValueType.String);
  return firstOf(key, take(stack, ValueType.StringMap));
}

function takePair(word: u64, stack: u8[], program: Program, type: ValueType): string {
  const right =
    bOf(word) == NO_CONSTANT ? take(stack, type) : sameType(constantType(word, program), type);
  return firstOf(right, take(stack, type));
}

function takeTexts(stack: u8[], count: u32): string {
  let problem = "";
  for (let at: u32 = 0; at < count; at++) problem = firstOf(problem, take(stack, ValueType.String));
  return problem;
}

function takeOperands(stack: u8[], declaration: FunctionDeclaration): string {
  let problem = "";
  for (let at = declaration.parameters.length - 1; at >= 0; at--) {
    problem = firstOf(problem, take(stack, declaration.parameters[at]));
  }
  return problem;
}

function takeAny(stack: u8[]): string {
  if (stack.length == 0) return "the stack is empty";
  stack.pop();
  return "";
}

function take(stack: u8[], type: ValueType): string {
  if (stack.length == 0) return "the stack is empty";
  return sameType(<ValueType>stack.pop(), type);
}

function give(stack: u8[], type: ValueType): string {
  stack.push(<u8>type);
  return "";
}

function sameType(found: ValueType, wanted: ValueType): string {
  if (found == wanted) return "";
  return nameOf(found) + " where " + nameOf(wanted) + " is needed";
}

function nameOf(type: ValueType): string {
  return <i32>type < VALUE_TYPE_NAMES.length ? VALUE_TYPE_NAMES[type] : "type " + type.toString();
}

function firstOf(first: string, second: string): string {
  return first.length > 0 ? first : second;
}

function constantType(word: u64, program: Program): ValueType {
  return <ValueType>typeAt(program.constants + <usize>bOf(word) * VALUE_SIZE_BYTES);
}

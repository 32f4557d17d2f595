// What the verifier must know of CEL's instructions: their stack holds values of any type, so only
// its depth is proved, and that loops go back to where they began. Cold.

import { CEL_FUNCTION_ROWS } from "../../shared/cel-functions";
import { Fold, OP_ROWS, Op } from "../../shared/opcodes";
import { ValueType } from "../../shared/types";
import { ValueFlag, flagsAt, typeAt } from "../../attribute/value";
import { aOf, bOf, cOf, modeOf, opOf } from "../program";
import { wholeNumber } from "../../text/strings";

/** Cells of a loop. */
const LOOP_CELL_COUNT: i32 = 4;

/** What the program's stack may hold at `at + 1` and at the target; -1: it does not go there. */
export class CelFlow {
  next: i32 = -1;
  target: i32 = -1;
  problem: string = "";
}

/** Whether an instruction may stand in a program of this language. */
export function belongsHere(op: u32, isCel: bool, at: i32): bool {
  if (!isCel) return op < <u32>Op.Cel;
  if (at == 0) return op == Op.Cel;
  return op > <u32>Op.Cel || op == Op.Jump;
}

/** How an instruction of CEL changes the depth of the stack. */
export function celFlow(word: u64, depth: i32): CelFlow {
  const flow = new CelFlow();
  const op = opOf(word);
  const parts = OP_ROWS[op].split("|");
  const popped = countOf(parts[2], word);
  const pushed = countOf(parts[3], word);
  if (depth < popped) {
    flow.problem = "the stack is empty";
    return flow;
  }
  flow.next = depth - popped + pushed;
  switch (op) {
    case Op.CelReturn:
      flow.next = -1;
      break;
    case Op.CelLoop:
      flow.next = -1;
      flow.target = depth;
      break;
    case Op.CelIterate:
      if (depth < 1) flow.problem = "the stack is empty";
      flow.target = depth;
      break;
    case Op.CelGuard:
      flow.target = depth - 1;
      break;
    case Op.CelSkipFalse:
    case Op.CelSkipTrue:
    case Op.CelCondition:
    case Op.CelBranch:
    case Op.CelNext:
    case Op.CelFold:
      flow.target = flow.next;
      break;
    default:
  }
  const loop = loopDepth(op, word);
  if (loop >= 0 && depth != loop) flow.problem = "no loop is here";
  return flow;
}

// How deep the stack must be for an instruction of a loop; -1 for the others.
function loopDepth(op: u32, word: u64): i32 {
  const end = <i32>aOf(word) + LOOP_CELL_COUNT;
  if (op == Op.CelNext || op == Op.CelLeave) return end;
  return op == Op.CelFold || op == Op.CelGuard ? end + 1 : -1;
}

function countOf(column: string, word: u64): i32 {
  if (column == "n") return aOf(word);
  if (column == "2n") return aOf(word) << 1;
  if (column == "b") return bOf(word);
  return column.length == 0 ? 0 : <i32>wholeNumber(column);
}

/** What is wrong with an operand of CEL's; "" when nothing is. */
export function celOperand(letter: i32, word: u64, depth: i32, constant: usize): string {
  switch (letter) {
    case 118: // v
      return constant != 0 && isCelValue(constant) ? "" : "a constant of another kind";
    case 102: // f
      return isCall(aOf(word), <i32>bOf(word)) ? "" : "no such function";
    case 108: // l
      return <i32>aOf(word) < depth ? "" : "no such cell";
    case 120: // x
      return modeOf(word) <= <u32>Fold.Filter ? "" : "no such fold";
    case 122: // z
      return aOf(word) > 0 && aOf(word) <= <u32>ValueType.Dynamic ? "" : "no such type";
    default:
      return "";
  }
}

function isCall(callee: u32, count: i32): bool {
  if (callee >= <u32>CEL_FUNCTION_ROWS.length) return false;
  const overloads = CEL_FUNCTION_ROWS[callee].split("|")[2].split(",");
  for (let at = 0; at < overloads.length; at++) if (overloads[at].length == count + 1) return true;
  return false;
}

function isCelValue(cell: usize): bool {
  const type = typeAt(cell);
  if (type == ValueType.List) return (flagsAt(cell) & ValueFlag.Cells) != 0;
  return type > <u32>ValueType.Unspecified && type < <u32>ValueType.Dynamic;
}

/** Whether a jump may go from `at` to the target of the instruction. */
export function isJump(word: u64, at: i32, count: i32): bool {
  const target = <i32>cOf(word);
  return target <= at && target > 0 && target < count;
}

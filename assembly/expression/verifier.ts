// Proves a program before its first run: every operand in range, every jump forward to an
// instruction, the stack with the same types on every way to an instruction, never empty, never too
// deep, and a return at each end. Takes nothing from the compiler for granted. Cold.

import { EVALUATION_STACK_MAX } from "../shared/limits";
import { NO_CONSTANT, OP_COUNT, OP_ROWS, Op, Sense } from "../shared/opcodes";
import { ValueType } from "../shared/types";
import { Schema } from "../attribute/schema";
import { VALUE_SIZE_BYTES, typeAt } from "../attribute/value";
import { Program, aOf, bOf, cOf, modeOf, opOf } from "./program";
import { belongsHere, celFlow, celOperand, isJump } from "./cel/verify";
import { isCall, stackEffect } from "./stack-effect";

/** "" when the program may run, with `stackCount` filled in; else what is wrong with it. */
export function verifyProgram(program: Program, schema: Schema): string {
  return new Verifier(program, schema).verify();
}

class Verifier {
  /** The stack's types before each instruction; null where nothing has come from yet. */
  private readonly states: (u8[] | null)[] = [];
  private deepest: i32 = 0;
  private isCel: bool = false;

  constructor(
    private readonly program: Program,
    private readonly schema: Schema,
  ) {}

  verify(): string {
    const program = this.program;
    for (let at = 0; at <= program.codeCount; at++) this.states.push(null);
    this.states[0] = [];
    this.isCel = program.codeCount > 0 && opOf(load<u64>(program.code)) == <u32>Op.Cel;
    for (let at = 0; at < program.codeCount; at++) {
      const problem = this.step(at);
      if (problem.length > 0) return "instruction " + at.toString() + ": " + problem;
    }
    if (this.states[program.codeCount] != null) return "the program runs past its end";
    program.stackCount = this.deepest;
    return "";
  }

  private step(at: i32): string {
    const word = load<u64>(this.program.code + ((<usize>at) << 3));
    const before = this.states[at];
    if (opOf(word) >= <u32>OP_COUNT) return "unknown instruction";
    if (before == null) return "nothing leads here";
    if (!belongsHere(opOf(word), this.isCel, at)) return "an instruction of another language";
    const problem = this.checkOperands(word, OP_ROWS[opOf(word)].split("|")[1], at);
    if (problem.length > 0) return problem;
    const stack = before.slice(0);
    if (opOf(word) > <u32>Op.Cel) return this.celStep(at, word, stack);
    const effect = stackEffect(word, stack, this.program);
    if (effect.length > 0) return effect;
    return this.flow(at, word, stack);
  }

  // Where the program goes from here, and with which stack.
  private flow(at: i32, word: u64, stack: u8[]): string {
    const op = <Op>opOf(word);
    const isReturn = op == Op.Return || op == Op.ReturnConstant || op == Op.ReturnAttribute;
    if (isReturn) return "";
    const target = <i32>cOf(word);
    if (op == Op.Jump) return this.reach(target, stack);
    if (op == Op.PushPresent || op == Op.LookupPresent) {
      const pushed = stack.slice(0);
      pushed.push(op == Op.PushPresent ? <u8>bOf(word) : <u8>ValueType.String);
      const problem = this.reach(target, pushed);
      return problem.length > 0 ? problem : this.reach(at + 1, stack);
    }
    if (isTest(op)) {
      if ((modeOf(word) & 3) >= <u32>Sense.Push) {
        stack.push(<u8>ValueType.Bool);
      } else {
        const problem = this.reach(target, stack);
        if (problem.length > 0) return problem;
      }
    }
    return this.reach(at + 1, stack);
  }

  // Every value of CEL is of any type as far as is known here.
  private celStep(at: i32, word: u64, stack: u8[]): string {
    const flow = celFlow(word, stack.length);
    if (flow.problem.length > 0) return flow.problem;
    if (flow.target >= 0) {
      const problem = this.reach(<i32>cOf(word), anyTypes(flow.target));
      if (problem.length > 0) return problem;
    }
    return flow.next < 0 ? "" : this.reach(at + 1, anyTypes(flow.next));
  }

  private reach(at: i32, stack: u8[]): string {
    if (stack.length > EVALUATION_STACK_MAX) return "the stack is too deep";
    if (stack.length > this.deepest) this.deepest = stack.length;
    const known = this.states[at];
    if (known == null) {
      this.states[at] = stack.slice(0);
      return "";
    }
    if (known.length != stack.length) return "the stack differs at " + at.toString();
    for (let index = 0; index < stack.length; index++) {
      if (known[index] != stack[index]) return "the types differ at " + at.toString();
    }
    return "";
  }

  private checkOperands(word: u64, operands: string, at: i32): string {
    for (let index = 0; index < operands.length; index++) {
      const problem = this.checkOperand(word, operands.charCodeAt(index), at);
      if (problem.length > 0) return problem;
    }
    return "";
  }

  private checkOperand(word: u64, letter: i32, at: i32): string {
    switch (letter) {
      case 97: // a
        return <i32>aOf(word) < this.schema.entries.length ? "" : "no such attribute";
      case 116: // t
        return isType(aOf(word)) ? "" : "no such type";
      case 121: // y
        if (<u32>this.schema.typeOf(<i32>aOf(word)) != bOf(word))
          return "another type than declared";
        return isType(bOf(word)) ? "" : "no such type";
      case 110: // n
        return aOf(word) > 0 ? "" : "nothing to join";
      case 106: // j
        return this.checkTarget(word, at);
      case 113: // q
        return (modeOf(word) & 3) >= <u32>Sense.Push ? "" : this.checkTarget(word, at);
      case 107: // k
        return this.checkConstant(bOf(word), ValueType.Unspecified);
      case 111: // o
        return bOf(word) == NO_CONSTANT ? "" : this.checkConstant(bOf(word), ValueType.Unspecified);
      case 115: // s
        return this.checkConstant(bOf(word), ValueType.List);
      case 112: // p
        return this.checkConstant(bOf(word), ValueType.Dynamic);
      case 103: // g
        return isCall(aOf(word), bOf(word)) ? "" : "no such function";
      case 114: // r
        return isJump(word, at, this.program.codeCount) ? "" : "the jump leads nowhere";
      default:
        return this.checkCelOperand(letter, word, at);
    }
  }

  private checkCelOperand(letter: i32, word: u64, at: i32): string {
    const hasConstant = letter == 118 && <i32>bOf(word) < this.program.constantCount;
    const cell = this.program.constants + <usize>bOf(word) * VALUE_SIZE_BYTES;
    return celOperand(letter, word, this.states[at]!.length, hasConstant ? cell : 0);
  }

  private checkTarget(word: u64, at: i32): string {
    const target = <i32>cOf(word);
    return target > at && target < this.program.codeCount ? "" : "the jump leads nowhere";
  }

  // Unspecified: any value, but no set and no pattern.
  private checkConstant(number: u32, wanted: ValueType): string {
    if (<i32>number >= this.program.constantCount) return "no such constant";
    const type = typeAt(this.program.constants + <usize>number * VALUE_SIZE_BYTES);
    if (wanted != ValueType.Unspecified) return type == wanted ? "" : "a constant of another kind";
    return isType(type) ? "" : "a constant of another kind";
  }
}

/** Whether an instruction is a test, which jumps or pushes. */
export function isTest(op: Op): bool {
  return op == Op.Branch || (op >= Op.TestBool && op <= Op.MatchesText);
}

function anyTypes(count: i32): u8[] {
  return new Array<u8>(count).fill(<u8>ValueType.Dynamic);
}

function isType(type: u32): bool {
  return type > <u32>ValueType.Unspecified && type <= <u32>ValueType.StringMap;
}

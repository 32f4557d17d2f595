// Checked and folded trees → programs. Conditions become tests that jump; a comparison of an
// attribute with literals is one instruction. Reports only what cannot be compiled. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { FunctionId } from "../shared/functions";
import { EXPRESSION_CODE_COUNT_MAX, NO_CONSTANT, Op, Order, Sense } from "../shared/opcodes";
import { Phase } from "../shared/phases";
import { ValueType } from "../shared/types";
import { Schema } from "../attribute/schema";
import { VALUE_SIZE_BYTES, setBool, setText } from "../attribute/value";
import { Region } from "../memory/region";
import { emptySlice } from "../memory/slice";
import { Assembler, Label, NO_LABEL } from "./assembler";
import { declarationOf } from "./function-table";
import { ExpressionNode } from "./node";
import { Problems } from "./problem";
import { Program } from "./program";
import { TestCompiler } from "./test-compiler";

/** Most texts that are joined at once. */
const JOIN_COUNT_MAX: i32 = 16;

/**
 * The program of a tree, or null after reporting why there is none. Notes what it reads in `phase`.
 */
export function compileTree(
  root: ExpressionNode,
  schema: Schema,
  phase: Phase,
  region: Region,
  problems: Problems,
): Program | null {
  return new TreeCompiler(schema, region, problems).compile(root, phase);
}

class TreeCompiler extends TestCompiler {
  constructor(schema: Schema, region: Region, problems: Problems) {
    super(new Program(ValueType.Unspecified), new Assembler(region), schema, problems);
  }

  compile(root: ExpressionNode, phase: Phase): Program | null {
    const program = this.program;
    program.type = root.type;
    this.ending(root);
    if (this.failed) return null;
    if (this.code.isTooLarge) {
      const code = DiagnosticCode.ExpressionTooLarge;
      const found = EXPRESSION_CODE_COUNT_MAX.toString();
      this.problems.add(code, root.start, root.end, found).text = "expression is too large";
      return null;
    }
    this.code.finish(program);
    if (<i32>phase == 0) return program;
    for (let at = 0; at < program.attributes.length; at++) {
      this.schema.use(program.attributes[at], phase);
    }
    return program;
  }

  // Code that ends the program with the node's value.
  private ending(node: ExpressionNode): void {
    this.mark(node);
    if (node.isConstant) {
      this.code.emit(Op.ReturnConstant, 0, this.code.constant(node.value));
    } else if (node.isRead) {
      this.prepare(node.attribute, true);
      this.code.emit(Op.ReturnAttribute, node.attribute, node.type);
    } else if (node.calls(FunctionId.Alternative) && node.hasReadsFirst) {
      this.endingAlternative(node);
    } else if (node.calls(FunctionId.Conditional)) {
      this.endingConditional(node);
    } else if (node.type == ValueType.Bool) {
      this.endingCondition(node);
    } else {
      this.value(node);
      this.code.emit(Op.Return);
    }
  }

  private endingAlternative(node: ExpressionNode): void {
    const last = node.operands.length - 1;
    for (let at = 0; at < last; at++) {
      const operand = node.operands[at];
      this.prepare(operand.attribute, false);
      this.code.emit(Op.ReturnPresent, operand.attribute, operand.type);
    }
    this.ending(node.operands[last]);
  }

  private endingConditional(node: ExpressionNode): void {
    const otherwise = this.code.label();
    this.condition(node.operands[0], otherwise, false);
    this.ending(node.operands[1]);
    this.code.bind(otherwise);
    this.ending(node.operands[2]);
  }

  private endingCondition(node: ExpressionNode): void {
    const isFalse = this.code.label();
    this.condition(node, isFalse, false);
    this.code.emit(Op.ReturnConstant, 0, this.boolean(true));
    this.code.bind(isFalse);
    this.code.emit(Op.ReturnConstant, 0, this.boolean(false));
  }

  // Code that pushes the node's value.
  value(node: ExpressionNode): void {
    this.mark(node);
    if (node.isConstant) {
      this.code.emit(Op.PushConstant, 0, this.code.constant(node.value));
    } else if (node.isRead) {
      this.prepare(node.attribute, true);
      this.code.emit(Op.PushAttribute, node.attribute, node.type);
    } else {
      this.call(node);
    }
  }

  private call(node: ExpressionNode): void {
    const operands = node.operands;
    const callee = node.callee;
    if (callee == FunctionId.None) {
      this.fail(node);
      return;
    }
    this.program.cost += declarationOf(callee).cost - 1;
    switch (<i32>callee) {
      case FunctionId.And:
      case FunctionId.Or:
        this.pushCondition(node);
        break;
      case FunctionId.Alternative:
        this.pushAlternative(node);
        break;
      case FunctionId.Conditional:
        this.pushConditional(node);
        break;
      case FunctionId.Index:
        this.value(operands[0]);
        this.code.emit(Op.Lookup, 0, this.lastOperand(operands[1]));
        break;
      case FunctionId.Add:
        this.pushSum(node);
        break;
      case FunctionId.ConditionalString:
        for (let at = 0; at < 3; at++) this.value(operands[at]);
        this.code.emit(Op.Select);
        break;
      case FunctionId.EmptyStringMap:
        this.code.emit(Op.PushConstant, 0, this.emptyMap());
        break;
      case FunctionId.RegexReplace:
        this.replacement(node);
        break;
      default:
        if (node.type == ValueType.Bool) this.test(node, Sense.Push, NO_LABEL);
        else this.pushCall(node);
    }
  }

  private pushCall(node: ExpressionNode): void {
    const count = node.operands.length;
    for (let at = 0; at < count; at++) this.value(node.operands[at]);
    this.mark(node);
    const op = ownOp(node.callee);
    if (op != Op.Call) this.code.emit(op);
    else if (node.callee < FunctionId.TrimPrefix) this.code.emit(Op.Convert, node.type);
    else this.code.emit(Op.Call, node.callee, count);
  }

  private pushCondition(node: ExpressionNode): void {
    const isFalse = this.code.label();
    const end = this.code.label();
    this.condition(node, isFalse, false);
    this.code.emit(Op.PushConstant, 0, this.boolean(true));
    this.code.jump(Op.Jump, end);
    this.code.bind(isFalse);
    this.code.emit(Op.PushConstant, 0, this.boolean(false));
    this.code.bind(end);
  }

  private pushConditional(node: ExpressionNode): void {
    const otherwise = this.code.label();
    const end = this.code.label();
    this.condition(node.operands[0], otherwise, false);
    this.value(node.operands[1]);
    this.code.jump(Op.Jump, end);
    this.code.bind(otherwise);
    this.value(node.operands[2]);
    this.code.bind(end);
  }

  private pushAlternative(node: ExpressionNode): void {
    const end = this.code.label();
    const last = node.operands.length - 1;
    for (let at = 0; at < last; at++) this.alternative(node.operands[at], end);
    this.value(node.operands[last]);
    this.code.bind(end);
  }

  // Code that pushes the value and goes to the label if it is present; else goes on behind.
  private alternative(node: ExpressionNode, label: Label): void {
    this.mark(node);
    if (node.isRequired || node.isConstant) {
      this.value(node);
      this.code.jump(Op.Jump, label);
    } else if (node.isRead) {
      this.prepare(node.attribute, false);
      this.code.jump(Op.PushPresent, label, node.attribute, node.type);
    } else if (node.calls(FunctionId.Alternative)) {
      const operands = node.operands;
      for (let at = 0; at < operands.length; at++) this.alternative(operands[at], label);
    } else if (node.calls(FunctionId.Index)) {
      this.alternativeElement(node, label);
    } else {
      this.value(node);
      this.code.jump(Op.Jump, label);
    }
  }

  // Map, key and element may each be missing; a missing map leaves the key unread.
  private alternativeElement(node: ExpressionNode, label: Label): void {
    const code = this.code;
    const end = code.label();
    const withMap = code.label();
    const key = node.operands[1];
    this.alternative(node.operands[0], withMap);
    code.jump(Op.Jump, end);
    code.bind(withMap);
    if (key.isConstant) {
      code.jump(Op.LookupPresent, label, 0, code.constant(key.value));
    } else {
      const withKey = code.label();
      this.alternative(key, withKey);
      code.emit(Op.Pop);
      code.jump(Op.Jump, end);
      code.bind(withKey);
      code.jump(Op.LookupPresent, label, 0, NO_CONSTANT);
    }
    code.bind(end);
  }

  private pushSum(node: ExpressionNode): void {
    const operands = node.operands;
    this.value(operands[0]);
    if (node.type == ValueType.String) {
      this.pushJoined(operands);
      return;
    }
    const op = node.type == ValueType.Int64 ? Op.AddInt : Op.AddDouble;
    for (let at = 1; at < operands.length; at++) {
      this.code.emit(op, 0, this.lastOperand(operands[at]));
    }
  }

  // Joined a few at a time, so that long chains do not need a deep stack.
  private pushJoined(operands: ExpressionNode[]): void {
    let held = 1;
    for (let at = 1; at < operands.length; at++) {
      this.value(operands[at]);
      held++;
      if (held < JOIN_COUNT_MAX && at < operands.length - 1) continue;
      this.code.emit(Op.Join, held);
      held = 1;
    }
  }

  private boolean(isTrue: bool): i32 {
    const cell = this.code.region.take(VALUE_SIZE_BYTES);
    setBool(cell, isTrue);
    return this.code.constant(cell);
  }

  private emptyMap(): i32 {
    const cell = this.code.region.take(VALUE_SIZE_BYTES);
    setText(cell, ValueType.StringMap, emptySlice());
    // The map of no attribute: its keys are not recorded as read.
    store<i32>(cell, -1, 4);
    return this.code.constant(cell);
  }

  private fail(node: ExpressionNode): void {
    const problem = this.problems.add(
      DiagnosticCode.UnknownFunction,
      node.start,
      node.end,
      node.text,
    );
    problem.text = "function " + node.text + " is only declared";
    this.failed = true;
  }
}

// The instruction of a function that has one of its own and takes texts; Call for all others.
function ownOp(callee: FunctionId): Op {
  if (callee == FunctionId.Size) return Op.Size;
  if (callee == FunctionId.ToLower) return Op.ToLower;
  return callee == FunctionId.Reverse ? Op.Reverse : Op.Call;
}

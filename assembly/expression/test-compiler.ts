// Compiles conditions: tests that jump or push. Comparisons of attributes with literals become one
// instruction, several equalities of one attribute one look-up in a set. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { FunctionId } from "../shared/functions";
import { NO_CONSTANT, Op, Order, Sense } from "../shared/opcodes";
import { ValueType } from "../shared/types";
import { SourceKind } from "../attribute/entry";
import { Schema } from "../attribute/schema";
import { boolAt, intAt, textAt } from "../attribute/value";
import { Slice } from "../memory/slice";
import { Assembler, Label } from "./assembler";
import {
  LiteralTest,
  ReadOperand,
  TestKind,
  holdsFor,
  literalTestOf,
  readOperandOf,
} from "./literal-test";
import { ExpressionNode } from "./node";
import { capturingCell, patternCell } from "./pattern-constant";
import { matchesPatternAt } from "./match-pattern";
import { Outcome } from "./failure";
import { Problems } from "./problem";
import { Program } from "./program";
import { absentMode, attributeOp, mirrored, ordersOf, poppedOp } from "./test-choice";

/** The part of the compiler that makes conditions; TreeCompiler adds values. */
export abstract class TestCompiler {
  failed: bool = false;

  constructor(
    readonly program: Program,
    readonly code: Assembler,
    readonly schema: Schema,
    readonly problems: Problems,
  ) {}

  /** Code that pushes the node's value. */
  abstract value(node: ExpressionNode): void;

  /** Instructions from now on come from this node. */
  mark(node: ExpressionNode): void {
    this.code.at(node.start, node.end);
  }

  /**
   * Notes that an attribute is read, and whether the evaluation fails without it; has its program
   * run first if it has one.
   */
  prepare(attribute: i32, isRequired: bool): void {
    const attributes = this.program.attributes;
    const required = this.program.required;
    if (!attributes.includes(attribute)) attributes.push(attribute);
    if (isRequired && !required.includes(attribute)) required.push(attribute);
    if (this.schema.entries[attribute].kind == SourceKind.Program) {
      this.code.emit(Op.Prepare, attribute);
    }
  }

  /** Code that goes to the label when the condition is `when`, and else goes on behind. */
  condition(node: ExpressionNode, label: Label, when: bool): void {
    if (node.isConstant) {
      if (boolAt(node.value) == when) this.code.jump(Op.Jump, label);
    } else if (node.calls(FunctionId.And)) {
      this.chain(node, label, when, false);
    } else if (node.calls(FunctionId.Or)) {
      this.chain(node, label, when, true);
    } else {
      this.test(node, when ? Sense.JumpIfTrue : Sense.JumpIfFalse, label);
    }
  }

  // `decides`: the value of one operand that decides the whole chain.
  private chain(node: ExpressionNode, label: Label, when: bool, decides: bool): void {
    const end = this.code.label();
    const early = when == decides ? label : end;
    const operands = node.operands;
    let at = 0;
    while (at < operands.length) {
      const next = at + this.countSet(operands, at, decides);
      const isLast = next == operands.length;
      const goal = isLast ? label : early;
      const goalWhen = isLast ? when : decides;
      if (next == at + 1) this.condition(operands[at], goal, goalWhen);
      else this.setTest(operands, at, next, goal, goalWhen);
      at = next;
    }
    this.code.bind(end);
  }

  // How many operands from here on compare one attribute with a literal: `==` in `||` chains, `!=`
  // in `&&` chains.
  private countSet(operands: ExpressionNode[], from: i32, decides: bool): i32 {
    const first = equalityTest(operands[from], !decides);
    if (first == null) return 1;
    const read = readOperandOf(first.subject);
    if (read == null) return 1;
    let next = from + 1;
    for (; next < operands.length; next++) {
      const test = equalityTest(operands[next], !decides);
      if (test == null) break;
      const other = readOperandOf(test.subject);
      if (other == null || !read.isSame(other)) break;
    }
    return next - from;
  }

  private setTest(
    operands: ExpressionNode[],
    from: i32,
    next: i32,
    label: Label,
    when: bool,
  ): void {
    const literals: Slice[] = [];
    let isOpposite: bool = false;
    let read: ReadOperand | null = null;
    for (let at = from; at < next; at++) {
      const test = literalTestOf(operands[at])!;
      literals.push(test.literal);
      isOpposite = test.isOpposite;
      read = readOperandOf(test.subject);
    }
    this.code.at(operands[from].start, operands[next - 1].end);
    const fallback = read!.fallback;
    this.prepare(read!.attribute, fallback == null);
    let absent = 0;
    if (fallback != null) {
      absent = absentMode(false);
      for (let at = 0; at < literals.length; at++) {
        if (holdsFor(TestKind.Equal, textAt(fallback.value), literals[at]))
          absent = absentMode(true);
      }
    }
    const sense = when != isOpposite ? Sense.JumpIfTrue : Sense.JumpIfFalse;
    this.code.test(Op.TestSet, sense | absent, read!.attribute, this.code.set(literals), label);
  }

  /** Code of one test; what it does with the result is in the sense. */
  test(node: ExpressionNode, sense: Sense, label: Label): void {
    this.mark(node);
    const literal = literalTestOf(node);
    if (literal != null) {
      this.literalTest(node, literal, sense, label);
      return;
    }
    const read = node.type == ValueType.Bool ? readOperandOf(node) : null;
    if (read != null) {
      const fallback = read.fallback;
      this.prepare(read.attribute, fallback == null);
      const absent = fallback == null ? 0 : absentMode(boolAt(fallback.value));
      this.code.test(Op.TestBool, sense | absent, read.attribute, 0, label);
      return;
    }
    switch (<i32>node.callee) {
      case FunctionId.Equal:
      case FunctionId.NotEqual:
        this.equality(node, sense, label);
        return;
      case FunctionId.StartsWith:
        this.textTest(node, Op.StartsWith, sense, label);
        return;
      case FunctionId.EndsWith:
        this.textTest(node, Op.EndsWith, sense, label);
        return;
      case FunctionId.Match:
        this.textTest(node, Op.Match, sense, label);
        return;
      case FunctionId.Matches:
        this.textTest(node, Op.MatchesText, sense, label);
        return;
      default:
        if (ordersOf(node.callee) != 0) {
          this.order(node, sense, label);
        } else {
          this.value(node);
          if (sense < Sense.Push) this.code.test(Op.Branch, sense, 0, 0, label);
        }
    }
  }

  private literalTest(node: ExpressionNode, test: LiteralTest, wanted: Sense, label: Label): void {
    const sense = test.isOpposite ? wanted ^ 1 : wanted;
    const isPattern = test.kind == TestKind.Pattern;
    const pattern = isPattern ? this.pattern(node, test.literal) : 0;
    if (this.failed) return;
    const constant = isPattern ? this.code.constant(pattern) : this.code.text(test.literal);
    const read = readOperandOf(test.subject);
    if (read == null) {
      this.value(test.subject);
      this.mark(node);
      const type = test.kind == TestKind.Equal ? ValueType.String : 0;
      this.code.test(poppedOp(test.kind), sense, type, constant, label);
      return;
    }
    const fallback = read.fallback;
    this.prepare(read.attribute, fallback == null);
    let absent = 0;
    if (fallback != null) {
      const text = textAt(fallback.value);
      const holds = isPattern
        ? matchesPatternAt(pattern, text) == Outcome.True
        : holdsFor(test.kind, text, test.literal);
      absent = absentMode(holds);
    }
    this.code.test(attributeOp(test.kind), sense | absent, read.attribute, constant, label);
  }

  private pattern(node: ExpressionNode, source: Slice): usize {
    const cell = patternCell(source, node.operands[0], this.code.region, this.problems);
    if (cell == 0) this.failed = true;
    return cell;
  }

  /** Code of a replacement by a regular expression, which must be a literal. */
  replacement(node: ExpressionNode): void {
    this.value(node.operands[0]);
    this.value(node.operands[2]);
    const cell = capturingCell(node, this.code.region, this.problems);
    if (cell == 0) this.failed = true;
    this.mark(node);
    if (!this.failed) this.code.emit(Op.Replace, 0, this.code.constant(cell));
  }

  private textTest(node: ExpressionNode, op: Op, sense: Sense, label: Label): void {
    this.value(node.operands[0]);
    this.value(node.operands[1]);
    this.mark(node);
    this.code.test(op, sense, 0, NO_CONSTANT, label);
  }

  private equality(node: ExpressionNode, wanted: Sense, label: Label): void {
    if (node.operands[0].type == ValueType.Int64 && this.integerTest(node, wanted, label)) return;
    const sense = node.callee == FunctionId.NotEqual ? wanted ^ 1 : wanted;
    const type = node.operands[0].type;
    const isSwapped = node.operands[0].isConstant;
    this.value(node.operands[isSwapped ? 1 : 0]);
    const right = this.lastOperand(node.operands[isSwapped ? 0 : 1]);
    this.mark(node);
    this.code.test(Op.Equal, sense, type, right, label);
  }

  private order(node: ExpressionNode, sense: Sense, label: Label): void {
    if (node.operands[0].type == ValueType.Int64 && this.integerTest(node, sense, label)) return;
    const type = node.operands[0].type;
    this.value(node.operands[0]);
    const right = this.lastOperand(node.operands[1]);
    this.mark(node);
    this.code.test(Op.Order, sense | (ordersOf(node.callee) << 4), type, right, label);
  }

  // An INT64 attribute against a literal, from either side.
  private integerTest(node: ExpressionNode, sense: Sense, label: Label): bool {
    const isSwapped = node.operands[0].isConstant;
    const literal = node.operands[isSwapped ? 0 : 1];
    const read = readOperandOf(node.operands[isSwapped ? 1 : 0]);
    if (read == null || !literal.isConstant) return false;
    const orders = isSwapped ? mirrored(ordersOf(node.callee)) : ordersOf(node.callee);
    const fallback = read.fallback;
    this.prepare(read.attribute, fallback == null);
    let absent = 0;
    if (fallback != null) {
      const left = intAt(fallback.value);
      const right = intAt(literal.value);
      const order = left < right ? Order.Less : left == right ? Order.Equal : Order.Greater;
      absent = absentMode((orders & order) != 0);
    }
    const constant = this.code.constant(literal.value);
    this.code.test(Op.TestInt, sense | absent | (orders << 4), read.attribute, constant, label);
    return true;
  }

  /** The number of a constant operand; anything else is pushed, and NO_CONSTANT says so. */
  lastOperand(node: ExpressionNode): i32 {
    if (node.isConstant) return this.code.constant(node.value);
    this.value(node);
    return NO_CONSTANT;
  }
}

function equalityTest(node: ExpressionNode, isOpposite: bool): LiteralTest | null {
  const test = literalTestOf(node);
  if (test == null || test.kind != TestKind.Equal || test.isOpposite != isOpposite) return null;
  return test;
}

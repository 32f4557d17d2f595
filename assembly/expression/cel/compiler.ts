// Checked trees of CEL → programs. Every value stands on the stack; errors travel there too, so
// that `&&` and `||` can absorb them. Reports only what cannot be compiled. Cold.

import { CelFunction } from "../../shared/cel-functions";
import { Fold, Op } from "../../shared/opcodes";
import { ValueType } from "../../shared/types";
import {
  VALUE_SIZE_BYTES,
  ValueFlag,
  setBool,
  setInt,
  setText,
  textAt,
} from "../../attribute/value";
import { Region } from "../../memory/region";
import { emptySlice } from "../../memory/slice";
import { compilePattern, patternError } from "../../text/regexp/compile";
import { lastProblem, Problem as PatternProblem } from "../../text/regexp/problem";
import { DiagnosticCode } from "../../shared/diagnostics";
import { Assembler, NO_LABEL } from "../assembler";
import { Problems } from "../problem";
import { Program } from "../program";
import { CelKind, CelNode } from "./node";

/** Cells of a loop: range, position, result, variable. */
const LOOP_CELL_COUNT: i32 = 4;

/** The program of a tree, not yet verified; null after problems. */
export function compileCelTree(
  root: CelNode,
  type: ValueType,
  region: Region,
  problems: Problems,
): Program | null {
  return new CelCompiler(type, region, problems).compile(root);
}

class CelCompiler {
  private readonly program: Program;
  private readonly code: Assembler;
  /** Cells on the stack. */
  private depth: i32 = 0;
  private failed: bool = false;

  constructor(
    type: ValueType,
    private readonly region: Region,
    private readonly problems: Problems,
  ) {
    this.program = new Program(type);
    this.code = new Assembler(region);
  }

  compile(root: CelNode): Program | null {
    this.code.emit(Op.Cel);
    this.value(root);
    this.code.at(root.start, root.end);
    this.code.emit(Op.CelReturn, this.program.type);
    if (this.code.isTooLarge) {
      const code = DiagnosticCode.ExpressionTooLarge;
      this.problems.add(code, root.start, root.end, "").text = "expression is too large";
      return null;
    }
    if (this.failed) return null;
    this.code.finish(this.program);
    return this.program;
  }

  // Code that pushes the node's value.
  private value(node: CelNode): void {
    this.code.at(node.start, node.end);
    switch (<i32>node.kind) {
      case CelKind.Constant:
        this.constant(node.value);
        return;
      case CelKind.Attribute:
        this.read(Op.CelAttribute, node.attribute);
        return;
      case CelKind.HasAttribute:
        this.read(Op.CelHasAttribute, node.attribute);
        return;
      case CelKind.Variable:
        this.push(Op.CelLocal, node.variable!.slot, 0);
        return;
      case CelKind.Select:
        this.value(node.operands[0]);
        this.constant(this.text(node.text));
        this.call(node, CelFunction.Index, 2);
        return;
      case CelKind.Has:
        this.value(node.operands[0]);
        this.code.at(node.start, node.end);
        this.code.emit(Op.CelHas, 0, this.code.constant(this.text(node.text)));
        return;
      case CelKind.And:
      case CelKind.Or:
        this.logical(node);
        return;
      case CelKind.Conditional:
        this.conditional(node);
        return;
      case CelKind.Macro:
        this.loop(node);
        return;
      default:
        this.compound(node);
    }
  }

  private compound(node: CelNode): void {
    const isMatch = node.callee == CelFunction.Matches && node.operands[1].isConstant;
    if (isMatch && node.operands[1].type == ValueType.String) {
      this.matches(node);
      return;
    }
    const count = node.operands.length;
    for (let at = 0; at < count; at++) this.value(node.operands[at]);
    if (node.kind == CelKind.Call) {
      this.call(node, node.callee, count);
      return;
    }
    this.code.at(node.start, node.end);
    if (node.kind == CelKind.List) this.code.emit(Op.CelList, count);
    else this.code.emit(Op.CelMap, count >> 1);
    this.depth += 1 - count;
  }

  private call(node: CelNode, callee: CelFunction, count: i32): void {
    this.code.at(node.start, node.end);
    this.code.emit(Op.CelCall, callee, count);
    this.depth += 1 - count;
  }

  private matches(node: CelNode): void {
    this.value(node.operands[0]);
    const literal = node.operands[1];
    const pattern = compilePattern(textAt(literal.value), this.region);
    if (pattern == null) {
      this.failed = true;
      const isTooLarge = lastProblem() >= PatternProblem.TooDeep;
      const code = isTooLarge ? DiagnosticCode.PatternTooLarge : DiagnosticCode.BadPattern;
      const problem = this.problems.add(code, literal.start, literal.end, patternError());
      problem.text = "error parsing regexp: " + patternError();
      return;
    }
    const cell = this.region.take(VALUE_SIZE_BYTES);
    setInt(cell, ValueType.Dynamic, changetype<usize>(pattern));
    this.code.at(node.start, node.end);
    this.code.emit(Op.CelMatches, 0, this.code.constant(cell));
  }

  private logical(node: CelNode): void {
    const isAnd = node.kind == CelKind.And;
    const end = this.code.label();
    this.value(node.operands[0]);
    for (let at = 1; at < node.operands.length; at++) {
      this.code.jump(isAnd ? Op.CelSkipFalse : Op.CelSkipTrue, end);
      this.value(node.operands[at]);
      this.code.at(node.start, node.end);
      this.code.emit(isAnd ? Op.CelAnd : Op.CelOr);
      this.depth--;
    }
    this.code.bind(end);
  }

  private conditional(node: CelNode): void {
    const otherwise = this.code.label();
    const end = this.code.label();
    this.value(node.operands[0]);
    this.code.jump(Op.CelCondition, end);
    this.code.jump(Op.CelBranch, otherwise);
    this.depth--;
    this.value(node.operands[1]);
    this.code.jump(Op.Jump, end);
    this.code.bind(otherwise);
    this.depth--;
    this.value(node.operands[2]);
    this.code.bind(end);
  }

  private loop(node: CelNode): void {
    const code = this.code;
    const kind = <Fold>node.fold;
    const failed = code.label();
    const head = code.label();
    const next = code.label();
    const done = code.label();
    const slot = this.depth;
    this.value(node.operands[0]);
    code.jump(Op.CelIterate, failed);
    this.constant(this.start(kind));
    this.constant(this.start(kind));
    this.depth = slot + LOOP_CELL_COUNT;
    node.variable!.slot = slot + LOOP_CELL_COUNT - 1;
    code.bind(head);
    code.jump(Op.CelNext, done, slot);
    if (node.operands.length > 2) {
      this.value(node.operands[1]);
      code.jump(Op.CelGuard, done, slot);
      code.jump(Op.CelBranch, next);
      this.depth--;
    }
    this.value(node.operands[node.operands.length - 1]);
    code.at(node.start, node.end);
    code.fold(Op.CelFold, kind, slot, done);
    code.bind(next);
    code.jump(Op.CelLoop, head);
    code.bind(done);
    code.fold(Op.CelLeave, kind, slot, NO_LABEL);
    code.bind(failed);
    this.depth = slot + 1;
  }

  // The result of a loop before its first element.
  private start(kind: Fold): usize {
    const cell = this.region.take(VALUE_SIZE_BYTES);
    if (kind == Fold.ExistsOne) setInt(cell, ValueType.Int64, 0);
    else if (kind < Fold.ExistsOne) setBool(cell, kind == Fold.All);
    else setText(cell, ValueType.List, emptySlice(), ValueFlag.Cells);
    return cell;
  }

  private read(op: Op, attribute: i32): void {
    const attributes = this.program.attributes;
    if (!attributes.includes(attribute)) attributes.push(attribute);
    this.push(op, attribute, 0);
  }

  private constant(cell: usize): void {
    this.push(Op.CelConstant, 0, this.code.constant(cell));
  }

  private text(value: string): usize {
    const cell = this.region.take(VALUE_SIZE_BYTES);
    setText(cell, ValueType.String, this.region.text(value));
    return cell;
  }

  private push(op: Op, a: i32, b: i32): void {
    this.code.emit(op, a, b);
    this.depth++;
  }
}

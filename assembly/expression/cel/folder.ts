// Evaluates what is constant in checked trees of CEL. What fails for constants stays in the tree
// and is reported as a warning: it fails at every evaluation. Cold.

import { CEL_CONSTANT_CELL_COUNT_MAX } from "../../shared/limits";
import { CelFunction } from "../../shared/cel-functions";
import { DiagnosticCode } from "../../shared/diagnostics";
import { ValueType } from "../../shared/types";
import { Bag } from "../../attribute/bag";
import { Schema } from "../../attribute/schema";
import {
  VALUE_SIZE_BYTES,
  ValueFlag,
  boolAt,
  copyValue,
  hasValue,
  setText,
  textAt,
  typeAt,
} from "../../attribute/value";
import { Region } from "../../memory/region";
import { Slice, sizeOf, slice, startOf } from "../../memory/slice";
import { evaluationErrorText } from "../error-text";
import { evaluate } from "../evaluator";
import { resetSteps } from "../failure";
import { Problems } from "../problem";
import { verifyProgram } from "../verifier";
import { compileCelTree } from "./compiler";
import { CelKind, CelNode } from "./node";

/** Cells of one folded constant; what is larger is made anew at each evaluation. */
const FOLDED_CELL_COUNT_MAX: i32 = CEL_CONSTANT_CELL_COUNT_MAX;

/** Folds the constants of one expression into the region. */
export class CelFolder {
  private cellCount: i32 = 0;

  constructor(
    private readonly schema: Schema,
    private readonly region: Region,
    private readonly problems: Problems,
  ) {}

  /** Makes constants of this node and those below it where it can. */
  fold(node: CelNode): void {
    const operands = node.operands;
    let isConstant = operands.length > 0 || node.kind >= CelKind.List;
    for (let at = 0; at < operands.length; at++) {
      this.fold(operands[at]);
      if (!operands[at].isConstant) isConstant = false;
    }
    if (node.kind == CelKind.Conditional) foldConditional(node);
    else if (isConstant) this.foldConstant(node);
  }

  private foldConstant(node: CelNode): void {
    switch (<i32>node.kind) {
      case CelKind.List:
        this.foldList(node);
        return;
      case CelKind.Call:
        // A pattern is compiled while configuring whether its text is known or not.
        if (node.callee != CelFunction.None) this.evaluate(node);
        return;
      case CelKind.Map:
      case CelKind.And:
      case CelKind.Or:
      case CelKind.Select:
      case CelKind.Has:
        this.evaluate(node);
        return;
      default:
    }
  }

  private foldList(node: CelNode): void {
    const operands = node.operands;
    const size = <usize>operands.length * VALUE_SIZE_BYTES;
    const at = this.region.take(size);
    for (let index = 0; index < operands.length; index++) {
      copyValue(at + <usize>index * VALUE_SIZE_BYTES, operands[index].value);
    }
    const cell = this.region.take(VALUE_SIZE_BYTES);
    setText(cell, ValueType.List, slice(at, size), ValueFlag.Cells);
    node.settle(cell, ValueType.List);
  }

  private evaluate(node: CelNode): void {
    const found = new Problems();
    const program = compileCelTree(node, ValueType.Dynamic, this.region, found);
    // What cannot be compiled is reported when the whole tree is.
    if (program == null || verifyProgram(program, this.schema).length > 0) return;
    resetSteps();
    const cell = evaluate(program, changetype<Bag>(0));
    if (hasValue(cell)) {
      this.cellCount = 0;
      const kept = this.keep(cell);
      if (this.cellCount < FOLDED_CELL_COUNT_MAX) node.settle(kept, node.type);
      return;
    }
    const code = DiagnosticCode.BadConstant;
    const problem = this.problems.warn(code, node.start, node.end, "");
    problem.text = evaluationErrorText(cell, this.schema);
    problem.expected = "values for which it does not fail: " + problem.text;
  }

  // A copy in the region of a cell and all that it holds.
  private keep(cell: usize): usize {
    const kept = this.region.take(VALUE_SIZE_BYTES);
    this.keepAt(cell, kept);
    return kept;
  }

  private keepAt(cell: usize, kept: usize): void {
    copyValue(kept, cell);
    if (++this.cellCount >= FOLDED_CELL_COUNT_MAX) return;
    const type = typeAt(cell);
    if (type == ValueType.List || type == ValueType.Map) {
      store<u64>(kept, this.keepCells(textAt(cell)), 8);
    } else if (isBytes(type)) {
      const text = textAt(cell);
      store<u64>(kept, this.region.copy(startOf(text), sizeOf(text)), 8);
    }
  }

  private keepCells(cells: Slice): Slice {
    const size = sizeOf(cells);
    const at = this.region.take(size);
    for (let offset: usize = 0; offset < size; offset += VALUE_SIZE_BYTES) {
      if (this.cellCount >= FOLDED_CELL_COUNT_MAX) return slice(at, 0);
      this.keepAt(startOf(cells) + offset, at + offset);
    }
    return slice(at, size);
  }
}

// The branch that is never taken goes.
function foldConditional(node: CelNode): void {
  const condition = node.operands[0];
  if (!condition.isConstant || typeAt(condition.value) != ValueType.Bool) return;
  const chosen = boolAt(condition.value) ? node.operands[1] : node.operands[2];
  const type = node.type;
  node.kind = chosen.kind;
  node.text = chosen.text;
  node.operands = chosen.operands;
  node.hasReceiver = chosen.hasReceiver;
  node.value = chosen.value;
  node.callee = chosen.callee;
  node.fold = chosen.fold;
  node.variable = chosen.variable;
  node.attribute = chosen.attribute;
  node.type = type;
}

function isBytes(type: u32): bool {
  return (
    type == ValueType.String ||
    type == ValueType.Bytes ||
    (type >= <u32>ValueType.IpAddress && type <= <u32>ValueType.DnsName)
  );
}

// Takes a condition apart into the comparisons that can decide it. Cold.

import { FunctionId } from "../shared/functions";
import { Phase } from "../shared/phases";
import { ValueType } from "../shared/types";
import { Slice, startOf, sizeOf } from "../memory/slice";
import { ExpressionContext, checkedTree, compileSource } from "./compile";
import { compileTree } from "./compiler";
import { Decision, DecisionKind } from "./decision";
import { Language } from "./language";
import { ExpressionNode } from "./node";
import { Problems } from "./problem";
import { Program } from "./program";
import { verifyProgram } from "./verifier";

const NO_OPERANDS = new StaticArray<Decision>(0);

/** What stands for a comparison that must not be shown; "" = it may be. */
export interface Redaction {
  insteadOf(program: Program): string;
}

/** The parts of a condition that has been compiled already; one in CEL is a single comparison. */
export function decisionOf(
  context: ExpressionContext,
  text: Slice,
  phase: Phase,
  redaction: Redaction,
): Decision {
  if (context.language == Language.Cexl) {
    const root = checkedTree(context, text, phase, new Problems());
    if (root != null) return part(root, context, text, phase, redaction);
  }
  const program = compileSource(context, text, phase, ValueType.Bool, new Problems());
  return comparison(context, text, program, redaction);
}

function part(
  node: ExpressionNode,
  context: ExpressionContext,
  text: Slice,
  phase: Phase,
  redaction: Redaction,
): Decision {
  const isAnd = node.calls(FunctionId.And);
  if (!isAnd && !node.calls(FunctionId.Or)) {
    const size = <usize>max(node.end - node.start, 0);
    const own = subText(text, node.start, size);
    const program = compileTree(node, context.schema, phase, context.region, new Problems());
    const isSound = program != null && verifyProgram(program, context.schema).length == 0;
    return comparison(context, own, isSound ? program : null, redaction);
  }
  const operands = new StaticArray<Decision>(node.operands.length);
  for (let at = 0; at < node.operands.length; at++) {
    operands[at] = part(node.operands[at], context, text, phase, redaction);
  }
  return new Decision(isAnd ? DecisionKind.And : DecisionKind.Or, operands, null, 0);
}

function comparison(
  context: ExpressionContext,
  text: Slice,
  program: Program | null,
  redaction: Redaction,
): Decision {
  const instead = program == null ? "" : redaction.insteadOf(program);
  const region = context.region;
  const shown =
    instead.length > 0 ? region.text(instead) : region.copy(startOf(text), sizeOf(text));
  return new Decision(DecisionKind.Comparison, NO_OPERANDS, program, shown);
}

function subText(text: Slice, start: i32, size: usize): Slice {
  return ((<u64>size) << 32) | (<u64>(startOf(text) + <usize>start));
}

// Takes a condition apart into the comparisons that can decide it. Cold.

import { FunctionId } from "../shared/functions";
import { Phase } from "../shared/phases";
import { ValueType } from "../shared/types";
import { Slice, sizeOf, startOf, subSlice } from "../memory/slice";
import { ExpressionContext, checkedTree, compileSource } from "./compile";
import { compileTree } from "./compiler";
import { Decision, DecisionKind } from "./decision";
import { Junction } from "./junction";
import { Language, linkedCel } from "./language";
import { ExpressionNode } from "./node";
import { Problems } from "./problem";
import { Program } from "./program";
import { verifyProgram } from "./verifier";

const NO_OPERANDS = new StaticArray<Decision>(0);

/** What stands for a comparison that must not be shown; "" = it may be. */
export interface Redaction {
  insteadOf(program: Program): string;
}

/** The parts of a condition that has been compiled already. */
export function decisionOf(
  context: ExpressionContext,
  text: Slice,
  phase: Phase,
  redaction: Redaction,
): Decision {
  const cel = linkedCel();
  if (context.language == Language.Cexl) {
    const root = checkedTree(context, text, phase, new Problems());
    if (root != null) return part(root, context, text, phase, redaction);
  } else if (cel != null) {
    const root = cel.junction(text, context.region);
    if (root != null) return foreignPart(root, context, text, phase, redaction);
  }
  return foreignComparison(context, text, phase, redaction);
}

// Each comparison is compiled from its own text: nothing in it depends on what is around it.
function foreignPart(
  junction: Junction,
  context: ExpressionContext,
  text: Slice,
  phase: Phase,
  redaction: Redaction,
): Decision {
  const count = junction.operands.length;
  if (count == 0) {
    const own = subSlice(text, <usize>junction.start, <usize>junction.end);
    return foreignComparison(context, own, phase, redaction);
  }
  const operands = new StaticArray<Decision>(count);
  for (let at = 0; at < count; at++) {
    operands[at] = foreignPart(junction.operands[at], context, text, phase, redaction);
  }
  const kind = junction.isAnd ? DecisionKind.AbsorbingAnd : DecisionKind.AbsorbingOr;
  return new Decision(kind, operands, null, 0);
}

function foreignComparison(
  context: ExpressionContext,
  text: Slice,
  phase: Phase,
  redaction: Redaction,
): Decision {
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
    const own = subSlice(text, <usize>node.start, <usize>max(node.start, node.end));
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

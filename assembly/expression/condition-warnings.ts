// Warns where a condition is hardly what was meant: it has the same result for every request, or it
// reads an attribute that a request need not have and gives nothing to take its place, so that it
// fails and `onError` decides. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { FunctionId } from "../shared/functions";
import { ValueType } from "../shared/types";
import { Schema } from "../attribute/schema";
import { boolAt } from "../attribute/value";
import { ExpressionNode, SyntaxKind } from "./node";
import { Problems } from "./problem";
import { Program } from "./program";

/** Warns of a condition that computes the same for every request; a bare `true` is meant so. */
export function warnOfConstant(
  root: ExpressionNode,
  folded: ExpressionNode,
  problems: Problems,
): void {
  if (root.kind == SyntaxKind.Constant || !folded.isConstant) return;
  const found = boolAt(folded.value) ? "true" : "false";
  problems.warn(DiagnosticCode.ConstantCondition, root.start, root.end, found);
}

/** Warns once for each attribute that can be absent, at its first place outside `|`. */
export function warnOfAbsence(
  root: ExpressionNode,
  program: Program,
  schema: Schema,
  problems: Problems,
): void {
  const required = program.required;
  for (let at = 0; at < required.length; at++) {
    const index = required[at];
    if (!schema.canBeAbsent(index)) continue;
    const node = readOf(root, index);
    if (node == null) continue;
    const code = DiagnosticCode.AbsentWithoutFallback;
    const problem = problems.warn(code, node.start, node.end, schema.nameOf(index));
    problem.expected =
      "`(" + shownRead(node) + " | " + neutral(node.type) + ")`, for requests without it";
  }
}

// What stands on the left of `|`: of a map its element, because a map has no literal.
function shownRead(node: ExpressionNode): string {
  if (node.kind == SyntaxKind.Attribute) return node.text;
  return node.operands[0].text + "[" + node.operands[1].text + "]";
}

// What stands for nothing.
function neutral(type: ValueType): string {
  if (type == ValueType.String) return '""';
  if (type == ValueType.Int64) return "0";
  if (type == ValueType.Bool) return "false";
  return type == ValueType.StringMap ? "emptyStringMap()" : "…";
}

/**
 * The first node that reads the attribute and is no left side of `|`, the element where it is a map
 * of which one is read; null: there is none.
 */
function readOf(node: ExpressionNode, index: i32): ExpressionNode | null {
  if (node.kind == SyntaxKind.Attribute) return node.attribute == index ? node : null;
  const operands = node.operands;
  const isAlternative = node.calls(FunctionId.Alternative);
  for (let at = 0; at < operands.length; at++) {
    const isGuarded = isAlternative && at < operands.length - 1 && isPlainRead(operands[at]);
    if (isGuarded) continue;
    const found = readOf(operands[at], index);
    if (found != null) return isElementOf(node, found) ? node : found;
  }
  return null;
}

function isElementOf(node: ExpressionNode, map: ExpressionNode): bool {
  const operands = node.operands;
  return node.calls(FunctionId.Index) && operands[0] === map && operands[1].isConstant;
}

// Functions on the left of `|` never fall through, so that what they read is not guarded by it.
function isPlainRead(node: ExpressionNode): bool {
  return node.kind == SyntaxKind.Attribute || node.calls(FunctionId.Index);
}

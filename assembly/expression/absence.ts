// Warns where a condition reads an attribute that a request need not have and gives nothing to take
// its place: the condition then fails, and `onError` decides, which is seldom meant. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { FunctionId } from "../shared/functions";
import { Schema } from "../attribute/schema";
import { ExpressionNode, SyntaxKind } from "./node";
import { Problems } from "./problem";
import { Program } from "./program";

/** Warns once for each such attribute, at its first place outside `|`. */
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
    const problem = problems.warn(code, node.start, node.end, node.text);
    problem.expected = "`" + node.text + " | …`, for requests without it";
  }
}

/** The first node that reads the attribute and is no left side of `|`; null: there is none. */
function readOf(node: ExpressionNode, index: i32): ExpressionNode | null {
  if (node.kind == SyntaxKind.Attribute) return node.attribute == index ? node : null;
  const operands = node.operands;
  const isAlternative = node.calls(FunctionId.Alternative);
  for (let at = 0; at < operands.length; at++) {
    const isGuarded = isAlternative && at < operands.length - 1 && isPlainRead(operands[at]);
    if (isGuarded) continue;
    const found = readOf(operands[at], index);
    if (found != null) return found;
  }
  return null;
}

// Functions on the left of `|` never fall through, so that what they read is not guarded by it.
function isPlainRead(node: ExpressionNode): bool {
  return node.kind == SyntaxKind.Attribute || node.calls(FunctionId.Index);
}

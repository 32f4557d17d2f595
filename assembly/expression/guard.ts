// Finds out which attribute a condition hangs on, so that the rule index can skip its evaluation.
// A guard must not hide an error: whatever is evaluated before it must not be able to fail. Cold.

import { FunctionId } from "../shared/functions";
import { ValueType } from "../shared/types";
import { Slice } from "../memory/slice";
import { LiteralTest, ReadOperand, TestKind, literalTestOf, readOperandOf } from "./literal-test";
import { ExpressionNode, SyntaxKind } from "./node";
import { GuardKind } from "./program";
import { declarationOf } from "./function-table";

/** A guard whose key is not an attribute yet. */
export class GuardPlan {
  constructor(
    readonly read: ReadOperand,
    /** The node of the key: an attribute, or `attribute | "text"`. */
    readonly subject: ExpressionNode,
    readonly kind: GuardKind,
    readonly literals: Slice[],
    /** Whether nothing else stands in the condition. */
    public isWhole: bool = true,
  ) {}
}

/** The guard of a checked and folded condition; null when it has none. */
export function guardOf(node: ExpressionNode): GuardPlan | null {
  if (node.calls(FunctionId.Or)) return guardOfAll(node);
  if (node.calls(FunctionId.And)) return guardOfFirst(node);
  const test = literalTestOf(node);
  if (test == null || test.isOpposite) return null;
  if (test.kind != TestKind.Equal && test.kind != TestKind.Prefix) return null;
  const read = readOperandOf(test.subject);
  if (read == null) return null;
  const kind = test.kind == TestKind.Equal ? GuardKind.Equal : GuardKind.Prefix;
  return new GuardPlan(read, test.subject, kind, [test.literal]);
}

// Each of the alternatives must hang on the same key in the same way.
function guardOfAll(node: ExpressionNode): GuardPlan | null {
  const first = guardOf(node.operands[0]);
  if (first == null) return null;
  for (let at = 1; at < node.operands.length; at++) {
    const other = guardOf(node.operands[at]);
    if (other == null || other.kind != first.kind || !other.read.isSame(first.read)) return null;
    first.isWhole = first.isWhole && other.isWhole;
    for (let index = 0; index < other.literals.length; index++) {
      first.literals.push(other.literals[index]);
    }
  }
  return first;
}

// The first of the conditions that has a guard, if those before it cannot fail.
function guardOfFirst(node: ExpressionNode): GuardPlan | null {
  for (let at = 0; at < node.operands.length; at++) {
    const guard = guardOf(node.operands[at]);
    if (guard != null) {
      guard.isWhole = false;
      return guard;
    }
    if (!isTotal(node.operands[at])) return null;
  }
  return null;
}

/** Whether a node always has a value, whatever the request. */
export function isTotal(node: ExpressionNode): bool {
  if (node.kind == SyntaxKind.Constant) return true;
  if (node.kind != SyntaxKind.Call || node.isRead || node.callee == FunctionId.None) return false;
  const operands = node.operands;
  if (node.callee == FunctionId.Alternative) return isTotal(operands[operands.length - 1]);
  if (node.callee == FunctionId.Matches && operands[0].isConstant) return isTotal(operands[1]);
  if (declarationOf(node.callee).canFail || isNameType(operands)) return false;
  for (let at = 0; at < operands.length; at++) if (!isTotal(operands[at])) return false;
  return true;
}

// Comparisons of names and addresses fail for texts that are none.
function isNameType(operands: ExpressionNode[]): bool {
  if (operands.length == 0) return false;
  const type = operands[0].type;
  return type == ValueType.DnsName || type == ValueType.EmailAddress || type == ValueType.Uri;
}

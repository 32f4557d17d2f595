// Recognizes conditions that compare one text with literals: `a == "x"`, `a.startsWith("x")`,
// `match(a, "x*")`, `"re".matches(a)`, in which `a` may be `b | "y"`. The compiler makes one
// instruction of each, the rule index its guards. Cold.

import { FunctionId } from "../shared/functions";
import { ValueType } from "../shared/types";
import { textAt } from "../attribute/value";
import { endsWith, equal, startsWith } from "../memory/bytes";
import { Slice, byteAt, sizeOf, subSlice } from "../memory/slice";
import { ExpressionNode } from "./node";

/** How a text is compared with a literal. */
export const enum TestKind {
  Equal = 0,
  Prefix = 1,
  Suffix = 2,
  /** The literal is a regular expression. */
  Pattern = 3,
}

/** One such condition. */
export class LiteralTest {
  /** Whether the condition is that the comparison fails, as of `!=`. */
  isOpposite: bool = false;

  constructor(
    readonly kind: TestKind,
    readonly subject: ExpressionNode,
    readonly literal: Slice,
  ) {}
}

/** An attribute, perhaps with a constant that stands for an absent one. */
export class ReadOperand {
  constructor(
    readonly attribute: i32,
    readonly fallback: ExpressionNode | null,
  ) {}

  /** Whether two operands always have the same value. */
  isSame(other: ReadOperand): bool {
    if (this.attribute != other.attribute) return false;
    const left = this.fallback;
    const right = other.fallback;
    if (left == null || right == null) return left == null && right == null;
    return equal(textAt(left.value), textAt(right.value));
  }
}

/** The node as an attribute with or without a constant fallback; null when it is neither. */
export function readOperandOf(node: ExpressionNode): ReadOperand | null {
  if (node.isRead) return new ReadOperand(node.attribute, null);
  if (!node.calls(FunctionId.Alternative) || node.operands.length != 2) return null;
  const first = node.operands[0];
  const second = node.operands[1];
  return first.isRead && second.isConstant ? new ReadOperand(first.attribute, second) : null;
}

/** The node as a comparison of one text with a literal; null when it is none. */
export function literalTestOf(node: ExpressionNode): LiteralTest | null {
  switch (<i32>node.callee) {
    case FunctionId.Equal:
    case FunctionId.NotEqual:
      return equalityOf(node);
    case FunctionId.StartsWith:
      return affixOf(node, TestKind.Prefix);
    case FunctionId.EndsWith:
      return affixOf(node, TestKind.Suffix);
    case FunctionId.Match:
      return globOf(node);
    case FunctionId.Matches: {
      const pattern = node.operands[0];
      if (!pattern.isConstant) return null;
      return new LiteralTest(TestKind.Pattern, node.operands[1], textAt(pattern.value));
    }
    default:
      return null;
  }
}

/** What the comparison gives for a known text. Not of patterns. */
export function holdsFor(kind: TestKind, text: Slice, literal: Slice): bool {
  if (kind == TestKind.Prefix) return startsWith(text, literal);
  return kind == TestKind.Suffix ? endsWith(text, literal) : equal(text, literal);
}

function equalityOf(node: ExpressionNode): LiteralTest | null {
  const left = node.operands[0];
  const right = node.operands[1];
  if (left.type != ValueType.String || left.isConstant == right.isConstant) return null;
  const subject = left.isConstant ? right : left;
  const literal = left.isConstant ? left : right;
  const test = new LiteralTest(TestKind.Equal, subject, textAt(literal.value));
  test.isOpposite = node.callee == FunctionId.NotEqual;
  return test;
}

function affixOf(node: ExpressionNode, kind: TestKind): LiteralTest | null {
  const part = node.operands[1];
  return part.isConstant ? new LiteralTest(kind, node.operands[0], textAt(part.value)) : null;
}

function globOf(node: ExpressionNode): LiteralTest | null {
  const pattern = node.operands[1];
  if (!pattern.isConstant) return null;
  const text = textAt(pattern.value);
  const size = sizeOf(text);
  const subject = node.operands[0];
  if (size > 0 && byteAt(text, size - 1) == 42) {
    return new LiteralTest(TestKind.Prefix, subject, subSlice(text, 0, size - 1));
  }
  if (size > 0 && byteAt(text, 0) == 42) {
    return new LiteralTest(TestKind.Suffix, subject, subSlice(text, 1, size));
  }
  return new LiteralTest(TestKind.Equal, subject, text);
}

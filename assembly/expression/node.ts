// The syntax tree of an expression, and its printed form in which Mixer's error texts show it.
// Chains of one operator (`a || b || c`) are one node with many operands, so that their length does
// not make the tree deep. Cold.

import { FunctionId } from "../shared/functions";
import { ValueType } from "../shared/types";
import { typeAt } from "../attribute/value";
import { joined } from "../text/strings";

/** Kinds of nodes. */
export const enum SyntaxKind {
  /** `text` as written, `value` a cell. */
  Constant = 0,
  /** `text` is the attribute's name. */
  Attribute = 1,
  /** `text` is the function's name; operators have names too, such as `EQ`. */
  Call = 2,
  /** Something that Go's grammar allows and this language does not. */
  Unexpected = 3,
}

/** One node. What the checker finds out is 0 until then. */
export class ExpressionNode {
  /** Operands; the receiver of a method is the first. */
  operands: ExpressionNode[] = [];
  /** Whether the first operand stood before the dot. */
  hasReceiver: bool = false;
  /** Whether it was written as an operator or index. */
  isOperator: bool = false;
  /** Where its name or operator stands. */
  nameStart: i32;
  nameEnd: i32;
  /** Whether `|` never goes on behind it: a folded function left it, and it must be present. */
  isRequired: bool = false;
  /** How many operands the function takes, where there are more; -1 where there are not. */
  takenCount: i32 = -1;
  /** How many levels of nodes, this one included. */
  depth: i32 = 1;
  /** Address of a constant's cell. */
  value: usize = 0;
  /** What a folded constant was. */
  origin: ExpressionNode | null = null;
  /** Set by the checker. */
  type: ValueType = ValueType.Unspecified;
  /** The function that is called; set by the checker. */
  callee: FunctionId = FunctionId.None;
  /** The attribute's index in the schema, or the map element's; set by the checker. */
  attribute: i32 = -1;

  constructor(
    readonly kind: SyntaxKind,
    readonly text: string,
    public start: i32,
    public end: i32,
  ) {
    this.nameStart = start;
    this.nameEnd = end;
  }

  /** Whether all operands but the last read something. */
  get hasReadsFirst(): bool {
    for (let at = 0; at < this.operands.length - 1; at++) {
      if (!this.operands[at].isRead) return false;
    }
    return true;
  }

  /** Whether it is a constant. */
  get isConstant(): bool {
    return this.kind == SyntaxKind.Constant;
  }

  /** Whether it is an attribute or a single element of a map. */
  get isRead(): bool {
    return this.attribute >= 0;
  }

  /** Whether it calls this function. */
  calls(callee: FunctionId): bool {
    return this.kind == SyntaxKind.Call && this.callee == callee;
  }

  /** Says where its name or operator stands. */
  nameAt(start: i32, end: i32): void {
    this.nameStart = start;
    this.nameEnd = end;
  }

  /** Takes one more operand. */
  add(operand: ExpressionNode): void {
    this.operands.push(operand);
    if (operand.depth >= this.depth) this.depth = operand.depth + 1;
    if (operand.end > this.end) this.end = operand.end;
  }
}

/** The type of a constant's cell. */
export function constantType(node: ExpressionNode): ValueType {
  return <ValueType>typeAt(node.value);
}

/** The node as Mixer prints it: `EQ($a, 2)`, `$as:startsWith("x")`. */
export function printNode(node: ExpressionNode): string {
  const parts: string[] = [];
  print(node, parts);
  return joined(parts, "");
}

/** The first `count` operands of a chain, as the nested pairs that Mixer's parser makes of it. */
export function printChain(node: ExpressionNode, count: i32): string {
  const parts: string[] = [];
  printPairs(node, count, parts);
  return joined(parts, "");
}

function print(node: ExpressionNode, parts: string[]): void {
  const origin = node.origin;
  if (origin != null) {
    print(origin, parts);
    return;
  }
  if (node.kind == SyntaxKind.Attribute) parts.push("$");
  if (node.kind != SyntaxKind.Call) {
    parts.push(node.text);
    return;
  }
  if (node.isOperator && node.operands.length > 2) {
    printPairs(node, node.operands.length, parts);
    return;
  }
  let at = 0;
  if (node.hasReceiver) {
    print(node.operands[at++], parts);
    parts.push(":");
  }
  parts.push(node.text);
  parts.push("(");
  const first = at;
  for (; at < node.operands.length; at++) {
    if (at > first) parts.push(", ");
    print(node.operands[at], parts);
  }
  parts.push(")");
}

function printPairs(node: ExpressionNode, count: i32, parts: string[]): void {
  for (let at = 1; at < count; at++) parts.push(node.text + "(");
  print(node.operands[0], parts);
  for (let at = 1; at < count; at++) {
    parts.push(", ");
    print(node.operands[at], parts);
    parts.push(")");
  }
}

// Folds constants on checked trees, and drops what can never be evaluated. What fails for constants
// stays in the tree: it fails when it is evaluated, as in Mixer, and is reported as a warning.
// Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { FunctionId } from "../shared/functions";
import { Phase } from "../shared/phases";
import { ValueType } from "../shared/types";
import { Bag } from "../attribute/bag";
import { Schema } from "../attribute/schema";
import {
  boolAt,
  copyValue,
  hasValue,
  setBool,
  textAt,
  typeAt,
  VALUE_SIZE_BYTES,
} from "../attribute/value";
import { Region } from "../memory/region";
import { sizeOf, startOf } from "../memory/slice";
import { compileTree } from "./compiler";
import { evaluationErrorText } from "./error-text";
import { evaluate } from "./evaluator";
import { resetSteps } from "./failure";
import { ExpressionNode, SyntaxKind, printNode } from "./node";
import { Problems } from "./problem";

/** The folded tree; the given one may be changed. New constants live in the region. */
export function foldExpression(
  root: ExpressionNode,
  schema: Schema,
  region: Region,
  problems: Problems,
): ExpressionNode {
  return new Folder(schema, region, problems).fold(root);
}

class Folder {
  constructor(
    private readonly schema: Schema,
    private readonly region: Region,
    private readonly problems: Problems,
  ) {}

  fold(node: ExpressionNode): ExpressionNode {
    if (node.kind != SyntaxKind.Call || node.isRead) return node;
    const wasPresent = isAlwaysPresent(node);
    const folded = this.foldOperation(node);
    if (wasPresent) folded.isRequired = true;
    return folded;
  }

  private foldOperation(node: ExpressionNode): ExpressionNode {
    const operands = node.operands;
    for (let at = 0; at < operands.length; at++) operands[at] = this.fold(operands[at]);
    switch (<i32>node.callee) {
      case FunctionId.And:
        return this.foldChain(node, false);
      case FunctionId.Or:
        return this.foldChain(node, true);
      case FunctionId.Alternative:
        return foldAlternative(node);
      case FunctionId.Conditional:
        if (!operands[0].isConstant) return node;
        return boolAt(operands[0].value) ? operands[1] : operands[2];
      case FunctionId.EmptyStringMap:
      case FunctionId.None:
        return node;
      default:
        return allConstant(node) ? this.foldCall(node) : node;
    }
  }

  // `decides`: the operand that decides the whole chain; nothing behind it is ever evaluated.
  private foldChain(node: ExpressionNode, decides: bool): ExpressionNode {
    const kept: ExpressionNode[] = [];
    for (let at = 0; at < node.operands.length; at++) {
      const operand = node.operands[at];
      if (operand.isConstant && boolAt(operand.value) != decides) continue;
      kept.push(operand);
      if (operand.isConstant) break;
    }
    if (kept.length == 1) return kept[0];
    node.operands = kept;
    return kept.length == 0 ? this.boolean(node, !decides) : node;
  }

  private foldCall(node: ExpressionNode): ExpressionNode {
    const found = new Problems();
    const program = compileTree(node, this.schema, <Phase>0, this.region, found);
    // What cannot be compiled is reported when the whole tree is.
    if (program == null) return node;
    resetSteps();
    const cell = evaluate(program, changetype<Bag>(0));
    if (hasValue(cell)) return this.constant(node, cell);
    const code = DiagnosticCode.BadConstant;
    const problem = this.problems.warn(code, node.start, node.end, printNode(node));
    problem.text = evaluationErrorText(cell, this.schema);
    problem.expected = "a text that can be converted; this fails at every evaluation";
    return node;
  }

  private constant(node: ExpressionNode, cell: usize): ExpressionNode {
    const constant = new ExpressionNode(SyntaxKind.Constant, "", node.start, node.end);
    constant.origin = node;
    constant.type = node.type;
    constant.value = this.region.take(VALUE_SIZE_BYTES);
    copyValue(constant.value, cell);
    if (isBytes(typeAt(cell))) {
      const text = textAt(cell);
      store<u64>(constant.value, this.region.copy(startOf(text), sizeOf(text)), 8);
    }
    return constant;
  }

  private boolean(node: ExpressionNode, isTrue: bool): ExpressionNode {
    const text = isTrue ? "true" : "false";
    const constant = new ExpressionNode(SyntaxKind.Constant, text, node.start, node.end);
    constant.type = ValueType.Bool;
    constant.value = this.region.take(VALUE_SIZE_BYTES);
    setBool(constant.value, isTrue);
    return constant;
  }
}

// Nothing behind an alternative that is always present is ever evaluated.
function foldAlternative(node: ExpressionNode): ExpressionNode {
  const operands = node.operands;
  for (let at = 0; at < operands.length; at++) {
    if (!isAlwaysPresent(operands[at])) continue;
    operands.length = at + 1;
    break;
  }
  return operands.length == 1 ? operands[0] : node;
}

// A function has a value or fails; it never falls through.
function isAlwaysPresent(node: ExpressionNode): bool {
  if (node.kind == SyntaxKind.Constant || node.isRequired) return true;
  if (node.kind == SyntaxKind.Attribute || node.calls(FunctionId.Index)) return false;
  if (!node.calls(FunctionId.Alternative)) return true;
  return isAlwaysPresent(node.operands[node.operands.length - 1]);
}

function allConstant(node: ExpressionNode): bool {
  for (let at = 0; at < node.operands.length; at++) if (!node.operands[at].isConstant) return false;
  return node.operands.length > 0;
}

function isBytes(type: u32): bool {
  return (
    type == ValueType.String ||
    type == ValueType.IpAddress ||
    type == ValueType.DnsName ||
    type == ValueType.EmailAddress ||
    type == ValueType.Uri
  );
}

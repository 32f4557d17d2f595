// Gives every node its type, its function and its attribute, and finds what does not fit: names,
// types, numbers of arguments, phases. The first mistake it reports is Mixer's, with Mixer's text.
// Emits nothing. Cold.

import { FunctionId } from "../shared/functions";
import { Phase } from "../shared/phases";
import { ValueType } from "../shared/types";
import { Schema } from "../attribute/schema";
import { textAt } from "../attribute/value";
import { FunctionDeclaration, FunctionTable } from "./function-table";
import { Mistakes } from "./mistakes";
import { ExpressionNode, SyntaxKind, constantType } from "./node";
import { Problems } from "./problem";

/**
 * Checks a tree against the names that it may use. `phase` is where it will run; 0: wherever what
 * it reads can be read. Returns the type, Unspecified after an error.
 */
export function checkExpression(
  root: ExpressionNode,
  schema: Schema,
  functions: FunctionTable,
  phase: Phase,
  problems: Problems,
): ValueType {
  const type = new Checker(schema, functions, phase, problems).check(root);
  if (!problems.failed) dropSurplus(root);
  return type;
}

// Arguments beyond those that a function takes are dropped, as in Mixer, whose mistakes show them.
function dropSurplus(node: ExpressionNode): void {
  if (node.takenCount >= 0) node.operands.length = node.takenCount;
  for (let at = 0; at < node.operands.length; at++) dropSurplus(node.operands[at]);
}

class Checker {
  private readonly mistakes: Mistakes;

  constructor(
    private readonly schema: Schema,
    private readonly functions: FunctionTable,
    private readonly phase: Phase,
    private readonly problems: Problems,
  ) {
    this.mistakes = new Mistakes(schema, functions, problems);
  }

  check(node: ExpressionNode): ValueType {
    if (node.kind == SyntaxKind.Constant) node.type = constantType(node);
    else if (node.kind == SyntaxKind.Attribute) node.type = this.checkAttribute(node);
    else node.type = this.checkCall(node);
    return node.type;
  }

  private checkAttribute(node: ExpressionNode): ValueType {
    const schema = this.schema;
    const index = schema.find(node.text);
    if (index < 0) return this.mistakes.unknownAttribute(node);
    node.attribute = index;
    const isReadable = <i32>this.phase == 0 || (schema.phasesOf(index) & this.phase) != 0;
    if (!isReadable) this.mistakes.wrongPhase(node, index, this.phase);
    if (schema.absenceOf(index).length > 0) this.mistakes.alwaysAbsent(node, index);
    return schema.typeOf(index);
  }

  private checkCall(node: ExpressionNode): ValueType {
    const declaration = this.functions.find(node.text);
    if (declaration == null) return this.mistakes.unknownFunction(node);
    node.callee = declaration.id;
    let bound = ValueType.Unspecified;
    const first = node.hasReceiver ? 1 : 0;
    if (node.hasReceiver != declaration.isMethod)
      return this.mistakes.wrongReceiver(node, declaration);
    if (node.hasReceiver) {
      const type = this.check(node.operands[0]);
      if (type == ValueType.Unspecified) return type;
      if (declaration.receiver == ValueType.Unspecified) bound = type;
      else if (type != declaration.receiver)
        return this.mistakes.wrongTarget(node, type, declaration.receiver);
    }
    const given = node.operands.length - first;
    if (given < declaration.parameters.length)
      return this.mistakes.wrongArity(node, declaration, given);
    return this.checkArguments(node, declaration, bound);
  }

  private checkArguments(
    node: ExpressionNode,
    declaration: FunctionDeclaration,
    bound: ValueType,
  ): ValueType {
    const parameters = declaration.parameters;
    const first = node.hasReceiver ? 1 : 0;
    const isChain = node.isOperator && node.operands.length > 2;
    // A chain of one operator has any number.
    const taken = isChain ? node.operands.length : first + parameters.length;
    if (node.operands.length > taken) {
      this.mistakes.surplusArgument(node, taken);
      node.takenCount = taken;
    }
    let isGood = true;
    for (let at = first; at < taken; at++) {
      const operand = node.operands[at];
      const type = this.check(operand);
      if (type == ValueType.Unspecified) {
        isGood = false;
        continue;
      }
      let wanted = parameters[isChain ? min(at, 1) : at - first];
      if (wanted == ValueType.Unspecified && bound == ValueType.Unspecified) bound = type;
      if (wanted == ValueType.Unspecified) wanted = bound;
      if (type == wanted) continue;
      this.mistakes.wrongArgument(node, at, wanted);
      isGood = false;
    }
    if (!isGood) return ValueType.Unspecified;
    const isAllowed =
      declaration.types == 0 ||
      bound == ValueType.Unspecified ||
      ((declaration.types >> bound) & 1) != 0;
    if (!isAllowed) return this.mistakes.wrongOverload(node, declaration, bound);
    if (node.callee == FunctionId.Index) this.bindElement(node);
    else if (node.callee == FunctionId.Matches) this.mistakes.swappedPattern(node);
    return declaration.result == ValueType.Unspecified ? bound : declaration.result;
  }

  // One header is read without its map where the host allows it.
  private bindElement(node: ExpressionNode): void {
    const map = node.operands[0];
    const key = node.operands[1];
    if (map.kind != SyntaxKind.Attribute || !key.isConstant) return;
    node.attribute = this.schema.element(map.attribute, textAt(key.value));
  }
}

// Gives every node its type, its function and its attribute, and finds what does not fit: names,
// types, numbers of arguments, phases. The first mistake it reports is Mixer's, with Mixer's text.
// Emits nothing. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { FunctionId } from "../shared/functions";
import { PHASE_NAMES, Phase } from "../shared/phases";
import { VALUE_TYPE_NAMES, ValueType } from "../shared/types";
import { Schema } from "../attribute/schema";
import { textAt } from "../attribute/value";
import { nearest } from "../diagnostic/suggest";
import { FunctionDeclaration, FunctionTable } from "./function-table";
import { ExpressionNode, SyntaxKind, constantType, printChain, printNode } from "./node";
import { Problem, Problems } from "./problem";

/**
 * Checks a tree against the names that it may use. `phase` is where it will run; 0: wherever what it
 * reads can be read. Returns the type, Unspecified after an error.
 */
export function checkExpression(
  root: ExpressionNode,
  schema: Schema,
  functions: FunctionTable,
  phase: Phase,
  problems: Problems,
): ValueType {
  return new Checker(schema, functions, phase, problems).check(root);
}

class Checker {
  constructor(
    private readonly schema: Schema,
    private readonly functions: FunctionTable,
    private readonly phase: Phase,
    private readonly problems: Problems,
  ) {}

  check(node: ExpressionNode): ValueType {
    if (node.kind == SyntaxKind.Constant) node.type = constantType(node);
    else if (node.kind == SyntaxKind.Attribute) node.type = this.checkAttribute(node);
    else node.type = this.checkCall(node);
    return node.type;
  }

  private checkAttribute(node: ExpressionNode): ValueType {
    const schema = this.schema;
    const index = schema.find(node.text);
    if (index < 0) {
      const code = DiagnosticCode.UnknownAttribute;
      const problem = this.problems.add(code, node.start, node.end, node.text);
      problem.text = "unknown attribute " + node.text;
      if (!this.problems.isFull) problem.suggestion = nearest(node.text, schema.names());
      return ValueType.Unspecified;
    }
    node.attribute = index;
    if (this.phase != 0 && (schema.phasesOf(index) & this.phase) == 0) this.failPhase(node, index);
    return schema.typeOf(index);
  }

  private failPhase(node: ExpressionNode, index: i32): void {
    const code = DiagnosticCode.AttributeNotReadable;
    const problem = this.problems.add(code, node.start, node.end, node.text);
    const phases = this.schema.phasesOf(index);
    problem.text = "attribute " + node.text + " cannot be read here";
    problem.expected =
      "an attribute that can be read in " +
      phaseNames(this.phase) +
      (phases == 0 ? "" : "; this one can in " + phaseNames(phases));
  }

  private checkCall(node: ExpressionNode): ValueType {
    const declaration = this.functions.find(node.text);
    if (declaration == null) return this.failUnknown(node);
    node.callee = declaration.id;
    let bound = ValueType.Unspecified;
    const first = node.hasReceiver ? 1 : 0;
    if (node.hasReceiver != declaration.isMethod) return this.failReceiver(node, declaration);
    if (node.hasReceiver) {
      const type = this.check(node.operands[0]);
      if (type == ValueType.Unspecified) return type;
      if (declaration.receiver == ValueType.Unspecified) bound = type;
      else if (type != declaration.receiver)
        return this.failTarget(node, type, declaration.receiver);
    }
    const given = node.operands.length - first;
    if (given < declaration.parameters.length) return this.failArity(node, declaration, given);
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
    // Surplus arguments are dropped, as in Mixer; a chain of one operator has any number.
    if (!isChain) node.operands.length = first + parameters.length;
    let isGood = true;
    for (let at = first; at < node.operands.length; at++) {
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
      this.failArgument(node, at, wanted);
      isGood = false;
    }
    if (!isGood) return ValueType.Unspecified;
    if (!allows(declaration.types, bound)) return this.failType(node, declaration, bound);
    if (node.callee == FunctionId.Index) this.bindElement(node);
    return declaration.result == ValueType.Unspecified ? bound : declaration.result;
  }

  // One header is read without its map where the host allows it.
  private bindElement(node: ExpressionNode): void {
    const map = node.operands[0];
    const key = node.operands[1];
    if (map.kind != SyntaxKind.Attribute || !key.isConstant) return;
    node.attribute = this.schema.element(map.attribute, textAt(key.value));
  }

  private failUnknown(node: ExpressionNode): ValueType {
    const code = DiagnosticCode.UnknownFunction;
    const start = node.hasReceiver || node.isOperator ? node.operands[0].end : node.start;
    const problem = this.problems.add(code, start, node.end, node.text);
    problem.text = "unknown function: " + node.text;
    problem.suggestion = nearest(node.text, this.functions.names());
    if (node.isOperator) problem.expected = "one of the operators == != < <= > >= && || | + and []";
    return ValueType.Unspecified;
  }

  private failReceiver(node: ExpressionNode, declaration: FunctionDeclaration): ValueType {
    const code = DiagnosticCode.BadReceiver;
    const problem = this.problems.add(code, node.start, node.end, node.text);
    problem.text =
      (declaration.isMethod
        ? "invoking instance method without an instance: "
        : "invoking regular function on instance method: ") + node.text;
    problem.expected = declaration.isMethod
      ? "text." + node.text + "(…)"
      : node.text + "(…), with the value as first argument";
    return ValueType.Unspecified;
  }

  private failTarget(node: ExpressionNode, type: ValueType, wanted: ValueType): ValueType {
    const target = node.operands[0];
    const text = printNode(node) + " target typeError got " + VALUE_TYPE_NAMES[type];
    return this.failMismatch(target, text, type, wanted);
  }

  private failArity(node: ExpressionNode, declaration: FunctionDeclaration, given: i32): ValueType {
    const code = DiagnosticCode.WrongArity;
    const wanted = declaration.parameters.length.toString() + " arg(s)";
    const got = "Got " + given.toString() + " arg(s), expected " + wanted;
    const problem = this.problems.add(code, node.start, node.end, node.text);
    problem.text = printNode(node) + " arity mismatch. " + got;
    problem.expected = argumentsOf(declaration);
    return ValueType.Unspecified;
  }

  private failArgument(node: ExpressionNode, at: i32, wanted: ValueType): void {
    const operand = node.operands[at];
    const isChain = node.isOperator && node.operands.length > 2;
    const call = isChain ? printChain(node, max(2, at + 1)) : printNode(node);
    const number = isChain ? min(at, 1) + 1 : at + 1 - (node.hasReceiver ? 1 : 0);
    const text =
      call +
      " arg " +
      number.toString() +
      " (" +
      printNode(operand) +
      ") typeError got " +
      VALUE_TYPE_NAMES[operand.type];
    this.failMismatch(operand, text, operand.type, wanted);
  }

  private failMismatch(
    node: ExpressionNode,
    text: string,
    type: ValueType,
    wanted: ValueType,
  ): ValueType {
    const found = VALUE_TYPE_NAMES[type];
    const code = DiagnosticCode.TypeMismatch;
    const problem = this.problems.add(code, node.start, node.end, found);
    problem.text = text + ", expected " + VALUE_TYPE_NAMES[wanted];
    problem.expected = VALUE_TYPE_NAMES[wanted];
    if (type == ValueType.Duration && wanted == ValueType.String && node.isConstant) {
      problem.suggestion =
        "a text that is no duration; literals such as " + node.text + " are DURATION";
    }
    return ValueType.Unspecified;
  }

  private failType(
    node: ExpressionNode,
    declaration: FunctionDeclaration,
    type: ValueType,
  ): ValueType {
    const code = DiagnosticCode.TypeMismatch;
    const problem = this.problems.add(code, node.start, node.end, VALUE_TYPE_NAMES[type]);
    problem.text =
      "internal compiler error -- " +
      operationName(declaration) +
      " for type not yet implemented: " +
      machineType(type);
    problem.expected = typeNames(declaration.types);
    return ValueType.Unspecified;
  }
}

function allows(types: u32, bound: ValueType): bool {
  return types == 0 || bound == ValueType.Unspecified || ((types >> bound) & 1) != 0;
}

function phaseNames(phases: u32): string {
  let text = "";
  for (let bit = 0; bit < PHASE_NAMES.length; bit++) {
    if (((phases >> bit) & 1) == 0) continue;
    if (text.length > 0) text += ", ";
    text += PHASE_NAMES[bit];
  }
  return text;
}

function typeNames(types: u32): string {
  let text = "";
  for (let type = 1; type < VALUE_TYPE_NAMES.length; type++) {
    if (((types >> type) & 1) == 0) continue;
    if (text.length > 0) text += ", ";
    text += VALUE_TYPE_NAMES[type];
  }
  return text;
}

function argumentsOf(declaration: FunctionDeclaration): string {
  let text = declaration.isMethod ? VALUE_TYPE_NAMES[declaration.receiver] + "." : "";
  text += declaration.name + "(";
  for (let at = 0; at < declaration.parameters.length; at++) {
    if (at > 0) text += ", ";
    const type = declaration.parameters[at];
    text += type == ValueType.Unspecified ? "T" : VALUE_TYPE_NAMES[type];
  }
  return text + ")";
}

// The words of Mixer's own message about a type that an operator does not have.
function operationName(declaration: FunctionDeclaration): string {
  switch (declaration.id) {
    case FunctionId.Less:
      return "less than";
    case FunctionId.LessOrEqual:
      return "less or equal";
    case FunctionId.Greater:
      return "greater than";
    case FunctionId.GreaterOrEqual:
      return "greater or equal";
    case FunctionId.Add:
      return "Add";
    default:
      return "equality";
  }
}

function machineType(type: ValueType): string {
  if (type == ValueType.Bool) return "bool";
  if (type == ValueType.Duration) return "duration";
  const isText =
    type == ValueType.DnsName || type == ValueType.EmailAddress || type == ValueType.Uri;
  return isText ? "string" : "interface";
}

// What the checker can find wrong, told twice: to the operator, with what would be right, and in
// the words of Mixer's own checker, for the first mistake of an expression. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { FunctionId } from "../shared/functions";
import { PHASE_NAMES, Phase } from "../shared/phases";
import { VALUE_TYPE_NAMES, ValueType } from "../shared/types";
import { Schema } from "../attribute/schema";
import { expectedAttribute, nearest } from "../diagnostic/suggest";
import { FunctionDeclaration, FunctionTable } from "./function-table";
import { ExpressionNode, SyntaxKind, printChain, printNode } from "./node";
import { Problem, Problems } from "./problem";

const OPERATORS = "one of the operators == != < <= > >= && || | + and []";

/** Reports mistakes in a tree; each function returns Unspecified, the type of what is wrong. */
export class Mistakes {
  constructor(
    private readonly schema: Schema,
    private readonly functions: FunctionTable,
    private readonly problems: Problems,
  ) {}

  /** A name that nobody knows. */
  unknownAttribute(node: ExpressionNode): ValueType {
    const problem = this.add(DiagnosticCode.UnknownAttribute, node, node.text);
    problem.text = "unknown attribute " + node.text;
    if (!this.problems.isFull) problem.suggestion = nearest(node.text, this.schema.names());
    if (problem.suggestion.length == 0) problem.expected = expectedAttribute(node.text);
    return ValueType.Unspecified;
  }

  /** An attribute that cannot be read where the expression runs. */
  wrongPhase(node: ExpressionNode, index: i32, phase: Phase): void {
    const problem = this.add(DiagnosticCode.AttributeNotReadable, node, node.text);
    const phases = this.schema.phasesOf(index);
    problem.text = "attribute " + node.text + " cannot be read here";
    problem.expected = "an attribute that can be read in " + phaseNames(phase);
    if (phases != 0) problem.expected += "; this one can in " + phaseNames(phases);
  }

  /** An attribute that Envoy cannot give: legal, but never there. */
  alwaysAbsent(node: ExpressionNode, index: i32): void {
    const parts = this.schema.absenceOf(index).split("; ");
    const found = "`" + node.text + "`: " + parts[0];
    const code = DiagnosticCode.AlwaysAbsent;
    this.problems.warn(code, node.start, node.end, found).expected = parts[1];
  }

  /** A function or operator that does not exist. */
  unknownFunction(node: ExpressionNode): ValueType {
    const code = DiagnosticCode.UnknownFunction;
    const problem = this.problems.add(code, node.nameStart, node.nameEnd, node.text);
    problem.text = "unknown function: " + node.text;
    if (node.isOperator) problem.expected = OPERATORS;
    else if (!this.problems.isFull) problem.wantOneOf(this.functions.names());
    return ValueType.Unspecified;
  }

  /** A method called as a function, or the other way round. */
  wrongReceiver(node: ExpressionNode, declaration: FunctionDeclaration): ValueType {
    const problem = this.add(DiagnosticCode.BadReceiver, node, node.text);
    problem.text =
      (declaration.isMethod
        ? "invoking instance method without an instance: "
        : "invoking regular function on instance method: ") + node.text;
    problem.expected = signatureOf(declaration);
    return ValueType.Unspecified;
  }

  /** A receiver of another type. */
  wrongTarget(node: ExpressionNode, type: ValueType, wanted: ValueType): ValueType {
    const target = node.operands[0];
    const problem = this.mismatch(target, type, wanted);
    if (!this.isFirst) return ValueType.Unspecified;
    const got = " target typeError got " + VALUE_TYPE_NAMES[type];
    problem.text = printNode(node) + got + ", expected " + VALUE_TYPE_NAMES[wanted];
    return ValueType.Unspecified;
  }

  /** Too few arguments. */
  wrongArity(node: ExpressionNode, declaration: FunctionDeclaration, given: i32): ValueType {
    const problem = this.add(DiagnosticCode.WrongArity, node, node.text);
    problem.expected = signatureOf(declaration);
    if (!this.isFirst) return ValueType.Unspecified;
    const wanted = declaration.parameters.length.toString() + " arg(s)";
    const got = "Got " + given.toString() + " arg(s), expected " + wanted;
    problem.text = printNode(node) + " arity mismatch. " + got;
    return ValueType.Unspecified;
  }

  /** Arguments that no function takes; they are dropped. */
  surplusArgument(node: ExpressionNode, index: i32): void {
    const operand = node.operands[index];
    const found = shownText(operand);
    this.problems.warn(DiagnosticCode.NoEffect, operand.start, operand.end, found);
  }

  /** A pattern that stands where the text belongs, as in CEL: an empty text would match it all. */
  swappedPattern(node: ExpressionNode): void {
    const target = node.operands[0];
    const text = node.operands[1];
    if (target.isConstant || !text.isConstant) return;
    const code = DiagnosticCode.SwappedPattern;
    const problem = this.problems.warn(code, target.start, target.end, "");
    const shown = target.kind == SyntaxKind.Call ? "…" : target.text;
    problem.expected = text.text + ".matches(" + shown + ")";
  }

  /** An argument of another type. */
  wrongArgument(node: ExpressionNode, index: i32, wanted: ValueType): void {
    const operand = node.operands[index];
    const problem =
      node.callee == FunctionId.Index
        ? this.badIndex(operand, index)
        : this.mismatch(operand, operand.type, wanted);
    if (!this.isFirst) return;
    const isChain = node.isOperator && node.operands.length > 2;
    const call = isChain ? printChain(node, max(2, index + 1)) : printNode(node);
    const number = isChain ? min(index, 1) + 1 : index + 1 - (node.hasReceiver ? 1 : 0);
    const argument = " arg " + number.toString() + " (" + printNode(operand) + ")";
    const got = " typeError got " + VALUE_TYPE_NAMES[operand.type];
    problem.text = call + argument + got + ", expected " + VALUE_TYPE_NAMES[wanted];
  }

  private badIndex(operand: ExpressionNode, index: i32): Problem {
    const type = VALUE_TYPE_NAMES[operand.type];
    const found = index == 0 ? type : "STRING_MAP by " + type;
    const problem = this.add(DiagnosticCode.BadIndex, operand, found);
    problem.expected = index == 0 ? "a STRING_MAP" : "a key of type STRING";
    return problem;
  }

  /** An operator on a type that it does not have. */
  wrongOverload(
    node: ExpressionNode,
    declaration: FunctionDeclaration,
    type: ValueType,
  ): ValueType {
    const found = VALUE_TYPE_NAMES[type];
    const problem = this.add(DiagnosticCode.TypeMismatch, node, found);
    const operation = operationName(declaration);
    const what = " for type not yet implemented: " + machineType(type);
    problem.text = "internal compiler error -- " + operation + what;
    problem.expected = typeNames(declaration.types);
    return ValueType.Unspecified;
  }

  private mismatch(node: ExpressionNode, type: ValueType, wanted: ValueType): Problem {
    const shown = shownText(node);
    const found = (shown.length > 0 ? shown + " is " : "") + VALUE_TYPE_NAMES[type];
    const problem = this.add(DiagnosticCode.TypeMismatch, node, found);
    problem.expected = VALUE_TYPE_NAMES[wanted];
    if (type == ValueType.Duration && wanted == ValueType.String && node.isConstant) {
      problem.expected += "; a literal that reads as a duration is one";
    }
    return problem;
  }

  // Only the first mistake is told in Mixer's words, which may print the whole tree.
  private get isFirst(): bool {
    return this.problems.errorCount == 1;
  }

  private add(code: DiagnosticCode, node: ExpressionNode, found: string): Problem {
    return this.problems.add(code, node.start, node.end, found);
  }
}

// Calls are shown by their place only.
function shownText(node: ExpressionNode): string {
  return node.kind == SyntaxKind.Call ? "" : node.text;
}

function phaseNames(phases: u32): string {
  return namesOf(phases, PHASE_NAMES);
}

function typeNames(types: u32): string {
  return namesOf(types, VALUE_TYPE_NAMES);
}

function namesOf(bits: u32, names: string[]): string {
  const found: string[] = [];
  for (let bit = 0; bit < names.length; bit++) {
    if (((bits >> bit) & 1) != 0) found.push(names[bit]);
  }
  return found.join(", ");
}

function signatureOf(declaration: FunctionDeclaration): string {
  const types: string[] = [];
  for (let at = 0; at < declaration.parameters.length; at++) {
    const type = declaration.parameters[at];
    types.push(type == ValueType.Unspecified ? "T" : VALUE_TYPE_NAMES[type]);
  }
  const receiver = declaration.isMethod ? VALUE_TYPE_NAMES[declaration.receiver] + "." : "";
  return receiver + declaration.name + "(" + types.join(", ") + ")";
}

// The words of Mixer's own message about a type that an operator does not have.
function operationName(declaration: FunctionDeclaration): string {
  switch (<i32>declaration.id) {
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

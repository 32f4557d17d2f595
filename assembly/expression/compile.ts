// The façade of the pipeline: source text → program, or diagnostics at their place in the document.
// Every program that leaves here has been verified. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import {
  ATTRIBUTE_COUNT_MAX,
  EXPRESSION_DEPTH_MAX,
  EXPRESSION_SIZE_MAX_BYTES,
} from "../shared/limits";
import { Phase } from "../shared/phases";
import { VALUE_TYPE_NAMES, ValueType } from "../shared/types";
import { Schema } from "../attribute/schema";
import { Node, NodeKind } from "../config/node";
import { isSpent } from "../config/spent";
import { Report } from "../diagnostic/report";
import { Region } from "../memory/region";
import { Slice, sizeOf } from "../memory/slice";
import { warnOfAbsence, warnOfConstant } from "./condition-warnings";
import { checkExpression } from "./checker";
import { compileTree } from "./compiler";
import { foldExpression } from "./folder";
import { FunctionTable, standardFunctions } from "./function-table";
import { guardOf } from "./guard";
import { Language, SourceText, linkedCel } from "./language";
import { Lexer } from "./lexer";
import { ExpressionNode, SyntaxKind, printNode } from "./node";
import { parseExpression } from "./parser";
import { Problems } from "./problem";
import { Guard, Program } from "./program";
import { Token } from "./token";
import { verifyProgram } from "./verifier";

/** Longer names are no attributes. */
const NAME_SIZE_MAX_CHARS: i32 = 512;

/** What the expressions of one document share. */
export class ExpressionContext {
  /** Functions that may be called. */
  functions: FunctionTable = standardFunctions();
  /** The language of what is compiled next. */
  language: Language = Language.Cexl;
  /** What is compiled next is an adapter's own: values may be given by their source in Envoy. */
  takesSources: bool = false;
  /** What is compiled next is a number of the document, which may have a sign. */
  takesSign: bool = false;
  /** An absent attribute makes the condition false, which nobody needs to be warned of. */
  takesAbsence: bool = false;
  /** Programs of hidden attributes, kept here because the schema only has their addresses. */
  readonly programs: Program[] = [];

  constructor(
    readonly schema: Schema,
    readonly region: Region,
    readonly report: Report,
  ) {}

  /** The same document, with diagnostics that go elsewhere. */
  withReport(report: Report): ExpressionContext {
    const other = new ExpressionContext(this.schema, this.region, report);
    other.functions = this.functions;
    return other;
  }
}

/**
 * Compiles an expression that stands in `node`, whose decoded text it is (or begins with what makes
 * the offsets the same). `phase` is where it runs; 0: wherever what it reads can be read.
 * `expected` Unspecified takes any type. Null after diagnostics.
 */
export function compileExpression(
  context: ExpressionContext,
  node: Node,
  text: Slice,
  phase: Phase,
  expected: ValueType,
): Program | null {
  if (isSpent(node, context.report)) return null;
  const problems = new Problems();
  context.takesSign = node.kind == NodeKind.Number;
  const program = compileSource(context, text, phase, expected, problems);
  context.takesSign = false;
  reportProblems(context.report, node, problems, 0);
  return program;
}

/** Compiles a condition: the type must be BOOL, and the program has its guard if there is one. */
export function compileCondition(
  context: ExpressionContext,
  node: Node,
  text: Slice,
  phase: Phase,
): Program | null {
  if (isSpent(node, context.report)) return null;
  const problems = new Problems();
  const program = conditionProgram(context, text, phase, problems);
  reportProblems(context.report, node, problems, 0);
  return program;
}

function conditionProgram(
  context: ExpressionContext,
  text: Slice,
  phase: Phase,
  problems: Problems,
): Program | null {
  if (context.language != Language.Cexl) {
    const source = sourceOf(context, text, phase, ValueType.Bool);
    source.isCondition = true;
    return celProgram(source, problems);
  }
  const root = checkedTree(context, text, phase, problems);
  if (root == null) return null;
  if (root.type != ValueType.Bool) {
    const found = VALUE_TYPE_NAMES[root.type];
    problems.add(DiagnosticCode.NotBool, root.start, root.end, found).expected = "BOOL";
    return null;
  }
  const folded = foldExpression(root, context.schema, context.region, problems);
  warnOfConstant(root, folded, problems);
  const program = programOf(context, folded, phase, problems);
  if (program == null) return null;
  program.guard = guardFor(context, folded, phase);
  if (!context.takesAbsence) warnOfAbsence(root, program, context.schema, problems);
  return program;
}

/**
 * The names that stand in an expression where attributes can, each once; for ordering declarations.
 */
export function attributeNames(text: Slice, language: Language): string[] {
  const cel = linkedCel();
  if (language != Language.Cexl) return cel == null ? [] : cel.names(text);
  const names = new Set<string>();
  const lexer = new Lexer(text, new Problems());
  let name = "";
  for (lexer.next(); lexer.kind != Token.Illegal; lexer.next()) {
    if (lexer.kind == Token.Identifier && name.length < NAME_SIZE_MAX_CHARS) {
      name += lexer.text;
      names.add(name);
    } else if (lexer.kind == Token.Period && name.length > 0) {
      name += ".";
    } else {
      name = "";
    }
    if (lexer.kind == Token.End) break;
  }
  return names.values();
}

/** The pipeline without a document: problems are only collected. For the probe and `eval`. */
export function compileSource(
  context: ExpressionContext,
  text: Slice,
  phase: Phase,
  expected: ValueType,
  problems: Problems,
): Program | null {
  if (context.language != Language.Cexl) {
    return celProgram(sourceOf(context, text, phase, expected), problems);
  }
  const root = checkedTree(context, text, phase, problems);
  if (root == null) return null;
  if (expected != ValueType.Unspecified && root.type != expected) {
    const found = VALUE_TYPE_NAMES[root.type];
    const code = DiagnosticCode.TypeMismatch;
    const problem = problems.add(code, root.start, root.end, found);
    problem.text =
      "expression evaluated to type " + found + ", expected type " + VALUE_TYPE_NAMES[expected];
    problem.expected = VALUE_TYPE_NAMES[expected];
    return null;
  }
  const folded = foldExpression(root, context.schema, context.region, problems);
  return programOf(context, folded, phase, problems);
}

function sourceOf(
  context: ExpressionContext,
  text: Slice,
  phase: Phase,
  expected: ValueType,
): SourceText {
  const isStrict = context.language == Language.Cel;
  return new SourceText(text, context.schema, context.region, phase, expected, isStrict);
}

// CEL has a pipeline of its own, if the module has it at all.
function celProgram(source: SourceText, problems: Problems): Program | null {
  const cel = linkedCel();
  if (cel != null) return cel.compile(source, problems);
  const problem = problems.add(DiagnosticCode.CelNotLinked, 0, 0, "");
  problem.text = "CEL is not in this module";
  problem.expected = "a module with CEL: `mixer build` links it unless told otherwise";
  return null;
}

/** The checked tree of an expression, not yet folded; null after problems. */
export function checkedTree(
  context: ExpressionContext,
  text: Slice,
  phase: Phase,
  problems: Problems,
): ExpressionNode | null {
  if (sizeOf(text) > <usize>EXPRESSION_SIZE_MAX_BYTES) {
    const code = DiagnosticCode.ExpressionTooLong;
    const problem = problems.add(code, 0, 1, sizeOf(text).toString());
    problem.text = "expression is too long";
    problem.expected = "at most " + EXPRESSION_SIZE_MAX_BYTES.toString() + " bytes";
    return null;
  }
  const root = parseExpression(text, context.region, problems, context.takesSign);
  if (root == null) return null;
  checkExpression(root, context.schema, context.functions, phase, problems);
  return problems.failed ? null : root;
}

/**
 * Hands collected problems to a report, at their place in the node's text behind `offset` bytes.
 */
export function reportProblems(report: Report, node: Node, problems: Problems, offset: i32): void {
  for (let at = 0; at < problems.list.length; at++) {
    const problem = problems.list[at];
    // A place costs as much as the text before it.
    if (!problem.isWarning && report.countsOnly()) continue;
    const size = max(problem.end - problem.start, 0);
    const place = node.isText ? node.placeAt(offset + problem.start, size) : node.place();
    const suggestion = problem.suggestion;
    if (problem.isWarning) {
      report.warning(problem.code, place, problem.found, problem.expected, suggestion);
    } else {
      report.error(problem.code, place, problem.found, problem.expected, suggestion);
    }
  }
}

// Compiles and verifies a checked and folded tree.
function programOf(
  context: ExpressionContext,
  root: ExpressionNode,
  phase: Phase,
  problems: Problems,
): Program | null {
  const program = compileTree(root, context.schema, phase, context.region, problems);
  if (program == null) return null;
  const flaw = verifyProgram(program, context.schema);
  if (flaw.length == 0) return program;
  const code = DiagnosticCode.ExpressionTooDeep;
  problems.add(code, root.start, root.end, EXPRESSION_DEPTH_MAX.toString()).text = flaw;
  return null;
}

// `x | "text"` becomes a hidden attribute, so that the index can look it up like any other.
function guardFor(context: ExpressionContext, root: ExpressionNode, phase: Phase): Guard | null {
  const plan = guardOf(root);
  if (plan == null) return null;
  let key = plan.read.attribute;
  if (plan.read.fallback != null) key = hiddenAttribute(context, plan.subject);
  if (key < 0) return null;
  context.schema.use(key, phase);
  return new Guard(key, plan.kind, plan.literals, plan.isWhole);
}

/** A program that gives an attribute of the schema as it is; null when there are too many. */
export function attributeProgram(
  context: ExpressionContext,
  index: i32,
  phase: Phase,
): Program | null {
  const node = new ExpressionNode(SyntaxKind.Attribute, context.schema.nameOf(index), 0, 0);
  node.attribute = index;
  node.type = context.schema.typeOf(index);
  return programOf(context, node, phase, new Problems());
}

// The hidden attribute with the value of this checked node, made once for each printed form; -1
// when no more are shared: then each condition is evaluated by itself.
function hiddenAttribute(context: ExpressionContext, node: ExpressionNode): i32 {
  const schema = context.schema;
  const name = "(" + printNode(node) + ")";
  if (schema.has(name)) return schema.find(name);
  if (schema.sharedCount >= ATTRIBUTE_COUNT_MAX) return -1;
  const problems = new Problems();
  const program = programOf(context, node, <Phase>0, problems);
  if (program == null) return -1;
  context.programs.push(program);
  const address = changetype<usize>(program);
  schema.sharedCount++;
  return schema.addProgram(name, node.type, address, program.attributes);
}

// Source text of CEL → verified program, or problems. Cold.

import { DiagnosticCode } from "../../shared/diagnostics";
import { EXPRESSION_SIZE_MAX_BYTES } from "../../shared/limits";
import { VALUE_TYPE_NAMES, ValueType } from "../../shared/types";
import { boolAt } from "../../attribute/value";
import { textOf } from "../../memory/literal";
import { Slice, sizeOf, subSlice } from "../../memory/slice";
import { SourceText } from "../language";
import { Problems } from "../problem";
import { Program } from "../program";
import { verifyProgram } from "../verifier";
import { AbsenceSearch } from "./absence";
import { CelChecker } from "./checker";
import { compileCelTree } from "./compiler";
import { CelFolder } from "./folder";
import { CelLexer } from "./lexer";
import { CelNode } from "./node";
import { parseCel } from "./parser";
import { CelToken } from "./token";

/** Longer names are no attributes. */
const NAME_SIZE_MAX_CHARS: i32 = 512;

/** The program of an expression; null after problems. */
export function compileCel(source: SourceText, problems: Problems): Program | null {
  if (sizeOf(source.text) > <usize>EXPRESSION_SIZE_MAX_BYTES) {
    const found = sizeOf(source.text).toString();
    problems.add(DiagnosticCode.ExpressionTooLong, 0, 1, found).text = "expression is too long";
    return null;
  }
  const region = source.region;
  const schema = source.schema;
  const root = parseCel(source.text, region, problems);
  if (root == null) return null;
  new CelChecker(schema, region, source.phase, problems, source.isStrict).check(root);
  if (problems.failed) return null;
  const type = resultType(root, source.expected);
  if (type == ValueType.Unspecified) return failType(root, source.expected, problems);
  const absence = new AbsenceSearch(schema);
  absence.search(root, []);
  const isWritten = root.isConstant;
  new CelFolder(schema, region, problems).fold(root);
  const program = compileCelTree(root, type, region, problems);
  if (program == null) return null;
  for (let at = 0; at < absence.reads.length; at++) {
    program.required.push(absence.reads[at].attribute);
  }
  if (source.isCondition) {
    if (!isWritten && root.isConstant) warnOfConstant(root, problems);
    warnOfAbsence(absence, source, problems);
  }
  const flaw = verifyProgram(program, schema);
  if (flaw.length > 0) {
    problems.add(DiagnosticCode.ExpressionTooDeep, root.start, root.end, "").text = flaw;
    return null;
  }
  if (<u32>source.phase == 0) return program;
  for (let at = 0; at < program.attributes.length; at++) {
    schema.use(program.attributes[at], source.phase);
  }
  return program;
}

// The type of the program; Unspecified when the expression certainly has another one than expected.
function resultType(root: CelNode, expected: ValueType): ValueType {
  const type = root.type;
  if (expected == ValueType.Dynamic) return expected;
  if (expected == ValueType.Unspecified) return type == ValueType.Uint64 ? ValueType.Int64 : type;
  if (type == expected || type == ValueType.Dynamic) return expected;
  if (type == ValueType.Map && expected == ValueType.StringMap) return expected;
  return type == ValueType.Uint64 && expected == ValueType.Int64 ? expected : ValueType.Unspecified;
}

function failType(root: CelNode, expected: ValueType, problems: Problems): Program | null {
  const isBool = expected == ValueType.Bool;
  const code = isBool ? DiagnosticCode.NotBool : DiagnosticCode.TypeMismatch;
  const found = VALUE_TYPE_NAMES[root.type];
  const problem = problems.add(code, root.start, root.end, found);
  problem.expected = VALUE_TYPE_NAMES[expected];
  problem.text =
    "expression evaluated to type " + found + ", expected type " + VALUE_TYPE_NAMES[expected];
  return null;
}

// A bare `true` is meant so.
function warnOfConstant(root: CelNode, problems: Problems): void {
  const found = boolAt(root.value) ? "true" : "false";
  problems.warn(DiagnosticCode.ConstantCondition, root.start, root.end, found);
}

function warnOfAbsence(absence: AbsenceSearch, source: SourceText, problems: Problems): void {
  for (let at = 0; at < absence.reads.length; at++) {
    const node = absence.reads[at];
    const written = writtenAt(node, source);
    const code = DiagnosticCode.AbsentWithoutFallback;
    const isElement = source.schema.entries[node.attribute].isElement;
    const key = absence.keys[at];
    let test = isElement ? "`in` or `has()`" : "`has(" + written + ")`";
    if (key != null) {
      test = "`has(" + written + ") && " + writtenAt(key, source) + " in " + written + "`";
    }
    const problem = problems.warn(code, node.start, node.end, written);
    problem.expected = test + " beside it, for requests without it";
  }
}

function writtenAt(node: CelNode, source: SourceText): string {
  return textOf(subSlice(source.text, <usize>node.start, <usize>node.end));
}

/** The names that stand in an expression where attributes can, each once. */
export function celNames(text: Slice): string[] {
  const names = new Set<string>();
  const lexer = new CelLexer(text, new Problems());
  let name = "";
  for (lexer.next(); lexer.kind > CelToken.Illegal; lexer.next()) {
    if (lexer.kind == CelToken.Identifier && name.length < NAME_SIZE_MAX_CHARS) {
      name += lexer.text;
      names.add(name);
    } else if (lexer.kind == CelToken.Period && name.length > 0) {
      name += ".";
    } else {
      name = "";
    }
  }
  return names.values();
}

// Opens the expression pipeline to tests: typed attribute values that no proxy could give, every
// stage's result, errors in Mixer's words. Compiled with the filter's own sources; not shipped.

import { Schema } from "../../assembly/attribute/schema";
import {
  CellState,
  doubleAt,
  intAt,
  nanosAt,
  textAt,
  typeAt,
} from "../../assembly/attribute/value";
import { Node, NodeKind } from "../../assembly/config/node";
import { Report } from "../../assembly/diagnostic/report";
import { evaluationErrorText } from "../../assembly/expression/error-text";
import {
  ExpressionContext,
  compileCondition,
  compileSource,
  reportProblems,
} from "../../assembly/expression/compile";
import { checkExpression } from "../../assembly/expression/checker";
import { disassemble } from "../../assembly/expression/disassembler";
import { evaluate } from "../../assembly/expression/evaluator";
import { resetSteps } from "../../assembly/expression/failure";
import { FunctionDeclaration, valueTypeOf } from "../../assembly/expression/function-table";
import { TextTemplate, compileTemplate } from "../../assembly/expression/interpolation";
import { Escape, renderTemplate } from "../../assembly/expression/interpolation-render";
import { Language } from "../../assembly/expression/language";
import { printNode } from "../../assembly/expression/node";
import { parseExpression } from "../../assembly/expression/parser";
import { Problems } from "../../assembly/expression/problem";
import { Program } from "../../assembly/expression/program";
import {
  ReadState,
  referenceAttribute,
  referenceCount,
  referenceKey,
  referenceState,
  startReferences,
  stopReferences,
} from "../../assembly/expression/references";
import { verifyProgram } from "../../assembly/expression/verifier";
import { writeValue } from "../../assembly/expression/write-value";
import { resetArena } from "../../assembly/memory/arena";
import { literal, textOf } from "../../assembly/memory/literal";
import { Region } from "../../assembly/memory/region";
import { ABSENT, slice } from "../../assembly/memory/slice";
import { FunctionId } from "../../assembly/shared/functions";
import { Phase } from "../../assembly/shared/phases";
import { VALUE_TYPE_NAMES, ValueType } from "../../assembly/shared/types";
import { emailDomain, emailLocal } from "../../assembly/text/email";
import { INPUT, OUTPUT, OUTPUT_SIZE_BYTES, output, put } from "./fixtures/buffers";
import { reverseFunction } from "./fixtures/extra-function";
import { closeBag, openBag, openedBag } from "./fixtures/request";

export { inputAt, inputSize, outputAt, resultText } from "./fixtures/buffers";
export {
  cellFor,
  memoryFor,
  setBytes,
  setMap,
  setNumber,
  setTime,
  setWhole,
} from "./fixtures/request";

let region: Region = new Region();
let schema: Schema = new Schema();
let report: Report = new Report("probe", ABSENT);
let context: ExpressionContext = new ExpressionContext(schema, region, report);
let problems: Problems = new Problems();
let program: Program | null = null;
let template: TextTemplate | null = null;
let result: usize = 0;

/** Forgets everything. */
export function reset(): void {
  region.free();
  region = new Region();
  schema = new Schema();
  report = new Report("probe", ABSENT);
  context = new ExpressionContext(schema, region, report);
  problems = new Problems();
  program = null;
  template = null;
  closeBag();
  resetArena();
  // @ts-ignore: a function of the runtime that asc knows
  __collect();
}

/** Declares an attribute. */
export function declare(nameSize: i32, type: i32): i32 {
  return schema.declareName(textOf(slice(INPUT, nameSize)), <ValueType>type);
}

/** Declares a function for checking only: `name|receiver|parameters|result`; `*` is T. */
export function declareFunction(size: i32, isMethod: bool): void {
  const parts = textOf(slice(INPUT, size)).split("|");
  const declaration = new FunctionDeclaration(parts[0], FunctionId.None);
  declaration.isMethod = isMethod;
  declaration.receiver = valueTypeOf(parts[1]);
  declaration.result = valueTypeOf(parts[3]);
  if (parts[2].length > 0) {
    const names = parts[2].split(",");
    for (let at = 0; at < names.length; at++) declaration.parameters.push(valueTypeOf(names[at]));
  }
  context.functions.add(declaration);
}

/** The language of what is compiled from now on. */
export function setLanguage(language: i32): void {
  context.language = <Language>language;
}

/** Adds the function that is not part of the language. */
export function addReverse(isMethod: bool): void {
  context.functions.add(reverseFunction(isMethod));
}

/** Parses; true when `resultText` is the printed tree, false when it is the error. */
export function parse(size: i32): bool {
  problems = new Problems();
  const root = parseExpression(region.copy(INPUT, size), region, problems);
  put(root == null ? problems.firstText : printNode(root));
  return root != null;
}

/** Parses and checks; the type, or 0 with the error in `resultText`. */
export function check(size: i32): i32 {
  problems = new Problems();
  const root = parseExpression(region.copy(INPUT, size), region, problems);
  let type = ValueType.Unspecified;
  if (root != null) {
    type = checkExpression(root, schema, context.functions, Phase.Log, problems);
  }
  put(problems.firstText);
  return problems.failed ? 0 : type;
}

/** Compiles; the type, or 0 with Mixer's error in `resultText`. */
export function compile(size: i32): i32 {
  problems = new Problems();
  const text = region.copy(INPUT, size);
  const isCel = context.language != Language.Cexl;
  const expected = isCel ? ValueType.Dynamic : ValueType.Unspecified;
  program = compileSource(context, text, Phase.Log, expected, problems);
  const node = new Node(NodeKind.Text, ABSENT);
  node.text = text;
  reportProblems(report, node, problems, 0);
  put(problems.firstText);
  const compiled = program;
  return compiled == null ? 0 : compiled.type;
}

/** Compiles a condition; whether it is one. */
export function compileMatch(size: i32): bool {
  const node = new Node(NodeKind.Text, ABSENT);
  node.text = region.copy(INPUT, size);
  program = compileCondition(context, node, node.text, Phase.Log);
  return program != null;
}

/** Compiles a template; whether it is one. */
export function compileText(size: i32): bool {
  const node = new Node(NodeKind.Text, ABSENT);
  node.text = region.copy(INPUT, size);
  template = compileTemplate(context, node, node.text, Phase.Log);
  return template != null;
}

/** The compiled program, as text. */
export function programText(): i32 {
  return put(disassemble(program!, schema));
}

/** The guard of the compiled condition, as text; empty without one. */
export function guardText(): i32 {
  const guard = program!.guard;
  if (guard == null) return put("");
  let text = schema.nameOf(guard.key) + (guard.kind == 0 ? " ==" : " starts with");
  for (let at = 0; at < guard.literals.length; at++) text += " " + textOf(guard.literals[at]);
  return put(text);
}

/** Every diagnostic of the report, as text. */
export function diagnosticsText(): i32 {
  return put(report.texts().join("\n"));
}

/** What the verifier says when 8 bytes of the program, from the input, replace an instruction. */
export function verifyChanged(at: i32): i32 {
  const changed = program!;
  const address = changed.code + ((<usize>at) << 3);
  const before = load<u64>(address);
  store<u64>(address, load<u64>(INPUT));
  const flaw = verifyProgram(changed, schema);
  if (flaw.length > 0) store<u64>(address, before);
  return put(flaw);
}

/** How many instructions the program has. */
export function programCount(): i32 {
  return program!.codeCount;
}

/** Lays out a bag for what has been compiled; every attribute is absent until it is set. */
export function begin(): void {
  openBag(schema, region);
}

/** Evaluates the program; the type of the value, or 255. */
export function run(isRecording: bool): i32 {
  resetSteps();
  if (isRecording) startReferences();
  result = evaluate(program!, openedBag());
  stopReferences();
  return typeAt(result);
}

/** Evaluates the program again and again, for measuring. */
export function runOften(count: i32): void {
  for (let at = 0; at < count; at++) {
    resetSteps();
    resetArena();
    result = evaluate(program!, openedBag());
  }
}

/** Renders the template; its size in the output. */
export function render(isJson: bool): i32 {
  resetSteps();
  output.open(OUTPUT, OUTPUT_SIZE_BYTES);
  renderTemplate(template!, openedBag(), output, isJson ? Escape.Json : Escape.None);
  return <i32>output.size;
}

/** The last value's text form, or the text of the error. */
export function valueText(): i32 {
  if (typeAt(result) == CellState.Error) return put(evaluationErrorText(result, schema));
  output.open(OUTPUT, OUTPUT_SIZE_BYTES);
  writeValue(output, result);
  return <i32>output.size;
}

/** The bytes of the last value, of types that have some. */
export function valueBytes(): i32 {
  output.open(OUTPUT, OUTPUT_SIZE_BYTES);
  output.bytes(textAt(result));
  return <i32>output.size;
}

/** The last value's integer: INT64, DURATION, BOOL, seconds of a TIMESTAMP. */
export function valueWhole(): i64 {
  return intAt(result);
}

/** The last value's DOUBLE. */
export function valueNumber(): f64 {
  return doubleAt(result);
}

/** The last value's nanoseconds beyond its seconds. */
export function valueNanos(): u32 {
  return nanosAt(result);
}

/** What the last evaluation read, as Mixer's tables write it, one a line. */
export function referencesText(): i32 {
  let text = "";
  for (let index = 0; index < referenceCount(); index++) {
    const name = schema.nameOf(referenceAttribute(index));
    const key = referenceKey(index);
    if (referenceState(index) == ReadState.Absent) text += "-";
    text += name + (key == ABSENT ? "" : "[" + textOf(key) + "]") + "\n";
  }
  return put(text);
}

/** The local part of an address, or its domain. */
export function emailPart(size: i32, isDomain: bool): i32 {
  const address = slice(INPUT, size);
  output.open(OUTPUT, OUTPUT_SIZE_BYTES);
  output.bytes(isDomain ? emailDomain(address) : emailLocal(address));
  return <i32>output.size;
}

/** The cell of the last value. */
export function resultAt(): usize {
  return result;
}

/** The printed name of a type. */
export function typeName(type: i32): i32 {
  return put(VALUE_TYPE_NAMES[type]);
}

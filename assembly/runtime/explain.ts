// What the tools ask beyond "is this document right": the program of an expression and what it
// reads, its value for values that somebody wrote down, its value and every rule's for a request.
// The exports belong to the probe, not to the filters that are shipped. Texts go in through
// `explain_input`, come out as slices of JSON. Cold.

import { Phase } from "../shared/phases";
import { VALUE_TYPE_NAMES, ValueType } from "../shared/types";
import { Bag } from "../attribute/bag";
import { layOut } from "../attribute/layout-build";
import { openText, takeRecord } from "../attribute/record";
import { Schema } from "../attribute/schema";
import { attributeJson } from "../attribute/source-text";
import { readDocument } from "../config/document";
import { Node, NodeKind } from "../config/node";
import { jsonText } from "../diagnostic/render-json";
import { Report } from "../diagnostic/report";
import { checkedTree, compileCondition, compileExpression } from "../expression/compile";
import { disassemble } from "../expression/disassembler";
import { evaluate } from "../expression/evaluator";
import { resetSteps } from "../expression/failure";
import { GivenValues, declareVocabulary } from "../expression/given-values";
import { Language } from "../expression/language";
import { Part } from "../expression/parts";
import { Problems } from "../expression/problem";
import { Program } from "../expression/program";
import { startReferences, stopReferences } from "../expression/references";
import { referencesJson } from "../expression/value-string";
import { resetArena } from "../memory/arena";
import { literal } from "../memory/literal";
import { Region } from "../memory/region";
import { ABSENT, Slice, slice } from "../memory/slice";
import { AttributeBuilder } from "../rule/build-attributes";
import { BuildEnvironment } from "../rule/build-context";
import { buildRuleTable } from "../rule/build-table";
import { RuleExplanation } from "../rule/explain";
import { RuleTable } from "../rule/table";
import { ForeignExpression } from "./explain-foreign";
import { installedAdapters } from "./registry";

const PLUGIN = "mixer";

let input: usize = 0;
let environment: BuildEnvironment = freshEnvironment();
let table: RuleTable | null = null;
let rules: RuleExplanation[] = [];
let given: GivenValues | null = null;
let program: Program | null = null;
let parts: Part | null = null;
let foreign: ForeignExpression | null = null;
let language: Language = Language.Cexl;
let bag: Bag | null = null;

function freshEnvironment(): BuildEnvironment {
  return new BuildEnvironment(new Report(PLUGIN, ABSENT), new Region(), new Schema(), PLUGIN);
}

/** Where the next text goes, with room for `size` bytes. */
export function explain_input(size: usize): usize {
  if (input != 0) heap.free(input);
  input = heap.alloc(size + 1);
  return input;
}

/** Compiles the document in the input, for its requests; whether it is accepted. */
export function explain_document(size: usize): bool {
  environment = freshEnvironment();
  given = null;
  bag = null;
  rules = [];
  const document = readInput(size);
  table = null;
  if (document === null) return false;
  table = buildRuleTable(document, environment, installedAdapters(), 1);
  const built = table;
  if (built == null) return false;
  const nodes = document.find("rules");
  if (nodes === null) return true;
  for (let at = 0; at < nodes.items.length; at++) {
    rules.push(new RuleExplanation(built.rules[at], nodes.items[at], environment.expressions));
  }
  return true;
}

/** Takes the attributes that the document in the input declares, for values by hand. */
export function explain_declarations(size: usize): bool {
  environment = freshEnvironment();
  bag = null;
  given = new GivenValues(environment.schema, environment.region, environment.report);
  declareVocabulary(environment.schema);
  const document = readInput(size);
  if (document === null) return false;
  new AttributeBuilder(environment).build(document.find("attributes"));
  return !environment.report.failed;
}

/** Takes the attribute values in the input; their diagnostics as a JSON array. */
export function explain_values(size: usize): Slice {
  environment.report.document = ABSENT;
  const values = given;
  const document = readInput(size);
  if (values === null || document === null) return diagnostics();
  values.declareAll(document);
  const trial = new Bag(layOut(environment.schema, environment.region, 0));
  trial.begin(Phase.Log, 0);
  values.set(trial);
  return diagnostics();
}

/** The language of the expressions that come. */
export function explain_language(number: Language): void {
  language = number;
}

/** Compiles the expression in the input: type, tree, program, attributes, diagnostics. */
export function explain_expression(size: usize, isCondition: bool, phase: Phase): Slice {
  const report = new Report(PLUGIN, ABSENT);
  const node = new Node(NodeKind.Text, ABSENT);
  node.text = environment.region.copy(input, size);
  const context = environment.expressions;
  const shared = context.withReport(report);
  shared.language = language;
  program = isCondition
    ? compileCondition(shared, node, node.text, phase)
    : compileExpression(shared, node, node.text, phase, ValueType.Unspecified);
  parts = null;
  foreign = null;
  bag = null;
  const compiled = program;
  if (compiled != null && language == Language.Cexl) {
    const root = checkedTree(shared, node.text, phase, new Problems());
    if (root != null) parts = new Part(root, shared, phase);
  } else if (compiled != null) {
    foreign = ForeignExpression.of(shared, node.text, phase, compiled);
  }
  return literal('{"diagnostics":' + report.json() + programMembers() + "}");
}

/** Evaluates that expression for the values by hand, or for the stream whose callback this is. */
export function explain_evaluate(context: u32): Slice {
  const root = parts;
  const compiled = program;
  const other = foreign;
  if (other != null) {
    resetArena();
    return literal(other.evaluationJson(openBag(context), environment.schema));
  }
  if (root == null || compiled == null) return literal("{}");
  resetArena();
  const opened = openBag(context);
  resetSteps();
  startReferences();
  evaluate(compiled, opened);
  stopReferences();
  const references = referencesJson(environment.schema);
  root.evaluateAnew(opened, environment.schema);
  const failed = root.failedPart();
  const start = failed == null ? 0 : failed.node.start;
  const end = failed == null ? 0 : failed.node.end;
  return literal(
    '{"tree":' +
      root.json() +
      ',"type":"' +
      VALUE_TYPE_NAMES[root.type] +
      '","references":' +
      references +
      ',"errorStart":' +
      start.toString() +
      ',"errorEnd":' +
      end.toString() +
      "}",
  );
}

/** Every rule of the document for the stream whose callback this is, as a JSON array. */
export function explain_rules(context: u32): Slice {
  resetArena();
  const opened = openBag(context);
  const records: string[] = [];
  for (let at = 0; at < rules.length; at++) {
    records.push(rules[at].json(opened, environment.expressions));
  }
  return literal("[" + records.join(",") + "]");
}

function readInput(size: usize): Node | null {
  return readDocument(slice(input, size), environment.region, environment.report);
}

function diagnostics(): Slice {
  return literal(environment.report.json());
}

// The bag is laid out once everything has been compiled, so that every part finds its attributes.
function openBag(context: u32): Bag {
  let opened = bag;
  if (opened == null) {
    opened = new Bag(layOut(environment.schema, environment.region, 0));
    bag = opened;
  }
  const values = given;
  if (values !== null) {
    opened.begin(Phase.Log, 0);
    values.set(opened);
    return opened;
  }
  const layout = opened.layout;
  const record = takeRecord(layout.recordSize, layout.captureOffset, context, 0);
  openText(record, layout.textOffset);
  opened.begin(Phase.Request, record);
  return opened;
}

function programMembers(): string {
  const compiled = program;
  const tree = treeJson();
  if (compiled == null || tree.length == 0) return "";
  const schema = environment.schema;
  const attributes: string[] = [];
  addAttributes(compiled.attributes, compiled.required, attributes, new Set<i32>());
  const lines = disassemble(compiled, schema);
  return (
    ',"type":"' +
    VALUE_TYPE_NAMES[compiled.type] +
    '","tree":' +
    tree +
    ',"program":' +
    jsonText(lines) +
    ',"steps":' +
    compiled.cost.toString() +
    ',"stack":' +
    compiled.stackCount.toString() +
    ',"indexed":' +
    (compiled.guard == null ? "false" : "true") +
    ',"attributes":[' +
    attributes.join(",") +
    "]"
  );
}

function treeJson(): string {
  const root = parts;
  const other = foreign;
  if (root != null) return root.json();
  return other == null ? "" : other.treeJson();
}

// What is read, and what that reads, each once.
function addAttributes(indexes: i32[], required: i32[], found: string[], seen: Set<i32>): void {
  const schema = environment.schema;
  for (let at = 0; at < indexes.length; at++) {
    const index = indexes[at];
    if (seen.has(index)) continue;
    seen.add(index);
    found.push(attributeJson(schema, index, required.includes(index)));
    addAttributes(schema.entries[index].reads, [], found, seen);
  }
}

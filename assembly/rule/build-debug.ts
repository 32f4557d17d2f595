// `debug`: who gets explanations, in which header; and what they need beyond the compiled rules.
// Nothing of it is made for a document without the field. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { Phase } from "../shared/phases";
import { TRUSTED_ATTRIBUTES, TRUSTED_PROPERTIES } from "../shared/trusted";
import { literal } from "../memory/literal";
import { Slice } from "../memory/slice";
import { SourceKind } from "../attribute/entry";
import { SchemaEntry } from "../attribute/schema-entry";
import { Node } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { Program } from "../expression/program";
import { Action } from "./action";
import { BuildEnvironment } from "./build-context";
import { readHeaderName } from "./build-operations";
import { Explainer, RuleFacts } from "./explainer";
import { Reads } from "./reads";
import { SecretRedaction } from "./redaction";
import { Rule } from "./rule";

const HEADER = "x-mixer-explain";

/** Who gets explanations, in which header. */
export class DebugSpec {
  constructor(
    readonly header: Slice,
    readonly allowFrom: Program,
  ) {}
}

/** Reads the field; null where it is not given, or after an error. */
export function readDebug(environment: BuildEnvironment, node: Node | null): DebugSpec | null {
  if (node === null) return null;
  const report = environment.report;
  report.owner = "debug";
  const reader = new ObjectReader(node, report, "debug");
  const headerNode = reader.child("header");
  const header = headerNode === null ? literal(HEADER) : readHeaderName(environment, headerNode);
  const allowed = reader.required("allowFrom");
  reader.finish();
  let allowFrom: Program | null = null;
  if (allowed !== null) allowFrom = readAllowFrom(environment, allowed);
  report.owner = "";
  if (allowFrom === null || header == 0) return null;
  return new DebugSpec(header, allowFrom);
}

// An absent attribute allows nobody, so that nothing needs to take its place.
function readAllowFrom(environment: BuildEnvironment, node: Node): Program | null {
  const context = environment.expressions;
  context.takesAbsence = true;
  const program = environment.condition(node, Phase.Request);
  context.takesAbsence = false;
  if (program === null) return null;
  const reads = new Reads(environment.schema);
  reads.addProgram(program);
  for (let at = 0; at < reads.indexes.length; at++) {
    const entry = environment.schema.entries[reads.indexes[at]];
    if (isTrusted(entry)) continue;
    const expected = "only " + TRUSTED_ATTRIBUTES.join(", ");
    environment.report.error(DiagnosticCode.ClientChooses, node.place(), entry.name, expected);
    return null;
  }
  return program;
}

// Attributes of a document have what they are made of among the reads.
function isTrusted(entry: SchemaEntry): bool {
  const kind = entry.kind;
  // Constants, those of one direction too, are the own node's metadata.
  if (kind == SourceKind.Constant || kind == SourceKind.Directed) return true;
  if (kind == SourceKind.Program) return true;
  if (entry.isOfVocabulary) return TRUSTED_ATTRIBUTES.includes(entry.name);
  if (kind != SourceKind.Property) return false;
  const path = entry.path.join("/") + "/";
  for (let at = 0; at < TRUSTED_PROPERTIES.length; at++) {
    if (path.startsWith(TRUSTED_PROPERTIES[at] + "/")) return true;
  }
  return false;
}

/** The explainer of a document whose rules are compiled. */
export function buildExplainer(
  spec: DebugSpec,
  rules: StaticArray<Rule>,
  environment: BuildEnvironment,
): Explainer {
  const schema = environment.schema;
  const redaction = new SecretRedaction(schema);
  const facts = new StaticArray<RuleFacts>(rules.length);
  const all = new Reads(schema);
  for (let at = 0; at < rules.length; at++) facts[at] = factsOf(rules[at], all, environment);
  const disclosures = environment.region.take(<usize>schema.entries.length);
  for (let index = 0; index < schema.entries.length; index++) {
    store<u8>(disclosures + <usize>index, <u8>redaction.of(index));
  }
  const names = environment.adapterNames;
  const adapters = new StaticArray<Slice>(names.length);
  for (let at = 0; at < names.length; at++) adapters[at] = environment.region.text(names[at]);
  return new Explainer(
    spec.header,
    spec.allowFrom,
    facts,
    shown(all, environment),
    disclosures,
    adapters,
  );
}

function factsOf(rule: Rule, all: Reads, environment: BuildEnvironment): RuleFacts {
  const reads = new Reads(environment.schema);
  const isPolicy = rule.hasPolicy;
  const redaction = new SecretRedaction(environment.schema);
  addRule(rule, reads);
  if (isPolicy) addRule(rule, all);
  const instances = new Reads(environment.schema);
  addInstances(rule.checks, instances);
  let readsSecret = false;
  for (let at = 0; at < instances.indexes.length; at++) {
    if (redaction.isSecret(instances.indexes[at])) readsSecret = true;
  }
  return new RuleFacts(
    rule.matchDecision,
    rule.unlessDecision,
    shown(reads, environment),
    isPolicy,
    readsSecret,
  );
}

function addRule(rule: Rule, reads: Reads): void {
  reads.addProgram(rule.match);
  reads.addProgram(rule.unless);
  addInstances(rule.checks, reads);
  addInstances(rule.quotas, reads);
}

function addInstances(actions: StaticArray<Action>, reads: Reads): void {
  for (let at = 0; at < actions.length; at++) {
    const instances = actions[at].instances;
    for (let index = 0; index < instances.length; index++) reads.addInstance(instances[index]);
  }
}

// Shared sub-expressions and hidden properties are no names of anybody's.
function shown(reads: Reads, environment: BuildEnvironment): StaticArray<i32> {
  const found: i32[] = [];
  for (let at = 0; at < reads.indexes.length; at++) {
    const index = reads.indexes[at];
    if (environment.schema.nameOf(index).charCodeAt(0) != 40) found.push(index);
  }
  return StaticArray.fromArray(found);
}

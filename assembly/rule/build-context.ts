// What every builder of a document shares: the report, the memory, the attributes. Also the small
// readings that several builders make: expressions, modes, failure policies, names. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { CALLOUT_TIMEOUT_MAX_MS, NAME_SIZE_MAX_BYTES } from "../shared/limits";
import { Phase } from "../shared/phases";
import { ValueType } from "../shared/types";
import { Region } from "../memory/region";
import { Schema } from "../attribute/schema";
import { EnvironmentVariables } from "../config/environment";
import { Node } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { failType } from "../config/value-reader";
import { Report } from "../diagnostic/report";
import { expectedReference, nearestReference } from "../diagnostic/suggest";
import { ExpressionContext, compileCondition, compileExpression } from "../expression/compile";
import { givenExpression, languageField } from "../expression/given";
import { Language } from "../expression/language";
import { Decision } from "../expression/decision";
import { decisionOf } from "../expression/decision-build";
import { Program } from "../expression/program";
import { ConnectionSpec } from "./connection-spec";
import { SecretRedaction } from "./redaction";
import { OnError } from "./rule";

const NANOS_PER_MS: i64 = 1_000_000;

/** Shared by all builders of one document. */
export class BuildEnvironment {
  readonly expressions: ExpressionContext;
  readonly variables: EnvironmentVariables;
  /** Programs that only raw tables point to: kept here so that the collector keeps them. */
  readonly programs: Program[] = [];
  /** Label names of the document's metrics, for stats_tags; each once. */
  readonly labels: string[] = [];
  /** What the tools are told about each handler, as JSON. */
  readonly handlers: string[] = [];
  /** How the document's handlers reach their backends. */
  readonly connections: ConnectionSpec[] = [];
  /** Whether all instances that the document routes to handlers could be read. */
  routesAll: bool = true;
  /** Whether decisions are explained: the document has `debug`. */
  explains: bool = false;
  /** Names of the adapters, in the order of the built handlers. */
  readonly adapterNames: string[] = [];

  constructor(
    readonly report: Report,
    readonly region: Region,
    readonly schema: Schema,
    readonly pluginName: string,
  ) {
    this.variables = new EnvironmentVariables(report, region);
    this.expressions = new ExpressionContext(schema, region, report);
  }

  /** Adds to the label names. */
  addLabels(names: string[]): void {
    for (let at = 0; at < names.length; at++) {
      if (!this.labels.includes(names[at])) this.labels.push(names[at]);
    }
  }

  /** A field that is an expression; a number or boolean stands for itself. Null after an error. */
  expression(node: Node, phase: Phase, expected: ValueType): Program | null {
    const context = this.expressions;
    const given = givenExpression(context, node);
    if (given == null) return null;
    const outer = this.speak(given.language);
    const program = compileExpression(context, given.node, given.text, phase, expected);
    context.language = outer;
    return program;
  }

  /** A BOOL expression with its guard. */
  condition(node: Node, phase: Phase): Program | null {
    const context = this.expressions;
    const given = givenExpression(context, node);
    if (given == null) return null;
    const outer = this.speak(given.language);
    const program = compileCondition(context, given.node, given.text, phase);
    context.language = outer;
    return program;
  }

  /** A condition that has been compiled, taken apart; null where there is nothing to take apart. */
  decision(node: Node, phase: Phase): Decision | null {
    const context = this.expressions;
    const given = givenExpression(context, node);
    if (given == null) return null;
    const outer = this.speak(given.language);
    const redaction = new SecretRedaction(this.schema);
    const made = decisionOf(context, given.text, phase, redaction);
    context.language = outer;
    return made;
  }

  /** Reports a node that is none of the names of `what`, or no name. */
  failReference(node: Node, code: DiagnosticCode, what: string, names: string[]): void {
    const report = this.report;
    const name = node.string();
    if (!node.isText) failType(node, report, "the name of " + what + ", or an object");
    else if (name.length == 0) failName(node, report);
    else if (!report.countsOnly()) {
      const near = nearestReference(name, names);
      report.error(code, node.place(), name, expectedReference(what, name), near);
    }
  }

  /** Makes this the language of expressions; the one before, to go back to. */
  speak(language: Language): Language {
    const outer = this.expressions.language;
    this.expressions.language = language;
    return outer;
  }

  /** Makes the object's `language` that of its expressions; the one before, to go back to. */
  readLanguage(reader: ObjectReader): Language {
    return this.speak(languageField(reader, this.expressions.language));
  }
}

/** Whether a name is `[A-Za-z0-9._-]{1,63}`: it goes into metrics and response details. */
export function isName(name: string): bool {
  if (name.length == 0 || name.length > NAME_SIZE_MAX_BYTES) return false;
  for (let at = 0; at < name.length; at++) {
    const unit = name.charCodeAt(at);
    const isLetter = (unit | 32) >= 97 && (unit | 32) <= 122;
    const isDigit = unit >= 48 && unit <= 57;
    if (!isLetter && !isDigit && unit != 46 && unit != 95 && unit != 45) return false;
  }
  return true;
}

/** Reads `name`, reports a bad one; "" after an error. */
export function readName(reader: ObjectReader, report: Report): string {
  const name = reader.text("name", "", true);
  const node = reader.node.find("name");
  // What is no text, or not there, has been reported.
  if (isName(name) || node === null || !node.isText) return name;
  failName(node, report);
  return "";
}

/** Reports a text that cannot be a name. */
export function failName(node: Node, report: Report): void {
  const expected = "1 to 63 of A-Z a-z 0-9 . _ -";
  report.error(DiagnosticCode.BadName, node.place(), node.string(), expected);
}

/** Whether nothing in `places` has the object's name yet; a second one is reported. */
export function noteName(
  report: Report,
  places: Map<string, Node>,
  name: string,
  object: Node,
): bool {
  const node = object.find("name")!;
  if (!places.has(name)) {
    places.set(name, node);
    return true;
  }
  const first = places.get(name).place();
  report.conflict(DiagnosticCode.DuplicateName, node.place(), name, "a name of its own", first);
  return false;
}

const MODE_NAMES: string[] = ["ENFORCE", "SHADOW"];

/** Reads `mode`; what is not given is inherited. */
export function readShadow(reader: ObjectReader, inherited: bool): bool {
  return reader.word("mode", <i32>inherited, MODE_NAMES) == 1;
}

/** Reads `timeout`: the time of an action's callouts in milliseconds; 0 = none of its own. */
export function readTimeout(reader: ObjectReader, inherited: u32): u32 {
  const most = <i64>CALLOUT_TIMEOUT_MAX_MS * NANOS_PER_MS;
  const given = reader.duration("timeout", 0, NANOS_PER_MS, most);
  return given == 0 ? inherited : <u32>(given / NANOS_PER_MS);
}

const POLICY_NAMES: string[] = ["ALLOW", "DENY"];

/** Reads `onError`: one word for all kinds, or an object with some. */
export function readOnError(reader: ObjectReader, report: Report, inherited: OnError): OnError {
  const node = reader.child("onError");
  if (node === null) return inherited;
  if (!node.isObject) {
    const denies = readPolicy(reader, "onError", true);
    return new OnError(denies, denies, denies);
  }
  const kinds = new ObjectReader(node, report, "onError");
  const match = readPolicy(kinds, "match", inherited.deniesMatch);
  const check = readPolicy(kinds, "check", inherited.deniesCheck);
  const quota = readPolicy(kinds, "quota", inherited.deniesQuota);
  kinds.finish();
  return new OnError(match, check, quota);
}

// Whether the field says DENY.
function readPolicy(reader: ObjectReader, name: string, inherited: bool): bool {
  return reader.word(name, <i32>inherited, POLICY_NAMES) == 1;
}

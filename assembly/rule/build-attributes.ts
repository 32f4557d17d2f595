// The document's `attributes`: names with a type and one source, which is a property of Envoy's, a
// part of the request or response, or an expression. Declared ones may use each other in any order;
// cycles are errors. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { Phase } from "../shared/phases";
import { VALUE_TYPE_NAMES, ValueType } from "../shared/types";
import { typeByName, vocabularyRow } from "../attribute/vocabulary";
import { Node } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { nearest } from "../diagnostic/suggest";
import { languageField, namesIn } from "../expression/given";
import { Language } from "../expression/language";
import { declareSource, readSources } from "./attribute-source";
import { BuildEnvironment } from "./build-context";

const TYPE_NAMES =
  "STRING, INT64, DOUBLE, BOOL, TIMESTAMP, IP_ADDRESS, EMAIL_ADDRESS, URI, DNS_NAME, DURATION or " +
  "STRING_MAP";

class Declaration {
  isBuilding: bool = false;
  isBuilt: bool = false;

  constructor(
    readonly name: string,
    readonly type: ValueType,
    readonly value: Node,
    readonly language: Language,
  ) {}
}

/** Declares every attribute of the document in the schema. */
export class AttributeBuilder {
  private readonly declarations: Map<string, Declaration> = new Map<string, Declaration>();

  constructor(private readonly environment: BuildEnvironment) {}

  /** Reads the object `attributes`; null: the document has none. */
  build(node: Node | null): void {
    if (node === null) return;
    const names = node.keys;
    for (let at = 0; at < names.length; at++) this.declare(names[at], node.values[at], node, at);
    for (let at = 0; at < names.length; at++) {
      if (this.declarations.has(names[at])) this.compile(this.declarations.get(names[at]));
    }
    this.environment.report.owner = "";
  }

  private declare(name: string, node: Node, parent: Node, at: i32): void {
    const environment = this.environment;
    const report = environment.report;
    report.owner = "attribute " + name;
    const reader = new ObjectReader(node, report, "an attribute");
    const type = this.readType(reader);
    const isOverride = reader.bool("override", false);
    const sources = readSources(reader);
    const value = reader.child("value");
    const language = languageField(reader, environment.expressions.language);
    reader.finish();
    if (!this.isFree(name, type, isOverride, parent, at)) return;
    if (sources.length + (value === null ? 0 : 1) != 1) {
      const expected = "one of `property`, `requestHeader`, `responseHeader`, `cookie`, ";
      const rest = "`queryParameter` and `value`";
      report.error(DiagnosticCode.AttributeSource, node.place(), name, expected + rest);
      return;
    }
    if (type == ValueType.Unspecified) return;
    if (value !== null) this.declarations.set(name, new Declaration(name, type, value, language));
    else if (!declareSource(environment, name, type, sources[0])) {
      // Uses of the name are not reported once more.
      environment.schema.declareName(name, type);
    }
  }

  // Whether the name may be declared, with this type.
  private isFree(name: string, type: ValueType, isOverride: bool, parent: Node, at: i32): bool {
    const report = this.environment.report;
    const place = parent.keyPlace(at);
    if (!isAttributeName(name)) {
      report.error(DiagnosticCode.BadName, place, name, "words joined by dots");
      return false;
    }
    const row = vocabularyRow(name);
    if (row == null) return true;
    if (!isOverride) {
      const expected = "`override: true`, or a new name";
      report.error(DiagnosticCode.AttributeRedeclared, place, name, expected);
      return false;
    }
    if (row.type == type || type == ValueType.Unspecified) return true;
    const expected = "its own type, " + VALUE_TYPE_NAMES[row.type];
    report.error(DiagnosticCode.OverrideType, place, name, expected);
    return false;
  }

  private readType(reader: ObjectReader): ValueType {
    const node = reader.required("type");
    if (node === null) return ValueType.Unspecified;
    const type = typeByName(node.string());
    if (type != ValueType.Unspecified && type <= ValueType.StringMap) return type;
    const given = node.string();
    const name = given == "MAP" ? "STRING_MAP" : nearest(given, VALUE_TYPE_NAMES);
    const suggestion = typeByName(name) > ValueType.StringMap ? "" : name;
    const code = DiagnosticCode.UnknownChoice;
    this.environment.report.error(code, node.place(), given, TYPE_NAMES, suggestion);
    return ValueType.Unspecified;
  }

  // What an expression reads is built before it; meeting one that is being built is a cycle.
  private compile(declaration: Declaration): void {
    if (declaration.isBuilt) return;
    const environment = this.environment;
    environment.report.owner = "attribute " + declaration.name;
    if (declaration.isBuilding) {
      const place = declaration.value.place();
      environment.report.error(DiagnosticCode.CyclicAttributes, place, declaration.name);
      // The name is known all the same, so that the others of the cycle are not unknown as well.
      environment.schema.declareName(declaration.name, declaration.type);
      declaration.isBuilt = true;
      return;
    }
    declaration.isBuilding = true;
    const names = namesIn(declaration.value, declaration.language);
    for (let at = 0; at < names.length; at++) {
      if (this.declarations.has(names[at])) this.compile(this.declarations.get(names[at]));
    }
    if (declaration.isBuilt) return;
    declaration.isBuilt = true;
    environment.report.owner = "attribute " + declaration.name;
    // Phase 0: where it can be read follows from what it reads.
    const outer = environment.speak(declaration.language);
    const program = environment.expression(declaration.value, <Phase>0, declaration.type);
    environment.speak(outer);
    if (program === null) {
      environment.schema.declareName(declaration.name, declaration.type);
      return;
    }
    environment.programs.push(program);
    const address = changetype<usize>(program);
    const reads = program.attributes;
    const schema = environment.schema;
    const index = schema.addProgram(declaration.name, declaration.type, address, reads);
    schema.markDeclared(index, program.required);
    if (schema.phasesOf(index) == 0) {
      environment.report.error(
        DiagnosticCode.AttributeNotReadable,
        declaration.value.place(),
        declaration.name,
        "attributes that can be read in one and the same phase",
      );
    }
  }
}
function isAttributeName(name: string): bool {
  if (name.length == 0 || name.length > 255) return false;
  let isStart = true;
  for (let at = 0; at < name.length; at++) {
    const unit = name.charCodeAt(at);
    const isLetter = ((unit | 32) >= 97 && (unit | 32) <= 122) || unit == 95;
    const isDigit = unit >= 48 && unit <= 57;
    if (unit == 46 ? isStart : !isLetter && (isStart || !isDigit)) return false;
    isStart = unit == 46;
  }
  return !isStart;
}

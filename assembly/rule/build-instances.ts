// The document's instances: named or written where they are used, compiled for the phase of their
// template when an action first uses them. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { Phase } from "../shared/phases";
import { TEMPLATE_NAMES, TEMPLATE_VARIETIES, Template, Variety } from "../shared/templates";
import { ValueType } from "../shared/types";
import { Node } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { nearest } from "../diagnostic/suggest";
import { DimensionBuilder } from "../template/dimension-build";
import { languageField } from "../expression/given";
import { Language } from "../expression/language";
import { BuildEnvironment, readName } from "./build-context";
import { compileApiKey, compileAuthorization } from "./build-identity";
import { CompiledInstance } from "./instance";

/** An instance as the document gives it. */
export class InstanceSpec {
  isUsed: bool = false;
  /** Whether it is an adapter's own. */
  isStandard: bool = false;
  compiled: CompiledInstance | null = null;

  constructor(
    readonly name: string,
    readonly template: Template,
    readonly params: Node | null,
    readonly node: Node,
    readonly language: Language,
  ) {}
}

/** The variety of a template. */
export function varietyOf(template: Template): Variety {
  return TEMPLATE_VARIETIES[ctz(<u32>template)];
}

/** The template's name in a document. */
export function templateName(template: Template): string {
  return TEMPLATE_NAMES[ctz(<u32>template)];
}

/** Reads and compiles instances. */
export class InstanceBuilder {
  readonly specs: Map<string, InstanceSpec> = new Map<string, InstanceSpec>();
  private readonly dimensions: DimensionBuilder;

  constructor(private readonly environment: BuildEnvironment) {
    this.dimensions = new DimensionBuilder(environment.expressions);
  }

  /** Reads the list `instances`. */
  readAll(nodes: Node[]): void {
    const report = this.environment.report;
    for (let at = 0; at < nodes.length; at++) {
      report.owner = "";
      const reader = new ObjectReader(nodes[at], report, "an instance");
      const name = readName(reader, report);
      const spec = this.read(reader, name, 0);
      if (spec === null || name.length == 0) continue;
      if (this.specs.has(name)) {
        const place = nodes[at].find("name")!.place();
        const first = this.specs.get(name).node.find("name")!.place();
        report.conflict(DiagnosticCode.DuplicateName, place, name, "a name of its own", first);
        continue;
      }
      this.specs.set(name, spec);
    }
    report.owner = "";
  }

  /** An instance written in an action; `only` is the template when the adapter takes just one. */
  readInline(node: Node, name: string, only: Template): InstanceSpec | null {
    const reader = new ObjectReader(node, this.environment.report, "an instance");
    const given = reader.text("name", name);
    return this.read(reader, given, only);
  }

  private read(reader: ObjectReader, name: string, only: Template): InstanceSpec | null {
    const report = this.environment.report;
    if (name.length > 0) report.owner = "instance " + name;
    const node = only == 0 ? reader.required("template") : reader.child("template");
    const params = reader.object("params");
    const language = languageField(reader, this.environment.expressions.language);
    reader.notYet(["attributeBindings"]);
    reader.finish();
    if (node === null && only == 0) return null;
    if (node === null) return new InstanceSpec(name, only, params, reader.node, language);
    const number = TEMPLATE_NAMES.indexOf(node.string());
    if (number >= 0) {
      const template = <Template>(1 << number);
      return new InstanceSpec(name, template, params, reader.node, language);
    }
    const expected = "one of " + TEMPLATE_NAMES.join(", ");
    const suggestion = nearest(node.string(), TEMPLATE_NAMES);
    report.error(DiagnosticCode.UnknownTemplate, node.place(), node.string(), expected, suggestion);
    return null;
  }

  /** The compiled form, made once. */
  compile(spec: InstanceSpec): CompiledInstance {
    const known = spec.compiled;
    if (known != null) return known;
    const report = this.environment.report;
    const owner = report.owner;
    report.owner = "instance " + spec.name;
    const made = new CompiledInstance(this.environment.region.text(spec.name), spec.template);
    spec.compiled = made;
    const params = spec.params;
    const reader = new ObjectReader(
      params !== null ? params : spec.node,
      report,
      "params of " + templateName(spec.template),
    );
    const outer = this.environment.speak(spec.language);
    const context = this.environment.expressions;
    context.takesSources = spec.isStandard;
    this.compileFields(spec, made, reader);
    context.takesSources = false;
    this.environment.speak(outer);
    if (params !== null) reader.finish();
    report.owner = owner;
    return made;
  }

  private compileFields(spec: InstanceSpec, made: CompiledInstance, reader: ObjectReader): void {
    const params = spec.params;
    const phase = varietyOf(spec.template) == Variety.Report ? Phase.Log : Phase.Request;
    switch (spec.template) {
      case Template.ListEntry:
        this.listEntry(spec, made, reader);
        return;
      case Template.Quota:
        made.dimensions = this.dimensions.build(given(params, reader, "dimensions"), phase);
        return;
      case Template.Metric: {
        const value = given(params, reader, "value");
        if (value !== null)
          made.value = this.environment.expression(value, phase, ValueType.Unspecified);
        else reader.failMissing("value");
        made.dimensions = this.dimensions.build(given(params, reader, "dimensions"), phase);
        if (params !== null)
          reader.notYet(["monitoredResourceType", "monitoredResourceDimensions"]);
        return;
      }
      case Template.LogEntry: {
        if (params === null) {
          made.dimensions = this.dimensions.build(null, phase);
          return;
        }
        made.dimensions = this.dimensions.build(reader.object("variables"), phase);
        const severity = reader.child("severity");
        if (severity !== null)
          made.severity = this.environment.expression(severity, phase, ValueType.String);
        const timestamp = reader.child("timestamp");
        if (timestamp !== null)
          made.timestamp = this.environment.expression(timestamp, phase, ValueType.Timestamp);
        reader.notYet(["monitoredResourceType", "monitoredResourceDimensions"]);
        return;
      }
      case Template.Authorization:
        compileAuthorization(this.environment, this.dimensions, reader, params !== null, made);
        return;
      case Template.ApiKey:
        compileApiKey(this.environment, reader, params !== null, made);
        return;
      default:
    }
  }

  private listEntry(spec: InstanceSpec, made: CompiledInstance, reader: ObjectReader): void {
    const value = given(spec.params, reader, "value");
    if (value === null) {
      reader.failMissing("value");
      return;
    }
    const program = this.environment.expression(value, Phase.Request, ValueType.Unspecified);
    made.value = program;
    if (
      program === null ||
      program.type == ValueType.String ||
      program.type == ValueType.IpAddress
    ) {
      return;
    }
    const report = this.environment.report;
    report.error(
      DiagnosticCode.TypeMismatch,
      value.place(),
      value.string(),
      "STRING or IP_ADDRESS",
    );
  }
}

// A field of an instance's params; null without params.
function given(params: Node | null, reader: ObjectReader, name: string): Node | null {
  if (params === null) return null;
  return name == "value" ? reader.child(name) : reader.object(name);
}

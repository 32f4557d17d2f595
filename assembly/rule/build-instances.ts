// The document's instances: named or written where they are used, compiled for the phase of their
// template when an action first uses them. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { Phase } from "../shared/phases";
import { TEMPLATE_NAMES, TEMPLATE_VARIETIES, Template, Variety } from "../shared/templates";
import { ValueType } from "../shared/types";
import { Node } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { Blame } from "../diagnostic/report";
import { nearest } from "../diagnostic/suggest";
import { Adapter } from "../template/adapter";
import { DimensionBuilder } from "../template/dimension-build";
import { languageField } from "../expression/given";
import { Language } from "../expression/language";
import { BuildEnvironment, noteName, readName } from "./build-context";
import { compileApiKey, compileAuthorization } from "./build-identity";
import { OwnedTemplate, compileOwn } from "./build-own";
import { CompiledInstance } from "./instance";
import {
  LINKED_TEMPLATES,
  LINKS_API_KEY,
  LINKS_AUTHORIZATION,
  LINKS_REPORTS,
} from "../template/linked";

/** An instance as the document gives it. */
export class InstanceSpec {
  isUsed: bool = false;
  /** Whose mistakes it has, where it is an adapter's own. */
  blame: Blame | null = null;
  compiled: CompiledInstance | null = null;

  constructor(
    readonly name: string,
    readonly template: Template,
    readonly params: Node | null,
    readonly node: Node,
    readonly language: Language,
    /** The template, where an adapter brings it. */
    readonly owned: OwnedTemplate | null = null,
  ) {}

  /** The template's name in a document. */
  get templateName(): string {
    const owned = this.owned;
    return owned === null ? templateName(this.template) : owned.template.name;
  }
}

// The one template that an adapter takes; None when it takes several.
function onlyTemplate(serves: u32, own: OwnedTemplate | null): Template {
  if (own !== null) return serves == 0 ? own.template.template : Template.None;
  return popcnt(serves) == 1 ? <Template>serves : Template.None;
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
  /** Names of those that could not be read, which has been said. */
  readonly faulty: Set<string> = new Set<string>();
  private readonly places: Map<string, Node> = new Map<string, Node>();
  private readonly dimensions: DimensionBuilder;

  constructor(
    private readonly environment: BuildEnvironment,
    private readonly owned: OwnedTemplate[],
  ) {
    this.dimensions = new DimensionBuilder(environment.expressions);
  }

  /** Reads the list `instances`. */
  readAll(nodes: Node[]): void {
    const report = this.environment.report;
    const before = report.errorCount;
    for (let at = 0; at < nodes.length; at++) {
      report.owner = "";
      const reader = new ObjectReader(nodes[at], report, "an instance");
      const name = readName(reader, report);
      const spec = this.read(reader, name, null);
      if (spec === null) this.faulty.add(name);
      if (spec === null || name.length == 0) continue;
      if (noteName(report, this.places, name, reader.node)) this.specs.set(name, spec);
    }
    report.owner = "";
    this.environment.routesAll = report.errorCount == before;
  }

  /**
   * An instance written in an action; where the handler's adapter takes one template only, it may
   * be left out. null: it may not.
   */
  readInline(node: Node, name: string, adapter: Adapter | null): InstanceSpec | null {
    const reader = new ObjectReader(node, this.environment.report, "an instance");
    const given = reader.text("name", name);
    return this.read(reader, given, adapter);
  }

  // The template that an adapter brings itself; null for none.
  private ownedBy(adapter: Adapter | null): OwnedTemplate | null {
    for (let at = 0; at < this.owned.length; at++) {
      if (this.owned[at].owner === adapter) return this.owned[at];
    }
    return null;
  }

  private read(reader: ObjectReader, name: string, adapter: Adapter | null): InstanceSpec | null {
    const report = this.environment.report;
    if (name.length > 0) report.owner = "instance " + name;
    const own = this.ownedBy(adapter);
    const only = adapter === null ? Template.None : onlyTemplate(adapter.serves, own);
    const node = only == 0 ? reader.required("template") : reader.child("template");
    const params = reader.object("params");
    const language = languageField(reader, this.environment.expressions.language);
    reader.notYet(["attributeBindings"], "`attributes`; `peers: HEADERS` gives those of peers");
    reader.finish();
    if (node === null && only == 0) return null;
    if (node === null) return new InstanceSpec(name, only, params, reader.node, language, own);
    const number = TEMPLATE_NAMES.indexOf(node.string());
    if (number >= 0) {
      const template = <Template>(1 << number);
      return new InstanceSpec(name, template, params, reader.node, language);
    }
    const names = TEMPLATE_NAMES.slice(0);
    for (let at = 0; at < this.owned.length; at++) {
      const owned = this.owned[at];
      const brought = owned.template;
      if (brought.name == node.string() && (own === null || own === owned))
        return new InstanceSpec(name, brought.template, params, reader.node, language, owned);
      names.push(brought.name);
    }
    const expected = "one of " + names.join(", ");
    const suggestion = nearest(node.string(), names);
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
      "params of " + spec.templateName,
    );
    const outer = this.environment.speak(spec.language);
    const context = this.environment.expressions;
    context.takesSources = spec.blame !== null;
    this.compileFields(spec, made, reader);
    context.takesSources = false;
    this.environment.speak(outer);
    if (params !== null && (LINKED_TEMPLATES & spec.template) != 0) reader.finish();
    report.owner = owner;
    return made;
  }

  private compileFields(spec: InstanceSpec, made: CompiledInstance, reader: ObjectReader): void {
    // What no adapter of the module takes is read by those modules that have one.
    if ((LINKED_TEMPLATES & spec.template) == 0) return;
    const params = spec.params;
    const owned = spec.owned;
    if (owned !== null) {
      compileOwn(this.dimensions, owned, reader, params, made);
      return;
    }
    const phase = varietyOf(spec.template) == Variety.Report ? Phase.Log : Phase.Request;
    switch (spec.template) {
      case Template.ListEntry:
        this.listEntry(spec, made, reader);
        return;
      case Template.Quota: {
        const set = this.dimensions.build(given(params, reader, "dimensions"), phase);
        if (set !== null && set.count > 0) made.dimensions = set;
        return;
      }
      case Template.Metric: {
        if (!LINKS_REPORTS) return;
        const value = given(params, reader, "value");
        if (value !== null)
          made.value = this.environment.expression(value, phase, ValueType.Unspecified);
        else reader.failMissing("value");
        made.dimensions = this.dimensions.build(given(params, reader, "dimensions"), phase);
        if (params !== null) this.checkResource(reader, phase);
        return;
      }
      case Template.LogEntry: {
        if (!LINKS_REPORTS) return;
        if (params === null) {
          made.dimensions = this.dimensions.build(null, phase);
          return;
        }
        made.dimensions = this.dimensions.build(reader.object("variables"), phase);
        const severity = reader.filled("severity");
        if (severity !== null)
          made.severity = this.environment.expression(severity, phase, ValueType.String);
        const timestamp = reader.filled("timestamp");
        if (timestamp !== null)
          made.timestamp = this.environment.expression(timestamp, phase, ValueType.Timestamp);
        this.checkResource(reader, phase);
        return;
      }
      case Template.Authorization:
        if (LINKS_AUTHORIZATION)
          compileAuthorization(this.environment, this.dimensions, reader, params !== null, made);
        return;
      case Template.ApiKey:
        if (LINKS_API_KEY) compileApiKey(this.environment, reader, params !== null, made);
        return;
      default:
    }
  }

  // Mixer's templates have a monitored resource, of which no adapter here makes anything: it is
  // checked as Mixer would, and never evaluated.
  private checkResource(reader: ObjectReader, phase: Phase): void {
    const type = reader.filled("monitoredResourceType");
    if (type !== null) this.environment.expression(type, phase, ValueType.String);
    this.dimensions.build(reader.object("monitoredResourceDimensions"), phase);
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

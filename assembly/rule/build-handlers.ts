// The document's handlers: named or written where they are used. Parameters are read at once, the
// handler is built when all instances routed to it are known. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { MIXERS_LIST } from "../shared/mixers-names";
import { CALLOUT_LABELS } from "../shared/statistics";
import { textOf } from "../memory/literal";
import { Slice } from "../memory/slice";
import { Node } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { isSpent } from "../config/spent";
import { Params } from "../config/params";
import { nearest } from "../diagnostic/suggest";
import { textAt } from "../attribute/value";
import { Program } from "../expression/program";
import { ValueType } from "../shared/types";
import { Adapter, BuildContext, RoutedInstance } from "../template/adapter";
import { Connection } from "../template/connection";
import { DimensionSet } from "../template/dimension-set";
import { Handler } from "../template/handler";
import { makeConnection, readConnection } from "./build-connection";
import { ConnectionSpec } from "./connection-spec";
import { BuildEnvironment, noteName, readName } from "./build-context";
import { InstanceSpec } from "./build-instances";
import { CompiledInstance } from "./instance";

/** A handler as the document gives it. */
export class HandlerSpec {
  isUsed: bool = false;
  /** Whether there is a mistake in its own parameters or connection. */
  isFaulty: bool = false;
  readonly routed: RoutedInstance[] = [];
  private readonly routedSpecs: InstanceSpec[] = [];
  /** Standard instances, once an action has asked for them. */
  standard: InstanceSpec[] | null = null;
  /** They as the adapter gives them, and the first handler of the document that has the same. */
  standardText: string = "";
  first: HandlerSpec | null = null;
  /** Those of all handlers of which it is the first. */
  shared: InstanceSpec[] | null = null;

  constructor(
    readonly number: i32,
    readonly name: string,
    readonly nameBytes: Slice,
    readonly adapter: Adapter,
    readonly params: Params,
    readonly node: Node,
    /** How it reaches its backend; null for adapters without one. */
    readonly connection: ConnectionSpec | null,
  ) {}

  /** Routes an instance here, once; its number goes into the compiled form. */
  route(spec: InstanceSpec, compiled: CompiledInstance): CompiledInstance {
    const known = this.routedSpecs.indexOf(spec);
    let number = known;
    if (known < 0) {
      number = this.routed.length;
      this.routedSpecs.push(spec);
      const value = compiled.value;
      const type = value === null ? ValueType.Unspecified : value.type;
      const routed = new RoutedInstance(
        number,
        spec.name,
        spec.template,
        compiled.dimensions,
        type,
        spec.node.place(),
        propertiesOf(compiled),
        compiled.credential != null,
      );
      routed.subject = compiled.subject;
      routed.action = compiled.action;
      routed.severity = literalOf(compiled.severity);
      this.routed.push(routed);
    }
    // The number is this handler's own, so each handler gets a copy. No barrier: nothing is
    // collected while a document is configured.
    const copy = new CompiledInstance(compiled.name, compiled.template);
    const size = offsetof<CompiledInstance>();
    memory.copy(changetype<usize>(copy), changetype<usize>(compiled), size);
    copy.number = number;
    const standard = this.standard;
    const isStandard = standard !== null && standard.includes(spec);
    copy.events = this.adapter.reportEvents(spec.name, isStandard);
    copy.takesAbsent = this.adapter.takesAbsent;
    return copy;
  }
}

// The text of an expression that is one literal; "" for any other.
function literalOf(program: Program | null): string {
  if (program == null || program.attributes.length > 0) return "";
  const isLiteral = program.codeCount == 1 && program.constantCount == 1;
  return isLiteral ? textOf(textAt(program.constants)) : "";
}

function propertiesOf(compiled: CompiledInstance): DimensionSet[] {
  const sets: DimensionSet[] = [];
  const subject = compiled.subject;
  const action = compiled.action;
  if (subject !== null) sets.push(subject);
  if (action !== null) sets.push(action);
  return sets;
}

/** Reads and builds handlers. */
export class HandlerBuilder {
  readonly specs: Map<string, HandlerSpec> = new Map<string, HandlerSpec>();
  readonly all: HandlerSpec[] = [];
  /** Names of those that could not be read, which has been said. */
  readonly faulty: Set<string> = new Set<string>();
  private readonly places: Map<string, Node> = new Map<string, Node>();

  constructor(
    private readonly environment: BuildEnvironment,
    private readonly adapters: Adapter[],
  ) {}

  /** Reads the list `handlers`. */
  readAll(nodes: Node[]): void {
    const report = this.environment.report;
    for (let at = 0; at < nodes.length; at++) {
      report.owner = "";
      const reader = new ObjectReader(nodes[at], report, "a handler");
      const name = readName(reader, report);
      const spec = this.read(reader, name);
      if (spec === null) this.faulty.add(name);
      if (spec === null || name.length == 0) continue;
      if (noteName(report, this.places, name, reader.node)) this.specs.set(name, spec);
    }
    report.owner = "";
  }

  /** A handler written in an action. */
  readInline(node: Node, name: string): HandlerSpec | null {
    const reader = new ObjectReader(node, this.environment.report, "a handler");
    return this.read(reader, reader.text("name", name));
  }

  private read(reader: ObjectReader, name: string): HandlerSpec | null {
    const environment = this.environment;
    if (name.length > 0) environment.report.owner = "handler " + name;
    if (isSpent(reader.node, environment.report)) return null;
    const adapterNode = reader.required("adapter");
    const params = reader.child("params");
    const connectionNode = reader.child("connection");
    reader.finish();
    if (adapterNode === null) return null;
    const adapter = this.adapter(adapterNode);
    if (adapter === null) return null;
    const before = environment.report.errorCount;
    if (params !== null) environment.variables.fill(params);
    const fields = adapter.params();
    fields.read(params, environment.report, reader.node);
    const bytes = environment.region.text(name);
    const connection = readConnection(
      connectionNode,
      reader.node,
      adapter,
      fields,
      environment.report,
    );
    if (connection !== null) environment.connections.push(connection);
    const number = this.all.length;
    const node = reader.node;
    const spec = new HandlerSpec(number, name, bytes, adapter, fields, node, connection);
    spec.isFaulty = environment.report.errorCount > before;
    spec.standardText = adapter.standardInstances(fields);
    this.all.push(spec);
    spec.first = this.firstLike(spec);
    return spec;
  }

  private firstLike(spec: HandlerSpec): HandlerSpec {
    let at = 0;
    while (this.all[at].adapter !== spec.adapter || this.all[at].standardText != spec.standardText)
      at++;
    return this.all[at];
  }

  /** The adapter that is written so; null if there is none. */
  find(written: string): Adapter | null {
    const wanted = written == MIXERS_LIST ? "list" : written;
    for (let at = 0; at < this.adapters.length; at++) {
      if (this.adapters[at].name == wanted) return this.adapters[at];
    }
    return null;
  }

  private adapter(node: Node): Adapter | null {
    const wanted = node.string();
    const found = this.find(wanted);
    if (found !== null) return found;
    const names: string[] = [];
    for (let at = 0; at < this.adapters.length; at++) names.push(this.adapters[at].name);
    const expected = "one of " + names.join(", ");
    const suggestion = nearest(wanted, names);
    const report = this.environment.report;
    report.error(DiagnosticCode.UnknownAdapter, node.place(), wanted, expected, suggestion);
    return null;
  }

  // What is built may find further mistakes, but must not miss an instance that has one itself.
  private isBuildable(spec: HandlerSpec): bool {
    const environment = this.environment;
    if (isSpent(spec.node, environment.report)) return false;
    return !spec.isFaulty && (environment.routesAll || !environment.report.failed);
  }

  /** Builds every handler of the document; a place is null where building failed. */
  buildAll(): Array<Handler | null> {
    const environment = this.environment;
    const built: Array<Handler | null> = [];
    for (let at = 0; at < this.all.length; at++) {
      const spec = this.all[at];
      const report = environment.report;
      report.owner = "handler " + spec.name;
      // With errors the rule that uses it may be the one that could not be read.
      if (!spec.isUsed && !report.failed) {
        report.warning(DiagnosticCode.UnusedHandler, spec.node.place(), spec.name);
      }
      environment.adapterNames.push(spec.adapter.name);
      built.push(this.isBuildable(spec) ? this.build(spec) : null);
    }
    environment.report.owner = "";
    return built;
  }

  private build(spec: HandlerSpec): Handler | null {
    const environment = this.environment;
    const region = environment.region;
    const plan = spec.connection;
    let connection: Connection | null = null;
    if (plan !== null) connection = makeConnection(plan, spec.nameBytes, spec.number, region);
    const context = new BuildContext(
      spec.name,
      environment.pluginName,
      environment.report,
      region,
      spec.routed,
      spec.node.place(),
      connection,
    );
    const report = environment.report;
    const before = report.errorCount;
    const handler = spec.adapter.build(spec.params, context);
    if (handler === null) {
      const code = DiagnosticCode.HandlerNotBuilt;
      const expected = "an error of its own where `build` returns null";
      if (report.errorCount == before)
        report.error(code, spec.node.place(), spec.adapter.name, expected);
      return null;
    }
    handler.connection = connection;
    if (connection !== null) environment.addLabels(CALLOUT_LABELS);
    environment.addLabels(spec.adapter.labels(spec.params, context));
    environment.handlers.push(describeHandler(spec));
    return handler;
  }
}

// Names are checked to be plain, so quoting them is enough. The instances of an earlier handler are
// told by its number.
function describeHandler(spec: HandlerSpec): string {
  const needs = spec.adapter.envoyNeeds(spec.params);
  const first = spec.first!;
  let instances = spec.standardText;
  if (first !== spec) instances = first.number.toString();
  else if (instances.length == 0) instances = "[]";
  return (
    '{"name":"' +
    spec.name +
    '","adapter":"' +
    spec.adapter.name +
    '","standardInstances":' +
    instances +
    (needs.length == 0 ? "}" : ',"needs":' + needs + "}")
  );
}

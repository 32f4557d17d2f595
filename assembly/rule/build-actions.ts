// The actions of a rule: a handler and its instances, by name or written in place, sorted into
// checks, quotas and reports by the template's variety. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { CONNECTION_EVENTS, ReportEvent } from "../shared/report-events";
import { Template, Variety } from "../shared/templates";
import { Node } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { Adapter } from "../template/adapter";
import { Action } from "./action";
import { InstanceReader } from "./build-asked";
import { BuildEnvironment, readOnError, readShadow, readTimeout } from "./build-context";
import { readDenial } from "./build-denial";
import { HandlerBuilder, HandlerSpec } from "./build-handlers";
import { InstanceBuilder, InstanceSpec, templateName, varietyOf } from "./build-instances";
import { OutputBuilder } from "./build-outputs";
import { readActionRollout, refuseMode } from "./build-rollout";
import { PlacedAction } from "./build-stages";
import { CompiledInstance } from "./instance";
import { Rollout } from "./rollout";
import { Rule } from "./rule";

/** Actions of one rule by variety. */
export class ActionLists {
  readonly checks: Action[] = [];
  readonly quotas: Action[] = [];
  readonly reports: Action[] = [];
  /** Rollouts of single actions, by slot. */
  readonly rollouts: Rollout[] = [];
  /** Checks and quotas in written order. */
  readonly placed: PlacedAction[] = [];
  /** Whether every action was understood. */
  areWhole: bool = true;

  /** Whether none of them could deny. */
  get areHarmless(): bool {
    return this.areWhole && this.checks.length == 0 && this.quotas.length == 0;
  }
}

/** Compiles actions. */
export class ActionBuilder {
  private readonly asked: InstanceReader;

  constructor(
    private readonly environment: BuildEnvironment,
    private readonly handlers: HandlerBuilder,
    private readonly instances: InstanceBuilder,
    private readonly outputs: OutputBuilder,
  ) {
    this.asked = new InstanceReader(environment, instances);
  }

  /** Reads one action of `rule` and adds what it becomes. */
  read(node: Node, rule: Rule, ruleName: string, lists: ActionLists): void {
    const before = this.environment.report.errorCount;
    this.readWhole(node, rule, ruleName, lists);
    if (this.environment.report.errorCount > before) this.environment.routesAll = false;
  }

  private readWhole(node: Node, rule: Rule, ruleName: string, lists: ActionLists): void {
    const environment = this.environment;
    const report = environment.report;
    const owner = "rule " + ruleName;
    report.owner = owner;
    const reader = new ObjectReader(node, report, "an action");
    const inlineName = ruleName + "/" + node.index.toString();
    const handlerNode = reader.required("handler");
    const instanceNodes = reader.list("instances");
    const isStandard = reader.child("instances") === null;
    const actionName = reader.text("name", "");
    const charge = reader.int("charge", 1, -1_000_000_000_000, 1_000_000_000_000);
    const isShadow = readShadow(reader, rule.isShadow);
    const onError = readOnError(reader, report, rule.onError);
    const denial = readDenial(environment, reader);
    const timeoutMs = readTimeout(reader, rule.timeoutMs);
    const rolloutNode = reader.object("rollout");
    reader.notYet(["percent", "sampling"], "`rollout`, for checks and quotas");
    reader.finish();
    const isKnown = lists.areWhole;
    lists.areWhole = false;
    const handler = this.handler(handlerNode, inlineName);
    report.owner = owner;
    if (handler === null) return this.asked.readUnrouted(instanceNodes, inlineName);
    const specs = isStandard
      ? this.asked.standard(handler, handlerNode!)
      : this.asked.named(instanceNodes, handler.adapter, inlineName);
    report.owner = owner;
    const groups = this.compile(specs, handler, node);
    if (groups[0].length + groups[1].length + groups[2].length == 0) return;
    lists.areWhole = isKnown;
    this.refuseMeaningless(reader, groups);
    const label = actionName.length > 0 ? actionName : node.index.toString();
    const rollout = this.rollout(rolloutNode, rule, label, isShadow, lists);
    for (let group = 0; group < 3; group++) {
      const compiled = groups[group];
      if (compiled.length == 0) continue;
      const all = group == 2 ? reportedFor(compiled, ReportEvent.Request) : fixed(compiled);
      const action = new Action(
        handler.nameBytes,
        all,
        isShadow,
        onError,
        denial,
        charge,
        handler.number,
      );
      action.timeoutMs = timeoutMs;
      action.rollout = rollout;
      if (environment.explains) {
        action.name = environment.region.text(actionName.length > 0 ? actionName : inlineName);
      }
      if (group == 0) action.outputs = this.outputs.placesOf(actionName, handler.adapter);
      if (group == 2) action.connectionInstances = reportedFor(compiled, CONNECTION_EVENTS);
      (group == 0 ? lists.checks : group == 1 ? lists.quotas : lists.reports).push(action);
      if (group < 2) lists.placed.push(new PlacedAction(action, node, group == 0));
    }
  }

  private rollout(
    node: Node | null,
    rule: Rule,
    label: string,
    isShadow: bool,
    lists: ActionLists,
  ): Rollout | null {
    if (node === null) return null;
    if (isShadow) refuseMode(this.environment, node);
    const slot = lists.rollouts.length;
    const rollout = readActionRollout(this.environment, node, rule, label, slot);
    if (rollout !== null) lists.rollouts.push(rollout);
    return rollout;
  }

  // Fields that nothing of the action could ever use.
  private refuseMeaningless(reader: ObjectReader, groups: CompiledInstance[][]): void {
    const report = this.environment.report;
    const charge = reader.child("charge");
    if (charge !== null && groups[1].length == 0) {
      const code = DiagnosticCode.FieldNotForTemplate;
      report.error(code, charge.place(), "charge", "an action with instances of `quota`");
    }
    if (groups[0].length + groups[1].length > 0) return;
    refuseField(reader, "response");
    refuseField(reader, "rollout");
  }

  private handler(node: Node | null, inlineName: string): HandlerSpec | null {
    if (node === null) return null;
    const spec = node.isObject
      ? this.handlers.readInline(node, inlineName)
      : this.namedHandler(node);
    if (spec !== null) spec.isUsed = true;
    return spec;
  }

  private namedHandler(node: Node): HandlerSpec | null {
    const specs = this.handlers.specs;
    const name = node.isText ? node.string() : "";
    if (specs.has(name)) return specs.get(name);
    // What is wrong with a handler of the document has been said where it stands.
    const faulty = this.handlers.faulty;
    if (name.length > 0 && faulty.has(name)) return null;
    const names = specs.keys().concat(faulty.values());
    this.environment.failReference(node, DiagnosticCode.UnknownHandler, "a handler", names);
    return null;
  }

  // Three lists: checks, quotas, reports.
  private compile(specs: InstanceSpec[], handler: HandlerSpec, node: Node): CompiledInstance[][] {
    const groups: CompiledInstance[][] = [[], [], []];
    const report = this.environment.report;
    for (let at = 0; at < specs.length; at++) {
      const spec = specs[at];
      spec.isUsed = true;
      report.blame = spec.blame;
      if (!isServed(spec, handler.adapter)) {
        report.error(
          DiagnosticCode.TemplateNotServed,
          node.place(),
          spec.templateName,
          servedNames(handler.adapter),
        );
        continue;
      }
      const compiled = handler.route(spec, this.instances.compile(spec));
      const variety = varietyOf(spec.template);
      groups[variety == Variety.Check ? 0 : variety == Variety.Quota ? 1 : 2].push(compiled);
    }
    report.blame = null;
    return groups;
  }
}

/** Refuses a field where nothing denies. */
export function refuseField(reader: ObjectReader, name: string): void {
  const node = reader.child(name);
  if (node === null) return;
  const expected = "an action that checks or charges a quota";
  reader.report.error(DiagnosticCode.NothingToDeny, node.place(), name, expected);
}

function fixed(instances: CompiledInstance[]): StaticArray<CompiledInstance> {
  return StaticArray.fromArray(instances);
}

// Those that are reported for some of the events. Requests do not even walk past the others.
function reportedFor(instances: CompiledInstance[], events: u32): StaticArray<CompiledInstance> {
  const found: CompiledInstance[] = [];
  for (let at = 0; at < instances.length; at++) {
    if ((instances[at].events & events) != 0) found.push(instances[at]);
  }
  return fixed(found);
}

function isServed(spec: InstanceSpec, adapter: Adapter): bool {
  const owned = spec.owned;
  return owned === null ? (adapter.serves & spec.template) != 0 : owned.owner === adapter;
}

function servedNames(adapter: Adapter): string {
  const names: string[] = [];
  const serves = adapter.serves;
  for (let bit = 0; bit < 32; bit++) {
    if (((serves >> bit) & 1) != 0) names.push(templateName(<Template>(1 << bit)));
  }
  const own = adapter.ownTemplate;
  if (own !== null) names.push(own.name);
  return names.length == 0 ? "nothing" : "one of " + names.join(", ");
}

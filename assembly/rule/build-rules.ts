// The document's rules. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { ACTION_COUNT_MAX, RULE_COUNT_MAX } from "../shared/limits";
import { Phase } from "../shared/phases";
import { ValueType } from "../shared/types";
import { isPresent } from "../memory/slice";
import { Node, NodeKind } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { isSpent } from "../config/spent";
import { Program } from "../expression/program";
import { ActionBuilder, ActionLists, refuseField } from "./build-actions";
import {
  BuildEnvironment,
  noteName,
  readName,
  readOnError,
  readShadow,
  readTimeout,
} from "./build-context";
import { readDenial, readReplacement } from "./build-denial";
import { readLogLine } from "./build-log";
import { readOperations } from "./build-operations";
import { readRollout } from "./build-rollout";
import { PlacedAction, PlacedRule } from "./build-stages";
import { OnError, Rule } from "./rule";

/** Compiles rules in the order of the document. */
export class RuleBuilder {
  readonly rules: Rule[] = [];
  /** Those that are matched when request headers come. */
  readonly placed: PlacedRule[] = [];
  private readonly places: Map<string, Node> = new Map<string, Node>();

  constructor(
    private readonly environment: BuildEnvironment,
    private readonly actions: ActionBuilder,
  ) {}

  /** Reads the list `rules`. */
  readAll(nodes: Node[]): void {
    const report = this.environment.report;
    if (nodes.length > RULE_COUNT_MAX) {
      const most = "at most " + RULE_COUNT_MAX.toString();
      report.error(
        DiagnosticCode.TooManyRules,
        nodes[RULE_COUNT_MAX].place(),
        RULE_COUNT_MAX.toString(),
        most,
      );
      return;
    }
    for (let at = 0; at < nodes.length && !isSpent(nodes[at], report); at++) this.read(nodes[at]);
    report.owner = "";
  }

  private read(node: Node): void {
    const environment = this.environment;
    const report = environment.report;
    report.owner = "";
    const reader = new ObjectReader(node, report, "a rule");
    const name = readName(reader, report);
    report.owner = "rule " + name;
    if (name.length > 0) noteName(report, this.places, name, reader.node);
    const rule = new Rule(this.rules.length, environment.region.text(name));
    this.rules.push(rule);
    rule.details = environment.region.text("mixer_access_denied{" + name + "}");
    const outer = environment.readLanguage(reader);
    rule.isShadow = readShadow(reader, false);
    rule.onError = readOnError(reader, report, new OnError(true, true, true));
    rule.denial = readDenial(environment, reader);
    rule.timeoutMs = readTimeout(reader, 0);
    reader.notYet(["sampling", "percent"], "`rollout`, for checks and quotas");
    const rollout = reader.object("rollout");
    rule.isRolledOut = rollout !== null;
    const actions = this.readActions(reader, rule, name);
    const requestNodes = reader.list("requestHeaderOperations");
    const responseNodes = reader.list("responseHeaderOperations");
    rule.requestOperations = readOperations(environment, requestNodes, Phase.Request);
    rule.responseOperations = readOperations(environment, responseNodes, Phase.Response);
    rule.replacement = readReplacement(environment, reader);
    if (rule.replacement !== null) this.describeReplacement(rule, name, reader);
    rule.requestLog = readLogLine(environment, reader, "requestLog", Phase.Request);
    rule.responseLog = readLogLine(environment, reader, "responseLog", Phase.Response);
    report.owner = "rule " + name;
    this.readConditions(reader, rule);
    if (rollout !== null) rule.rollout = readRollout(environment, rollout, rule, phaseOf(rule));
    environment.speak(outer);
    reader.finish();
    if (rule.isMatchedAtRequest) this.place(rule, name, node, actions);
    const isIdle =
      rule.reports.length == 0 &&
      responseNodes.length == 0 &&
      !rule.changesResponse &&
      !rule.isMatchedAtRequest;
    if (isIdle && !report.failed)
      report.warning(DiagnosticCode.RuleWithoutEffect, node.place(), name);
  }

  private describeReplacement(rule: Rule, name: string, reader: ObjectReader): void {
    const own = rule.replacement!.details;
    const usual = "mixer_response_replaced{" + name + "}";
    const region = this.environment.region;
    rule.replacementDetails = isPresent(own) ? own : region.text(usual);
    const code = new Node(NodeKind.Text, reader.node.source);
    code.text = region.text('response.headers[":status"]');
    code.parent = reader.node;
    rule.replacedCode = this.environment.expression(code, Phase.Response, ValueType.String);
  }

  private place(rule: Rule, name: string, node: Node, actions: PlacedAction[]): void {
    const placed = new PlacedRule(rule, name, node);
    placed.actions = actions;
    this.placed.push(placed);
  }

  private readActions(reader: ObjectReader, rule: Rule, name: string): PlacedAction[] {
    const nodes = reader.list("actions");
    const lists = new ActionLists();
    if (nodes.length > ACTION_COUNT_MAX) {
      const most = "at most " + ACTION_COUNT_MAX.toString();
      const place = nodes[ACTION_COUNT_MAX].place();
      this.environment.report.error(
        DiagnosticCode.TooManyActions,
        place,
        ACTION_COUNT_MAX.toString(),
        most,
      );
    } else {
      for (let at = 0; at < nodes.length; at++) this.actions.read(nodes[at], rule, name, lists);
    }
    if (lists.areHarmless) refuseField(reader, "response");
    rule.checks = StaticArray.fromArray(lists.checks);
    rule.quotas = StaticArray.fromArray(lists.quotas);
    rule.reports = StaticArray.fromArray(lists.reports);
    rule.actionRollouts = StaticArray.fromArray(lists.rollouts);
    return lists.placed;
  }

  // The earliest part of a rule says when it is matched, and so what its conditions may read.
  private readConditions(reader: ObjectReader, rule: Rule): void {
    const phase = phaseOf(rule);
    const match = reader.child("match");
    const unless = reader.child("unless");
    rule.match = this.condition(match, phase);
    rule.unless = this.condition(unless, phase);
    if (!this.environment.explains) return;
    if (rule.match !== null) rule.matchDecision = this.environment.decision(match!, phase);
    if (rule.unless !== null) rule.unlessDecision = this.environment.decision(unless!, phase);
  }

  private condition(node: Node | null, phase: Phase): Program | null {
    if (node === null) return null;
    if (node.isText && node.string().trim().length == 0) return null;
    return this.environment.condition(node, phase);
  }
}

// When the conditions of a rule are evaluated: its earliest part says it.
function phaseOf(rule: Rule): Phase {
  if (rule.isMatchedAtRequest) return Phase.Request;
  return rule.changesResponse ? Phase.Response : Phase.Log;
}

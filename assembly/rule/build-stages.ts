// In which order rules are matched and actions asked, where some read what earlier ones gave:
// `<action>.output.<name>`. What reads nothing is in the first stage; a document without outputs
// has no other. Cold.
//
// A level is a number of rounds of callouts, and within a round a number of steps: what reads a
// local action's output is one step behind it, what reads a backend's answer one round. The levels
// that occur become stages; the callouts of a round are made in its last one, all together.

import { DiagnosticCode } from "../shared/diagnostics";
import { STAGE_COUNT_MAX } from "../shared/limits";
import { SourceKind } from "../attribute/entry";
import { Schema } from "../attribute/schema";
import { Node } from "../config/node";
import { Handler } from "../template/handler";
import { Program } from "../expression/program";
import { Action } from "./action";
import { BuildEnvironment } from "./build-context";
import { Reads } from "./reads";
import { Rule } from "./rule";
import { sortShort } from "../memory/sort";

const STEP_BITS: i32 = 12;
const EARLIER_RULE = "an attribute of the request, or an output of an earlier rule's action";
const EARLIER_ACTION = "an attribute of the request, or an output of an earlier action";

/** A check or quota as it stands in the document. */
export class PlacedAction {
  constructor(
    readonly action: Action,
    readonly node: Node,
    readonly isCheck: bool,
  ) {}
}

/** A rule that is matched when request headers come, as it stands in the document. */
export class PlacedRule {
  /** Its checks and quotas in written order. */
  actions: PlacedAction[] = [];

  constructor(
    readonly rule: Rule,
    readonly name: string,
    readonly node: Node,
  ) {}
}

/** Gives rules and actions their stages. */
export class StageBuilder {
  /** Levels of the stages, in ascending order. */
  private readonly levels: i32[] = [];
  /** From when on outputs are known, by their place in the record. */
  private readonly known: Map<i32, i32> = new Map<i32, i32>();
  /** Who gives them. */
  private readonly givers: Map<i32, Action> = new Map<i32, Action>();
  private readonly schema: Schema;

  constructor(
    private readonly environment: BuildEnvironment,
    /** By the number of the handler; null where one is wrong. */
    private readonly handlers: Array<Handler | null>,
  ) {
    this.schema = environment.schema;
  }

  /** Numbers the stages; how many there are, at least one. */
  build(rules: PlacedRule[]): i32 {
    for (let at = 0; at < rules.length; at++) this.place(rules[at]);
    this.environment.report.owner = "";
    sortShort(this.levels, (left, right) => left > right);
    if (this.levels.length > STAGE_COUNT_MAX) {
      const last = rules[rules.length - 1];
      const most = STAGE_COUNT_MAX.toString();
      const code = DiagnosticCode.TooManyStages;
      this.environment.report.error(code, last.node.place(), most, "at most " + most);
      return 1;
    }
    for (let at = 0; at < rules.length; at++) this.number(rules[at]);
    return max(this.levels.length, 1);
  }

  private place(placed: PlacedRule): void {
    const rule = placed.rule;
    const report = this.environment.report;
    report.owner = "rule " + placed.name;
    rule.stage = this.conditionLevel(placed, "match", rule.match, 0);
    rule.stage = this.conditionLevel(placed, "unless", rule.unless, rule.stage);
    const rollout = rule.rollout;
    if (rollout !== null) {
      rule.stage = this.conditionLevel(placed, "rollout", rollout.by, rule.stage);
    }
    this.placeRollouts(placed);
    this.note(rule.stage);
    for (let at = 0; at < placed.actions.length; at++) {
      const each = placed.actions[at];
      const action = each.action;
      action.stage = this.actionLevel(each, rule.stage);
      this.note(action.stage);
      if (!each.isCheck) continue;
      const next = this.isRemote(action)
        ? ((action.stage >> STEP_BITS) + 1) << STEP_BITS
        : action.stage + 1;
      for (let number = 0; number < action.outputs.length; number++) {
        this.known.set(action.outputs[number], next);
        this.givers.set(action.outputs[number], action);
      }
    }
  }

  // The side of an action is chosen where its rule is matched.
  private placeRollouts(placed: PlacedRule): void {
    const rule = placed.rule;
    for (let at = 0; at < placed.actions.length; at++) {
      const each = placed.actions[at];
      const rollout = each.action.rollout;
      if (rollout === null) continue;
      const reads = new Reads(this.schema);
      reads.addProgram(rollout.by);
      const node = each.node.find("rollout")!;
      rule.stage = this.levelOf(reads, node, EARLIER_RULE, rule.stage);
      rule.inputs = this.withGivers(rule.inputs, reads);
    }
  }

  private withGivers(inputs: StaticArray<Action>, reads: Reads): StaticArray<Action> {
    const found = inputs.slice<Array<Action>>();
    for (let at = 0; at < reads.indexes.length; at++) {
      const entry = this.schema.entries[reads.indexes[at]];
      if (entry.kind != SourceKind.Output || !this.givers.has(entry.argument)) continue;
      const giver = this.givers.get(entry.argument);
      if (!found.includes(giver)) found.push(giver);
    }
    return StaticArray.fromArray(found);
  }

  private conditionLevel(
    placed: PlacedRule,
    field: string,
    program: Program | null,
    least: i32,
  ): i32 {
    if (program === null) return least;
    const reads = new Reads(this.schema);
    reads.addProgram(program);
    placed.rule.inputs = this.withGivers(placed.rule.inputs, reads);
    const node = placed.node.find(field);
    return this.levelOf(reads, node === null ? placed.node : node, EARLIER_RULE, least);
  }

  private actionLevel(placed: PlacedAction, least: i32): i32 {
    const reads = new Reads(this.schema);
    const instances = placed.action.instances;
    for (let at = 0; at < instances.length; at++) reads.addInstance(instances[at]);
    placed.action.inputs = this.withGivers(placed.action.inputs, reads);
    return this.levelOf(reads, placed.node, EARLIER_ACTION, least);
  }

  // The first level at which everything is known that is read.
  private levelOf(reads: Reads, node: Node, expected: string, least: i32): i32 {
    let level = least;
    for (let at = 0; at < reads.indexes.length; at++) {
      const entry = this.schema.entries[reads.indexes[at]];
      if (entry.kind != SourceKind.Output) continue;
      if (this.known.has(entry.argument)) {
        level = max(level, this.known.get(entry.argument));
        continue;
      }
      const code = DiagnosticCode.OutputNotAvailable;
      this.environment.report.error(code, node.place(), entry.name, expected);
    }
    return level;
  }

  private isRemote(action: Action): bool {
    const handler = this.handlers[action.handlerNumber];
    return handler !== null && handler.isRemote;
  }

  private note(level: i32): void {
    if (!this.levels.includes(level)) this.levels.push(level);
  }

  private number(placed: PlacedRule): void {
    const rule = placed.rule;
    rule.stage = this.levels.indexOf(rule.stage);
    for (let at = 0; at < placed.actions.length; at++) {
      const action = placed.actions[at].action;
      let stage = this.levels.indexOf(action.stage);
      if (placed.actions[at].isCheck && this.isRemote(action)) stage = this.lastOfRound(stage);
      action.stage = stage;
    }
  }

  private lastOfRound(stage: i32): i32 {
    const round = this.levels[stage] >> STEP_BITS;
    let last = stage;
    while (last + 1 < this.levels.length && this.levels[last + 1] >> STEP_BITS == round) last++;
    return last;
  }
}

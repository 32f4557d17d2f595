// Reports of a finished stream: the rules with checks that matched at the check, and the rules with
// reports only, matched here. A report whose instance fails is dropped and counted. Hot.

import { Template } from "../shared/templates";
import { copyValue, hasValue } from "../attribute/value";
import { RecordFlag, recordFlags } from "../attribute/record";
import { connectionEvent } from "../attribute/traffic";
import { evaluate } from "../expression/evaluator";
import { Program } from "../expression/program";
import { FieldValues } from "../template/field-values";
import { LogEntry, Metric } from "../template/instances";
import { Action } from "./action";
import { callbackNumber } from "./callback";
import { noteFailure } from "./failure-log";
import { CompiledInstance } from "./instance";
import { isSet, matchRules } from "./matching";
import { isRuleBitSet } from "./rule-bits";
import { Rule } from "./rule";
import { RuleIndex } from "./rule-index";
import { RuleTable } from "./table";

const SEVERITY_CELL: usize = memory.data(16, 8);
const TIMESTAMP_CELL: usize = memory.data(16, 8);
/** Entries of a settled report: its rule, its action, its instance. */
const SETTLED_STEP: i32 = 3;

/** Makes the reports of one root context. */
export class Reporter {
  private readonly metric: Metric = new Metric();
  private readonly entry: LogEntry = new LogEntry();
  private readonly fields: FieldValues = new FieldValues();

  /** The event of the connection that is reported; 0 = it is a request. */
  private event: u32 = 0;

  /**
   * Rule, action and instance of all reports of a stream with a check, where every such stream has
   * the same ones: addresses side by side, instead of three arrays and two objects on their way.
   */
  private readonly settled: StaticArray<usize>;

  constructor(private readonly table: RuleTable) {
    this.settled = settledReports(table);
  }

  /** Reports the stream that the bag stands at. */
  run(record: usize): void {
    const table = this.table;
    const flags = record == 0 ? 0 : recordFlags(record);
    this.event = (flags & RecordFlag.Connection) != 0 ? <u32>connectionEvent(record) : 0;
    const wasChecked = (flags & RecordFlag.RequestSeen) != 0;
    const settled = this.settled;
    if (wasChecked && this.event == 0 && settled.length > 0) {
      for (let at = 0; at < settled.length; at += SETTLED_STEP) {
        const rule = changetype<Rule>(unchecked(settled[at]));
        const action = changetype<Action>(unchecked(settled[at + 1]));
        this.reportInstance(rule, action, changetype<CompiledInstance>(unchecked(settled[at + 2])));
      }
    } else {
      this.reportMatched(wasChecked ? table.logIndex : table.lateIndex);
    }
    if (wasChecked && table.reportsMatches) this.reportChecked(record);
  }

  private reportMatched(index: RuleIndex): void {
    const table = this.table;
    matchRules(table, index, true, false);
    for (let word = 0; word < table.wordCount; word++) {
      let bits = load<u64>(table.matched + ((<usize>word) << 3));
      while (bits != 0) {
        const rule = unchecked(table.rules[(word << 6) | (<i32>ctz(bits))]);
        bits &= bits - 1;
        this.report(rule);
      }
    }
  }

  private reportChecked(record: usize): void {
    const rules = this.table.reportsAfterCheck;
    for (let at = 0; at < rules.length; at++) {
      const rule = unchecked(rules[at]);
      if (isRuleBitSet(record, rule.recordBit)) this.report(rule);
    }
  }

  private report(rule: Rule): void {
    for (let at = 0; at < rule.reports.length; at++) {
      const action = unchecked(rule.reports[at]);
      if (this.event != 0) {
        this.reportConnection(rule, action);
        continue;
      }
      for (let index = 0; index < action.instances.length; index++) {
        this.reportInstance(rule, action, unchecked(action.instances[index]));
      }
    }
  }

  private reportConnection(rule: Rule, action: Action): void {
    const instances = action.connectionInstances;
    for (let index = 0; index < instances.length; index++) {
      const instance = unchecked(instances[index]);
      if (((instance.events >> this.event) & 1) == 0) continue;
      this.reportInstance(rule, action, instance);
    }
  }

  private reportInstance(rule: Rule, action: Action, instance: CompiledInstance): void {
    const handler = action.handler!;
    if (instance.template == Template.ReportNothing) {
      handler.onReportNothing();
      return;
    }
    const dimensions = instance.dimensions;
    if (dimensions != null && !dimensions.evaluate(this.table.bag, callbackNumber())) {
      this.drop(rule, dimensions.failedCell);
      return;
    }
    if (instance.template == Template.Metric) {
      const metric = this.metric;
      // Nothing is evaluated while the handler has it, so that the value may stay where it is.
      const value = evaluate(instance.value!, this.table.bag);
      if (!hasValue(value)) {
        this.drop(rule, value);
        return;
      }
      metric.instance = instance.number;
      metric.name = instance.name;
      metric.cell = value;
      metric.dimensions = dimensions;
      handler.onMetric(metric);
      return;
    }
    if (instance.template == Template.OwnReport) {
      const fields = this.fields;
      fields.show(instance.number, instance.name, dimensions, instance.places);
      handler.onOwnReport(fields);
      return;
    }
    const entry = this.entry;
    if (!this.fill(rule, instance.severity, SEVERITY_CELL)) return;
    if (!this.fill(rule, instance.timestamp, TIMESTAMP_CELL)) return;
    entry.instance = instance.number;
    entry.name = instance.name;
    entry.severity = instance.severity == null ? 0 : SEVERITY_CELL;
    entry.timestamp = instance.timestamp == null ? 0 : TIMESTAMP_CELL;
    entry.variables = dimensions;
    handler.onLogEntry(entry);
  }

  // Evaluates a field into a cell; false when it failed. A field that is not given fills nothing.
  private fill(rule: Rule, program: Program | null, cell: usize): bool {
    if (program == null) return true;
    const result = evaluate(program, this.table.bag);
    if (hasValue(result)) {
      copyValue(cell, result);
      return true;
    }
    this.drop(rule, result);
    return false;
  }

  private drop(rule: Rule, cell: usize): void {
    this.table.droppedReports++;
    noteFailure(rule, cell, this.table.bag);
  }
}

// A rollout puts rules aside stream by stream. The table keeps what the addresses stand for.
function settledReports(table: RuleTable): StaticArray<usize> {
  const found: usize[] = [];
  if (table.logIndex.isSettled && !table.hasRollouts) {
    for (let number = 0; number < table.rules.length; number++) {
      if (isSet(table.logIndex.candidates, number)) addReports(found, table.rules[number]);
    }
  }
  return StaticArray.fromArray(found);
}

function addReports(found: usize[], rule: Rule): void {
  for (let at = 0; at < rule.reports.length; at++) {
    const action = rule.reports[at];
    for (let index = 0; index < action.instances.length; index++) {
      found.push(changetype<usize>(rule));
      found.push(changetype<usize>(action));
      found.push(changetype<usize>(action.instances[index]));
    }
  }
}

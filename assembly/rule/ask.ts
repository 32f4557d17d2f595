// Evaluates an instance and asks a handler for its verdict: one method for each check template.
// Hot.

import { Template } from "../shared/templates";
import { ValueType } from "../shared/types";
import { emptySlice } from "../memory/slice";
import { Bag } from "../attribute/bag";
import { copyValue, hasValue, textAt, typeAt } from "../attribute/value";
import { evaluate } from "../expression/evaluator";
import { DimensionSet } from "../template/dimension-set";
import { Handler } from "../template/handler";
import { ApiKey, Authorization, ListEntry } from "../template/instances";
import { Verdict } from "../template/verdict";
import { callbackNumber } from "./callback";
import { noteFailure } from "./failure-log";
import { CompiledInstance } from "./instance";
import { Rule } from "./rule";

const VALUE_CELL: usize = memory.data(16, 8);
const TIME_CELL: usize = memory.data(16, 8);

/** The instances of check templates, filled again for each question. */
export class Asker {
  readonly verdict: Verdict = new Verdict();
  private readonly entry: ListEntry = new ListEntry();
  private readonly authorization: Authorization = new Authorization();
  private readonly apiKey: ApiKey = new ApiKey();

  constructor(private readonly bag: Bag) {}

  /** Asks the handler; false when the instance could not be evaluated, which is noted. */
  ask(rule: Rule, handler: Handler, instance: CompiledInstance): bool {
    this.verdict.reset();
    if (instance.template == Template.ListEntry) return this.askList(rule, handler, instance);
    if (instance.template == Template.CheckNothing) {
      handler.onCheckNothing(this.verdict);
      return true;
    }
    return this.askIdentity(rule, handler, instance);
  }

  private askList(rule: Rule, handler: Handler, instance: CompiledInstance): bool {
    const cell = evaluate(instance.value!, this.bag);
    const type = typeAt(cell);
    if (!hasValue(cell) || (type != ValueType.String && type != ValueType.IpAddress)) {
      noteFailure(rule, cell, this.bag);
      return false;
    }
    copyValue(VALUE_CELL, cell);
    this.entry.cell = VALUE_CELL;
    handler.onListEntry(this.entry, this.verdict);
    return true;
  }

  private askIdentity(rule: Rule, handler: Handler, instance: CompiledInstance): bool {
    if (instance.template == Template.Authorization) {
      const authorization = this.authorization;
      if (!this.fillTexts(rule, instance, authorization.texts)) return false;
      if (!this.fillSet(rule, instance.subject) || !this.fillSet(rule, instance.action)) {
        return false;
      }
      authorization.subject = instance.subject;
      authorization.action = instance.action;
      handler.onAuthorization(authorization, this.verdict);
      return true;
    }
    const apiKey = this.apiKey;
    if (!this.fillTexts(rule, instance, apiKey.texts)) return false;
    apiKey.timestamp = 0;
    const time = instance.timestamp;
    if (time != null) {
      const cell = evaluate(time, this.bag);
      if (!hasValue(cell)) {
        noteFailure(rule, cell, this.bag);
        return false;
      }
      copyValue(TIME_CELL, cell);
      apiKey.timestamp = TIME_CELL;
    }
    handler.onApiKey(apiKey, this.verdict);
    return true;
  }

  private fillTexts(rule: Rule, instance: CompiledInstance, texts: StaticArray<u64>): bool {
    const programs = instance.texts;
    for (let at = 0; at < programs.length; at++) {
      const program = unchecked(programs[at]);
      if (program == null) {
        unchecked((texts[at] = emptySlice()));
        continue;
      }
      const cell = evaluate(program, this.bag);
      if (!hasValue(cell) || typeAt(cell) != ValueType.String) {
        noteFailure(rule, cell, this.bag);
        return false;
      }
      unchecked((texts[at] = textAt(cell)));
    }
    return true;
  }

  private fillSet(rule: Rule, set: DimensionSet | null): bool {
    if (set == null || set.evaluate(this.bag, callbackNumber())) return true;
    noteFailure(rule, set.failedCell, this.bag);
    return false;
  }
}

// Evaluates an instance and asks a handler for its verdict: one method for each check template.
// Hot.

import { Template } from "../shared/templates";
import { ValueType } from "../shared/types";
import { ABSENT, FAILED, Slice, emptySlice, isPresent } from "../memory/slice";
import { Bag } from "../attribute/bag";
import { copyValue, hasValue, textAt, typeAt } from "../attribute/value";
import { evaluate } from "../expression/evaluator";
import { DimensionSet } from "../template/dimension-set";
import { FieldValues } from "../template/field-values";
import { Handler } from "../template/handler";
import { ApiKey, ApiKeyText, Authorization, ListEntry } from "../template/instances";
import { Verdict } from "../template/verdict";
import { CacheKey } from "./cache-key";
import { callbackNumber } from "./callback";
import { noteFailure } from "./failure-log";
import { CompiledInstance } from "./instance";
import { Rule } from "./rule";
import { LINKS_API_KEY, LINKS_AUTHORIZATION } from "../template/linked";

const VALUE_CELL: usize = memory.data(16, 8);
const TIME_CELL: usize = memory.data(16, 8);

/** The instances of check templates, filled again for each question. */
export class Asker {
  readonly verdict: Verdict = new Verdict();
  /** What stands in a list's question; where it could not be evaluated, the cell that says why. */
  readonly entry: ListEntry = new ListEntry();
  private readonly authorization: Authorization = new Authorization();
  private readonly apiKey: ApiKey = new ApiKey();
  private readonly fields: FieldValues = new FieldValues();
  private readonly cacheKey: CacheKey = new CacheKey();

  constructor(private readonly bag: Bag) {}

  /** Asks the handler; false when the instance could not be evaluated, which is noted. */
  ask(rule: Rule, handler: Handler, instance: CompiledInstance): bool {
    if (!this.prepare(rule, instance)) return false;
    this.put(handler, instance);
    return true;
  }

  /** Evaluates the instance; false when it could not be, which is noted. */
  prepare(rule: Rule, instance: CompiledInstance): bool {
    this.verdict.reset();
    switch (<u32>instance.template) {
      case Template.ListEntry:
        return this.fillEntry(rule, instance);
      case Template.Authorization:
        return (
          !LINKS_AUTHORIZATION ||
          (this.fillTexts(rule, instance, this.authorization.texts) &&
            this.fillSet(rule, instance.subject, instance.takesAbsent) &&
            this.fillSet(rule, instance.action, instance.takesAbsent))
        );
      case Template.ApiKey:
        return (
          !LINKS_API_KEY ||
          (this.fillTexts(rule, instance, this.apiKey.texts) &&
            this.fillCredential(rule, instance) &&
            this.fillTime(rule, instance))
        );
      case Template.OwnCheck:
        return this.fillSet(rule, instance.dimensions, instance.takesAbsent);
      default:
        return true;
    }
  }

  /** Puts the prepared question to the handler. */
  put(handler: Handler, instance: CompiledInstance): void {
    const verdict = this.verdict;
    verdict.instanceName = instance.name;
    switch (<u32>instance.template) {
      case Template.ListEntry:
        return handler.onListEntry(this.entry, verdict);
      case Template.Authorization: {
        this.authorization.instance = instance.number;
        this.authorization.subject = instance.subject;
        this.authorization.action = instance.action;
        return handler.onAuthorization(this.authorization, verdict);
      }
      case Template.ApiKey:
        return handler.onApiKey(this.apiKey, verdict);
      case Template.OwnCheck: {
        const fields = this.fields;
        fields.show(instance.number, instance.name, instance.dimensions, instance.places);
        return handler.onOwnCheck(fields, verdict);
      }
      default:
        handler.onCheckNothing(verdict);
    }
  }

  /** The key of the prepared question, in the arena; FAILED when it is too long to be kept. */
  key(documentHash: u64, handlerName: Slice, instance: CompiledInstance): Slice {
    const key = this.cacheKey;
    key.open(documentHash, handlerName, instance.template);
    key.text(instance.name);
    if (instance.template == Template.ListEntry) key.cell(this.entry.cell);
    if (instance.template == Template.Authorization) {
      this.addTexts(this.authorization.texts);
      key.set(instance.subject);
      key.set(instance.action);
    }
    if (instance.template == Template.ApiKey) {
      this.addTexts(this.apiKey.texts);
      key.cell(this.apiKey.timestamp);
    }
    if (instance.template == Template.OwnCheck) key.set(instance.dimensions);
    return key.finish();
  }

  private addTexts(texts: StaticArray<u64>): void {
    for (let at = 0; at < texts.length; at++) this.cacheKey.text(unchecked(texts[at]));
  }

  private fillEntry(rule: Rule, instance: CompiledInstance): bool {
    const cell = evaluate(instance.value!, this.bag);
    const type = typeAt(cell);
    if (!hasValue(cell) || (type != ValueType.String && type != ValueType.IpAddress)) {
      this.entry.cell = cell;
      noteFailure(rule, cell, this.bag);
      return false;
    }
    copyValue(VALUE_CELL, cell);
    this.entry.cell = VALUE_CELL;
    return true;
  }

  private fillCredential(rule: Rule, instance: CompiledInstance): bool {
    const credential = instance.credential;
    if (credential == null) return true;
    const key = credential.read(this.bag);
    if (isPresent(key)) unchecked((this.apiKey.texts[ApiKeyText.ApiKey] = key));
    else if (key != ABSENT) noteFailure(rule, credential.failedCell, this.bag);
    return key != FAILED;
  }

  private fillTime(rule: Rule, instance: CompiledInstance): bool {
    this.apiKey.timestamp = 0;
    const time = instance.timestamp;
    if (time == null) return true;
    const cell = evaluate(time, this.bag);
    if (!hasValue(cell)) {
      noteFailure(rule, cell, this.bag);
      return false;
    }
    copyValue(TIME_CELL, cell);
    this.apiKey.timestamp = TIME_CELL;
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

  private fillSet(rule: Rule, set: DimensionSet | null, takesAbsent: bool): bool {
    if (set == null || set.evaluate(this.bag, callbackNumber()) || takesAbsent) return true;
    noteFailure(rule, set.failedCell, this.bag);
    return false;
  }
}

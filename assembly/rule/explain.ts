// Why a request is decided as it is: each rule's conditions with what every part of them came to,
// and what each check says. Charges nothing, writes nothing, sends nothing. Cold.

import { Phase } from "../shared/phases";
import { Template } from "../shared/templates";
import { Bag } from "../attribute/bag";
import { Node } from "../config/node";
import { jsonText } from "../diagnostic/render-json";
import { ExpressionContext, checkedTree } from "../expression/compile";
import { evaluationErrorText } from "../expression/error-text";
import { resetSteps } from "../expression/failure";
import { Part, PartState } from "../expression/parts";
import { Problems } from "../expression/problem";
import { valueString } from "../expression/value-string";
import { textOf } from "../memory/literal";
import { Slice } from "../memory/slice";
import { Outcome, Verdict } from "../template/verdict";
import { Action } from "./action";
import { Asker } from "./ask";
import { writeCodeName } from "./denial";
import { CompiledInstance } from "./instance";
import { Rollout } from "./rollout";
import { Rule } from "./rule";
import { Writer } from "../memory/writer";

const CODE_NAME_SIZE_MAX_BYTES: usize = 64;
const codeName: usize = heap.alloc(CODE_NAME_SIZE_MAX_BYTES);
const INSTANCE_FAILED = "instance could not be evaluated";
const OUTCOMES: string[] = ["allowed", "denied", "failed", "asks a backend"];

/** One rule of the document with its conditions taken apart. */
export class RuleExplanation {
  private readonly match: Part | null;
  private readonly unless: Part | null;

  constructor(
    private readonly rule: Rule,
    node: Node,
    context: ExpressionContext,
  ) {
    this.match = conditionParts(node.find("match"), context);
    this.unless = conditionParts(node.find("unless"), context);
  }

  /** The rule as JSON, for the stream that the bag stands at. */
  json(bag: Bag, context: ExpressionContext): string {
    const rule = this.rule;
    const match = stateOf(this.match, bag, context, PartState.True);
    let unless = PartState.Unevaluated;
    const exception = this.unless;
    if (exception != null) exception.forget();
    if (match == PartState.True) unless = stateOf(this.unless, bag, context, PartState.False);
    let applies = "false";
    if (match == PartState.Failed) applies = '"error"';
    else if (match == PartState.True && unless != PartState.True) applies = "true";
    let text = '{"name":' + jsonText(textOf(rule.name));
    text += ',"applies":' + applies + ',"shadow":' + (rule.isShadow ? "true" : "false");
    if (applies != "false") text += sideJson(rule.rollout, bag);
    text += ',"atRequest":' + (rule.isMatchedAtRequest ? "true" : "false");
    text += ',"deniesOnError":' + (rule.onError.deniesMatch && rule.hasPolicy ? "true" : "false");
    const parts = this.match;
    if (parts != null) text += ',"match":' + parts.json();
    if (exception != null) text += ',"unless":' + exception.json();
    text += ',"checks":[' + this.checks(bag, context, applies == "true") + "]";
    text += ',"quotas":[' + names(rule.quotas, bag) + "]";
    return text + ',"reports":[' + names(rule.reports, bag) + "]}";
  }

  private checks(bag: Bag, context: ExpressionContext, areAsked: bool): string {
    const records: string[] = [];
    for (let at = 0; at < this.rule.checks.length; at++) {
      const action = this.rule.checks[at];
      for (let index = 0; index < action.instances.length; index++) {
        const instance = action.instances[index];
        const begin = actionJson(action, instance, bag);
        records.push(areAsked ? begin + this.asked(action, instance, bag, context) : begin + "}");
      }
    }
    return records.join(",");
  }

  // What the check says, as the members behind those of its action.
  private asked(
    action: Action,
    instance: CompiledInstance,
    bag: Bag,
    context: ExpressionContext,
  ): string {
    resetSteps();
    const asker = new Asker(bag);
    const isEntry = instance.template == Template.ListEntry;
    const isPrepared = asker.prepare(this.rule, instance);
    if (isEntry && !isPrepared)
      return failedJson(evaluationErrorText(asker.entry.cell, context.schema));
    if (!isPrepared) return failedJson(INSTANCE_FAILED);
    const text = isEntry ? ',"value":' + jsonText(valueString(asker.entry.cell)) : "";
    const handler = action.handler!;
    if (handler.isRemote) return text + ',"outcome":"asks a backend"}';
    asker.put(handler, instance);
    return text + verdictJson(asker.verdict);
  }
}

function failedJson(message: string): string {
  return ',"outcome":"failed","message":' + jsonText(message) + "}";
}

function verdictJson(verdict: Verdict): string {
  let text = ',"outcome":"' + OUTCOMES[verdict.outcome] + '"';
  if (verdict.outcome == Outcome.Denied || verdict.outcome == Outcome.Failed) {
    text += ',"code":"' + codeNameOf(verdict.code) + '"';
    text += ',"message":' + jsonText(textOf(verdict.message));
  }
  return text + "}";
}

function conditionParts(node: Node | null, context: ExpressionContext): Part | null {
  if (node === null || !node.isText) return null;
  const root = checkedTree(context, node.text, Phase.Request, new Problems());
  return root == null ? null : new Part(root, context, Phase.Request);
}

// What a missing condition counts as is `absent`.
function stateOf(
  part: Part | null,
  bag: Bag,
  context: ExpressionContext,
  absent: PartState,
): PartState {
  return part == null ? absent : part.evaluateAnew(bag, context.schema);
}

// On which side of a rollout the stream is; empty without one.
function sideJson(rollout: Rollout | null, bag: Bag): string {
  if (rollout == null) return "";
  return ',"side":' + (rollout.enforces(bag) ? '"enforced"' : '"shadow"');
}

function actionJson(action: Action, instance: CompiledInstance, bag: Bag): string {
  return (
    '{"handler":' +
    jsonText(textOf(action.handlerName)) +
    ',"instance":' +
    jsonText(textOf(instance.name)) +
    ',"shadow":' +
    (action.rollout == null && action.isShadow ? "true" : "false") +
    sideJson(action.rollout, bag)
  );
}

function names(actions: StaticArray<Action>, bag: Bag): string {
  const records: string[] = [];
  for (let at = 0; at < actions.length; at++) {
    const instances = actions[at].instances;
    for (let index = 0; index < instances.length; index++) {
      records.push(actionJson(actions[at], instances[index], bag) + "}");
    }
  }
  return records.join(",");
}

function codeNameOf(code: i32): string {
  const out = new Writer();
  out.open(codeName, CODE_NAME_SIZE_MAX_BYTES);
  writeCodeName(out, code);
  const written: Slice = out.written;
  return textOf(written);
}

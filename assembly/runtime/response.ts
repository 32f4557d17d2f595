// Response headers of one stream: the operations of the rules that applied. Hot.

import { HeaderMap } from "../shared/abi";
import { Phase } from "../shared/phases";
import { RecordFlag, recordFlags } from "../attribute/record";
import { boolAt, hasValue } from "../attribute/value";
import { evaluate } from "../expression/evaluator";
import { resetSteps } from "../expression/failure";
import { noteFailure } from "../rule/failure-log";
import { applyOperations, beginOperations } from "../rule/header-operation";
import { writeLogLine } from "../rule/log-line";
import { isRuleBitSet } from "../rule/rule-bits";
import { Rule } from "../rule/rule";
import { hideExplanation, showExplanation } from "./explanation";
import { operateFor } from "./operations";
import { meetUpstream } from "./peers";
import { Root } from "./root";

/** Applies response header operations and shows an explanation; neither after a denial. */
export function changeResponse(root: Root, record: usize): void {
  const table = root.table!;
  const peers = table.peers;
  if (peers !== null) meetUpstream(root, peers, record);
  const flags = record == 0 ? 0 : recordFlags(record);
  if ((flags & RecordFlag.Denied) != 0) return;
  const explainer = table.explainer;
  if (explainer !== null) hideExplanation(explainer);
  if (table.hasResponseOperations) operate(root, record);
  if (explainer !== null) showExplanation(explainer, record);
}

function operate(root: Root, record: usize): void {
  const table = root.table!;
  table.bag.begin(Phase.Response, record);
  resetSteps();
  beginOperations();
  const rules = table.responseRules;
  for (let at = 0; at < rules.length; at++) {
    const rule = unchecked(rules[at]);
    if (rule.isShadow || !applies(rule, record, root)) continue;
    operateFor(root, rule, rule.responseOperations);
    const log = rule.responseLog;
    if (log !== null) writeLogLine(log, rule.name, table.bag);
  }
  applyOperations(HeaderMap.Response);
}

function applies(rule: Rule, record: usize, root: Root): bool {
  if (rule.recordBit >= 0) {
    if (record == 0 || !isRuleBitSet(record, rule.recordBit)) return false;
    return rule.asideBit < 0 || !isRuleBitSet(record, rule.asideBit);
  }
  const bag = root.bag!;
  const rollout = rule.rollout;
  if (rollout !== null && !rollout.enforces(bag)) return false;
  const match = rule.match;
  if (match !== null) {
    const cell = evaluate(match, bag);
    if (!hasValue(cell)) {
      noteFailure(rule, cell, bag);
      return false;
    }
    if (!boolAt(cell)) return false;
  }
  const unless = rule.unless;
  if (unless === null) return true;
  const cell = evaluate(unless, bag);
  return !hasValue(cell) || !boolAt(cell);
}

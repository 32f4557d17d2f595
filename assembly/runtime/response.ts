// Response headers of one stream: the operations of the rules that applied, or an answer in the
// place of the upstream's. Hot.

import { HeaderMap } from "../shared/abi";
import { Phase } from "../shared/phases";
import { Slice, sizeOf, startOf } from "../memory/slice";
import { RecordFlag, recordFlags } from "../attribute/record";
import { boolAt, hasValue, textAt } from "../attribute/value";
import { evaluate } from "../expression/evaluator";
import { resetSteps } from "../expression/failure";
import { noteFailure } from "../rule/failure-log";
import { applyOperations, beginOperations } from "../rule/header-operation";
import { writeLogLine } from "../rule/log-line";
import { sendReplacement } from "../rule/reply";
import { isRuleBitSet } from "../rule/rule-bits";
import { Rule } from "../rule/rule";
import { hideExplanation, showExplanation } from "./explanation";
import { operateFor } from "./operations";
import { meetUpstream } from "./peers";
import { Root } from "./root";

/** A response that begins another protocol. */
const SWITCHING_PROTOCOLS: u32 = 101;
const STATUS_SIZE: usize = 3;
const ZERO: u32 = 48;

/**
 * Applies response header operations and shows an explanation; neither after a denial. True when
 * another answer goes out in the response's place.
 */
export function changeResponse(root: Root, record: usize): bool {
  const table = root.table!;
  const peers = table.peers;
  if (peers !== null) meetUpstream(root, peers, record);
  const flags = record == 0 ? 0 : recordFlags(record);
  if ((flags & RecordFlag.Denied) != 0) return false;
  const explainer = table.explainer;
  if (explainer !== null) hideExplanation(explainer);
  if (table.hasResponseOperations && operate(root, record)) return true;
  if (explainer !== null) showExplanation(explainer, record);
  return false;
}

// True when another answer goes out.
function operate(root: Root, record: usize): bool {
  const table = root.table!;
  let replacing: Rule | null = null;
  table.bag.begin(Phase.Response, record);
  resetSteps();
  beginOperations(HeaderMap.Response);
  const rules = table.responseRules;
  for (let at = 0; at < rules.length; at++) {
    const rule = unchecked(rules[at]);
    const isReplacing = rule.replacement !== null;
    if ((rule.isShadow && !isReplacing) || !applies(rule, record, root)) continue;
    if (rule.isShadow) {
      rule.shadowReplaced++;
      continue;
    }
    if (isReplacing && replacing === null) replacing = rule;
    operateFor(root, rule, rule.responseOperations);
    const log = rule.responseLog;
    if (log !== null) rule.errors += writeLogLine(log, rule.name, table.bag);
  }
  if (replacing !== null && replace(root, replacing)) return true;
  applyOperations();
  return false;
}

function replace(root: Root, rule: Rule): bool {
  const bag = root.bag!;
  const cell = evaluate(rule.replacedCode!, bag);
  const code = hasValue(cell) ? statusOf(textAt(cell)) : 0;
  if (code == SWITCHING_PROTOCOLS || !sendReplacement(rule, code, bag)) return false;
  rule.replaced++;
  return true;
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

// The three digits of `:status`, which Envoy has written.
function statusOf(text: Slice): u32 {
  if (sizeOf(text) != STATUS_SIZE) return 0;
  let status: u32 = 0;
  for (let at: usize = 0; at < STATUS_SIZE; at++) {
    status = status * 10 + (<u32>load<u8>(startOf(text) + at) - ZERO);
  }
  return status;
}

// Request headers of one stream: strip, check, quotas, header operations, captures; and the resume
// of a stream that waited. Hot.

import { Action, Code, HeaderMap } from "../shared/abi";
import { Phase } from "../shared/phases";
import { Slice, emptySlice, isPresent } from "../memory/slice";
import { literal } from "../memory/literal";
import { monotonicNanos } from "../abi/clock";
import { removeHeader } from "../abi/headers";
import { setFilterState } from "../abi/properties";
import { actOn, continueRequest } from "../abi/streams";
import { captureAll } from "../attribute/capture";
import {
  RecordFlag,
  addRecordFlag,
  keepText,
  openText,
  recordMessage,
  recordShadowRule,
  takeRecord,
} from "../attribute/record";
import { resetSteps } from "../expression/failure";
import { Progress } from "../rule/progress";
import { applyOperations, beginOperations } from "../rule/header-operation";
import { isSet } from "../rule/matching";
import { writeLogLine } from "../rule/log-line";
import { keepRuleBits } from "../rule/rule-bits";
import {
  AMBIGUOUS_PATH_MESSAGE,
  sendAmbiguousPath,
  sendDenial,
  sendUnchecked,
} from "../rule/reply";
import { Rule } from "../rule/rule";
import { RuleTable } from "../rule/table";
import { applyVerdicts } from "../rule/verdict-headers";
import { dropWaits, waitCount } from "../rule/wait";
import { isAmbiguousPath } from "../text/ambiguous-path";
import { Answer } from "../template/answer";
import { explainDenial, explainPass } from "./explanation";
import { operateFor } from "./operations";
import { pause, quickenTick, unlinkPaused } from "./pauses";
import { dropClient, introduce, meetClient } from "./peers";
import { Root } from "./root";
import { setStreamRecord } from "./streams";
import { LINKS_BACKENDS } from "../template/linked";

const STATE_RULE = literal("mixer_rule");
const STATE_VERDICT = literal("mixer_verdict");
const STATE_REASON = literal("mixer_reason");
const DENIED = literal("denied");
const SHADOW_DENIED = literal("shadow_denied");
const ALLOWED = literal("allowed");

/** Decides a request whose headers have come. `entry` is the stream's place in the table. */
// @ts-ignore: decorator
@inline
export function decideRequest(root: Root, context: u32, entry: usize): Action {
  const table = root.table!;
  if (table.strips) strip(table);
  if (!table.needsRecord) return Action.Continue;
  const layout = table.bag.layout;
  const record = takeRecord(
    layout.recordSize,
    layout.captureOffset,
    context,
    changetype<u32>(root),
  );
  if (record == 0) return withoutRecord(table);
  setStreamRecord(entry, record);
  openText(record, layout.textOffset);
  if (table.readsDuration) store<u64>(record, monotonicNanos(), 8);
  table.bag.begin(Phase.Request, record);
  addRecordFlag(record, RecordFlag.RequestSeen);
  resetSteps();
  const peers = table.peers;
  if (peers !== null) meetClient(root, peers, record);
  if (!table.hasRequestRules) {
    capture(root, record);
    explainPass(root, record);
    if (peers !== null) introduce(peers, record);
    return Action.Continue;
  }
  root.statistics!.checks++;
  if (table.guardedPathSlot >= 0 && hasAmbiguousPath(table)) return refusePath(root, record);
  return settle(root, record, root.check!.run(record));
}

function strip(table: RuleTable): void {
  const stripped = table.strippedHeaders;
  for (let at = 0; at < stripped.length; at++)
    removeHeader(HeaderMap.Request, unchecked(stripped[at]));
}

function withoutRecord(table: RuleTable): Action {
  if (table.hasRequestRules) return refuseUnchecked();
  if (table.peers !== null) dropClient();
  return Action.Continue;
}

/** Refuses a request that there is no memory to check, or to change: it must not pass as it is. */
export function refuseUnchecked(): Action {
  sendUnchecked();
  return Action.StopIteration;
}

// A path that is absent or cannot be read is for the rules and their `onError`.
function hasAmbiguousPath(table: RuleTable): bool {
  const path = table.bag.requestHeader(table.guardedPathSlot, true);
  return isPresent(path) && isAmbiguousPath(path);
}

function refusePath(root: Root, record: usize): Action {
  root.statistics!.ambiguousPaths++;
  root.check!.denial.reset();
  explainDenial(root, AMBIGUOUS_PATH_MESSAGE);
  addRecordFlag(record, RecordFlag.Denied);
  store<i32>(record, Code.InvalidArgument, 32);
  capture(root, record);
  store<u64>(record, AMBIGUOUS_PATH_MESSAGE, 40);
  hand(emptySlice(), DENIED, AMBIGUOUS_PATH_MESSAGE);
  sendAmbiguousPath(root.check!.denial, root.bag!);
  return Action.StopIteration;
}

/** Goes on with a stream that waits: `answer` is what came; null: the tick looks at the time. */
export function resumeRequest(root: Root, record: usize, answer: Answer | null): void {
  if (!actOn(load<u32>(record))) return;
  root.bag!.begin(Phase.Request, record);
  resetSteps();
  const progress = root.check!.resume(record, answer);
  if (progress == Progress.Waiting) {
    quickenTick(root, record);
    return;
  }
  unlinkPaused(root, record);
  if (settle(root, record, progress) == Action.Continue) continueRequest();
}

function settle(root: Root, record: usize, progress: Progress): Action {
  const table = root.table!;
  if (LINKS_BACKENDS && progress == Progress.Waiting) {
    capture(root, record);
    pause(root, record);
    quickenTick(root, record);
    return Action.StopIteration;
  }
  if (table.keepsMatches) keepRuleBits(record, table);
  if (progress == Progress.Denied) {
    deny(root, record);
    dropWaits(record);
    return Action.StopIteration;
  }
  capture(root, record);
  if (waitCount(record) > 0) {
    const isApplied = applyVerdicts(table, record);
    dropWaits(record);
    if (!isApplied) return refuseUnchecked();
  }
  if (table.actsOnPass) pass(root, record);
  return Action.Continue;
}

function pass(root: Root, record: usize): void {
  const table = root.table!;
  if (table.explainer !== null) explainPass(root, record);
  if (table.hasRequestOperations) operate(root);
  if (table.hasShadow || table.writesAllVerdicts) noteVerdict(root, record);
  const peers = table.peers;
  if (peers !== null) introduce(peers, record);
}

/** Keeps the values that later phases need. */
export function capture(root: Root, record: usize): void {
  const cut = captureAll(root.bag!, record);
  if (cut > 0) root.statistics!.cutCaptures += cut;
}

function deny(root: Root, record: usize): void {
  noteDenial(root, record);
  explainDenial(root, root.check!.denial.message);
  const rule = root.check!.denial.rule!;
  const log = rule.requestLog;
  if (log !== null) rule.errors += writeLogLine(log, rule.name, root.bag!);
  // A reply that Envoy refuses must not let the request pass: the stream stays stopped.
  sendDenial(root.check!.denial, root.bag!);
}

/** Counts a denial and remembers it for the log and for others. */
export function noteDenial(root: Root, record: usize): void {
  const denial = root.check!.denial;
  const rule = denial.rule!;
  rule.denied++;
  addRecordFlag(record, RecordFlag.Denied);
  store<i32>(record, denial.code, 32);
  store<u32>(record, rule.number + 1, 36);
  capture(root, record);
  store<u64>(record, keepText(record, denial.message), 40);
  hand(rule.name, DENIED, denial.message);
}

/** Hands on a verdict that let the stream pass. */
export function noteVerdict(root: Root, record: usize): void {
  const shadow = recordShadowRule(record);
  if (shadow >= 0) {
    hand(unchecked(root.table!.rules[shadow]).name, SHADOW_DENIED, recordMessage(record));
  } else if (root.table!.writesAllVerdicts) hand(emptySlice(), ALLOWED, emptySlice());
}

// Envoy's access log, RBAC and later filters read these.
function hand(rule: Slice, verdict: Slice, reason: Slice): void {
  setFilterState(STATE_RULE, rule);
  setFilterState(STATE_VERDICT, verdict);
  setFilterState(STATE_REASON, reason);
}

function operate(root: Root): void {
  const table = root.table!;
  beginOperations(HeaderMap.Request);
  for (let word = 0; word < table.wordCount; word++) {
    let bits = load<u64>(table.matched + ((<usize>word) << 3));
    while (bits != 0) {
      operateRule(root, unchecked(table.rules[(word << 6) | (<i32>ctz(bits))]));
      bits &= bits - 1;
    }
  }
  applyOperations();
}

function operateRule(root: Root, rule: Rule): void {
  const table = root.table!;
  if (rule.isShadow || rule.isAside || !rule.changesRequest || !isSet(table.matched, rule.number))
    return;
  operateFor(root, rule, rule.requestOperations);
  const log = rule.requestLog;
  if (log !== null) rule.errors += writeLogLine(log, rule.name, table.bag);
}

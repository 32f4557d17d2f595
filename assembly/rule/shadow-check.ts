// Rules in SHADOW mode: what they would have denied is counted and logged by sample. They run
// whatever the enforced ones say, and change nothing: a question to a backend is asked without the
// stream waiting for it, and judged when the answer comes, also after the stream has gone. Hot.

import { Code } from "../shared/abi";
import { literal } from "../memory/literal";
import { Slice, emptySlice, sizeOf } from "../memory/slice";
import { keepShadow, recordTrials, setRecordTrials } from "../attribute/record";
import { Answer } from "../template/answer";
import { NO_STREAM, SHADOW, addCall, findCall, setCallOwner } from "../template/call-table";
import {
  addShadowCall,
  closeTrial,
  denyTrial,
  dropTrial,
  endShadowCall,
  isTrialAside,
  isTrialDenied,
  isTrialOver,
  mayAskInShadow,
  nextTrial,
  shadowCallAction,
  shadowCallKey,
  shadowCallTrial,
  trialOf,
  trialRule,
} from "../template/shadow-call";
import { Outcome, Verdict } from "../template/verdict";
import { Action } from "./action";
import { Asker } from "./ask";
import { isKey } from "./cache-key";
import { writeDenialMessage } from "./denial";
import { noteFailedVerdict, noteShadowDenial } from "./failure-log";
import { CompiledInstance } from "./instance";
import { QuotaCharger } from "./quota-charger";
import { failureDenies } from "./remote-check";
import { RolloutVerdict } from "./rollout";
import { Rule } from "./rule";
import { RuleTable } from "./table";
import { recallVerdict, rememberVerdict } from "./verdict-cache";

const INSTANCE_FAILED = literal("instance could not be evaluated");
const ASKED_TWICE = literal("asks more than once, which SHADOW mode does not");

/** Runs what is in SHADOW mode; one for each root context. */
export class ShadowCheck {
  private readonly verdict: Verdict;
  /** The stream that is being checked; 0 while a late answer is judged. */
  private record: usize = 0;

  constructor(
    private readonly table: RuleTable,
    private readonly asker: Asker,
    private readonly charger: QuotaCharger,
  ) {
    this.verdict = asker.verdict;
  }

  /** Runs the actions of a stage for the rules that matched. */
  run(record: usize, stage: i32): void {
    this.record = record;
    const table = this.table;
    for (let word = 0; word < table.wordCount; word++) {
      let bits = load<u64>(table.matched + ((<usize>word) << 3));
      while (bits != 0) {
        const rule = unchecked(table.rules[(word << 6) | (<i32>ctz(bits))]);
        bits &= bits - 1;
        if (rule.hasShadow || rule.isAside) this.runRule(rule, stage);
      }
    }
  }

  /** The stream asks nothing more: verdicts that are final are done with. */
  close(record: usize): void {
    let trial = recordTrials(record);
    setRecordTrials(record, 0);
    while (trial != 0) {
      const next = nextTrial(trial);
      closeTrial(trial);
      if (isTrialOver(trial)) this.conclude(trial);
      trial = next;
    }
  }

  /** Judges a late answer. */
  take(call: usize, answer: Answer): void {
    this.record = 0;
    const trial = shadowCallTrial(call);
    const rule = unchecked(this.table.rules[trialRule(trial)]);
    const action = unchecked(rule.checks[shadowCallAction(call)]);
    const verdict = this.verdict;
    verdict.reset();
    action.handler!.onAnswer(answer, verdict);
    if (verdict.outcome == Outcome.Waiting) verdict.fail(Code.Internal, ASKED_TWICE);
    const key = shadowCallKey(call);
    if (sizeOf(key) > 0) rememberVerdict(this.table.pluginName, key, verdict);
    this.judge(trial, rule, action);
    endShadowCall(call);
    if (isTrialOver(trial)) this.conclude(trial);
  }

  private conclude(trial: usize): void {
    const rollout = unchecked(this.table.rules[trialRule(trial)]).rollout;
    if (rollout != null && isTrialAside(trial)) {
      const isDenied = isTrialDenied(trial);
      rollout.count(isDenied ? RolloutVerdict.ShadowDeny : RolloutVerdict.ShadowAllow);
    }
    dropTrial(trial);
  }

  private runRule(rule: Rule, stage: i32): void {
    const trial = trialOf(this.record, rule.number, rule.isAside);
    if (trial == 0) {
      this.table.droppedShadows++;
      return;
    }
    for (let at = 0; at < rule.checks.length; at++) {
      const action = unchecked(rule.checks[at]);
      if (action.stage != stage || !(action.isShadow || rule.isAside)) continue;
      for (let index = 0; index < action.instances.length; index++) {
        if (isTrialDenied(trial)) return;
        this.question(trial, rule, at, unchecked(action.instances[index]));
      }
    }
    if (isTrialDenied(trial) || !this.charger.chargeShadow(rule, stage)) return;
    this.deny(trial, rule, this.charger.shadowMessage);
  }

  private question(trial: usize, rule: Rule, at: i32, instance: CompiledInstance): void {
    const action = unchecked(rule.checks[at]);
    if (!this.asker.prepare(rule, instance)) {
      if (!action.onError.deniesCheck) return;
      const code = Code.Internal;
      this.deny(trial, rule, writeDenialMessage(code, action.handlerName, INSTANCE_FAILED));
      return;
    }
    if (action.handler!.isRemote) {
      this.ask(trial, rule, at, instance);
      return;
    }
    this.asker.put(action.handler!, instance);
    this.judge(trial, rule, action);
  }

  private ask(trial: usize, rule: Rule, at: i32, instance: CompiledInstance): void {
    if (!mayAskInShadow(trial)) {
      this.table.droppedShadows++;
      return;
    }
    const action = unchecked(rule.checks[at]);
    const connection = action.handler!.connection;
    if (connection != null) connection.remainingMs = action.timeoutMs;
    const key = this.keyOf(action, instance);
    if (sizeOf(key) > 0 && recallVerdict(this.table.pluginName, key, this.verdict)) {
      connection!.cacheHits++;
      this.judge(trial, rule, action);
      return;
    }
    if (sizeOf(key) > 0) connection!.cacheMisses++;
    this.asker.put(action.handler!, instance);
    if (this.verdict.outcome != Outcome.Waiting) this.judge(trial, rule, action);
    else if (!this.own(this.verdict.token, trial, at, key)) this.table.droppedShadows++;
  }

  // The key under which a cache may know or remember the verdict; empty for none.
  private keyOf(action: Action, instance: CompiledInstance): Slice {
    if (action.handler!.connection == null || !action.handler!.mayKeep) return emptySlice();
    const key = this.asker.key(this.table.documentHash, action.handlerName, instance);
    return isKey(key) ? key : emptySlice();
  }

  // From now on the answer belongs to the trial.
  private own(token: u32, trial: usize, at: i32, key: Slice): bool {
    let entry = findCall(token);
    if (entry == 0) {
      if (!addCall(token, 0)) return false;
      entry = findCall(token);
    }
    const call = addShadowCall(trial, at, key);
    setCallOwner(entry, call == 0 ? NO_STREAM : SHADOW, call);
    return call != 0;
  }

  private judge(trial: usize, rule: Rule, action: Action): void {
    const verdict = this.verdict;
    const isFailed = verdict.outcome == Outcome.Failed;
    if (!isFailed && verdict.outcome != Outcome.Denied) return;
    const handler = action.handlerName;
    if (isFailed) noteFailedVerdict(rule, handler, verdict.code, verdict.message);
    if (isFailed && !failureDenies(action)) return;
    this.deny(trial, rule, writeDenialMessage(verdict.code, handler, verdict.message));
  }

  private deny(trial: usize, rule: Rule, message: Slice): void {
    if (!denyTrial(trial)) return;
    noteShadowDenial(rule, message);
    if (this.record != 0) keepShadow(this.record, rule.number, message);
  }
}

// Rules in SHADOW mode: what they would have denied is counted and logged by sample. They run
// whatever the enforced ones say, and change nothing: a question to a backend is asked without the
// stream waiting for it, and judged when the answer comes, also after the stream has gone. Hot.

import { Code } from "../shared/abi";
import { literal } from "../memory/literal";
import { Slice, emptySlice, sizeOf } from "../memory/slice";
import { Answer } from "../template/answer";
import {
  addShadowCheck,
  endShadowCall,
  isShadowCharge,
  mayAskInShadow,
  shadowCallAction,
  shadowCallBytes,
  shadowCallTrial,
  trialOf,
  trialRule,
} from "../template/shadow-call";
import { Outcome, Verdict } from "../template/verdict";
import { Action } from "./action";
import { Asker } from "./ask";
import { isKey } from "./cache-key";
import { writeDenialMessage } from "./denial";
import { noteFailedVerdict } from "./failure-log";
import { CompiledInstance } from "./instance";
import { MATCH_FAILED, isSet, matchRule } from "./matching";
import { QuotaCharger } from "./quota-charger";
import { failureDenies } from "./remote-check";
import { takeSides } from "./rollout";
import { Rule } from "./rule";
import { ShadowQuota } from "./shadow-quota";
import { ShadowTrials } from "./shadow-trials";
import { RuleTable } from "./table";
import { recallVerdict, rememberVerdict } from "./verdict-cache";
import { LINKS_BACKENDS, LINKS_CHECKS, LINKS_QUOTA } from "../template/linked";

const INSTANCE_FAILED = literal("instance could not be evaluated");
const ASKED_TWICE = literal("asks more than once, which SHADOW mode does not");

/** Runs what is in SHADOW mode; one for each root context. */
export class ShadowCheck {
  readonly trials: ShadowTrials;
  private readonly verdict: Verdict;
  private readonly quotas: ShadowQuota;

  constructor(
    private readonly table: RuleTable,
    private readonly asker: Asker,
    charger: QuotaCharger,
  ) {
    this.verdict = asker.verdict;
    const trials = new ShadowTrials(table);
    this.trials = trials;
    this.quotas = new ShadowQuota(table, charger, trials);
  }

  /** Runs the actions of a stage for the rules that matched; judges those whose match failed. */
  run(record: usize, stage: i32): void {
    this.trials.record = record;
    const table = this.table;
    for (let word = 0; word < table.wordCount; word++) {
      const offset = (<usize>word) << 3;
      const failed = load<u64>(table.failed + offset);
      let bits = load<u64>(table.matched + offset) | failed;
      while (bits != 0) {
        const bit = ctz(bits);
        const rule = unchecked(table.rules[(word << 6) | (<i32>bit)]);
        bits &= bits - 1;
        if (((failed >> bit) & 1) != 0) this.failMatch(rule, stage);
        else if (rule.hasShadow || rule.isAside) this.runRule(rule, stage);
      }
    }
  }

  // Where anything of the rule is enforced, its failure denies.
  private failMatch(rule: Rule, stage: i32): void {
    if (rule.stage != stage || !rule.hasPolicy || rule.isEnforced) return;
    if (!rule.onError.deniesMatch) return;
    const trial = trialOf(this.trials.record, rule.number, rule.isAside);
    if (trial == 0) this.table.droppedShadows++;
    else this.trials.deny(trial, rule, writeDenialMessage(Code.Internal, rule.name, MATCH_FAILED));
  }

  /**
   * Behind a denial in a stage: runs what later stages would have, where all is known that it
   * reads. `order` is that of the check that denied; beyond the last one where an answer did.
   */
  runBehindDenial(record: usize, stage: i32, order: i32): void {
    const table = this.table;
    const known = this.trials.known;
    this.trials.record = record;
    known.deny(record, stage, order);
    for (let number = 0; number < table.rules.length; number++) {
      const rule = unchecked(table.rules[number]);
      if (!rule.hasFixedShadow && !rule.hasSides) continue;
      if (!this.applies(rule, stage)) continue;
      if (!rule.hasShadow && !rule.isAside) continue;
      for (let later = stage + 1; later < table.stages.length; later++) this.runRule(rule, later);
    }
    known.isBehindDenial = false;
  }

  // The matches of the stages before the denial are known, later ones are worked out here.
  private applies(rule: Rule, stage: i32): bool {
    if (rule.stage <= stage) return isSet(this.table.matched, rule.number);
    if (!this.trials.known.areKnown(rule.inputs)) return false;
    const result = matchRule(rule, this.table.bag, true);
    if (rule.hasSides && result != 0) takeSides(rule, this.table.bag);
    if (result < 0) this.failMatch(rule, rule.stage);
    return result > 0;
  }

  /** Judges a late answer. */
  take(call: usize, answer: Answer): void {
    this.trials.record = 0;
    const trial = shadowCallTrial(call);
    if (isShadowCharge(call)) this.quotas.take(call, answer);
    else this.takeCheck(call, trial, answer);
    endShadowCall(call);
    this.trials.endIfOver(trial);
  }

  private takeCheck(call: usize, trial: usize, answer: Answer): void {
    const rule = unchecked(this.table.rules[trialRule(trial)]);
    const action = unchecked(rule.checks[shadowCallAction(call)]);
    const verdict = this.verdict;
    verdict.reset();
    action.handler!.onAnswer(answer, verdict);
    if (verdict.outcome == Outcome.Waiting) verdict.fail(Code.Internal, ASKED_TWICE);
    const key = shadowCallBytes(call);
    if (sizeOf(key) > 0) rememberVerdict(this.table.pluginName, key, verdict);
    this.judge(trial, rule, action);
  }

  private runRule(rule: Rule, stage: i32): void {
    const trial = trialOf(this.trials.record, rule.number, rule.isAside);
    if (trial == 0) {
      this.table.droppedShadows++;
      return;
    }
    for (let at = 0; LINKS_CHECKS && at < rule.checks.length; at++) {
      const action = unchecked(rule.checks[at]);
      if (!this.trials.tries(trial, rule, action, stage)) continue;
      for (let index = 0; index < action.instances.length; index++) {
        if (this.trials.isDone(trial, action)) break;
        this.question(trial, rule, at, unchecked(action.instances[index]));
      }
    }
    if (LINKS_QUOTA) this.quotas.run(trial, rule, stage);
  }

  private question(trial: usize, rule: Rule, at: i32, instance: CompiledInstance): void {
    const action = unchecked(rule.checks[at]);
    if (!this.asker.prepare(rule, instance)) {
      if (!action.onError.deniesCheck) return;
      const code = Code.Internal;
      const message = writeDenialMessage(code, action.handlerName, INSTANCE_FAILED);
      this.trials.denyBy(trial, rule, action, message);
      return;
    }
    if (LINKS_BACKENDS && action.handler!.isRemote) {
      this.ask(trial, rule, at, instance);
      return;
    }
    this.asker.put(action.handler!, instance);
    this.judge(trial, rule, action);
  }

  private ask(trial: usize, rule: Rule, at: i32, instance: CompiledInstance): void {
    const action = unchecked(rule.checks[at]);
    if (!mayAskInShadow(trial)) {
      this.trials.drop(trial, action);
      return;
    }
    const connection = action.handler!.connection;
    if (connection != null) {
      connection.remainingMs = action.timeoutMs;
      connection.questionId = 0;
    }
    const key = this.keyOf(action, instance);
    if (sizeOf(key) > 0 && recallVerdict(this.table.pluginName, key, this.verdict)) {
      connection!.cacheHits++;
      this.judge(trial, rule, action);
      return;
    }
    if (sizeOf(key) > 0) connection!.cacheMisses++;
    this.asker.put(action.handler!, instance);
    if (this.verdict.outcome != Outcome.Waiting) this.judgeUnasked(trial, rule, action);
    else this.trials.own(this.verdict.token, addShadowCheck(trial, at, key), trial, action);
  }

  // No call was made: unless that denies, nobody has said anything.
  private judgeUnasked(trial: usize, rule: Rule, action: Action): void {
    const isFailed = this.verdict.outcome == Outcome.Failed;
    this.judge(trial, rule, action);
    if (isFailed && !failureDenies(action)) this.trials.skip(trial, action);
  }

  // The key under which a cache may know or remember the verdict; empty for none.
  private keyOf(action: Action, instance: CompiledInstance): Slice {
    if (action.handler!.connection == null || !action.handler!.mayKeep) return emptySlice();
    const key = this.asker.key(this.table.documentHash, action.handlerName, instance);
    return isKey(key) ? key : emptySlice();
  }

  private judge(trial: usize, rule: Rule, action: Action): void {
    const verdict = this.verdict;
    const isFailed = verdict.outcome == Outcome.Failed;
    if (!isFailed && verdict.outcome != Outcome.Denied) return;
    const handler = action.handlerName;
    if (isFailed) noteFailedVerdict(rule, handler, verdict.code, verdict.message);
    if (isFailed && !failureDenies(action)) return;
    const message = writeDenialMessage(verdict.code, handler, verdict.message);
    this.trials.denyBy(trial, rule, action, message);
  }
}

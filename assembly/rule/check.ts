// Checks of a request, in Mixer's order: all local checks as written, then those that ask somebody
// else, then quotas. Rules that read what earlier actions gave come in stages behind these.
// Resumable: stage and what waits stand in the stream's record, and the matches are worked out
// again from the same attributes. Hot.

import { Code } from "../shared/abi";
import { literal } from "../memory/literal";
import { monotonicNanos } from "../abi/clock";
import { recordStage, setRecordStage } from "../attribute/record";
import { Answer } from "../template/answer";
import { Outcome, Verdict } from "../template/verdict";
import { Action } from "./action";
import { Asker } from "./ask";
import { Attempts } from "./attempts";
import { DenialState } from "./denial";
import { noteFailedVerdict } from "./failure-log";
import { orderOf } from "./known-inputs";
import { MATCH_FAILED, isSet, matchRules } from "./matching";
import { bindOutputs } from "./outputs";
import { Progress } from "./progress";
import { QuotaCharger } from "./quota-charger";
import { countEnforced } from "./rollout";
import { Rule } from "./rule";
import { RuleTable } from "./table";
import { RemoteCheck } from "./remote-check";
import { RemoteQuota } from "./remote-quota";
import { ShadowCheck } from "./shadow-check";
import { addWait, isCharging, settleWait, waitExtra, waitOutcome } from "./wait";
import { LINKS_BACKENDS, LINKS_CHECKS, LINKS_QUOTA } from "../template/linked";

const INSTANCE_FAILED = literal("instance could not be evaluated");

/** Runs the checks of one root context; holds what they need for one stream at a time. */
export class Check {
  /** What is in SHADOW mode; late answers go there. */
  readonly shadow: ShadowCheck;
  private readonly asker: Asker;
  private readonly verdict: Verdict;
  private readonly remote: RemoteCheck;
  private readonly remoteQuota: RemoteQuota;

  /** `seed` is for the jitter of retries. */
  constructor(
    private readonly table: RuleTable,
    readonly denial: DenialState,
    private readonly charger: QuotaCharger,
    seed: u64,
  ) {
    const asker = new Asker(table.bag);
    this.asker = asker;
    this.verdict = asker.verdict;
    this.shadow = new ShadowCheck(table, asker, charger);
    const attempts = new Attempts(seed);
    this.remote = new RemoteCheck(table, denial, asker, attempts);
    this.remoteQuota = new RemoteQuota(table, denial, charger, attempts);
  }

  /** Starts the checks of the stream that the bag stands at. */
  run(record: usize): Progress {
    const table = this.table;
    this.denial.reset();
    const isConcerned = matchRules(table, unchecked(table.stages[0]), true, false);
    if (!hasMoreThanMatches(table)) {
      if (!isConcerned) return Progress.Passed;
      // Without checks, and where every match could be evaluated, only quotas can deny.
      if (!table.hasChecks && !hasFailed(table)) return this.finish(record);
    }
    return this.decided(this.advance(record, 0));
  }

  /**
   * Goes on with a stream that waits, the bag at it again: `answer` is what came; null: a retry may
   * be due, or the time of a question over.
   */
  resume(record: usize, answer: Answer | null): Progress {
    this.denial.reset();
    const isCharge = isCharging(record);
    return this.decided(
      isCharge ? this.resumeCharges(record, answer) : this.resumeChecks(record, answer),
    );
  }

  private decided(progress: Progress): Progress {
    if (this.table.hasRollouts && progress != Progress.Waiting) {
      countEnforced(this.table, this.denial.rule, this.denial.action);
    }
    return progress;
  }

  private resumeChecks(record: usize, answer: Answer | null): Progress {
    const remote = this.remote;
    if (answer != null) remote.take(record, answer);
    else remote.wake(record, monotonicNanos());
    const progress = remote.judge(record);
    if (progress == Progress.Waiting) return progress;
    const stage = recordStage(record);
    this.rematch(stage);
    if (this.denial.isDenied) return this.deny(record, stage, i32.MAX_VALUE);
    return this.enter(record, stage + 1) ? this.advance(record, stage + 1) : this.finish(record);
  }

  // Everything from a stage on whose rules have been matched.
  private advance(record: usize, first: i32): Progress {
    const table = this.table;
    let stage = first;
    do {
      this.runLocal(record, stage);
      if (table.hasShadow) this.shadow.run(record, stage);
      if (this.denial.isDenied) return this.deny(record, stage, this.denialOrder);
      if (LINKS_BACKENDS && table.hasRemoteChecks) {
        const progress = this.runRemote(record, stage);
        if (progress == Progress.Denied) return this.deny(record, stage, i32.MAX_VALUE);
        if (progress == Progress.Waiting) {
          setRecordStage(record, stage);
          return progress;
        }
      }
      stage++;
    } while (this.enter(record, stage));
    return this.finish(record);
  }

  // Matches the rules of a further stage, all that they read being known; false behind the last.
  private enter(record: usize, stage: i32): bool {
    const table = this.table;
    if (stage >= table.stages.length) return false;
    bindOutputs(table, record);
    matchRules(table, unchecked(table.stages[stage]), true, true);
    return true;
  }

  // `order`: of the check that denied; beyond the last one where an answer did.
  private deny(record: usize, stage: i32, order: i32): Progress {
    const table = this.table;
    if (table.hasOutputs) bindOutputs(table, record);
    if (!table.hasShadow) return Progress.Denied;
    if (stage + 1 < table.stages.length) this.shadow.runBehindDenial(record, stage, order);
    this.shadow.trials.close(record);
    return Progress.Denied;
  }

  // A match that failed denies in front of all checks of its rule.
  private get denialOrder(): i32 {
    const action = this.denial.action;
    return action != null ? action.order : orderOf(this.denial.rule!.number, 0);
  }

  private resumeCharges(record: usize, answer: Answer | null): Progress {
    const remote = this.remoteQuota;
    if (answer != null) remote.take(record, answer);
    else remote.wake(record, monotonicNanos());
    const progress = remote.judge(record);
    if (progress == Progress.Waiting) return progress;
    this.rematch(this.table.stages.length - 1);
    return this.denial.isDenied ? Progress.Denied : progress;
  }

  // Works the matches out once more, up to a stage whose rules have been matched before. One that
  // fails only now says nothing of what matched then: `onError` decides, as it would have.
  private rematch(last: i32): void {
    const table = this.table;
    for (let stage = 0; stage <= last; stage++) {
      matchRules(table, unchecked(table.stages[stage]), false, stage > 0);
    }
    for (let word = 0; word < table.wordCount; word++) {
      let bits = load<u64>(table.failed + ((<usize>word) << 3));
      while (bits != 0) {
        this.failMatch(unchecked(table.rules[(word << 6) | (<i32>ctz(bits))]));
        bits &= bits - 1;
      }
    }
  }

  private failMatch(rule: Rule): void {
    if (rule.isAside || !rule.isEnforced || !rule.onError.deniesMatch) return;
    this.denial.set(rule, null, Code.Internal, rule.name, MATCH_FAILED);
  }

  private finish(record: usize): Progress {
    if (this.table.hasOutputs) bindOutputs(this.table, record);
    if (this.table.hasShadow) this.shadow.trials.close(record);
    if (LINKS_BACKENDS && this.table.hasRemoteQuotas) return this.remoteQuota.run(record);
    if (LINKS_QUOTA && this.table.hasQuotas) this.charger.charge();
    return this.denial.isDenied ? Progress.Denied : Progress.Passed;
  }

  private runLocal(record: usize, stage: i32): void {
    const table = this.table;
    for (let word = 0; word < table.wordCount; word++) {
      const offset = (<usize>word) << 3;
      let bits = load<u64>(table.matched + offset) | load<u64>(table.failed + offset);
      while (bits != 0) {
        const number = (word << 6) | (<i32>ctz(bits));
        bits &= bits - 1;
        this.checkRule(unchecked(table.rules[number]), record, stage);
        if (this.denial.isDenied) return;
      }
    }
  }

  private runRemote(record: usize, stage: i32): Progress {
    const table = this.table;
    for (let number = 0; number < table.rules.length; number++) {
      if (!isSet(table.matched, number)) continue;
      if (!this.remote.askRule(unchecked(table.rules[number]), record, stage)) break;
    }
    return this.denial.isDenied ? Progress.Denied : this.remote.judge(record);
  }

  private checkRule(rule: Rule, record: usize, stage: i32): void {
    if (rule.isAside) return;
    if (isSet(this.table.failed, rule.number)) {
      if (rule.stage == stage) this.failMatch(rule);
      return;
    }
    if (!LINKS_CHECKS) return;
    for (let at = 0; at < rule.checks.length; at++) {
      const action = unchecked(rule.checks[at]);
      if (action.stage != stage || action.isShadow || action.handler!.isRemote) continue;
      this.checkAction(rule, at, record);
      if (this.denial.isDenied) return;
    }
  }

  private checkAction(rule: Rule, at: i32, record: usize): void {
    const action = unchecked(rule.checks[at]);
    for (let index = 0; index < action.instances.length; index++) {
      const verdict = this.verdict;
      if (!this.asker.ask(rule, action.handler!, unchecked(action.instances[index]))) {
        if (action.onError.deniesCheck) {
          this.denial.setBy(rule, action, Code.Internal, INSTANCE_FAILED);
        }
      } else if (verdict.hasExtra && hasMore(verdict, action)) {
        this.keep(rule, at, index, record);
      } else if (verdict.outcome == Outcome.Denied) {
        this.denial.setBy(rule, action, verdict.code, verdict.message);
      } else if (verdict.outcome != Outcome.Allowed) {
        this.fail(rule, action);
      }
      if (this.denial.isDenied) return;
    }
  }

  // A verdict that carries headers or output values stays with the stream.
  private keep(rule: Rule, at: i32, index: i32, record: usize): void {
    const verdict = this.verdict;
    const action = unchecked(rule.checks[at]);
    const wait = addWait(record, rule.number, at, index);
    if (wait != 0) settleWait(record, wait, verdict);
    // Without memory a denial goes without what it carries; anything else may not.
    let outcome = verdict.outcome == Outcome.Denied ? Outcome.Denied : Outcome.Failed;
    if (wait != 0) outcome = waitOutcome(wait);
    if (outcome == Outcome.Denied) {
      this.denial.setBy(rule, action, verdict.code, verdict.message);
      if (wait != 0) this.denial.extra = waitExtra(wait);
    } else if (outcome != Outcome.Allowed) {
      this.fail(rule, action);
    }
  }

  private fail(rule: Rule, action: Action): void {
    const verdict = this.verdict;
    const code = verdict.outcome == Outcome.Failed ? verdict.code : <i32>Code.Internal;
    noteFailedVerdict(rule, action.handlerName, code, verdict.message);
    if (!action.onError.deniesCheck) return;
    this.denial.setBy(rule, action, code, verdict.message);
  }
}

// Whether a request to which no rule of the first stage applies goes on all the same.
// @ts-ignore: decorator
@inline
function hasMoreThanMatches(table: RuleTable): bool {
  return table.stages.length > 1 || table.hasOutputs || table.hasShadow;
}

// Whether some match could not be evaluated.
// @ts-ignore: decorator
@inline
function hasFailed(table: RuleTable): bool {
  for (let word = 0; word < table.wordCount; word++) {
    if (load<u64>(table.failed + ((<usize>word) << 3)) != 0) return true;
  }
  return false;
}

// Output values of an action without a name can be read by nobody.
function hasMore(verdict: Verdict, action: Action): bool {
  if (action.outputs.length == 0) verdict.forgetOutputs();
  return verdict.hasExtra;
}

// Quotas of a document in which some ask a backend: charged once all checks have passed, all of
// them together and in the order of the document, while the stream stays paused. What local quotas
// say is kept beside, so that the message lists all that are exhausted. Hot.

import { Code } from "../shared/abi";
import { literal } from "../memory/literal";
import { emptySlice, sizeOf } from "../memory/slice";
import { CallFailure, lastCallFailure, refuseCall } from "../abi/callouts";
import { Answer } from "../template/answer";
import { FailureMode } from "../template/handler";
import { Lifetime } from "../template/status";
import { Outcome, Verdict } from "../template/verdict";
import { Action } from "./action";
import { Attempts, deadlineOf } from "./attempts";
import { DenialState } from "./denial";
import { noteFailedVerdict } from "./failure-log";
import { CompiledInstance } from "./instance";
import { Progress } from "./progress";
import { HANDLER_FAILED, INSTANCE_FAILED, QuotaCharger } from "./quota-charger";
import { RemoteQuestions } from "./remote-questions";
import { Rule } from "./rule";
import { RuleTable } from "./table";
import {
  addWait,
  failWait,
  findWait,
  isCharge,
  markCharge,
  setWaitDeadline,
  settleWait,
  waitAction,
  waitAt,
  waitCode,
  waitCount,
  waitInstance,
  waitMessage,
  waitOutcome,
  waitRule,
} from "./wait";

const TOO_MANY = literal("too many quotas for one request");
const NEVER_KEPT = new Lifetime(0, 0);
const nobody = new Answer();

/** Charges, waits, judges. One for each root context, used for one stream at a time. */
export class RemoteQuota extends RemoteQuestions {
  /** What a grant comes to, as a question keeps it. */
  private readonly verdict: Verdict = new Verdict();

  constructor(
    private readonly table: RuleTable,
    private readonly denial: DenialState,
    private readonly charger: QuotaCharger,
    private readonly attempts: Attempts,
  ) {
    super();
  }

  /** Charges all enforced quotas of the rules that matched. */
  run(record: usize): Progress {
    const table = this.table;
    this.charger.open(false);
    for (let word = 0; word < table.wordCount; word++) {
      let bits = load<u64>(table.matched + ((<usize>word) << 3));
      while (bits != 0) {
        const rule = unchecked(table.rules[(word << 6) | (<i32>ctz(bits))]);
        bits &= bits - 1;
        this.chargeRule(rule, record);
      }
    }
    return this.denial.isDenied ? Progress.Denied : this.conclude(record);
  }

  /** Takes an answer; the bag stands at the stream again. */
  take(record: usize, answer: Answer): void {
    const wait = findWait(record, answer.token);
    if (wait == 0) return;
    const action = this.actionOf(wait);
    if (!answer.isAnswered && this.attempts.mayRetry(wait, action)) return;
    this.charger.open(false);
    this.hear(record, wait, answer);
  }

  wake(record: usize, nowNs: u64): void {
    this.charger.open(false);
    super.wake(record, nowNs);
  }

  giveUp(record: usize, wait: usize): void {
    failWait(wait, Code.DeadlineExceeded);
    nobody.setNone(0);
    this.hear(record, wait, nobody);
  }

  /** Where the charges stand. */
  judge(record: usize): Progress {
    this.charger.open(false);
    return this.conclude(record);
  }

  private chargeRule(rule: Rule, record: usize): void {
    for (let at = 0; at < rule.quotas.length && !this.denial.isDenied; at++) {
      const action = unchecked(rule.quotas[at]);
      if (!action.isShadow && !rule.isAside) this.chargeAction(rule, at, record);
    }
  }

  // Without room nothing more of this action is charged.
  private chargeAction(rule: Rule, at: i32, record: usize): void {
    const action = unchecked(rule.quotas[at]);
    for (let index = 0; index < action.instances.length; index++) {
      const wait = addWait(record, rule.number, at, index);
      if (wait == 0) return this.refuse(rule, action);
      markCharge(wait);
      setWaitDeadline(wait, deadlineOf(action));
      this.ask(record, wait);
    }
  }

  ask(record: usize, wait: usize): void {
    const action = this.actionOf(wait);
    this.attempts.giveTime(wait, action);
    refuseCall(CallFailure.None);
    if (!this.fill(record, wait, action)) return;
    const grant = this.charger.grant;
    action.handler!.onQuota(this.charger.quota, grant);
    const isUnreached = grant.isFailed && lastCallFailure() == CallFailure.NoEndpoint;
    if (isUnreached && this.attempts.mayRetry(wait, action)) return;
    this.settle(record, wait);
  }

  private hear(record: usize, wait: usize, answer: Answer): void {
    const action = this.actionOf(wait);
    this.attempts.giveTime(wait, action);
    if (!this.fill(record, wait, action)) return;
    action.handler!.onQuotaAnswer(answer, this.charger.quota, this.charger.grant);
    this.settle(record, wait);
  }

  // The rule's own failure: the handler was not asked, so its failure mode has no say.
  private fill(record: usize, wait: usize, action: Action): bool {
    const rule = unchecked(this.table.rules[waitRule(wait)]);
    if (this.charger.fill(rule, action, this.instanceOf(wait, action))) return true;
    const verdict = this.verdict;
    verdict.reset();
    if (action.onError.deniesQuota) verdict.denyWith(Code.Internal, INSTANCE_FAILED, NEVER_KEPT);
    settleWait(record, wait, verdict);
    return false;
  }

  private settle(record: usize, wait: usize): void {
    const grant = this.charger.grant;
    const verdict = this.verdict;
    this.charger.note();
    verdict.reset();
    if (grant.token != 0) {
      verdict.wait(grant.token);
    } else if (grant.isFailed) {
      verdict.fail(grant.code, grant.message);
    } else if (grant.amount <= 0 && this.charger.quota.amount > 0) {
      verdict.denyWith(Code.ResourceExhausted, emptySlice(), NEVER_KEPT);
    }
    settleWait(record, wait, verdict);
    if (waitOutcome(wait) != Outcome.Failed) return;
    const rule = unchecked(this.table.rules[waitRule(wait)]);
    const handlerName = this.actionOf(wait).handlerName;
    noteFailedVerdict(rule, handlerName, waitCode(wait), waitMessage(wait));
  }

  private conclude(record: usize): Progress {
    const count = waitCount(record);
    for (let at: u32 = 0; at < count; at++) {
      if (waitOutcome(waitAt(record, at)) == Outcome.Waiting) return Progress.Waiting;
    }
    for (let at: u32 = 0; at < count; at++) {
      if (isCharge(waitAt(record, at))) this.weigh(waitAt(record, at));
    }
    this.charger.conclude(false);
    return this.denial.isDenied ? Progress.Denied : Progress.Passed;
  }

  private weigh(wait: usize): void {
    const outcome = waitOutcome(wait);
    if (outcome == Outcome.Allowed) return;
    const rule = unchecked(this.table.rules[waitRule(wait)]);
    const action = this.actionOf(wait);
    if (outcome == Outcome.Denied && waitCode(wait) == Code.ResourceExhausted) {
      this.charger.exhaust(rule, action, this.instanceOf(wait, action).name);
    } else if (outcome == Outcome.Denied || chargeFailureDenies(action)) {
      const said = waitMessage(wait);
      const message = sizeOf(said) == 0 ? HANDLER_FAILED : said;
      this.denial.setBy(rule, action, waitCode(wait), message);
    }
  }

  private refuse(rule: Rule, action: Action): void {
    noteFailedVerdict(rule, action.handlerName, Code.ResourceExhausted, TOO_MANY);
    if (!chargeFailureDenies(action)) return;
    const code = Code.ResourceExhausted;
    this.denial.setBy(rule, action, code, TOO_MANY);
  }

  // @ts-ignore: decorator
  @inline
  private actionOf(wait: usize): Action {
    const rule = unchecked(this.table.rules[waitRule(wait)]);
    return unchecked(rule.quotas[waitAction(wait)]);
  }

  // @ts-ignore: decorator
  @inline
  private instanceOf(wait: usize, action: Action): CompiledInstance {
    return unchecked(action.instances[waitInstance(wait)]);
  }
}

/** Whether a handler that cannot charge makes its action deny. */
export function chargeFailureDenies(action: Action): bool {
  const mode = action.handler!.failureMode;
  return mode == FailureMode.ByRule ? action.onError.deniesQuota : mode == FailureMode.Deny;
}

// Checks that ask a backend: asked together, answered in any order, judged in the order of the
// document. A call that fails is repeated with jitter while the action's time lasts. Hot.

import { Code } from "../shared/abi";
import { literal } from "../memory/literal";
import { sizeOf } from "../memory/slice";
import { CallFailure, lastCallFailure, refuseCall } from "../abi/callouts";
import { Answer } from "../template/answer";
import { FailureMode } from "../template/handler";
import { Lifetime } from "../template/status";
import { Outcome, Verdict } from "../template/verdict";
import { Action } from "./action";
import { Asker } from "./ask";
import { Attempts, deadlineOf } from "./attempts";
import { isKey } from "./cache-key";
import { DenialState } from "./denial";
import { noteFailedVerdict } from "./failure-log";
import { CompiledInstance } from "./instance";
import { Progress } from "./progress";
import { RemoteQuestions } from "./remote-questions";
import { Rule } from "./rule";
import { RuleTable } from "./table";
import { recallVerdict, rememberVerdict } from "./verdict-cache";
import {
  addWait,
  failWait,
  findWait,
  keepWaitKey,
  setWaitDeadline,
  settleWait,
  waitAction,
  waitAt,
  waitAttempts,
  waitCode,
  waitCount,
  waitExtra,
  waitInstance,
  waitKey,
  waitMessage,
  waitOutcome,
  waitRule,
} from "./wait";

const INSTANCE_FAILED = literal("instance could not be evaluated");
const TOO_MANY = literal("too many callouts for one request");

const NEVER_KEPT = new Lifetime(0, 0);

/** Asks, waits, judges. One for each root context, used for one stream at a time. */
export class RemoteCheck extends RemoteQuestions {
  private readonly verdict: Verdict;

  constructor(
    private readonly table: RuleTable,
    private readonly denial: DenialState,
    private readonly asker: Asker,
    private readonly attempts: Attempts,
  ) {
    super();
    this.verdict = asker.verdict;
  }

  /** Asks for the remote checks of a rule; false when nothing behind it needs to be asked. */
  askRule(rule: Rule, record: usize, stage: i32): bool {
    if (rule.isAside) return true;
    for (let at = 0; at < rule.checks.length; at++) {
      const action = unchecked(rule.checks[at]);
      if (action.stage != stage || action.isShadow || !action.handler!.isRemote) continue;
      if (!this.askAction(rule, at, record)) return false;
    }
    return true;
  }

  // False once something denies. Without room nothing more of this action is asked.
  private askAction(rule: Rule, at: i32, record: usize): bool {
    const action = unchecked(rule.checks[at]);
    for (let index = 0; index < action.instances.length; index++) {
      const wait = addWait(record, rule.number, at, index);
      if (wait == 0) {
        this.refuse(rule, action);
        return !this.denial.isDenied;
      }
      setWaitDeadline(wait, deadlineOf(action));
      this.ask(record, wait);
      if (this.denies(wait)) return false;
    }
    return true;
  }

  /** Where the questions stand: the earliest denial counts once everything before it has passed. */
  judge(record: usize): Progress {
    const count = waitCount(record);
    for (let at: u32 = 0; at < count; at++) {
      const wait = waitAt(record, at);
      if (waitOutcome(wait) == Outcome.Waiting) return Progress.Waiting;
      if (!this.denies(wait)) continue;
      const rule = unchecked(this.table.rules[waitRule(wait)]);
      const action = unchecked(rule.checks[waitAction(wait)]);
      const code = waitCode(wait);
      this.denial.setBy(rule, action, code, waitMessage(wait));
      this.denial.extra = waitExtra(wait);
      return Progress.Denied;
    }
    return Progress.Passed;
  }

  /** Takes an answer; the bag stands at the stream again. */
  take(record: usize, answer: Answer): void {
    const wait = findWait(record, answer.token);
    if (wait == 0) return;
    const rule = unchecked(this.table.rules[waitRule(wait)]);
    const action = unchecked(rule.checks[waitAction(wait)]);
    if (!answer.isAnswered && this.attempts.mayRetry(wait, action)) return;
    this.attempts.giveTime(wait, action);
    this.verdict.reset();
    action.handler!.onAnswer(answer, this.verdict);
    const key = waitKey(wait);
    if (sizeOf(key) > 0) rememberVerdict(this.table.pluginName, key, this.verdict);
    this.settle(record, wait, action);
  }

  giveUp(record: usize, wait: usize): void {
    failWait(wait, Code.DeadlineExceeded);
    this.note(wait);
  }

  ask(record: usize, wait: usize): void {
    const rule = unchecked(this.table.rules[waitRule(wait)]);
    const action = unchecked(rule.checks[waitAction(wait)]);
    this.attempts.giveTime(wait, action);
    refuseCall(CallFailure.None);
    const instance = unchecked(action.instances[waitInstance(wait)]);
    if (!this.asker.prepare(rule, instance)) {
      this.failInstance(record, wait, action);
      return;
    }
    if (this.recall(wait, action, instance)) {
      this.settle(record, wait, action);
      return;
    }
    this.asker.put(action.handler!, instance);
    const isUnreached =
      this.verdict.outcome == Outcome.Failed && lastCallFailure() == CallFailure.NoEndpoint;
    if (isUnreached && this.attempts.mayRetry(wait, action)) return;
    this.settle(record, wait, action);
  }

  // Whether a cache knows the verdict; where not, the question keeps its key for the answer.
  private recall(wait: usize, action: Action, instance: CompiledInstance): bool {
    const connection = action.handler!.connection;
    if (connection == null || !action.handler!.mayKeep || waitAttempts(wait) > 0) return false;
    const table = this.table;
    const key = this.asker.key(table.documentHash, action.handlerName, instance);
    if (!isKey(key)) return false;
    if (recallVerdict(table.pluginName, key, this.verdict)) {
      connection.cacheHits++;
      return true;
    }
    connection.cacheMisses++;
    keepWaitKey(wait, key);
    return false;
  }

  // The rule's own failure: the handler was not asked, so its failure mode has no say.
  private failInstance(record: usize, wait: usize, action: Action): void {
    const verdict = this.verdict;
    verdict.reset();
    if (action.onError.deniesCheck) verdict.denyWith(Code.Internal, INSTANCE_FAILED, NEVER_KEPT);
    settleWait(record, wait, verdict);
  }

  // Output values of an action without a name can be read by nobody; a cache has them all the same.
  private settle(record: usize, wait: usize, action: Action): void {
    if (action.outputs.length == 0) this.verdict.forgetOutputs();
    settleWait(record, wait, this.verdict);
    if (waitOutcome(wait) == Outcome.Failed) this.note(wait);
  }

  private note(wait: usize): void {
    const rule = unchecked(this.table.rules[waitRule(wait)]);
    const action = unchecked(rule.checks[waitAction(wait)]);
    noteFailedVerdict(rule, action.handlerName, waitCode(wait), waitMessage(wait));
  }

  private denies(wait: usize): bool {
    const outcome = waitOutcome(wait);
    if (outcome == Outcome.Denied) return true;
    if (outcome != Outcome.Failed) return false;
    const rule = unchecked(this.table.rules[waitRule(wait)]);
    return failureDenies(unchecked(rule.checks[waitAction(wait)]));
  }

  private refuse(rule: Rule, action: Action): void {
    noteFailedVerdict(rule, action.handlerName, Code.ResourceExhausted, TOO_MANY);
    if (!failureDenies(action)) return;
    const code = Code.ResourceExhausted;
    this.denial.setBy(rule, action, code, TOO_MANY);
  }
}

/** Whether a failure of the action denies. */
export function failureDenies(action: Action): bool {
  const mode = action.handler!.failureMode;
  return mode == FailureMode.ByRule ? action.onError.deniesCheck : mode == FailureMode.Deny;
}

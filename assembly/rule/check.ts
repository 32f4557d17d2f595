// Checks of a request, in Mixer's order: all local checks as written, then those that ask somebody
// else, then quotas. Resumable: what waits stands in the stream's record, and the matches are
// worked out again from the same attributes. Hot.

import { Code } from "../shared/abi";
import { literal } from "../memory/literal";
import { Answer } from "../template/answer";
import { Outcome, Verdict } from "../template/verdict";
import { Action } from "./action";
import { Asker } from "./ask";
import { DenialState, writeDenialMessage } from "./denial";
import { noteHandlerFailure, noteShadowDenial } from "./failure-log";
import { isSet, matchRules } from "./matching";
import { QuotaCharger } from "./quota-charger";
import { Rule } from "./rule";
import { RuleTable } from "./table";
import {
  addWait,
  findWait,
  pendingWaits,
  settleWait,
  waitAction,
  waitAt,
  waitCode,
  waitCount,
  waitMessage,
  waitOutcome,
  waitRule,
} from "./wait";

/** How far a check has come. */
export const enum Progress {
  Passed = 0,
  Denied = 1,
  Waiting = 2,
}

const MATCH_FAILED = literal("match could not be evaluated");
const INSTANCE_FAILED = literal("instance could not be evaluated");

/** Runs the checks of one root context; holds what they need for one stream at a time. */
export class Check {
  /** The first rule in SHADOW mode that would have denied, and its message. */
  shadowRule: Rule | null = null;
  shadowMessage: u64 = 0;
  private readonly asker: Asker;
  private readonly verdict: Verdict;

  constructor(
    private readonly table: RuleTable,
    readonly denial: DenialState,
    private readonly charger: QuotaCharger,
  ) {
    const asker = new Asker(table.bag);
    this.asker = asker;
    this.verdict = asker.verdict;
  }

  /** Starts the checks of the stream that the bag stands at. */
  run(record: usize): Progress {
    const table = this.table;
    this.reset();
    matchRules(table, table.requestIndex, true);
    this.runLocal();
    if (table.hasShadow) this.runShadow();
    if (this.denial.isDenied) return Progress.Denied;
    if (table.hasRemoteChecks) {
      this.runRemote(record);
      if (pendingWaits(record) > 0 && !this.denial.isDenied) return Progress.Waiting;
    }
    return this.finish(record);
  }

  /** Goes on after the answer to one callout; the bag stands at the stream again. */
  resume(record: usize, answer: Answer): Progress {
    const wait = findWait(record, answer.token);
    if (wait == 0) return Progress.Waiting;
    const rule = unchecked(this.table.rules[waitRule(wait)]);
    const handler = unchecked(rule.checks[waitAction(wait)]).handler!;
    this.verdict.reset();
    handler.onAnswer(answer, this.verdict);
    settleWait(record, wait, this.verdict);
    return pendingWaits(record) > 0 ? Progress.Waiting : this.conclude(record);
  }

  /** Goes on when every wait is over: answered, failed, or given up. */
  conclude(record: usize): Progress {
    this.reset();
    matchRules(this.table, this.table.requestIndex, false);
    return this.finish(record);
  }

  private reset(): void {
    this.denial.reset();
    this.shadowRule = null;
  }

  // Answers come in any order; the earliest denial in the document wins. Then the quotas.
  private finish(record: usize): Progress {
    const table = this.table;
    if (table.hasRemoteChecks && record != 0) {
      const count = waitCount(record);
      for (let at: u32 = 0; at < count; at++) this.judge(waitAt(record, at));
    }
    if (!this.denial.isDenied && table.hasQuotas) this.charger.charge(false);
    return this.denial.isDenied ? Progress.Denied : Progress.Passed;
  }

  private judge(wait: usize): void {
    const rule = unchecked(this.table.rules[waitRule(wait)]);
    const action = unchecked(rule.checks[waitAction(wait)]);
    const outcome = waitOutcome(wait);
    if (outcome == Outcome.Denied) {
      this.denial.set(rule, action.denial, waitCode(wait), action.handlerName, waitMessage(wait));
    } else if (outcome == Outcome.Failed) {
      noteHandlerFailure(rule, action.handlerName);
      if (action.onError.deniesCheck) {
        this.denial.set(rule, action.denial, waitCode(wait), action.handlerName, waitMessage(wait));
      }
    }
  }

  private runLocal(): void {
    const table = this.table;
    for (let word = 0; word < table.wordCount; word++) {
      const offset = (<usize>word) << 3;
      let bits = load<u64>(table.matched + offset) | load<u64>(table.failed + offset);
      while (bits != 0) {
        const number = (word << 6) | (<i32>ctz(bits));
        bits &= bits - 1;
        this.checkRule(unchecked(table.rules[number]), number, 0);
        if (this.denial.isDenied) return;
      }
    }
  }

  private runRemote(record: usize): void {
    const table = this.table;
    for (let number = 0; number < table.rules.length; number++) {
      if (isSet(table.matched, number)) {
        this.checkRule(unchecked(table.rules[number]), number, record);
      }
      if (this.denial.isDenied) return;
    }
  }

  // record 0: local checks; else remote ones, which wait there.
  private checkRule(rule: Rule, number: i32, record: usize): void {
    if (record == 0 && isSet(this.table.failed, number)) {
      if (rule.hasPolicy && !rule.isShadow && rule.onError.deniesMatch) {
        this.denial.set(rule, null, Code.Internal, rule.name, MATCH_FAILED);
      }
      return;
    }
    for (let at = 0; at < rule.checks.length; at++) {
      const action = unchecked(rule.checks[at]);
      const isRemote = action.handler!.isRemote;
      if (action.isShadow || isRemote != (record != 0)) continue;
      this.checkAction(rule, at, action, record);
      if (this.denial.isDenied) return;
    }
  }

  private checkAction(rule: Rule, at: i32, action: Action, record: usize): void {
    for (let index = 0; index < action.instances.length; index++) {
      const verdict = this.verdict;
      if (!this.asker.ask(rule, action.handler!, unchecked(action.instances[index]))) {
        if (action.onError.deniesCheck) {
          this.denial.set(rule, action.denial, Code.Internal, action.handlerName, INSTANCE_FAILED);
        }
      } else if (verdict.outcome == Outcome.Denied) {
        this.denial.set(rule, action.denial, verdict.code, action.handlerName, verdict.message);
      } else if (verdict.outcome == Outcome.Failed) {
        this.fail(rule, action);
      } else if (verdict.outcome == Outcome.Waiting) {
        if (record == 0 || !addWait(record, verdict.token, rule.number, at))
          this.fail(rule, action);
      }
      if (this.denial.isDenied) return;
    }
  }

  private fail(rule: Rule, action: Action): void {
    noteHandlerFailure(rule, action.handlerName);
    if (!action.onError.deniesCheck) return;
    const code = this.verdict.outcome == Outcome.Failed ? this.verdict.code : <i32>Code.Internal;
    this.denial.set(rule, action.denial, code, action.handlerName, this.verdict.message);
  }

  // Shadow actions run whatever the enforced ones say; remote ones would pause, so they do not.
  private runShadow(): void {
    const table = this.table;
    for (let number = 0; number < table.rules.length; number++) {
      if (!isSet(table.matched, number)) continue;
      const rule = unchecked(table.rules[number]);
      for (let at = 0; at < rule.checks.length; at++) {
        const action = unchecked(rule.checks[at]);
        if (action.isShadow && !action.handler!.isRemote) this.checkShadow(rule, action);
      }
    }
    if (!table.hasQuotas || !this.charger.charge(true)) return;
    this.noteShadow(this.charger.shadowRule!, this.charger.shadowMessage);
  }

  private checkShadow(rule: Rule, action: Action): void {
    for (let index = 0; index < action.instances.length; index++) {
      if (!this.asker.ask(rule, action.handler!, unchecked(action.instances[index]))) continue;
      const verdict = this.verdict;
      if (verdict.outcome == Outcome.Failed) noteHandlerFailure(rule, action.handlerName);
      if (verdict.outcome != Outcome.Denied) continue;
      const message = writeDenialMessage(verdict.code, action.handlerName, verdict.message);
      this.noteShadow(rule, message);
      return;
    }
  }

  private noteShadow(rule: Rule, message: u64): void {
    noteShadowDenial(rule, message);
    if (this.shadowRule != null) return;
    this.shadowRule = rule;
    this.shadowMessage = message;
  }
}

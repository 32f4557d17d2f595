// Quotas in SHADOW mode: charged to counters of their own, of which the handler knows by
// `quota.isShadow`. A backend is asked without the stream waiting; the answer is judged when it
// comes, with the dimensions that the charge had. Hot.

import { Code } from "../shared/abi";
import { literal } from "../memory/literal";
import { FAILED, sizeOf } from "../memory/slice";
import { Answer } from "../template/answer";
import { Grant } from "../template/instances";
import { keepValues, takeValues } from "../template/kept-values";
import {
  addShadowCharge,
  mayAskInShadow,
  shadowCallAction,
  shadowCallBytes,
  shadowCallInstance,
  shadowCallTrial,
  trialRule,
} from "../template/shadow-call";
import { Action } from "./action";
import { callbackNumber } from "./callback";
import { writeDenialMessage } from "./denial";
import { noteFailedVerdict } from "./failure-log";
import { HANDLER_FAILED, INSTANCE_FAILED, QuotaCharger } from "./quota-charger";
import { chargeFailureDenies } from "./remote-quota";
import { Rule } from "./rule";
import { ShadowTrials } from "./shadow-trials";
import { RuleTable } from "./table";
import { LINKS_BACKENDS } from "../template/linked";

const ASKED_TWICE = literal("asks more than once, which SHADOW mode does not");

/** Charges what is in SHADOW mode; one for each root context. */
export class ShadowQuota {
  constructor(
    private readonly table: RuleTable,
    private readonly charger: QuotaCharger,
    private readonly trials: ShadowTrials,
  ) {}

  /** Charges the quotas of a rule that belong to a stage. */
  run(trial: usize, rule: Rule, stage: i32): void {
    if (rule.quotas.length == 0) return;
    this.charger.open(true);
    for (let at = 0; at < rule.quotas.length; at++) {
      const action = unchecked(rule.quotas[at]);
      if (!this.trials.tries(trial, rule, action, stage)) continue;
      for (let index = 0; index < action.instances.length; index++) {
        this.charge(trial, rule, at, index);
      }
    }
    this.conclude(trial, rule);
  }

  /** Judges a late answer. */
  take(call: usize, answer: Answer): void {
    const trial = shadowCallTrial(call);
    const rule = unchecked(this.table.rules[trialRule(trial)]);
    const action = unchecked(rule.quotas[shadowCallAction(call)]);
    const instance = unchecked(action.instances[shadowCallInstance(call)]);
    const charger = this.charger;
    charger.open(true);
    takeValues(instance.dimensions, shadowCallBytes(call), callbackNumber());
    if (!charger.fill(rule, action, instance)) {
      this.trials.skip(trial, action);
      return;
    }
    const grant = charger.grant;
    action.handler!.onQuotaAnswer(answer, charger.quota, grant);
    if (grant.token != 0) grant.failWith(Code.Internal, ASKED_TWICE);
    this.judge(trial, rule, action, grant);
    this.conclude(trial, rule);
  }

  private charge(trial: usize, rule: Rule, at: i32, index: i32): void {
    const action = unchecked(rule.quotas[at]);
    const handler = action.handler!;
    const connection = handler.connection;
    if (LINKS_BACKENDS && connection != null) {
      if (!mayAskInShadow(trial)) {
        this.trials.drop(trial, action);
        return;
      }
      connection.remainingMs = action.timeoutMs;
      connection.questionId = 0;
    }
    const charger = this.charger;
    const instance = unchecked(action.instances[index]);
    if (!charger.fill(rule, action, instance)) {
      if (!action.onError.deniesQuota) return;
      const code = Code.Internal;
      const message = writeDenialMessage(code, action.handlerName, INSTANCE_FAILED);
      this.trials.denyBy(trial, rule, action, message);
      return;
    }
    const grant = charger.grant;
    handler.onQuota(charger.quota, grant);
    if (!LINKS_BACKENDS || grant.token == 0) {
      this.judge(trial, rule, action, grant);
      // No call was made: unless that denies, nobody has said anything.
      const isUnasked = connection != null && grant.isFailed;
      if (isUnasked && !chargeFailureDenies(action)) this.trials.skip(trial, action);
      return;
    }
    const values = keepValues(instance.dimensions);
    const call = values == FAILED ? 0 : addShadowCharge(trial, at, index, values);
    this.trials.own(grant.token, call, trial, action);
  }

  private judge(trial: usize, rule: Rule, action: Action, grant: Grant): void {
    const charger = this.charger;
    if (!grant.isFailed) {
      if (grant.amount > 0 || action.charge <= 0) return;
      charger.exhaust(rule, action, charger.quota.name);
      this.trials.mark(trial, action);
      return;
    }
    const handler = action.handlerName;
    noteFailedVerdict(rule, handler, grant.code, grant.message);
    if (!chargeFailureDenies(action)) return;
    const why = sizeOf(grant.message) == 0 ? HANDLER_FAILED : grant.message;
    const message = writeDenialMessage(grant.code, handler, why);
    this.trials.denyBy(trial, rule, action, message);
  }

  private conclude(trial: usize, rule: Rule): void {
    const charger = this.charger;
    if (charger.conclude(true)) this.trials.deny(trial, rule, charger.shadowMessage);
  }
}

// What rules in SHADOW mode come to for one stream, as far as it is known: the first that would
// deny is counted, logged by sample, and named by the stream's record while there is one. Hot.

import { Slice } from "../memory/slice";
import { keepShadow, recordStage, recordTrials, setRecordTrials } from "../attribute/record";
import { NO_STREAM, SHADOW, addCall, findCall, setCallOwner } from "../template/call-table";
import {
  closeTrial,
  denyAction,
  denyTrial,
  dropTrial,
  endShadowCall,
  isActionDenied,
  isActionSkipped,
  isActionTried,
  isTrialAside,
  isTrialDenied,
  isTrialOver,
  isTrialSkipped,
  nextTrial,
  skipAction,
  skipTrial,
  trialRule,
  tryAction,
} from "../template/shadow-call";
import { Action } from "./action";
import { noteShadowDenial } from "./failure-log";
import { KnownInputs } from "./known-inputs";
import { Rollout, RolloutVerdict } from "./rollout";
import { Rule } from "./rule";
import { RuleTable } from "./table";

/** The trials of one root context. */
export class ShadowTrials {
  /** The stream that is being checked; 0 while a late answer is judged. */
  record: usize = 0;

  /** What is known of what rules read. */
  readonly known: KnownInputs;

  constructor(private readonly table: RuleTable) {
    this.known = new KnownInputs(table);
  }

  /** Whether an action is to be tried now, for the current stream; notes that it is. */
  tries(trial: usize, rule: Rule, action: Action, stage: i32): bool {
    if (action.stage != stage || !(action.isShadow || rule.isAside)) return false;
    if (this.isDone(trial, action)) return false;
    if (!this.known.areKnown(action.inputs)) {
      this.skip(trial, action);
      return false;
    }
    const rollout = action.rollout;
    if (rollout != null) tryAction(trial, rollout.slot);
    return true;
  }

  /** Whether the verdict is known already: of the rule, or of an action with a rollout. */
  isDone(trial: usize, action: Action): bool {
    const rollout = action.rollout;
    return rollout == null ? isTrialDenied(trial) : isActionDenied(trial, rollout.slot);
  }

  /** The action would have denied. */
  denyBy(trial: usize, rule: Rule, action: Action, message: Slice): void {
    this.mark(trial, action);
    this.deny(trial, rule, message);
  }

  /** The action would have denied; its rule says so later. */
  mark(trial: usize, action: Action): void {
    const rollout = action.rollout;
    if (rollout != null) denyAction(trial, rollout.slot);
  }

  /** The rule would have denied. */
  deny(trial: usize, rule: Rule, message: Slice): void {
    if (!denyTrial(trial)) return;
    noteShadowDenial(rule, message);
    if (this.record != 0) keepShadow(this.record, rule.number, message);
  }

  /** What the action would have said will not be known; a denial that is known stays one. */
  skip(trial: usize, action: Action): void {
    const rollout = action.rollout;
    if (rollout == null) skipTrial(trial);
    else skipAction(trial, rollout.slot);
  }

  /** A question could not be asked, or nobody could hear the answer. */
  drop(trial: usize, action: Action): void {
    this.table.droppedShadows++;
    this.skip(trial, action);
  }

  /** From now on the answer belongs to a shadow call; 0 where there was no memory for one. */
  own(token: u32, call: usize, trial: usize, action: Action): void {
    let entry = findCall(token);
    if (entry == 0 && addCall(token, 0)) entry = findCall(token);
    if (entry != 0) setCallOwner(entry, call == 0 ? NO_STREAM : SHADOW, call);
    else if (call != 0) endShadowCall(call);
    if (entry == 0 || call == 0) this.drop(trial, action);
  }

  /** The stream asks nothing more: verdicts that are final are done with. */
  close(record: usize): void {
    let trial = recordTrials(record);
    setRecordTrials(record, 0);
    while (trial != 0) {
      const next = nextTrial(trial);
      closeTrial(trial);
      this.endIfOver(trial);
      trial = next;
    }
  }

  /** The stream has gone before it was decided: what later stages would have asked is skipped. */
  abandon(record: usize): void {
    const stage = recordStage(record);
    for (let trial = recordTrials(record); trial != 0; trial = nextTrial(trial)) {
      const rule = unchecked(this.table.rules[trialRule(trial)]);
      if (asksBehind(rule.checks, stage) || asksBehind(rule.quotas, stage)) skipTrial(trial);
    }
    this.close(record);
  }

  /** Counts the verdict of a trial that is over, and gives its memory back. */
  endIfOver(trial: usize): void {
    if (!isTrialOver(trial)) return;
    const rule = unchecked(this.table.rules[trialRule(trial)]);
    const rollout = rule.rollout;
    if (rollout != null && isTrialAside(trial)) {
      countTrial(rollout, isTrialDenied(trial), isTrialSkipped(trial));
    }
    const parts = rule.actionRollouts;
    for (let slot = 0; slot < parts.length; slot++) {
      const isSkipped = isActionSkipped(trial, slot);
      if (!isSkipped && !isActionTried(trial, slot)) continue;
      countTrial(unchecked(parts[slot]), isActionDenied(trial, slot), isSkipped);
    }
    dropTrial(trial);
  }
}

function asksBehind(actions: StaticArray<Action>, stage: i32): bool {
  for (let at = 0; at < actions.length; at++) {
    if (unchecked(actions[at]).stage > stage) return true;
  }
  return false;
}

function countTrial(rollout: Rollout, isDenied: bool, isSkipped: bool): void {
  if (isDenied) rollout.count(RolloutVerdict.ShadowDeny);
  else rollout.count(isSkipped ? RolloutVerdict.ShadowSkipped : RolloutVerdict.ShadowAllow);
}

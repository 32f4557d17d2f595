// What rules in SHADOW mode come to for one stream, as far as it is known: the first that would
// deny is counted, logged by sample, and named by the stream's record while there is one. Hot.

import { Slice } from "../memory/slice";
import { keepShadow, recordTrials, setRecordTrials } from "../attribute/record";
import { NO_STREAM, SHADOW, addCall, findCall, setCallOwner } from "../template/call-table";
import {
  closeTrial,
  denyTrial,
  dropTrial,
  endShadowCall,
  isTrialAside,
  isTrialDenied,
  isTrialOver,
  nextTrial,
  trialRule,
} from "../template/shadow-call";
import { noteShadowDenial } from "./failure-log";
import { RolloutVerdict } from "./rollout";
import { Rule } from "./rule";
import { RuleTable } from "./table";

/** The trials of one root context. */
export class ShadowTrials {
  /** The stream that is being checked; 0 while a late answer is judged. */
  record: usize = 0;

  constructor(private readonly table: RuleTable) {}

  /** The rule would have denied. */
  deny(trial: usize, rule: Rule, message: Slice): void {
    if (!denyTrial(trial)) return;
    noteShadowDenial(rule, message);
    if (this.record != 0) keepShadow(this.record, rule.number, message);
  }

  /** From now on the answer belongs to a shadow call; 0 where there was no memory for one. */
  own(token: u32, call: usize): void {
    let entry = findCall(token);
    if (entry == 0 && addCall(token, 0)) entry = findCall(token);
    if (entry != 0) setCallOwner(entry, call == 0 ? NO_STREAM : SHADOW, call);
    else if (call != 0) endShadowCall(call);
    if (entry == 0 || call == 0) this.table.droppedShadows++;
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

  /** Counts the verdict of a trial that is over, and gives its memory back. */
  endIfOver(trial: usize): void {
    if (!isTrialOver(trial)) return;
    const rollout = unchecked(this.table.rules[trialRule(trial)]).rollout;
    if (rollout != null && isTrialAside(trial)) {
      const isDenied = isTrialDenied(trial);
      rollout.count(isDenied ? RolloutVerdict.ShadowDeny : RolloutVerdict.ShadowAllow);
    }
    dropTrial(trial);
  }
}

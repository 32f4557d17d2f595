// Whether what a rule or action reads of others' outputs is known behind an enforced denial: of
// what the denial spared nothing ever will be. Hot.

import { Outcome } from "../template/verdict";
import { Action } from "./action";
import { isSet } from "./matching";
import { RuleTable } from "./table";
import { waitAction, waitAt, waitCount, waitOutcome, waitRule } from "./wait";

/** More than a rule has actions. */
const ORDER_BITS: i32 = 9;

/** The place of a check among those of all rules. */
// @ts-ignore: decorator
@inline
export function orderOf(rule: i32, position: i32): i32 {
  return (rule << ORDER_BITS) | position;
}

/** Looks at one stream at a time. */
export class KnownInputs {
  /** Whether something has denied; else all that is read is known. */
  isBehindDenial: bool = false;
  private record: usize = 0;
  private stage: i32 = 0;
  /** The check that denied at once; beyond the last one where an answer did. */
  private order: i32 = 0;

  constructor(private readonly table: RuleTable) {}

  /** Something has denied in a stage: the check with this order, or an answer. */
  deny(record: usize, stage: i32, order: i32): void {
    this.isBehindDenial = true;
    this.record = record;
    this.stage = stage;
    this.order = order;
  }

  /** Whether everything is known that these actions give, or that they give nothing. */
  areKnown(actions: StaticArray<Action>): bool {
    if (!this.isBehindDenial) return true;
    for (let at = 0; at < actions.length; at++) {
      if (!this.isKnown(unchecked(actions[at]))) return false;
    }
    return true;
  }

  private isKnown(action: Action): bool {
    if (action.isShadow || action.stage < this.stage) return true;
    if (action.stage > this.stage) return false;
    if (!action.handler!.isRemote) return action.order < this.order;
    const rule = action.order >> ORDER_BITS;
    return !isSet(this.table.matched, rule) || this.isAnswered(rule, action);
  }

  private isAnswered(rule: i32, action: Action): bool {
    const position = action.order & ((1 << ORDER_BITS) - 1);
    let answered = 0;
    const count = waitCount(this.record);
    for (let at: u32 = 0; at < count; at++) {
      const wait = waitAt(this.record, at);
      if (waitRule(wait) != rule || waitAction(wait) != position) continue;
      if (waitOutcome(wait) != Outcome.Waiting) answered++;
    }
    return answered == action.instances.length;
  }
}

// A rule or action that is enforced for a part of the traffic: which part a request belongs to, and
// what came of both. The part is chosen by a hash of a value, seeded by the name of the rule, or of
// rule and action: a caller stays on its side, on every worker and proxy, and rollouts are
// independent of each other. Hot.

import { Slice, isPresent, slice } from "../memory/slice";
import { hash } from "../memory/bytes";
import { Bag } from "../attribute/bag";
import { hasValue, holdsSlice, textAt, typeAt } from "../attribute/value";
import { evaluate } from "../expression/evaluator";
import { Program } from "../expression/program";
import { Action } from "./action";
import { Rule } from "./rule";
import { RuleTable } from "./table";

/** A hundredth of a percent is one share. */
export const SHARE_COUNT: u32 = 10_000;

/** Both sides' verdicts; the numbers are positions in `Rollout.counts`. */
export const enum RolloutVerdict {
  EnforcedAllow = 0,
  EnforcedDeny = 1,
  ShadowAllow = 2,
  ShadowDeny = 3,
  /** Not everything was asked, and nothing denied. */
  ShadowSkipped = 4,
}

/** How many there are. */
export const ROLLOUT_VERDICT_COUNT: i32 = 5;

/** `rollout` of a rule or an action. */
export class Rollout {
  /** Counts since the last tick by RolloutVerdict, and their metrics; 0 = not defined yet. */
  readonly counts: StaticArray<u64> = new StaticArray<u64>(ROLLOUT_VERDICT_COUNT);
  readonly metrics: StaticArray<u32> = new StaticArray<u32>(ROLLOUT_VERDICT_COUNT);

  constructor(
    /** Shares of SHARE_COUNT for which it is enforced. */
    readonly shares: u32,
    readonly by: Program,
    private readonly seed: u64,
    /** Name or position of the action; empty for that of a rule. */
    readonly action: Slice,
    /** Its number among those of its rule's actions. */
    readonly slot: i32,
  ) {}

  /** Whether the current stream is on the SHADOW side. */
  isAside: bool = false;

  /** Whether it is enforced for the current stream; not without a value. */
  enforces(bag: Bag): bool {
    if (this.shares == 0) return false;
    const cell = evaluate(this.by, bag);
    if (!hasValue(cell)) return false;
    const value = holdsSlice(typeAt(cell)) ? textAt(cell) : slice(cell + 8, 8);
    if (!isPresent(value)) return false;
    return <u32>(hash(value, this.seed) % SHARE_COUNT) < this.shares;
  }

  /** Counts a verdict. */
  count(verdict: RolloutVerdict): void {
    unchecked((this.counts[verdict] += 1));
  }
}

/** Chooses the sides of the current stream, for a rule whose match is known. */
export function takeSides(rule: Rule, bag: Bag): void {
  const rollout = rule.rollout;
  if (rollout != null) rule.isAside = !rollout.enforces(bag);
  const parts = rule.actionRollouts;
  let hasShadow = rule.hasFixedShadow;
  for (let slot = 0; slot < parts.length; slot++) {
    const part = unchecked(parts[slot]);
    part.isAside = !part.enforces(bag);
    if (part.isAside) hasShadow = true;
  }
  rule.hasShadow = hasShadow;
  follow(rule.checks);
  follow(rule.quotas);
}

function follow(actions: StaticArray<Action>): void {
  for (let at = 0; at < actions.length; at++) {
    const action = unchecked(actions[at]);
    const rollout = action.rollout;
    if (rollout != null) action.isShadow = rollout.isAside;
  }
}

/**
 * Counts the verdicts of what was enforced on a request that is decided: `denied` and `action` are
 * what denied it. What others would have said then is not known.
 */
export function countEnforced(table: RuleTable, denied: Rule | null, action: Action | null): void {
  if (denied != null) {
    const rollout = denied.rollout;
    if (rollout != null) rollout.count(RolloutVerdict.EnforcedDeny);
    const part = rolloutOf(action);
    if (part != null) part.count(RolloutVerdict.EnforcedDeny);
    return;
  }
  for (let word = 0; word < table.wordCount; word++) {
    let bits = load<u64>(table.matched + ((<usize>word) << 3));
    while (bits != 0) {
      const rule = unchecked(table.rules[(word << 6) | (<i32>ctz(bits))]);
      bits &= bits - 1;
      if (rule.hasSides) countAllowed(rule);
    }
  }
}

function rolloutOf(action: Action | null): Rollout | null {
  return action == null ? null : action.rollout;
}

function countAllowed(rule: Rule): void {
  const rollout = rule.rollout;
  if (rollout != null && !rule.isAside) rollout.count(RolloutVerdict.EnforcedAllow);
  const parts = rule.actionRollouts;
  for (let slot = 0; slot < parts.length; slot++) {
    const part = unchecked(parts[slot]);
    if (!part.isAside) part.count(RolloutVerdict.EnforcedAllow);
  }
}

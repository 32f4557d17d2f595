// A rule that is enforced for a part of the traffic: which part a request belongs to, and what came
// of both. The part is chosen by a hash of a value, seeded by the rule's name: a caller stays on
// its side, on every worker and proxy, and rules are independent of each other. Hot.

import { isPresent, slice } from "../memory/slice";
import { hash } from "../memory/bytes";
import { Bag } from "../attribute/bag";
import { hasValue, holdsSlice, textAt, typeAt } from "../attribute/value";
import { evaluate } from "../expression/evaluator";
import { Program } from "../expression/program";
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
}

/** How many there are. */
export const ROLLOUT_VERDICT_COUNT: i32 = 4;

/** `rollout` of a rule. */
export class Rollout {
  /** Counts since the last tick by RolloutVerdict, and their metrics; 0 = not defined yet. */
  readonly counts: StaticArray<u64> = new StaticArray<u64>(ROLLOUT_VERDICT_COUNT);
  readonly metrics: StaticArray<u32> = new StaticArray<u32>(ROLLOUT_VERDICT_COUNT);

  constructor(
    /** Shares of SHARE_COUNT for which the rule is enforced. */
    readonly shares: u32,
    readonly by: Program,
    private readonly seed: u64,
  ) {}

  /** Whether the rule is enforced for the current stream; not without a value. */
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

/**
 * Counts the verdicts of enforced rules on a request that is decided: `denied` is the rule that
 * denied it. What other rules would have said then is not known.
 */
export function countEnforced(table: RuleTable, denied: Rule | null): void {
  if (denied != null) {
    const rollout = denied.rollout;
    if (rollout != null) rollout.count(RolloutVerdict.EnforcedDeny);
    return;
  }
  for (let word = 0; word < table.wordCount; word++) {
    let bits = load<u64>(table.matched + ((<usize>word) << 3));
    while (bits != 0) {
      const rule = unchecked(table.rules[(word << 6) | (<i32>ctz(bits))]);
      bits &= bits - 1;
      const rollout = rule.rollout;
      if (rollout != null && !rule.isAside) rollout.count(RolloutVerdict.EnforcedAllow);
    }
  }
}

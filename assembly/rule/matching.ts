// Evaluates `match` and `unless` of the candidate rules into two bit sets: which rules apply, and
// whose match could not be evaluated. Hot.

import { literal } from "../memory/literal";
import { Bag } from "../attribute/bag";
import { boolAt, hasValue } from "../attribute/value";
import { evaluate } from "../expression/evaluator";
import { noteFailure } from "./failure-log";
import { takeSides } from "./rollout";
import { Rule } from "./rule";
import { RuleIndex } from "./rule-index";
import { RuleTable } from "./table";

/** Why a rule denies whose match could not be evaluated. */
export const MATCH_FAILED = literal("match could not be evaluated");

/**
 * Fills `table.matched` and `table.failed` from an index's candidates. `counts` false: a
 * repetition. `adds` true: what stands there already stays. Whether anything stands there now.
 */
export function matchRules(table: RuleTable, index: RuleIndex, counts: bool, adds: bool): bool {
  let any: u64 = 0;
  const bag = table.bag;
  index.select(bag);
  for (let word = 0; word < table.wordCount; word++) {
    const offset = (<usize>word) << 3;
    let candidates = load<u64>(index.candidates + offset);
    let matched: u64 = adds ? load<u64>(table.matched + offset) : 0;
    let failed: u64 = adds ? load<u64>(table.failed + offset) : 0;
    // What a rollout puts aside is told rule by rule.
    if (!table.hasRollouts) {
      const certain = candidates & load<u64>(index.certain + offset);
      matched |= certain;
      candidates ^= certain;
    }
    while (candidates != 0) {
      const bit = ctz(candidates);
      candidates &= candidates - 1;
      const rule = unchecked(table.rules[(word << 6) | (<i32>bit)]);
      const result = matchRule(rule, bag, counts);
      if (rule.hasSides && result != 0) takeSides(rule, bag);
      if (result > 0) matched |= (<u64>1) << bit;
      else if (result < 0) failed |= (<u64>1) << bit;
    }
    store<u64>(table.matched + offset, matched);
    store<u64>(table.failed + offset, failed);
    any |= matched | failed;
  }
  return any != 0;
}

/** 1: the rule applies; 0: it does not; -1: its match could not be evaluated. */
export function matchRule(rule: Rule, bag: Bag, counts: bool): i32 {
  const match = rule.match;
  if (match != null) {
    const cell = evaluate(match, bag);
    if (!hasValue(cell)) {
      if (counts) noteFailure(rule, cell, bag);
      return -1;
    }
    if (!boolAt(cell)) return 0;
  }
  const unless = rule.unless;
  if (unless == null) return 1;
  const cell = evaluate(unless, bag);
  if (hasValue(cell)) return boolAt(cell) ? 0 : 1;
  // An exception that cannot be evaluated is none.
  if (counts) noteFailure(rule, cell, bag);
  return 1;
}

/** Whether the rule with this number is in a bit set. */
// @ts-ignore: decorator
@inline
export function isSet(bits: usize, number: i32): bool {
  return ((load<u64>(bits + (((<usize>number) >> 6) << 3)) >> (number & 63)) & 1) != 0;
}

// Tests of values on the evaluation stack. Hot: compares in place.

import { Op } from "../shared/opcodes";
import { ValueType } from "../shared/types";
import { textAt } from "../attribute/value";
import { endsWith, startsWith } from "../memory/bytes";
import { matchesGlob } from "../text/glob";
import { isInSet } from "./builtins";
import { equalValues, orderValues } from "./compare";
import { Outcome } from "./failure";
import { matchesPatternAt, matchesPatternText } from "./match-pattern";
import { aOf, modeOf, opOf } from "./program";

/** The outcome of a test of two cells; the right one may be a constant. */
export function testPopped(word: u64, left: usize, right: usize): Outcome {
  switch (opOf(word)) {
    case Op.Equal:
      return equalValues(<ValueType>aOf(word), left, right);
    case Op.Order:
      return ordered(orderValues(<ValueType>aOf(word), left, right), word);
    case Op.StartsWith:
      return <Outcome>startsWith(textAt(left), textAt(right));
    case Op.EndsWith:
      return <Outcome>endsWith(textAt(left), textAt(right));
    case Op.InSet:
      return isInSet(textAt(left), textAt(right));
    case Op.Match:
      return <Outcome>matchesGlob(textAt(left), textAt(right));
    case Op.MatchesPattern:
      return matchesPatternAt(right, textAt(left));
    default:
      return matchesPatternText(textAt(left), textAt(right));
  }
}

/** Whether an order is among those that the mode counts as true. */
// @ts-ignore: decorator
@inline
export function ordered(order: u32, word: u64): Outcome {
  return <Outcome>(<bool>((order & (modeOf(word) >> 4)) != 0));
}

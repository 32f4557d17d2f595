// Repetitions: `*`, `+`, `?`, `{2,5}`, each with `?` for lazy, which changes only what is captured.
// Both: allocates nothing managed.

import { PATTERN_REPEAT_MAX } from "../../shared/limits";
import { Flag, advance, hasFlag, moveTo, offset, peek } from "./cursor";
import { Problem, fail } from "./problem";

let least: i32 = 0;
let most: i32 = 0;
let lazy: bool = false;

/** The least count of the repetition taken last. */
export function leastCount(): i32 {
  return least;
}

/** The largest count of the repetition taken last; −1 when there is none. */
export function mostCount(): i32 {
  return most;
}

/** Whether the repetition taken last tries fewer first. */
export function isLazyCount(): bool {
  return lazy;
}

/**
 * Takes a repetition if one stands at the cursor. A `{` that begins none stands for itself and
 * stays. Whether the counts are allowed is for `areCountsAllowed` to say.
 */
export function takeRepetition(): bool {
  const byte = peek();
  if (byte == 123) {
    if (!takeCounts()) return false;
  } else {
    if (byte != 42 && byte != 43 && byte != 63) return false;
    least = byte == 43 ? 1 : 0;
    most = byte == 63 ? 1 : -1;
    advance(1);
  }
  lazy = hasFlag(Flag.Ungreedy);
  if (peek() == 63) {
    advance(1);
    lazy = !lazy;
  }
  return true;
}

/** Whether the counts ascend and are within the limit. */
export function areCountsAllowed(at: i32): bool {
  const isAllowed = least <= PATTERN_REPEAT_MAX && most <= PATTERN_REPEAT_MAX;
  if (!isAllowed || (most >= 0 && least > most)) return fail(Problem.RepeatCount, at);
  return true;
}

function takeCounts(): bool {
  const at = offset();
  advance(1);
  least = takeCount();
  most = least;
  if (peek() == 44) {
    advance(1);
    most = peek() == 125 ? -1 : takeCount();
    if (most < 0 && peek() != 125) least = -1;
  }
  if (least < 0 || peek() != 125) {
    moveTo(at);
    return false;
  }
  advance(1);
  return true;
}

// Digits without leading zeros; −1 when there are none. Beyond the limit all counts are one more.
function takeCount(): i32 {
  if (<u32>peek() - 48 >= 10) return -1;
  if (peek() == 48 && <u32>peek(1) - 48 < 10) return -1;
  let value = 0;
  for (; <u32>peek() - 48 < 10; advance(1)) {
    value = min<i32>(value * 10 + (<i32>peek() - 48), PATTERN_REPEAT_MAX + 1);
  }
  return value;
}

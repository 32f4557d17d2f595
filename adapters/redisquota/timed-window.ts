// What both algorithms have in common: how long a grant is valid, what is left and when there is
// room again, and what a clock that was set back does. Hot.

import { QuotaWindow, Terms } from "../../assembly/sdk";

/** A window that says what became of a charge. */
export abstract class TimedWindow extends QuotaWindow {
  /** How long the last grant is valid; 0 without one. Nanoseconds. */
  validNs: i64 = 0;
  /** How much is left behind the last charge. */
  left: i64 = 0;

  /**
   * After what time a charge that was refused now is granted, if nobody else charges; 0 = never.
   * Nanoseconds.
   */
  abstract retryNs(terms: Terms): i64;

  get isEmpty(): bool {
    return false;
  }
}

/** Whether a window lies so far ahead that the clock was set back: it then moves with the clock. */
// @ts-ignore: decorator
@inline
export function isBeyond(aheadNs: i64, windowNs: i64): bool {
  return aheadNs > windowNs << 1;
}

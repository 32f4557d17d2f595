// What both algorithms have in common: how long a grant is valid, and what a clock that was set
// back does. Hot.

import { QuotaWindow } from "../../assembly/sdk";

/** A window that says how long its grants are valid. */
export abstract class TimedWindow extends QuotaWindow {
  /** How long the last grant is valid; 0 without one. Nanoseconds. */
  validNs: i64 = 0;

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

// What has been taken of one key, whatever the algorithm: Mixer's rules of granting, and the part
// that each algorithm brings. One working copy of each algorithm, read from and written to a few
// bytes, since keys are charged one after another. Pure. Hot: allocates nothing.

import { QuotaWindow, Slice, Terms, isPresent } from "../../assembly/sdk";

/** How what was taken comes back. */
export const enum Algorithm {
  /** In slots of time, each of which comes back when it leaves the window. */
  RollingWindow = 0,
  /** All at once, when the window ends that the first charge opened. */
  FixedWindow = 1,
  /** Evenly, the whole limit in one window. */
  TokenBucket = 2,
}

/** The working copy of one algorithm. */
export abstract class Account extends QuotaWindow {
  /** How much is in use. */
  used: i64 = 0;

  charge(stored: Slice, terms: Terms): bool {
    this.clear();
    if (isPresent(stored)) this.read(stored);
    const isMoved = this.advance(terms);
    this.settle(terms);
    return this.granted != 0 || isMoved;
  }

  // All or nothing unless best effort; a release gives back at most what is in use.
  private settle(terms: Terms): void {
    if (terms.amount < 0) {
      const amount = terms.amount == i64.MIN_VALUE ? i64.MAX_VALUE : -terms.amount;
      this.granted = this.release(amount);
      return;
    }
    const available = max<i64>(terms.limit - this.used, 0);
    let amount = terms.amount;
    if (amount > available) amount = terms.isBestEffort ? available : 0;
    if (amount > 0) this.take(amount);
    this.granted = amount;
  }

  /** Nothing is taken. */
  abstract clear(): void;

  /** Reads a stored form; one that is broken leaves nothing taken. */
  abstract read(stored: Slice): void;

  /** Moves to now: what has come back is no longer in use. Whether that must be stored. */
  abstract advance(terms: Terms): bool;

  /** Takes an amount above 0 that the limit allows, after `advance`. */
  abstract take(amount: i64): void;

  /** Gives back at most `amount`, after `advance`; returns how much it was. */
  abstract release(amount: i64): i64;

  /** How long what was granted now is valid, in nanoseconds. */
  validNs(terms: Terms, windowNs: i64): i64 {
    return windowNs;
  }
}

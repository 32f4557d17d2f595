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
  /** The slot, the end of the window, or the time to which the last charge belongs, in ticks. */
  moment: i64 = 0;
  /** What the worker was lent at another moment, and how much of it is unused: that comes first. */
  lent: i64 = 0;
  lentAt: i64 = 0;
  unused: i64 = 0;
  /** How much may be taken in all, for charges to come; and how much of it was not asked for. */
  leaseSize: i64 = 0;
  leased: i64 = 0;

  charge(stored: Slice, terms: Terms): bool {
    this.clear();
    if (isPresent(stored)) this.read(stored);
    const isMoved = this.advance(terms);
    this.leased = 0;
    if (this.lent > 0) this.giveBack(this.unused, this.lent, this.lentAt);
    if (terms.amount < 0) {
      const amount = terms.amount == i64.MIN_VALUE ? i64.MAX_VALUE : -terms.amount;
      this.granted = this.release(amount);
    } else {
      this.grant(terms);
    }
    return this.granted != 0 || isMoved || this.lent > 0;
  }

  // All or nothing unless best effort. At most half of what is left then becomes a lease, so that
  // the last of it is there for all workers.
  private grant(terms: Terms): void {
    const available = max<i64>(terms.limit - this.used, 0);
    let amount = terms.amount;
    if (amount > available) amount = terms.isBestEffort ? available : 0;
    this.granted = amount;
    if (amount == 0) return;
    this.leased = max<i64>(min(this.leaseSize - amount, (available - amount) >> 1), 0);
    this.take(amount);
    if (this.leased > 0) this.lend(this.leased);
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

  /** Takes an amount that will be used later or given back. */
  lend(amount: i64): void {
    this.take(amount);
  }

  /** Ends a lease: gives back what is unused, unless it has come back by itself. */
  abstract giveBack(unused: i64, lent: i64, moment: i64): void;

  /** Whether what was taken at a moment may still be used now without exceeding the limit. */
  abstract isCurrent(moment: i64, terms: Terms): bool;

  /** After what time a charge that was refused now is granted at the latest, in nanoseconds. */
  retryNs(terms: Terms, windowNs: i64): i64 {
    return this.validNs(terms, windowNs);
  }

  /** How long what was granted now is valid, in nanoseconds. */
  validNs(terms: Terms, windowNs: i64): i64 {
    return windowNs;
  }
}

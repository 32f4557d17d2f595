// The algorithm of a quota: how one key's window is charged. An adapter brings one or more; buckets
// and ledger do not know which. Hot: implementations allocate nothing.

import { QUOTA_SLOT_COUNT_MAX } from "../../shared/limits";
import { Slice } from "../../memory/slice";
import { Writer } from "../../memory/writer";

/** Largest stored form of a window: two numbers for each of its slots, and a few besides. */
export const WINDOW_SIZE_MAX_BYTES: usize = 32 + QUOTA_SLOT_COUNT_MAX * 11;

/** What is charged, and within which limit. Filled again for each charge. */
export class Terms {
  /** Above 0 takes, below 0 gives back. */
  amount: i64 = 0;
  isBestEffort: bool = false;
  /** How much may be in use. */
  limit: i64 = 0;
  /** Now, in the algorithm's unit of time. */
  tick: i64 = 0;
  /** Length of the window in the same unit; 0 = what is taken stays taken. */
  windowTicks: i64 = 0;
  /** Keys without a place share an entry with those of the same group. */
  overflowGroup: i64 = 0;
  /** Length of the parts that a window has, in the same unit; 0 = the algorithm has none. */
  bucketTicks: i64 = 0;

  /** The least that the charge is content with. */
  get least(): i64 {
    return this.isBestEffort ? 1 : this.amount;
  }

  /** Whether no waiting makes room for it. */
  get neverFits(): bool {
    return this.least > this.limit;
  }
}

/** One algorithm with one working copy: windows are used one after another. */
export abstract class QuotaWindow {
  /** What the last charge granted or gave back. */
  granted: i64 = 0;

  /** Charges a stored window, ABSENT for a new one; whether the window is to be stored anew. */
  abstract charge(stored: Slice, terms: Terms): bool;

  /** Whether forgetting the charged window changes nothing. */
  abstract get isEmpty(): bool;

  /** Writes the charged window. */
  abstract write(out: Writer): void;

  /** Whether a stored window must be kept: forgetting it would give something back. */
  abstract isLive(stored: Slice, terms: Terms): bool;

  /**
   * Writes a smaller form of a stored window, of at most `sizeMax` bytes where that can be, which
   * gives nothing back earlier; false where there is none. The charged window is lost.
   */
  shrink(stored: Slice, sizeMax: usize, out: Writer): bool {
    return false;
  }
}

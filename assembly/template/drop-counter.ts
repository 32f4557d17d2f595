// What a handler drops, by reason, added up in guest memory until the tick. Hot: the reasons are
// declared while configuring, counting is one addition.

import { DROP_REASON_COUNT_MAX } from "../shared/limits";

const REASON_COUNT_MAX: i32 = DROP_REASON_COUNT_MAX;

/** Counts by reason. */
export class DropCounter {
  private readonly reasons: string[] = [];
  private readonly counts: StaticArray<u64> = new StaticArray<u64>(REASON_COUNT_MAX);

  /**
   * Declares a reason (a snake_case word for a metric's label) and returns its number. Configure
   * only.
   */
  declareReason(reason: string): i32 {
    const known = this.reasons.indexOf(reason);
    if (known >= 0) return known;
    if (this.reasons.length == REASON_COUNT_MAX) return REASON_COUNT_MAX - 1;
    this.reasons.push(reason);
    return this.reasons.length - 1;
  }

  /** One more was dropped. */
  // @ts-ignore: decorator
  @inline
  add(reason: i32): void {
    unchecked((this.counts[reason] += 1));
  }

  /** The declared reasons, by number. Configure only. */
  names(): string[] {
    return this.reasons;
  }

  /** How many reasons there are. */
  get reasonCount(): i32 {
    return this.reasons.length;
  }

  /** The count of a reason since the last call; starts over at 0. */
  take(reason: i32): u64 {
    const count = unchecked(this.counts[reason]);
    unchecked((this.counts[reason] = 0));
    return count;
  }
}

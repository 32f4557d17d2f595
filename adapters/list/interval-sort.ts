// Sorts intervals by where they begin, and merges those that overlap, in portions: a merge sort
// that can be left in the middle of any pair of runs. Cold: runs while a document is loaded or on
// the tick.

import { LIST_CHUNK_SIZE_BYTES } from "../../assembly/sdk";
import { INTERVAL_SIZE_BYTES, isBefore } from "./ip-entries";

/** Intervals are collected in sorted runs of so many: that saves the first passes. */
export const RUN_COUNT: u32 = 8;

/** One sorting. Borrows its memory. */
export class IntervalSort {
  /** Bytes of a run that is sorted; pairs of them become one. */
  private width: usize = <usize>RUN_COUNT * INTERVAL_SIZE_BYTES;
  // The pair at hand: what is left of either run, and where the next interval goes.
  private left: usize = 0;
  private leftEnd: usize = 0;
  private right: usize = 0;
  private rightEnd: usize = 0;
  private to: usize = 0;
  /** How much of the sorted intervals was looked at for overlaps, and how much of it was kept. */
  private seen: usize = 0;
  private kept: usize = 0;

  /** `size` bytes, in runs of RUN_COUNT intervals, stand at `from`; as many at `other` are free. */
  constructor(
    private from: usize,
    private other: usize,
    private readonly size: usize,
  ) {
    this.startPass();
  }

  /** Where the intervals are, once sorted: one of the two places. */
  get at(): usize {
    return this.from;
  }

  /** How many are left when what overlaps is merged. */
  get count(): u32 {
    return <u32>(this.kept / INTERVAL_SIZE_BYTES);
  }

  /** Moves at most LIST_CHUNK_SIZE_BYTES; true when nothing is left to do. */
  step(): bool {
    let budget: usize = LIST_CHUNK_SIZE_BYTES;
    while (this.width < this.size) {
      if (budget == 0) return false;
      budget -= this.moveIntervals(budget);
      if (this.left == this.leftEnd && this.right == this.rightEnd) this.startPair();
    }
    return this.mergeOverlaps(budget);
  }

  // After the last pair of a pass the next one begins, in the other direction.
  private startPair(): void {
    if (this.rightEnd < this.from + this.size) {
      this.openPair(this.rightEnd);
      return;
    }
    const sorted = this.other;
    this.other = this.from;
    this.from = sorted;
    this.width <<= 1;
    this.startPass();
  }

  private startPass(): void {
    this.to = this.other;
    this.openPair(this.from);
  }

  private openPair(at: usize): void {
    const end = this.from + this.size;
    this.left = at;
    this.leftEnd = min(at + this.width, end);
    this.right = this.leftEnd;
    this.rightEnd = min(this.leftEnd + this.width, end);
  }

  // Moves up to `budget` bytes of the pair and says how many.
  private moveIntervals(budget: usize): usize {
    const start = this.to;
    const until = start + budget;
    let to = start;
    let left = this.left;
    let right = this.right;
    while (to < until && left < this.leftEnd && right < this.rightEnd) {
      const isRight = isBehind(left, right);
      copyInterval(to, isRight ? right : left);
      to += INTERVAL_SIZE_BYTES;
      if (isRight) right += INTERVAL_SIZE_BYTES;
      else left += INTERVAL_SIZE_BYTES;
    }
    // One run is over: the rest of the other follows as it is.
    while (to < until && left < this.leftEnd) {
      copyInterval(to, left);
      to += INTERVAL_SIZE_BYTES;
      left += INTERVAL_SIZE_BYTES;
    }
    while (to < until && right < this.rightEnd) {
      copyInterval(to, right);
      to += INTERVAL_SIZE_BYTES;
      right += INTERVAL_SIZE_BYTES;
    }
    this.left = left;
    this.right = right;
    this.to = to;
    return to - start;
  }

  private mergeOverlaps(budget: usize): bool {
    const until = min(this.size, this.seen + budget);
    let kept = this.from + this.kept;
    for (let at = this.from + this.seen; at < this.from + until; at += INTERVAL_SIZE_BYTES) {
      const last = kept - INTERVAL_SIZE_BYTES;
      if (kept > this.from && !isBeyond(at, last)) {
        extend(last, at);
        continue;
      }
      if (kept != at) copyInterval(kept, at);
      kept += INTERVAL_SIZE_BYTES;
    }
    this.seen = until;
    this.kept = kept - this.from;
    return until == this.size;
  }
}

/** Copies one interval. */
// @ts-ignore: decorator
@inline
export function copyInterval(to: usize, from: usize): void {
  store<u64>(to, load<u64>(from));
  store<u64>(to, load<u64>(from, 8), 8);
  store<u64>(to, load<u64>(from, 16), 16);
  store<u64>(to, load<u64>(from, 24), 24);
}

// Whether an interval begins behind the beginning of another.
// @ts-ignore: decorator
@inline
function isBehind(interval: usize, other: usize): bool {
  return isBefore(
    load<u64>(other),
    load<u64>(other, 8),
    load<u64>(interval),
    load<u64>(interval, 8),
  );
}

// Whether an interval begins after the last address of the one before it.
function isBeyond(interval: usize, before: usize): bool {
  const lastHigh = load<u64>(before, 16);
  const lastLow = load<u64>(before, 24);
  return isBefore(lastHigh, lastLow, load<u64>(interval), load<u64>(interval, 8));
}

function extend(interval: usize, by: usize): void {
  const high = load<u64>(by, 16);
  const low = load<u64>(by, 24);
  if (!isBefore(load<u64>(interval, 16), load<u64>(interval, 24), high, low)) return;
  store<u64>(interval, high, 16);
  store<u64>(interval, low, 24);
}

// Collects addresses and ranges, then sorts and merges them for a binary search, in portions, so
// that a list of any size can be built between requests. Cold: runs while a document is loaded or
// on the tick.

import { Region, Slice, parseCidr } from "../../assembly/sdk";
import { INTERVAL_SIZE_BYTES, isBefore } from "./ip-entries";

const NETWORK: usize = memory.data(24, 8);

/** IPv4 addresses in their mapped form: ::ffff:0:0 to ::ffff:ffff:ffff. */
const MAPPED_FIRST: u64 = 0x0000_ffff_0000_0000;
const MAPPED_LAST: u64 = 0x0000_ffff_ffff_ffff;
const MAPPED_PREFIX: u32 = 96;
/** Intervals that one portion of sorting moves, at least. */
const PORTION_COUNT: u32 = 8_192;

/** A set of 128-bit intervals. */
export class IntervalSet {
  /** How many intervals there are; after `sort` has ended, disjoint ones. */
  count: u32 = 0;
  private capacity: u32;
  private intervals: usize;
  /** Where a pass of the merge sort writes; 0 before the first. */
  private other: usize = 0;
  private width: u32 = 1;
  private sorted: u32 = 0;
  private isMerged: bool = false;

  /** `entryCount` is what is expected; more fit. */
  constructor(entryCount: u32) {
    this.capacity = entryCount + 2;
    this.intervals = heap.alloc(<usize>this.capacity * INTERVAL_SIZE_BYTES);
  }

  /** Adds an address or range; false when the text is neither. */
  add(text: Slice): bool {
    if (!parseCidr(text, NETWORK)) return false;
    const prefix = load<u32>(NETWORK, 16);
    const high = bswap<u64>(load<u64>(NETWORK));
    const low = bswap<u64>(load<u64>(NETWORK, 8));
    const lastHigh = prefix >= 64 ? high : high | (u64.MAX_VALUE >>> (<u64>prefix));
    const lastLow = prefix <= 64 ? u64.MAX_VALUE : low | hostBits(prefix - 64);
    if (
      prefix < MAPPED_PREFIX &&
      high == 0 &&
      low <= MAPPED_FIRST &&
      coversMapped(lastHigh, lastLow)
    ) {
      // As in Go, a range of IPv6 addresses holds no IPv4 address, which would lie in its middle.
      this.push(high, low, 0, MAPPED_FIRST - 1);
      this.push(0, MAPPED_LAST + 1, lastHigh, lastLow);
    } else {
      this.push(high, low, lastHigh, lastLow);
    }
    return true;
  }

  /** Sorts one portion; true when all are sorted and what overlaps is merged. */
  sort(): bool {
    let moved: u32 = 0;
    while (this.width < this.count) {
      if (moved >= PORTION_COUNT) return false;
      moved += this.mergePair();
    }
    if (!this.isMerged) this.mergeOverlaps();
    this.isMerged = true;
    return true;
  }

  /** The sorted intervals in the region's memory; frees its own. */
  finish(region: Region): usize {
    while (!this.sort()) continue;
    const size = <usize>this.count * INTERVAL_SIZE_BYTES;
    const at = region.take(size + INTERVAL_SIZE_BYTES);
    memory.copy(at, this.intervals, size);
    this.drop();
    return at;
  }

  /** Frees its memory. */
  drop(): void {
    if (this.intervals != 0) heap.free(this.intervals);
    if (this.other != 0) heap.free(this.other);
    this.intervals = 0;
    this.other = 0;
  }

  private push(high: u64, low: u64, lastHigh: u64, lastLow: u64): void {
    if (this.count == this.capacity) this.grow();
    const at = this.intervals + <usize>this.count * INTERVAL_SIZE_BYTES;
    this.count++;
    store<u64>(at, high);
    store<u64>(at, low, 8);
    store<u64>(at, lastHigh, 16);
    store<u64>(at, lastLow, 24);
  }

  private grow(): void {
    this.capacity <<= 1;
    const larger = heap.alloc(<usize>this.capacity * INTERVAL_SIZE_BYTES);
    memory.copy(larger, this.intervals, <usize>this.count * INTERVAL_SIZE_BYTES);
    heap.free(this.intervals);
    this.intervals = larger;
  }

  // Merges two neighbouring runs of `width`; after the last pair the next pass begins.
  private mergePair(): u32 {
    if (this.other == 0) this.other = heap.alloc(<usize>this.count * INTERVAL_SIZE_BYTES);
    const first = this.sorted;
    const middle = min(first + this.width, this.count);
    const end = min(middle + this.width, this.count);
    merge(this.intervals, this.other, first, middle, end);
    this.sorted = end;
    if (end == this.count) {
      const written = this.other;
      this.other = this.intervals;
      this.intervals = written;
      this.width <<= 1;
      this.sorted = 0;
    }
    return end - first;
  }

  private mergeOverlaps(): void {
    let count: u32 = 0;
    for (let index: u32 = 0; index < this.count; index++) {
      const from = this.intervals + <usize>index * INTERVAL_SIZE_BYTES;
      const to = this.intervals + <usize>count * INTERVAL_SIZE_BYTES;
      const last = to - INTERVAL_SIZE_BYTES;
      if (count > 0 && !isBehind(from, last)) {
        extend(last, from);
        continue;
      }
      if (from != to) memory.copy(to, from, INTERVAL_SIZE_BYTES);
      count++;
    }
    this.count = count;
  }
}

function merge(from: usize, to: usize, first: u32, middle: u32, end: u32): void {
  let left = from + <usize>first * INTERVAL_SIZE_BYTES;
  const leftEnd = from + <usize>middle * INTERVAL_SIZE_BYTES;
  let right = leftEnd;
  const rightEnd = from + <usize>end * INTERVAL_SIZE_BYTES;
  let at = to + <usize>first * INTERVAL_SIZE_BYTES;
  while (left < leftEnd && right < rightEnd) {
    const isRight = isBefore(
      load<u64>(right),
      load<u64>(right, 8),
      load<u64>(left),
      load<u64>(left, 8),
    );
    const taken = isRight ? right : left;
    store<u64>(at, load<u64>(taken));
    store<u64>(at, load<u64>(taken, 8), 8);
    store<u64>(at, load<u64>(taken, 16), 16);
    store<u64>(at, load<u64>(taken, 24), 24);
    at += INTERVAL_SIZE_BYTES;
    if (isRight) right += INTERVAL_SIZE_BYTES;
    else left += INTERVAL_SIZE_BYTES;
  }
  memory.copy(at, left, leftEnd - left);
  memory.copy(at + (leftEnd - left), right, rightEnd - right);
}

function hostBits(prefix: u32): u64 {
  return prefix >= 64 ? 0 : u64.MAX_VALUE >>> (<u64>prefix);
}

function coversMapped(lastHigh: u64, lastLow: u64): bool {
  return lastHigh > 0 || lastLow >= MAPPED_LAST;
}

// Whether an interval begins after the last address of the one before it.
function isBehind(interval: usize, before: usize): bool {
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

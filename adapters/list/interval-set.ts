// Collects addresses and ranges, then makes sorted, disjoint intervals of them for a binary search,
// in portions, so that a list of any size can be built between requests. Cold: runs while a
// document is loaded or on the tick.

import { Region, Slice, parseCidr } from "../../assembly/sdk";
import { IntervalSort, RUN_COUNT, copyInterval } from "./interval-sort";
import { INTERVAL_SIZE_BYTES, IpEntries, isBefore } from "./ip-entries";

const NETWORK: usize = memory.data(24, 8);

/** IPv4 addresses in their mapped form: ::ffff:0:0 to ::ffff:ffff:ffff. */
const MAPPED_FIRST: u64 = 0x0000_ffff_0000_0000;
const MAPPED_LAST: u64 = 0x0000_ffff_ffff_ffff;
const MAPPED_PREFIX: u32 = 96;
/** The widest range around all IPv4 addresses becomes two intervals, one before and one behind. */
const WIDEST_INTERVAL_COUNT: u32 = 2;

/** A set of 128-bit intervals. */
export class IntervalSet {
  private count: u32 = 0;
  private readonly capacity: u32;
  private intervals: usize;
  /** Where passes of sorting write; 0 before sorting. */
  private other: usize = 0;
  private sorting: IntervalSort | null = null;
  /** The widest range around all IPv4 addresses; they lie in each other, one has them all. */
  private widestPrefix: u32 = MAPPED_PREFIX;
  private widestLow: u64 = 0;

  /** For at most `entryCount` entries. */
  constructor(entryCount: u32) {
    this.capacity = entryCount;
    const capacity = <usize>(entryCount + WIDEST_INTERVAL_COUNT);
    this.intervals = heap.alloc(capacity * INTERVAL_SIZE_BYTES);
  }

  /** Adds an address or range; false when the text is neither, or there are too many. */
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
      if (prefix >= this.widestPrefix) return true;
      this.widestPrefix = prefix;
      this.widestLow = low;
      return true;
    }
    if (this.count == this.capacity) return false;
    this.push(high, low, lastHigh, lastLow);
    return true;
  }

  /** Sorts one portion; true when all are sorted and what overlaps is merged. */
  sort(): bool {
    let sorting = this.sorting;
    if (sorting === null) {
      if (this.widestPrefix < MAPPED_PREFIX) this.pushWidest();
      const size = <usize>this.count * INTERVAL_SIZE_BYTES;
      this.other = heap.alloc(size);
      sorting = new IntervalSort(this.intervals, this.other, size);
      this.sorting = sorting;
    }
    return sorting.step();
  }

  /** The entries, in the region's memory; frees what they do not need. */
  entries(region: Region): IpEntries {
    while (!this.sort()) continue;
    const sorting = this.sorting!;
    const at = sorting.at;
    heap.free(at == this.other ? this.intervals : this.other);
    this.intervals = 0;
    this.other = 0;
    // One interval at least: an empty list has an address, too.
    const size = <usize>max<u32>(sorting.count, 1) * INTERVAL_SIZE_BYTES;
    const kept = heap.realloc(at, size);
    region.adopt(kept);
    return new IpEntries(kept, sorting.count);
  }

  /** Frees its memory. */
  drop(): void {
    if (this.intervals != 0) heap.free(this.intervals);
    if (this.other != 0) heap.free(this.other);
    this.intervals = 0;
    this.other = 0;
  }

  // As in Go, a range of IPv6 addresses holds no IPv4 address, which would lie in its middle.
  private pushWidest(): void {
    const prefix = this.widestPrefix;
    const low = this.widestLow;
    const lastHigh = prefix >= 64 ? 0 : u64.MAX_VALUE >>> (<u64>prefix);
    const lastLow = prefix <= 64 ? u64.MAX_VALUE : low | hostBits(prefix - 64);
    this.push(0, low, 0, MAPPED_FIRST - 1);
    if (lastHigh > 0 || lastLow > MAPPED_LAST) this.push(0, MAPPED_LAST + 1, lastHigh, lastLow);
  }

  // Puts an interval into its place in the last run.
  private push(high: u64, low: u64, lastHigh: u64, lastLow: u64): void {
    const run = this.intervals + <usize>(this.count & ~(RUN_COUNT - 1)) * INTERVAL_SIZE_BYTES;
    let at = this.intervals + <usize>this.count * INTERVAL_SIZE_BYTES;
    this.count++;
    while (at > run) {
      const before = at - INTERVAL_SIZE_BYTES;
      if (!isBefore(high, low, load<u64>(before), load<u64>(before, 8))) break;
      copyInterval(at, before);
      at = before;
    }
    store<u64>(at, high);
    store<u64>(at, low, 8);
    store<u64>(at, lastHigh, 16);
    store<u64>(at, lastLow, 24);
  }
}

function hostBits(prefix: u32): u64 {
  return prefix >= 64 ? 0 : u64.MAX_VALUE >>> (<u64>prefix);
}

function coversMapped(lastHigh: u64, lastLow: u64): bool {
  return lastHigh > 0 || lastLow >= MAPPED_LAST;
}

// Collects addresses and ranges, then sorts and merges them for a binary search. Cold: runs while a
// document is loaded.

import { Region, Slice, parseCidr } from "../../assembly/sdk";
import { INTERVAL_SIZE_BYTES, isBefore } from "./ip-entries";

const NETWORK: usize = memory.data(24, 8);

/** IPv4 addresses in their mapped form: ::ffff:0:0 to ::ffff:ffff:ffff. */
const MAPPED_FIRST: u64 = 0x0000_ffff_0000_0000;
const MAPPED_LAST: u64 = 0x0000_ffff_ffff_ffff;
const MAPPED_PREFIX: u32 = 96;

// What the comparator of the sort reads; sorting has no closures.
let sorted: usize = 0;

/** A set of 128-bit intervals. */
export class IntervalSet {
  /** How many intervals there are; after `finish`, disjoint ones. */
  count: i32 = 0;
  private readonly memory: StaticArray<u64>;

  /** For at most `entryCount` entries; one of them becomes at most two intervals. */
  constructor(entryCount: i32) {
    this.memory = new StaticArray<u64>((entryCount + 1) * 2 * (<i32>INTERVAL_SIZE_BYTES / 8));
  }

  private get unsorted(): usize {
    return changetype<usize>(this.memory);
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

  /** Sorts, merges what overlaps, and returns the intervals in the region's memory. */
  finish(region: Region): usize {
    const order = new StaticArray<i32>(this.count);
    for (let index = 0; index < this.count; index++) order[index] = index;
    sorted = this.unsorted;
    order.sort(byStart);
    const intervals = region.take((<usize>this.count + 1) * INTERVAL_SIZE_BYTES);
    let count = 0;
    for (let index = 0; index < order.length; index++) {
      const from = this.unsorted + <usize>order[index] * INTERVAL_SIZE_BYTES;
      const last = intervals + <usize>(count - 1) * INTERVAL_SIZE_BYTES;
      if (count > 0 && !isBehind(from, last)) {
        extend(last, from);
        continue;
      }
      memory.copy(last + INTERVAL_SIZE_BYTES, from, INTERVAL_SIZE_BYTES);
      count++;
    }
    this.count = count;
    return intervals;
  }

  private push(high: u64, low: u64, lastHigh: u64, lastLow: u64): void {
    const at = this.unsorted + <usize>this.count * INTERVAL_SIZE_BYTES;
    this.count++;
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

function byStart(left: i32, right: i32): i32 {
  const a = sorted + <usize>left * INTERVAL_SIZE_BYTES;
  const b = sorted + <usize>right * INTERVAL_SIZE_BYTES;
  if (isBefore(load<u64>(a), load<u64>(a, 8), load<u64>(b), load<u64>(b, 8))) return -1;
  return isBefore(load<u64>(b), load<u64>(b, 8), load<u64>(a), load<u64>(a, 8)) ? 1 : 0;
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

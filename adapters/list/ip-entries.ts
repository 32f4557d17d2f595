// Addresses and ranges as sorted, disjoint intervals of 128-bit numbers, IPv4 in its mapped form:
// one binary search, whatever the number of entries and however they overlap. Hot: allocates
// nothing.
//
// An interval: | first, high half | first, low half | last, high half | last, low half |, all u64.

import { Slice, ValueType, mapIp, parseIp, slice, textAt, typeAt } from "../../assembly/sdk";
import { Entries, Found } from "./entries";

/** Bytes of one interval. */
export const INTERVAL_SIZE_BYTES: usize = 32;

const PARSED: usize = memory.data(16, 8);
const ADDRESS: usize = memory.data(16, 8);

/** Addresses and ranges. */
export class IpEntries extends Entries {
  /** `intervals` are sorted and do not overlap. */
  constructor(
    private readonly intervals: usize,
    private readonly count: u32,
  ) {
    super();
  }

  find(cell: usize): Found {
    if (!mapIp(addressOf(cell), ADDRESS)) return Found.NotComparable;
    const high = bswap<u64>(load<u64>(ADDRESS));
    const low = bswap<u64>(load<u64>(ADDRESS, 8));
    return this.contains(high, low) ? Found.Yes : Found.No;
  }

  // Finds the last interval that begins at or before the address.
  private contains(high: u64, low: u64): bool {
    let from: u32 = 0;
    let until = this.count;
    while (from < until) {
      const middle = (from + until) >>> 1;
      const at = this.intervals + <usize>middle * INTERVAL_SIZE_BYTES;
      if (isBefore(high, low, load<u64>(at), load<u64>(at, 8))) until = middle;
      else from = middle + 1;
    }
    if (from == 0) return false;
    const at = this.intervals + <usize>(from - 1) * INTERVAL_SIZE_BYTES;
    return !isBefore(load<u64>(at, 16), load<u64>(at, 24), high, low);
  }
}

/** Order of 128-bit numbers given as halves. */
// @ts-ignore: decorator
@inline
export function isBefore(high: u64, low: u64, otherHigh: u64, otherLow: u64): bool {
  return high < otherHigh || (high == otherHigh && low < otherLow);
}

// The address's bytes; a slice of another size than 4 or 16 when the value is no address.
function addressOf(cell: usize): Slice {
  if (typeAt(cell) == ValueType.IpAddress) return textAt(cell);
  return slice(PARSED, parseIp(textAt(cell), PARSED));
}

// A token bucket: the limit is its size, and it refills evenly, from empty to full in one window.
// Exact but for less than a nanosecond at each charge, by which it refills later. Pure: knows
// neither clock nor host. Hot: allocates nothing.
//
// Stored: | tokens that are missing | when they began to come back, ns |.

import { Slice, StoredReader, Terms, Writer, writeVarint } from "../../assembly/sdk";
import { Account } from "./account";

const reader = new StoredReader();
/** What the last `scale` left over. */
let rest: u64 = 0;

/** The working copy of a token bucket; `used` counts the tokens that are missing. */
export class TokenBucket extends Account {
  private since: i64 = 0;
  private now: i64 = 0;

  clear(): void {
    this.used = 0;
    this.since = 0;
  }

  get isEmpty(): bool {
    return this.used == 0;
  }

  read(stored: Slice): void {
    reader.open(stored);
    this.used = reader.varint();
    this.since = reader.varint();
    if (!reader.isComplete) this.clear();
  }

  // What is missing beyond a limit that has become smaller is forgiven: a bucket is full again
  // after one window, whatever was in force before. A beginning more than a window ahead means that
  // the clock was set back.
  advance(terms: Terms): bool {
    this.now = terms.tick;
    if (this.used == 0) return false;
    this.used = min(this.used, terms.limit);
    const isAhead = this.since - terms.tick > terms.windowTicks;
    if (isAhead) this.since = terms.tick;
    const elapsed = terms.tick - this.since;
    if (elapsed >= terms.windowTicks) this.used = 0;
    else if (elapsed > 0) this.refill(elapsed, terms);
    return isAhead;
  }

  take(amount: i64): void {
    if (this.used == 0) this.since = this.now;
    this.used += amount;
  }

  release(amount: i64): i64 {
    const released = min(amount, this.used);
    this.used -= released;
    return released;
  }

  write(out: Writer): void {
    writeVarint(out, this.used);
    writeVarint(out, this.since);
  }

  isLive(stored: Slice, terms: Terms): bool {
    reader.open(stored);
    const used = reader.varint();
    const since = reader.varint();
    return !reader.isBroken && used > 0 && terms.tick - since < terms.windowTicks;
  }

  // The beginning moves by the time of whole tokens, rounded up, so that no part of a token is lost
  // and none comes early. Above one token a nanosecond the part is lost.
  private refill(elapsed: i64, terms: Terms): void {
    const tokens = <i64>scale(elapsed, terms.limit, terms.windowTicks);
    if (tokens >= this.used) {
      this.used = 0;
      return;
    }
    if (tokens == 0) return;
    this.used -= tokens;
    if (terms.limit > terms.windowTicks) this.since = terms.tick;
    else this.since += <i64>scale(tokens, terms.windowTicks, terms.limit) + (rest == 0 ? 0 : 1);
  }
}

// part × whole / unit, rounded down, with part < unit < 2^62. Where the product needs more than 64
// bits it is done bit by bit.
function scale(part: u64, whole: u64, unit: u64): u64 {
  if (whole <= u64.MAX_VALUE / part) {
    rest = (part * whole) % unit;
    return (part * whole) / unit;
  }
  let quotient: u64 = 0;
  rest = 0;
  for (let bit = 63 - <i32>clz<u64>(whole); bit >= 0; bit--) {
    quotient <<= 1;
    rest <<= 1;
    if (((whole >>> bit) & 1) != 0) rest += part;
    while (rest >= unit) {
      rest -= unit;
      quotient++;
    }
  }
  return quotient;
}

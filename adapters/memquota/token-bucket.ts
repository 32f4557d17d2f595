// A token bucket: the limit is its size, and it refills evenly, from empty to full in one window.
// Exact but for less than a nanosecond at each charge, by which it refills later. What workers have
// leased does not refill before they say what became of it: so a lease exceeds no rate. Pure: knows
// neither clock nor host. Hot: allocates nothing.
//
// Stored: | missing tokens | since when they come back, ns |, and while tokens are leased: | how
// many of the missing | when the last was leased, ns |.

import { Slice, StoredReader, Terms, Writer, writeVarint } from "../../assembly/sdk";
import { Account } from "./account";

/** How long a worker may use a lease. */
const LEASE_MAX_NS: i64 = 1_000_000_000;
/** A lease of which nobody has told what became of it counts as used after this time. */
const LEASE_LOST_NS: i64 = 10_000_000_000;
const reader = new StoredReader();
/** What the last `scale` left over. */
let rest: u64 = 0;

/** The working copy of a token bucket; `used` counts the tokens that are missing. */
export class TokenBucket extends Account {
  private since: i64 = 0;
  /** How many of the missing tokens are leased, and when the last of them was. */
  private out: i64 = 0;
  private outSince: i64 = 0;

  clear(): void {
    this.used = 0;
    this.since = 0;
    this.out = 0;
    this.outSince = 0;
  }

  get isEmpty(): bool {
    return this.used == 0;
  }

  read(stored: Slice): void {
    reader.open(stored);
    this.used = reader.varint();
    this.since = reader.varint();
    if (!reader.isComplete) {
      this.out = reader.varint();
      this.outSince = reader.varint();
    }
    if (!reader.isComplete || this.out > this.used) this.clear();
  }

  // What is missing beyond a limit that has become smaller is forgiven: a bucket is full again
  // after one window, whatever was in force before. A beginning more than a window ahead means that
  // the clock was set back.
  advance(terms: Terms): bool {
    const now = terms.tick;
    this.moment = now;
    if (this.used == 0) return false;
    this.used = min(this.used, terms.limit);
    this.out = min(this.out, this.used);
    const isAhead = this.since - now > terms.windowTicks;
    if (isAhead) this.since = now;
    if (this.outSince - now > LEASE_LOST_NS) this.outSince = now;
    if (this.out > 0 && now - this.outSince > LEASE_LOST_NS) {
      this.refill(this.outSince + LEASE_LOST_NS, terms);
      this.settle(this.outSince + LEASE_LOST_NS, this.out);
    }
    this.refill(now, terms);
    return isAhead;
  }

  take(amount: i64): void {
    if (this.used == this.out) this.since = this.moment;
    this.used += amount;
  }

  lend(amount: i64): void {
    this.used += amount;
    this.out += amount;
    this.outSince = this.moment;
  }

  release(amount: i64): i64 {
    const released = min(amount, this.used - this.out);
    this.used -= released;
    return released;
  }

  giveBack(unused: i64, lent: i64, moment: i64): void {
    const age = this.moment - moment;
    if (age < 0 || age > LEASE_LOST_NS) return;
    const known = min(lent, this.out);
    this.settle(this.moment, known);
    this.used -= min(unused, known);
  }

  isCurrent(moment: i64, terms: Terms): bool {
    const age = terms.tick - moment;
    return age >= 0 && age <= LEASE_MAX_NS;
  }

  retryNs(terms: Terms, windowNs: i64): i64 {
    const lacking = terms.least - (terms.limit - this.used);
    if (lacking <= 0) return windowNs;
    return <i64>((<f64>lacking * <f64>windowNs) / <f64>terms.limit);
  }

  write(out: Writer): void {
    writeVarint(out, this.used);
    writeVarint(out, this.since);
    if (this.out == 0) return;
    writeVarint(out, this.out);
    writeVarint(out, this.outSince);
  }

  isLive(stored: Slice, terms: Terms): bool {
    this.clear();
    this.read(stored);
    if (this.used == 0) return false;
    const last = this.out == 0 ? 0 : this.outSince + LEASE_LOST_NS;
    return terms.tick - max(this.since, last) < terms.windowTicks;
  }

  // Leased tokens become missing ones that come back from a moment on.
  private settle(moment: i64, amount: i64): void {
    if (this.used == this.out) this.since = moment;
    this.out -= amount;
  }

  // The beginning moves by the time of whole tokens, rounded up, so that no part of a token is lost
  // and none comes early. Above one token a nanosecond the part is lost.
  private refill(now: i64, terms: Terms): void {
    const missing = this.used - this.out;
    const elapsed = now - this.since;
    if (missing == 0 || elapsed <= 0) return;
    let tokens: i64 = i64.MAX_VALUE;
    if (elapsed < terms.windowTicks) {
      tokens = <i64>scale(elapsed, terms.limit, terms.windowTicks);
    }
    if (tokens >= missing) {
      this.used = this.out;
    } else if (tokens > 0) {
      this.used -= tokens;
      if (terms.limit > terms.windowTicks) this.since = now;
      else this.since += <i64>scale(tokens, terms.windowTicks, terms.limit) + (rest == 0 ? 0 : 1);
    }
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

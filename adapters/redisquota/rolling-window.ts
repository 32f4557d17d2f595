// Mixer's rolling window of redisquota: what is taken goes to an open part; the first charge after
// the part's length closes it, and a closed part comes back as a whole when a window has passed
// since its beginning. Pure: knows neither clock nor host. Hot: allocates nothing.
//
// Stored: | beginning of the open part ns | its amount | closed parts | and for each, the newest
// first: | ns before the one ahead | amount |

import {
  QUOTA_PART_COUNT_MAX,
  Slice,
  StoredReader,
  Terms,
  Writer,
  writeVarint,
} from "../../assembly/sdk";
import { TimedWindow, isBeyond } from "./timed-window";

// Closed parts, oldest first: | beginning i64 | amount i64 |. A few more than can be stored, so
// that one can be closed before old ones come back.
const PART_SIZE_BYTES: usize = 16;
const PARTS: usize = memory.data((QUOTA_PART_COUNT_MAX + 3) * 16, 8);
const STORED_COUNT_MAX: i64 = QUOTA_PART_COUNT_MAX + 2;
const reader = new StoredReader();

// @ts-ignore: decorator
@inline
function partAt(index: i32): usize {
  return PARTS + <usize>index * PART_SIZE_BYTES;
}

/** The working copy of a rolling window. */
export class RollingWindow extends TimedWindow {
  private start: i64 = 0;
  private open: i64 = 0;
  /** Amount of all parts. */
  private used: i64 = 0;
  private first: i32 = 0;
  private end: i32 = 0;

  charge(stored: Slice, terms: Terms): bool {
    const isNew = !this.read(stored);
    if (isNew) this.clear(terms.tick);
    const hasMoved = this.move(terms) || isNew;
    const left = max<i64>(terms.limit - this.used, 0);
    const best = terms.isBestEffort ? left : 0;
    this.granted = terms.amount <= left ? terms.amount : best;
    this.open += this.granted;
    this.left = left - this.granted;
    this.validNs = this.granted > 0 ? terms.windowTicks : 0;
    return hasMoved || this.granted > 0;
  }

  // As soon as the oldest parts that make room have come back.
  retryNs(terms: Terms): i64 {
    const sinceNs = terms.tick - terms.windowTicks;
    let left = terms.limit - this.used;
    for (let index = this.first; index < this.end; index++) {
      left += load<i64>(partAt(index), 8);
      if (left >= terms.least) return load<i64>(partAt(index)) - sinceNs;
    }
    return this.start - sinceNs;
  }

  write(out: Writer): void {
    writeVarint(out, this.start);
    writeVarint(out, this.open);
    writeVarint(out, this.end - this.first);
    let ahead = this.start;
    for (let index = this.end - 1; index >= this.first; index--) {
      const beginning = load<i64>(partAt(index));
      writeVarint(out, ahead - beginning);
      writeVarint(out, load<i64>(partAt(index), 8));
      ahead = beginning;
    }
  }

  isLive(stored: Slice, terms: Terms): bool {
    reader.open(stored);
    const start = reader.varint();
    return !reader.isBroken && start > terms.tick - terms.windowTicks;
  }

  private clear(tick: i64): void {
    this.start = tick;
    this.open = 0;
    this.used = 0;
    this.first = 0;
    this.end = 0;
  }

  // False for a window that is new or broken.
  private read(stored: Slice): bool {
    reader.open(stored);
    const start = reader.varint();
    const open = reader.varint();
    const count = reader.varint();
    if (reader.isBroken || count > STORED_COUNT_MAX) return false;
    this.start = start;
    this.open = open;
    this.used = open;
    this.first = 0;
    this.end = <i32>count;
    let beginning = start;
    for (let index = <i32>count - 1; index >= 0; index--) {
      beginning -= reader.varint();
      const amount = reader.varint();
      if (beginning < 0 || amount > i64.MAX_VALUE - this.used) return false;
      this.used += amount;
      store<i64>(partAt(index), beginning);
      store<i64>(partAt(index), amount, 8);
    }
    return reader.isComplete;
  }

  // Whether something is to be stored: the open part began anew, or a closed one came back.
  private move(terms: Terms): bool {
    const now = terms.tick;
    if (isBeyond(this.start - now, terms.windowTicks)) this.shift(now - this.start);
    let hasMoved = false;
    if (now - this.start + 1 > terms.bucketTicks) {
      if (this.open > 0) this.close();
      this.start = now;
      this.open = 0;
      hasMoved = true;
    }
    const oldest = now - terms.windowTicks;
    while (this.first < this.end && load<i64>(partAt(this.first)) <= oldest) {
      this.used -= load<i64>(partAt(this.first), 8);
      this.first++;
      hasMoved = true;
    }
    return hasMoved;
  }

  private close(): void {
    store<i64>(partAt(this.end), this.start);
    store<i64>(partAt(this.end), this.open, 8);
    this.end++;
  }

  private shift(distance: i64): void {
    this.start += distance;
    for (let index = this.first; index < this.end; index++) {
      store<i64>(partAt(index), load<i64>(partAt(index)) + distance);
    }
  }
}

// Mixer's fixed window: it begins with its first charge, granted or not, and everything comes back
// when it ends. Pure: knows neither clock nor host. Hot: allocates nothing.
//
// Stored: | amount in use | end ns |.

import { Slice, StoredReader, Terms, Writer, writeVarint } from "../../assembly/sdk";
import { TimedWindow, isBeyond } from "./timed-window";

const reader = new StoredReader();

/** The working copy of a fixed window. */
export class FixedWindow extends TimedWindow {
  private used: i64 = 0;
  private end: i64 = 0;

  charge(stored: Slice, terms: Terms): bool {
    this.read(stored);
    const hasMoved = this.move(terms);
    const left = max<i64>(terms.limit - this.used, 0);
    const best = terms.isBestEffort ? left : 0;
    this.granted = terms.amount <= left ? terms.amount : best;
    this.used += this.granted;
    this.left = left - this.granted;
    this.validNs = this.granted > 0 ? this.end - terms.tick : 0;
    return hasMoved || this.granted > 0;
  }

  retryNs(terms: Terms): i64 {
    return this.end - terms.tick;
  }

  write(out: Writer): void {
    writeVarint(out, this.used);
    writeVarint(out, this.end);
  }

  isLive(stored: Slice, terms: Terms): bool {
    reader.open(stored);
    reader.varint();
    return reader.varint() > terms.tick;
  }

  private read(stored: Slice): void {
    reader.open(stored);
    this.used = reader.varint();
    this.end = reader.varint();
    if (reader.isComplete) return;
    this.used = 0;
    this.end = 0;
  }

  private move(terms: Terms): bool {
    if (this.end <= terms.tick) this.used = 0;
    else if (!isBeyond(this.end - terms.tick, terms.windowTicks)) return false;
    this.end = terms.tick + terms.windowTicks;
    return true;
  }
}

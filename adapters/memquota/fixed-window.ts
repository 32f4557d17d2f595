// Mixer's fixed window: it begins with the first charge, not on a grid of the clock, and everything
// comes back when it ends. Pure: knows neither clock nor host. Hot: allocates nothing.
//
// Stored: | amount in use | end ns |.

import { Slice, StoredReader, Terms, Writer, writeVarint } from "../../assembly/sdk";
import { Account } from "./account";

const reader = new StoredReader();

/** The working copy of a fixed window; `moment` is its end, 0 = none is open. */
export class FixedWindow extends Account {
  clear(): void {
    this.used = 0;
    this.moment = 0;
  }

  get isEmpty(): bool {
    return this.moment == 0;
  }

  read(stored: Slice): void {
    reader.open(stored);
    this.used = reader.varint();
    this.moment = reader.varint();
    if (!reader.isComplete) this.clear();
  }

  // Even a charge that is denied opens a window, as in Mixer; one that gives back does not. An end
  // more than two windows ahead means that the clock was set back: the window moves with it.
  advance(terms: Terms): bool {
    if (this.moment > terms.tick && this.moment - terms.tick <= terms.windowTicks << 1)
      return false;
    if (this.moment <= terms.tick) {
      this.clear();
      if (terms.amount <= 0) return false;
    }
    this.moment = terms.tick + terms.windowTicks;
    return true;
  }

  take(amount: i64): void {
    this.used += amount;
  }

  release(amount: i64): i64 {
    const released = min(amount, this.used);
    this.used -= released;
    return released;
  }

  giveBack(unused: i64, lent: i64, moment: i64): void {
    if (moment == this.moment) this.release(unused);
  }

  isCurrent(moment: i64, terms: Terms): bool {
    return terms.tick < moment && moment - terms.tick <= terms.windowTicks;
  }

  validNs(terms: Terms, windowNs: i64): i64 {
    return this.moment - terms.tick;
  }

  write(out: Writer): void {
    writeVarint(out, this.used);
    writeVarint(out, this.moment);
  }

  isLive(stored: Slice, terms: Terms): bool {
    reader.open(stored);
    reader.varint();
    return reader.varint() > terms.tick;
  }
}

// Mixer's fixed window: it begins with the first charge, not on a grid of the clock, and everything
// comes back when it ends. Pure: knows neither clock nor host. Hot: allocates nothing.
//
// Stored: | amount in use | end ns |.

import { Slice, StoredReader, Terms, Writer, writeVarint } from "../../assembly/sdk";
import { Account } from "./account";

const reader = new StoredReader();

/** The working copy of a fixed window. */
export class FixedWindow extends Account {
  /** When the window ends; 0 = none is open. */
  private end: i64 = 0;

  clear(): void {
    this.used = 0;
    this.end = 0;
  }

  get isEmpty(): bool {
    return this.end == 0;
  }

  read(stored: Slice): void {
    reader.open(stored);
    this.used = reader.varint();
    this.end = reader.varint();
    if (!reader.isComplete) this.clear();
  }

  // Even a charge that is denied opens a window, as in Mixer; one that gives back does not. An end
  // more than two windows ahead means that the clock was set back: the window moves with it.
  advance(terms: Terms): bool {
    if (this.end > terms.tick && this.end - terms.tick <= terms.windowTicks << 1) return false;
    if (this.end <= terms.tick) {
      this.clear();
      if (terms.amount <= 0) return false;
    }
    this.end = terms.tick + terms.windowTicks;
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

  validNs(terms: Terms, windowNs: i64): i64 {
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
}

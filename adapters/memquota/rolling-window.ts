// Mixer's rolling window: what was taken in each slot of time, returned when the slot leaves the
// window. One working copy in fixed memory, read from and written to a few bytes. Pure: knows
// neither clock nor host. Hot: allocates nothing.
//
// Stored: | count | newest tick | amount | and for each older slot: | ticks before | amount |

import {
  QUOTA_SLOT_COUNT_MAX,
  QuotaWindow,
  Slice,
  StoredReader,
  Terms,
  Writer,
  isPresent,
  writeVarint,
} from "../../assembly/sdk";

// Slots in use, oldest first: | tick i64 | amount i64 |. One more than the most there can be, so
// that the current slot can be appended before old ones are cut off.
const SLOT_SIZE_BYTES: usize = 16;
const SLOTS: usize = memory.data((QUOTA_SLOT_COUNT_MAX + 1) * 16, 8);
const reader = new StoredReader();

// @ts-ignore: decorator
@inline
function slotAt(index: i32): usize {
  return SLOTS + <usize>index * SLOT_SIZE_BYTES;
}

// The tick of a stored window's newest slot; -1 when the bytes are none.
function newestTickOf(stored: Slice): i64 {
  reader.open(stored);
  const count = reader.varint();
  const tick = reader.varint();
  return reader.isBroken || count == 0 ? -1 : tick;
}

/** The working copy; there is only one, since windows are used one after another. */
export class RollingWindow extends QuotaWindow {
  /** Sum of all amounts. */
  used: i64 = 0;
  private first: i32 = 0;
  private end: i32 = 0;

  charge(stored: Slice, terms: Terms): bool {
    if (isPresent(stored)) this.read(stored);
    else this.clear();
    const slotCount = <i32>terms.windowTicks;
    const isMoved = this.followClock(terms.tick, slotCount);
    this.settle(terms, this.advance(terms.tick, slotCount));
    return this.granted != 0 || isMoved;
  }

  // What lies in the future is live; what is broken is not.
  isLive(stored: Slice, terms: Terms): bool {
    const newest = newestTickOf(stored);
    return newest >= 0 && (terms.windowTicks == 0 || newest > terms.tick - terms.windowTicks);
  }

  // Mixer's rules: all or nothing unless best effort; a release gives back at most what is in use.
  private settle(terms: Terms, tick: i64): void {
    if (terms.amount < 0) {
      const amount = terms.amount == i64.MIN_VALUE ? i64.MAX_VALUE : -terms.amount;
      this.granted = this.release(amount);
      return;
    }
    const available = max<i64>(terms.limit - this.used, 0);
    let amount = terms.amount;
    if (amount > available) amount = terms.isBestEffort ? available : 0;
    if (amount > 0) this.take(amount, tick);
    this.granted = amount;
  }

  /** Nothing is taken. */
  clear(): void {
    this.used = 0;
    this.first = 0;
    this.end = 0;
  }

  /** Whether nothing is taken, so that forgetting the window changes nothing. */
  get isEmpty(): bool {
    return this.first == this.end;
  }

  /** Reads a stored window; one that is broken reads as empty. */
  read(stored: Slice): void {
    this.clear();
    reader.open(stored);
    const count = reader.varint();
    if (count > QUOTA_SLOT_COUNT_MAX) return;
    let tick = reader.varint();
    let used: i64 = 0;
    for (let index = <i32>count - 1; index >= 0; index--) {
      const amount = reader.varint();
      if (amount == 0 || amount > i64.MAX_VALUE - used || tick < 0) return;
      used += amount;
      store<i64>(slotAt(index), tick);
      store<i64>(slotAt(index), amount, 8);
      if (index == 0) break;
      const distance = reader.varint();
      if (distance == 0) return;
      tick -= distance;
    }
    if (!reader.isComplete) return;
    this.used = used;
    this.end = <i32>count;
  }

  /**
   * Moves the window to `tick` and forgets slots that are `slotCount` ticks old; 0 = slots never
   * grow old. Returns the tick to take at: time never runs backwards inside a window.
   */
  advance(tick: i64, slotCount: i32): i64 {
    if (this.isEmpty || slotCount == 0) return tick;
    const newest = load<i64>(slotAt(this.end - 1));
    const now = max(tick, newest);
    while (this.first < this.end && load<i64>(slotAt(this.first)) <= now - slotCount) {
      this.used -= load<i64>(slotAt(this.first), 8);
      this.first++;
    }
    return now;
  }

  /**
   * Moves all slots so that the newest is at `tick`, when it lies more than a window ahead: the
   * clock was set back. Whether it did so.
   */
  followClock(tick: i64, slotCount: i32): bool {
    if (this.isEmpty || slotCount == 0) return false;
    const ahead = load<i64>(slotAt(this.end - 1)) - tick;
    if (ahead <= slotCount) return false;
    for (let index = this.first; index < this.end; index++) {
      store<i64>(slotAt(index), load<i64>(slotAt(index)) - ahead);
    }
    return true;
  }

  /** Records an amount above 0 at the tick that `advance` returned. */
  take(amount: i64, tick: i64): void {
    this.used += amount;
    const newest = slotAt(this.end - 1);
    if (!this.isEmpty && load<i64>(newest) == tick) {
      store<i64>(newest, load<i64>(newest, 8) + amount, 8);
      return;
    }
    store<i64>(slotAt(this.end), tick);
    store<i64>(slotAt(this.end), amount, 8);
    this.end++;
  }

  /** Gives back at most `amount`, from the newest slot backwards; returns how much it was. */
  release(amount: i64): i64 {
    let left = amount;
    while (left > 0 && this.first < this.end) {
      const slot = slotAt(this.end - 1);
      const taken = load<i64>(slot, 8);
      if (taken > left) {
        store<i64>(slot, taken - left, 8);
        left = 0;
      } else {
        left -= taken;
        this.end--;
      }
    }
    this.used -= amount - left;
    return amount - left;
  }

  /** Writes the stored form of a window that is not empty. */
  write(out: Writer): void {
    writeVarint(out, this.end - this.first);
    let before: i64 = load<i64>(slotAt(this.end - 1));
    writeVarint(out, before);
    for (let index = this.end - 1; index >= this.first; index--) {
      const tick = load<i64>(slotAt(index));
      if (index < this.end - 1) writeVarint(out, before - tick);
      writeVarint(out, load<i64>(slotAt(index), 8));
      before = tick;
    }
  }
}

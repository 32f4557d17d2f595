// Mixer's rolling window: what was taken in each slot of time, returned when the slot leaves the
// window. One working copy in fixed memory, read from and written to a few bytes. Pure: knows
// neither clock nor host. Hot: allocates nothing.
//
// Stored: | count | newest tick | amount | and for each older slot: | ticks before | amount |

import {
  QUOTA_SLOT_COUNT_MAX,
  Slice,
  StoredReader,
  Terms,
  Writer,
  writeVarint,
} from "../../assembly/sdk";
import { Account } from "./account";

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

/** The working copy of a rolling window; there is only one, since its slots lie in fixed memory.
 * `moment` is the slot to take at: time never runs backwards inside a window. */
export class RollingWindow extends Account {
  private first: i32 = 0;
  private end: i32 = 0;

  clear(): void {
    this.used = 0;
    this.first = 0;
    this.end = 0;
  }

  get isEmpty(): bool {
    return this.first == this.end;
  }

  read(stored: Slice): void {
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

  // Slots that are a window old are forgotten. A newest slot more than a window ahead means that
  // the clock was set back: all slots move with it.
  advance(terms: Terms): bool {
    this.moment = terms.tick;
    if (this.isEmpty || terms.windowTicks == 0) return false;
    const isMoved = this.followClock(terms);
    const now = max(terms.tick, load<i64>(slotAt(this.end - 1)));
    while (this.first < this.end && load<i64>(slotAt(this.first)) <= now - terms.windowTicks) {
      this.used -= load<i64>(slotAt(this.first), 8);
      this.first++;
    }
    this.moment = now;
    return isMoved;
  }

  private followClock(terms: Terms): bool {
    const ahead = load<i64>(slotAt(this.end - 1)) - terms.tick;
    if (ahead <= terms.windowTicks) return false;
    for (let index = this.first; index < this.end; index++) {
      store<i64>(slotAt(index), load<i64>(slotAt(index)) - ahead);
    }
    return true;
  }

  take(amount: i64): void {
    const tick = this.moment;
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

  // From the newest slot backwards.
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

  giveBack(unused: i64, lent: i64, moment: i64): void {
    let index = this.end - 1;
    while (index >= this.first && load<i64>(slotAt(index)) > moment) index--;
    if (index < this.first || load<i64>(slotAt(index)) != moment) return;
    const taken = load<i64>(slotAt(index), 8);
    const given = min(unused, taken);
    this.used -= given;
    store<i64>(slotAt(index), taken - given, 8);
    if (given == taken) this.remove(index);
  }

  private remove(index: i32): void {
    for (; index > this.first; index--) {
      store<i64>(slotAt(index), load<i64>(slotAt(index - 1)));
      store<i64>(slotAt(index), load<i64>(slotAt(index - 1), 8), 8);
    }
    this.first++;
  }

  // Within the slot; another worker may already have begun the next one.
  isCurrent(moment: i64, terms: Terms): bool {
    return terms.tick == moment || terms.tick == moment - 1;
  }

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
  // Two neighbours become one slot, at the time of the younger one, as often as it takes.
  shrink(stored: Slice, sizeMax: usize, out: Writer): bool {
    this.clear();
    this.read(stored);
    if (this.end - this.first < 2) return false;
    const start = out.size;
    do {
      this.joinNeighbours();
      out.rewind(start);
      this.write(out);
    } while (out.size - start > sizeMax && this.end - this.first > 1);
    return true;
  }

  private joinNeighbours(): void {
    let to = this.end - 1;
    for (let from = this.end - 1; from >= this.first; from -= 2, to--) {
      let amount = load<i64>(slotAt(from), 8);
      if (from > this.first) amount += load<i64>(slotAt(from - 1), 8);
      store<i64>(slotAt(to), load<i64>(slotAt(from)));
      store<i64>(slotAt(to), amount, 8);
    }
    this.first = to + 1;
  }

  isLive(stored: Slice, terms: Terms): bool {
    reader.open(stored);
    const count = reader.varint();
    const newest = reader.varint();
    if (reader.isBroken || count == 0) return false;
    return terms.windowTicks == 0 || newest > terms.tick - terms.windowTicks;
  }
}

// Mixer's prefetch: a pool of amounts that were taken ahead, refilled in the background, so that a
// request is decided at once. Works on a block of memory that somebody else owns. Pure: knows
// neither clock nor host; all times are nanoseconds. Hot.
//
//   0       8         12     16          24        28      32             192
//   | last  | under   | mode | beginning | current | next  | 20 counts of | first, count of amounts
//   | asked | way u32 | u8   | of a slot | slot    | id    | charges      | u32, u32
//   200: amounts taken ahead, a ring: | left i64 | valid until u64 | id u32 | pad |

const MILLISECOND: u64 = 1_000_000;
/** What was charged within this time is expected again. */
const PREDICT_SLOT_COUNT: u32 = 20;
const PREDICT_SLOT_NS: u64 = 50 * MILLISECOND;
/** Asked for at least. */
const PREFETCH_AMOUNT_MIN: i64 = 10;
/** An exhausted quota is asked again after this time. */
export const CLOSE_WAIT_NS: u64 = 500 * MILLISECOND;
/** An amount that is used before it is granted is valid so long. */
const PROVISIONAL_NS: u64 = 60_000 * MILLISECOND;

const COUNTS: usize = 32;
const RING: usize = 200;
const RING_COUNT: u32 = 16;
const AMOUNT_SIZE_BYTES: usize = 24;

/** Memory of one pool. */
export const POOL_SIZE_BYTES: usize = RING + <usize>RING_COUNT * AMOUNT_SIZE_BYTES;

/** Whether the last answer granted all that was asked for. */
const enum Mode {
  Open = 0,
  Close = 1,
}

/** A view of one pool at a time. */
export class PrefetchPool {
  /** How much is to be asked for now, best effort; 0 = nothing. `take` says it. */
  wanted: i64 = 0;
  /** The amount that is used before it is granted; 0 = none. `settle` takes it back. */
  ticket: u32 = 0;
  private at: usize = 0;

  /** Looks at the pool in this block. */
  open(block: usize): void {
    this.at = block;
  }

  /** Makes a pool of the block. */
  begin(block: usize): void {
    memory.fill(block, 0, POOL_SIZE_BYTES);
    this.at = block;
  }

  /** Decides about a charge, and says in `wanted` whether to ask for more, `cap` at most. */
  take(amount: i64, cap: i64, nowNs: u64): bool {
    this.refill(amount, cap, nowNs);
    this.count(amount, nowNs);
    if (amount == 1) return this.subtract(1, nowNs) == 0;
    if (this.available(nowNs) < amount) return false;
    this.subtract(amount, nowNs);
    return true;
  }

  /** An answer has come: how much of `asked` was granted, and for how long. */
  settle(ticket: u32, asked: i64, granted: i64, validNs: u64, nowNs: u64): void {
    const at = this.at;
    store<u32>(at, load<u32>(at, 8) - 1, 8);
    if (ticket == 0) {
      if (granted > 0) this.push(granted, nowNs + validNs);
    } else {
      const own = this.find(ticket);
      if (granted < asked) this.takeBack(own, asked - granted, nowNs);
      if (own != 0 && load<i64>(own) > 0) store<u64>(own, nowNs + validNs, 8);
    }
    store<u8>(at, <u8>(granted < asked ? Mode.Close : Mode.Open), 12);
  }

  /** How many questions are under way. */
  get pending(): u32 {
    return load<u32>(this.at, 8);
  }

  private refill(amount: i64, cap: i64, nowNs: u64): void {
    const at = this.at;
    this.wanted = 0;
    this.ticket = 0;
    const pending = load<u32>(at, 8);
    const isClosed = load<u8>(at, 12) == Mode.Close;
    if (isClosed && (pending > 0 || nowNs - load<u64>(at) < CLOSE_WAIT_NS)) return;
    const available = this.available(nowNs);
    const desired = max(this.charged(nowNs), PREFETCH_AMOUNT_MIN);
    if (available >= amount && (available >= desired / 2 || pending > 0)) return;
    this.wanted = min(max(amount, desired), cap);
    if (this.wanted <= 0) return;
    if (available == 0 && !isClosed) this.ticket = this.push(this.wanted, nowNs + PROVISIONAL_NS);
    store<u64>(at, nowNs);
    store<u32>(at, pending + 1, 8);
  }

  // First from the own amount, then from the others.
  private takeBack(own: usize, shortfall: i64, nowNs: u64): void {
    let left = shortfall;
    if (own != 0) {
      const taken = min(load<i64>(own), left);
      store<i64>(own, load<i64>(own) - taken);
      left -= taken;
    }
    if (left > 0) this.subtract(left, nowNs);
  }

  /** How much may be used at once. */
  available(nowNs: u64): i64 {
    let sum: i64 = 0;
    for (let index: u32 = 0; index < load<u32>(this.at, 196); index++) {
      const amount = this.amountAt(index);
      if (nowNs < load<u64>(amount, 8)) sum += load<i64>(amount);
    }
    return sum;
  }

  // Takes the oldest first and forgets what is over; answers what could not be taken.
  private subtract(amount: i64, nowNs: u64): i64 {
    let left = amount;
    while (left > 0 && load<u32>(this.at, 196) > 0) {
      const first = this.amountAt(0);
      if (nowNs < load<u64>(first, 8)) {
        const taken = min(load<i64>(first), left);
        store<i64>(first, load<i64>(first) - taken);
        left -= taken;
        if (load<i64>(first) > 0) return 0;
      }
      store<u32>(this.at, (load<u32>(this.at, 192) + 1) % RING_COUNT, 192);
      store<u32>(this.at, load<u32>(this.at, 196) - 1, 196);
    }
    return left;
  }

  // Without room the newest amount grows, and is valid no longer than either.
  private push(amount: i64, untilNs: u64): u32 {
    const count = load<u32>(this.at, 196);
    const id = load<u32>(this.at, 28) + 1;
    store<u32>(this.at, id, 28);
    if (count == RING_COUNT) {
      const last = this.amountAt(count - 1);
      store<i64>(last, load<i64>(last) + amount);
      store<u64>(last, min(load<u64>(last, 8), untilNs), 8);
      return load<u32>(last, 16);
    }
    store<u32>(this.at, count + 1, 196);
    const amountAt = this.amountAt(count);
    store<i64>(amountAt, amount);
    store<u64>(amountAt, untilNs, 8);
    store<u32>(amountAt, id, 16);
    return id;
  }

  private find(id: u32): usize {
    for (let index: u32 = 0; index < load<u32>(this.at, 196); index++) {
      if (load<u32>(this.amountAt(index), 16) == id) return this.amountAt(index);
    }
    return 0;
  }

  // @ts-ignore: decorator
  @inline
  private amountAt(index: u32): usize {
    const place = (load<u32>(this.at, 192) + index) % RING_COUNT;
    return this.at + RING + <usize>place * AMOUNT_SIZE_BYTES;
  }

  private count(amount: i64, nowNs: u64): void {
    this.forget(nowNs);
    const slot = this.at + COUNTS + ((<usize>load<u32>(this.at, 24)) << 3);
    store<i64>(slot, load<i64>(slot) + amount);
  }

  // What was charged in the last second.
  private charged(nowNs: u64): i64 {
    this.forget(nowNs);
    let sum: i64 = 0;
    for (let slot: usize = 0; slot < <usize>PREDICT_SLOT_COUNT; slot++) {
      sum += load<i64>(this.at + COUNTS + (slot << 3));
    }
    return sum;
  }

  private forget(nowNs: u64): void {
    const begun = load<u64>(this.at, 16);
    if (begun == 0) store<u64>(this.at, nowNs, 16);
    if (begun == 0 || nowNs < begun + PREDICT_SLOT_NS) return;
    const steps = (nowNs - begun) / PREDICT_SLOT_NS;
    store<u64>(this.at, begun + steps * PREDICT_SLOT_NS, 16);
    let slot = load<u32>(this.at, 24);
    for (let step: u64 = 0; step < steps && step < PREDICT_SLOT_COUNT; step++) {
      slot = (slot + 1) % PREDICT_SLOT_COUNT;
      store<i64>(this.at + COUNTS + ((<usize>slot) << 3), 0);
    }
    store<u32>(this.at, slot, 24);
  }
}

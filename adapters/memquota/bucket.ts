// A bucket: the windows of a few keys in one shared value. Charges one key and writes the bucket
// anew. Pure: bytes in, bytes out. Hot: allocates nothing.
//
// | version u8 | entries u8 | and for each: | key size | key | window size | window |

import {
  QUOTA_BUCKET_WAY_COUNT,
  QUOTA_KEY_SIZE_MAX_BYTES,
  QUOTA_SLOT_COUNT_MAX,
  Slice,
  Writer,
  equal,
  isPresent,
  sizeOf,
  slice,
} from "../../assembly/sdk";
import { RollingWindow, WINDOW_SIZE_MAX_BYTES, newestTickOf } from "./rolling-window";
import { StoredReader, writeVarint } from "./varint";

/** Version of the stored form; another one counts as absent. */
export const BUCKET_VERSION: u8 = 1;

/** What a charge can add to the size of a bucket, in bytes. */
export const BUCKET_GROWTH_MAX_BYTES: usize =
  <usize>QUOTA_KEY_SIZE_MAX_BYTES + WINDOW_SIZE_MAX_BYTES + 16;

/** What a charge did to the bucket. */
export const enum Charged {
  /** Nothing is to be written. */
  Unchanged = 0,
  /** The bucket was written anew. */
  Changed = 1,
  /** All entries are in use by other keys. */
  Full = 2,
}

/** What is charged, and within which limit. Filled again for each charge. */
export class Terms {
  /** Above 0 takes, below 0 gives back. */
  amount: i64 = 0;
  isBestEffort: bool = false;
  /** How much may be in use. */
  limit: i64 = 0;
  /** Now, in slots. */
  tick: i64 = 0;
  /** Slots of the window; 0 = what is taken stays taken. */
  slotCount: i32 = 0;
}

// Entries of the bucket at hand: | whole entry | key | window |, each a slice.
const ENTRY_SIZE_BYTES: usize = 24;
const ENTRIES: usize = memory.data(QUOTA_BUCKET_WAY_COUNT * 24, 8);
const WINDOW: usize = memory.data(32 + QUOTA_SLOT_COUNT_MAX * 11);
const reader = new StoredReader();
const rolling = new RollingWindow();
const windowWriter = new Writer();

/** Charges keys of one bucket. */
export class Bucket {
  /** What the last charge granted or gave back. */
  granted: i64 = 0;
  /** What is in use of the key after the last charge. */
  used: i64 = 0;
  private count: i32 = 0;

  /** Charges `key` in a stored bucket, which may be ABSENT; writes the new one when it changes. */
  charge(stored: Slice, key: Slice, terms: Terms, out: Writer): Charged {
    this.granted = 0;
    if (!this.parse(stored)) this.count = 0;
    const own = this.find(key);
    if (own >= 0) rolling.read(windowAt(own));
    else rolling.clear();
    const isMoved = rolling.followClock(terms.tick, terms.slotCount);
    const tick = rolling.advance(terms.tick, terms.slotCount);
    this.settle(terms, tick);
    this.used = rolling.used;
    if (this.granted == 0 && !isMoved) return Charged.Unchanged;
    if (own < 0 && this.liveCount(terms) == QUOTA_BUCKET_WAY_COUNT) {
      this.granted = 0;
      return Charged.Full;
    }
    this.write(own, key, terms, out);
    return Charged.Changed;
  }

  // Mixer's rules: all or nothing unless best effort; a release gives back at most what is in use.
  private settle(terms: Terms, tick: i64): void {
    if (terms.amount < 0) {
      const amount = terms.amount == i64.MIN_VALUE ? i64.MAX_VALUE : -terms.amount;
      this.granted = rolling.release(amount);
      return;
    }
    const available = max<i64>(terms.limit - rolling.used, 0);
    let amount = terms.amount;
    if (amount > available) amount = terms.isBestEffort ? available : 0;
    if (amount > 0) rolling.take(amount, tick);
    this.granted = amount;
  }

  // False for bytes of another version and for broken ones.
  private parse(stored: Slice): bool {
    this.count = 0;
    if (!isPresent(stored)) return true;
    reader.open(stored);
    if (reader.byte() != BUCKET_VERSION) return false;
    const count = <i32>reader.byte();
    if (count > QUOTA_BUCKET_WAY_COUNT) return false;
    for (let index = 0; index < count; index++) {
      const start = reader.at;
      const key = reader.bytes(QUOTA_KEY_SIZE_MAX_BYTES);
      const window = reader.bytes(WINDOW_SIZE_MAX_BYTES);
      const entry = ENTRIES + <usize>index * ENTRY_SIZE_BYTES;
      store<u64>(entry, slice(start, reader.at - start));
      store<u64>(entry, key, 8);
      store<u64>(entry, window, 16);
    }
    this.count = count;
    return reader.isComplete;
  }

  private find(key: Slice): i32 {
    for (let index = 0; index < this.count; index++) {
      if (equal(load<u64>(ENTRIES + <usize>index * ENTRY_SIZE_BYTES, 8), key)) return index;
    }
    return -1;
  }

  private liveCount(terms: Terms): i32 {
    let live = 0;
    for (let index = 0; index < this.count; index++) if (isLive(index, terms)) live++;
    return live;
  }

  // The charged key comes first; windows that have refilled are forgotten, which changes nothing.
  private write(own: i32, key: Slice, terms: Terms, out: Writer): void {
    let count = this.liveCount(terms);
    if (own >= 0 && isLive(own, terms)) count--;
    if (!rolling.isEmpty) count++;
    out.byte(BUCKET_VERSION);
    out.byte(<u8>count);
    if (!rolling.isEmpty) this.writeOwn(key, out);
    for (let index = 0; index < this.count; index++) {
      if (index == own || !isLive(index, terms)) continue;
      out.bytes(load<u64>(ENTRIES + <usize>index * ENTRY_SIZE_BYTES));
    }
  }

  private writeOwn(key: Slice, out: Writer): void {
    writeVarint(out, sizeOf(key));
    out.bytes(key);
    windowWriter.open(WINDOW, WINDOW_SIZE_MAX_BYTES);
    rolling.write(windowWriter);
    writeVarint(out, windowWriter.size);
    out.bytes(windowWriter.written);
  }
}

// @ts-ignore: decorator
@inline
function windowAt(index: i32): Slice {
  return load<u64>(ENTRIES + <usize>index * ENTRY_SIZE_BYTES, 16);
}

// Whether something of the window is still taken. What lies in the future is; what is broken is
// not.
function isLive(index: i32, terms: Terms): bool {
  const newest = newestTickOf(windowAt(index));
  return newest >= 0 && (terms.slotCount == 0 || newest > terms.tick - terms.slotCount);
}

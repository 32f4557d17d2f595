// A bucket: the windows of a few keys in one shared value. Charges one key and writes the bucket
// anew. Pure: bytes in, bytes out. Hot: allocates nothing.
//
// | version u8 | entries u8 | and for each: | key size | key | window size | window |

import {
  QUOTA_BUCKET_SIZE_MAX_BYTES,
  QUOTA_BUCKET_WAY_COUNT,
  QUOTA_KEY_SIZE_MAX_BYTES,
  QUOTA_SLOT_COUNT_MAX,
} from "../../shared/limits";
import { equal } from "../../memory/bytes";
import { ABSENT, Slice, isPresent, sizeOf, slice } from "../../memory/slice";
import { Writer } from "../../memory/writer";
import { writeVarint } from "../../text/wire";
import { StoredReader } from "./stored-reader";
import { QuotaWindow, Terms, WINDOW_SIZE_MAX_BYTES } from "./window";

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
  /** There is no room for a new key beside the live ones. */
  Full = 2,
}

// Entries of the bucket at hand: | whole entry | key | window |, each a slice.
const ENTRY_SIZE_BYTES: usize = 24;
const ENTRIES: usize = memory.data(QUOTA_BUCKET_WAY_COUNT * 24, 8);
const WINDOW: usize = memory.data(32 + QUOTA_SLOT_COUNT_MAX * 11);
const SHRUNK: usize = memory.data(32 + QUOTA_SLOT_COUNT_MAX * 11);
/** A window has this much whatever its neighbours need: one slot and its amount. */
const SHARE_SIZE_MIN_BYTES: usize = 24;
/** Sizes before a key and a window. */
const HEAD_SIZE_MAX_BYTES: usize = 4;
const reader = new StoredReader();
const windowWriter = new Writer();
const shrunkWriter = new Writer();

/** Charges keys of one bucket. */
export class Bucket {
  /** What the last charge granted or gave back. */
  granted: i64 = 0;
  /** Whether a window was made smaller, so that something comes back later. */
  hasShrunk: bool = false;
  private count: i32 = 0;
  private liveCount: i32 = 0;
  private liveSize: usize = 0;

  /** `window` is the algorithm of the next charge. */
  constructor(public window: QuotaWindow) {}

  /** Charges `key` in a stored bucket, which may be ABSENT; writes the new one when it changes. */
  charge(stored: Slice, key: Slice, terms: Terms, out: Writer): Charged {
    this.hasShrunk = false;
    if (!this.parse(stored)) this.count = 0;
    const own = this.find(key);
    const window = this.window;
    const hasChanged = window.charge(own >= 0 ? windowAt(own) : ABSENT, terms);
    this.granted = window.granted;
    if (!hasChanged) return Charged.Unchanged;
    this.forget(own, terms);
    if (own < 0 && !this.hasRoomFor(key)) {
      this.granted = 0;
      return Charged.Full;
    }
    this.write(key, out);
    return Charged.Changed;
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
      const entry = entryAt(index);
      store<u64>(entry, slice(start, reader.at - start));
      store<u64>(entry, key, 8);
      store<u64>(entry, window, 16);
    }
    this.count = count;
    return reader.isComplete;
  }

  private find(key: Slice): i32 {
    for (let index = 0; index < this.count; index++) {
      if (equal(keyAt(index), key)) return index;
    }
    return -1;
  }

  // The own entry, which is written anew, and windows that have refilled: that changes nothing.
  private forget(own: i32, terms: Terms): void {
    this.liveCount = 0;
    this.liveSize = 0;
    for (let index = 0; index < this.count; index++) {
      const entry = entryAt(index);
      if (index == own || !this.window.isLive(windowAt(index), terms)) {
        store<u64>(entry, ABSENT);
        continue;
      }
      this.liveCount++;
      this.liveSize += sizeOf(load<u64>(entry));
    }
  }

  private hasRoomFor(key: Slice): bool {
    if (this.liveCount == 0) return true;
    if (this.liveCount == QUOTA_BUCKET_WAY_COUNT) return false;
    const size = this.liveSize + sizeOf(key) + SHARE_SIZE_MIN_BYTES;
    return size <= <usize>QUOTA_BUCKET_SIZE_MAX_BYTES;
  }

  // The charged key comes first. Where keys share the bucket, each has an equal share of its size.
  private write(key: Slice, out: Writer): void {
    const isKept = !this.window.isEmpty;
    const count = isKept ? this.liveCount + 1 : this.liveCount;
    const share = count < 2 ? usize.MAX_VALUE : <usize>QUOTA_BUCKET_SIZE_MAX_BYTES / count;
    out.byte(BUCKET_VERSION);
    out.byte(<u8>count);
    if (isKept) {
      windowWriter.open(WINDOW, WINDOW_SIZE_MAX_BYTES);
      this.window.write(windowWriter);
      this.writeEntry(key, windowWriter.written, share, out);
    }
    for (let index = 0; index < this.count; index++) {
      const entry = load<u64>(entryAt(index));
      if (!isPresent(entry)) continue;
      if (sizeOf(entry) <= share) out.bytes(entry);
      else this.writeEntry(keyAt(index), windowAt(index), share, out);
    }
  }

  private writeEntry(key: Slice, window: Slice, share: usize, out: Writer): void {
    const left = share - min(share, sizeOf(key) + HEAD_SIZE_MAX_BYTES);
    const sizeMax = max(left, SHARE_SIZE_MIN_BYTES);
    let written = window;
    if (sizeOf(window) > sizeMax) {
      shrunkWriter.open(SHRUNK, WINDOW_SIZE_MAX_BYTES);
      if (this.window.shrink(window, sizeMax, shrunkWriter)) {
        written = shrunkWriter.written;
        this.hasShrunk = true;
      }
    }
    writeVarint(out, sizeOf(key));
    out.bytes(key);
    writeVarint(out, sizeOf(written));
    out.bytes(written);
  }
}

// @ts-ignore: decorator
@inline
function entryAt(index: i32): usize {
  return ENTRIES + <usize>index * ENTRY_SIZE_BYTES;
}

// @ts-ignore: decorator
@inline
function keyAt(index: i32): Slice {
  return load<u64>(entryAt(index), 8);
}

// @ts-ignore: decorator
@inline
function windowAt(index: i32): Slice {
  return load<u64>(entryAt(index), 16);
}
